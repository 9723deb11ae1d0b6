// Mistakes in a bench file, in firmware and in what joins them.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string pl061 = "[[model]]\ndevice = '\\_SB.GPI0'\nmodel = \"pl061\"\n";

class BenchInput : public CommandLine {
  protected:
    // One message, exit code 2, and nothing else happens.
    void expect_refused(const Outcome& outcome, const std::string& place,
                        const std::string& message) {
        EXPECT_EQ(outcome.code, 2) << outcome.all();
        EXPECT_THAT(outcome.errors, HasSubstr("gpioclx: error: "));
        EXPECT_THAT(outcome.errors, HasSubstr(place));
        EXPECT_THAT(outcome.errors, HasSubstr(message));
        EXPECT_EQ(count(outcome.all(), "error"), count(place + message, "error") + 1)
            << outcome.all();
        EXPECT_THAT(outcome.out, Not(HasSubstr("to see it again")));
    }
};

TEST_F(BenchInput, a_bench_that_is_not_there) {
    expect_refused(tool({"run", "missing.toml"}), "missing.toml: ", "there is no such file");
    expect_refused(tool({"run", "."}), "", "this is a folder, not a file");
}

TEST_F(BenchInput, toml_that_does_not_parse_is_told_with_its_line) {
    write("bench.toml", "schema = 1\nfirmware = \"board.asl\"\ntitle = \n");
    expect_refused(tool({"run", "bench.toml"}), "bench.toml:3: ", "expected value");
}

TEST_F(BenchInput, a_schema_of_the_future) {
    write("bench.toml", "schema = 9\nfirmware = \"board.asl\"\n");
    expect_refused(tool({"run", "bench.toml"}),
                   "bench.toml:1: ", "bench files of schema 9 are not known (schema = 1)");
}

TEST_F(BenchInput, an_unknown_key_is_told_with_those_that_are_known) {
    expect_refused(run({.more = "[[model]]\nmodle = \"pl061\"\n"}), "bench.toml:8: ",
                   "unknown key 'modle' in [[model]] (keys: device, model, with, outputs)");
}

TEST_F(BenchInput, an_unknown_setting_or_one_of_a_device_that_is_not_there) {
    expect_refused(run({.more = "[[setting]]\nname = \"chekced\"\nvalue = 1\n"}),
                   "bench.toml:8: ", "there is no setting 'chekced' (settings: checked, ");
    expect_refused(
        run({.more = "[[setting]]\ndevice = '\\_SB.GPI9'\nname = \"checked\"\nvalue = 1\n"}),
        "bench.toml:7: ", "the firmware has no device \\_SB.GPI9");
}

TEST_F(BenchInput, registry_values_of_a_device_that_is_not_there_or_that_are_no_numbers) {
    expect_refused(run({.more = "[[device]]\npath = '\\_SB.GPI9'\n"}),
                   "bench.toml:7: ", "the firmware has no device \\_SB.GPI9");
    expect_refused(
        run({.more = "[[device]]\npath = '\\_SB.GPI0'\nregistry = { \"A/B\" = \"x\" }\n"}),
        "bench.toml:9: ", "'A/B' in 'registry' must be a number of 32 bits");
}

TEST_F(BenchInput, firmware_that_is_not_there_or_does_not_compile) {
    write("bench.toml", "schema = 1\nfirmware = \"other.asl\"\n");
    expect_refused(tool({"run", "bench.toml"}), "other.asl: ", "the firmware file does not exist");
    const Outcome outcome =
        run({.asl = "DefinitionBlock (\"\", \"DSDT\", 2, \"A\", \"B\", 1)\n{\n  Nmae (X, 1)\n}\n"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("board.asl:3: "));
}

TEST_F(BenchInput, a_hardware_model_that_does_not_exist) {
    expect_refused(run({.more = "[[model]]\ndevice = '\\_SB.GPI0'\nmodel = \"pl062\"\n"}),
                   "bench.toml:7: ", "there is no hardware model 'pl062' (did you mean 'pl061'?)");
    expect_refused(run({.more = "[[model]]\ndevice = '\\_SB.GPI7'\nmodel = \"pl061\"\n"}),
                   "bench.toml:7: ", "the firmware has no device \\_SB.GPI7");
}

TEST_F(BenchInput, a_part_on_a_pin_that_does_not_exist) {
    expect_refused(
        run({.more = pl061 + "[[part]]\nname = \"b\"\nmodel = \"button\"\npin = '\\_SB.GPI0:8'\n"}),
        "bench.toml:10: ", "\\_SB.GPI0 has no pin 8 ('pl061' has pins 0-7)");
    expect_refused(
        run({.more = pl061 + "[[wire]]\nname = \"w\"\npins = ['\\_SB.GPI0:1', '\\_SB.GPI0:9']\n"}),
        "bench.toml:10: ", "\\_SB.GPI0 has no pin 9");
}

TEST_F(BenchInput, a_GpioInt_on_a_pin_that_does_not_exist) {
    Bench given{.more = pl061};
    given.asl = R"(DefinitionBlock ("board.aml", "DSDT", 2, "GPIOCX", "TESTS", 1)
{
    Device (\_SB.GPI0)
    {
        Name (_HID, "GXTS0003")
        Name (_CRS, ResourceTemplate () { Memory32Fixed (ReadWrite, 0x09030000, 0x00001000) })
    }
    Device (\_SB.DEV0)
    {
        Name (_HID, "GXTS0001")
        Name (_CRS, ResourceTemplate ()
        {
            GpioInt (Edge, ActiveLow, Exclusive, PullUp, 0, "\\_SB.GPI0", 0, ResourceConsumer) { 8 }
        })
    }
}
)";
    expect_refused(run(given), "board.asl: ",
                   "GpioInt of \\_SB.DEV0: \\_SB.GPI0 has no pin 8 ('pl061' has pins 0-7)");
}

TEST_F(BenchInput, a_driver_folder_that_is_not_there) {
    expect_refused(run({.more = "[[driver]]\nfolder = 'nowhere'\n"}),
                   "bench.toml:7: ", "nowhere does not exist");
}

TEST_F(BenchInput, a_hardware_id_that_no_device_has) {
    Bench given{.drivers = {"misbehaving"}};
    given.more = "hardware_ids = ['GXTS7777']\n";
    const Outcome outcome = run(given);
    expect_refused(outcome, "bench.toml:7: ", "no device of the firmware has the id GXTS7777");
    EXPECT_THAT(outcome.errors,
                HasSubstr("(devices that are present: GXTS0003, GXTS0001, GXTS0002)"));
}

TEST_F(BenchInput, a_driver_that_serves_no_device) {
    Bench given{.drivers = {"misbehaving"}};
    given.asl =
        "DefinitionBlock (\"\", \"DSDT\", 2, \"A\", \"B\", 1) { Device (\\_SB.X) { Name (_HID, "
        "\"GXTS9999\") } }\n";
    expect_refused(run(given), "bench.toml:7: ",
                   "driver 'misbehaving' serves no device of the firmware; it is for GXTS0001 "
                   "(devices that are present: GXTS9999");
}

TEST_F(BenchInput, two_drivers_for_one_device) {
    Bench given{.drivers = {"misbehaving", "refusing"}};
    given.more = "hardware_ids = ['GXTS0001']\n";
    expect_refused(run(given), "bench.toml:10: ",
                   "two drivers serve hardware id GXTS0001: misbehaving and refusing");
}

TEST_F(BenchInput, an_override_of_what_is_not_there) {
    expect_refused(run({.more = "[[override]]\ndevice = '\\_SB.GPI9'\nlength = 8\n"}),
                   "bench.toml:7: ", "the firmware has no device \\_SB.GPI9");
}

}  // namespace
}  // namespace gpioclx::command_line
