// gpioclx check: a driver's folder and a model, and nothing else.
#include <algorithm>
#include <fstream>
#include <regex>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Check : public CommandLine {
  protected:
    static std::string example(const std::string& name) {
        return std::string(GX_PROJECT) + "/examples/drivers/" + name;
    }
    // In a copy of the example driver, in the test's folder.
    void make_mistake(const std::string& driver, const std::string& text,
                      const std::string& instead) const {
        if (!exists(driver)) std::filesystem::copy(example(driver), folder / driver);
        const std::filesystem::path source = folder / driver / (driver + ".c");
        std::ifstream original(source);
        std::string code((std::istreambuf_iterator<char>(original)), {});
        const auto at = code.find(text);
        ASSERT_NE(at, std::string::npos) << text;
        code.replace(at, text.size(), instead);
        std::ofstream(source) << code;
    }
    Outcome check(const std::string& driver, const std::string& model,
                  std::vector<std::string> more = {}) const {
        std::vector<std::string> words = {"check", driver, "--model", model, "-q"};
        words.insert(words.end(), more.begin(), more.end());
        if (std::find(more.begin(), more.end(), "--schedules") == more.end())
            words.insert(words.end(), {"--schedules", "10"});
        return tool(words);
    }
};

TEST_F(Check, a_clean_driver_passes_every_scenario) {
    const Outcome outcome = check(example("pl061gpio"), "pl061", {"--keep", "board"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("memory-mapped, 8 pins in 1 bank\n"));
    EXPECT_THAT(outcome.out, HasSubstr("takes input, output, high level, low level, rising edge, "
                                       "falling edge, both edges\n"));
    EXPECT_THAT(outcome.out, HasSubstr("banks          -            there is one bank\n"));
    EXPECT_EQ(count(outcome.out, " passed "), 21u) << outcome.out;
    EXPECT_THAT(outcome.last_line(), HasSubstr("nothing found"));
    // The board is there to be looked at and run.
    const Outcome ran = tool({"run", "board/masked.toml", "-q"});
    EXPECT_EQ(ran.code, 0) << ran.all();
}

// Each on a board of its own, though they are about the same driver.
TEST_F(Check, two_at_the_same_time) {
    const std::string one = "GPIOCLX_CACHE=\"$PWD/cache\" '" GX_TOOL "' check '" +
                            example("pl061gpio") + "' --model pl061 --schedules 3 -q ";
    const Outcome both =
        shell(one + ">a.txt & " + one + "--scenario edges >b.txt; b=$?; wait $!; " +
              "echo $? $b; grep -h ^board: a.txt b.txt | sort -u | wc -l");
    EXPECT_EQ(both.out, "0 0\n2\n") << both.all();
}

TEST_F(Check, a_chip_behind_a_bus_gets_its_bus) {
    const Outcome outcome = check(example("mcp23017"), "mcp23017", {"--schedules", "3"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("serial, 16 pins in 1 bank\n"));
}

// What is not lost is not restored in the wrong order either.
TEST_F(Check, hardware_that_keeps_its_registers_has_no_power_mistakes) {
    const Outcome outcome =
        check(example("pca9555"), "pca9555", {"--with", "power_loss=none", "--scenario", "sleep"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
}

TEST_F(Check, a_refused_trigger_is_no_finding) {
    const Outcome outcome = check(example("pca9555"), "pca9555", {"--schedules", "3"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("; refused: high level, low level\n"));
    EXPECT_THAT(outcome.out, ContainsRegex("levels +- +the driver takes no level"));
}

TEST_F(Check, a_trigger_refused_with_another_status_is_told_once) {
    make_mistake("pl061gpio",
                 "            return STATUS_NOT_SUPPORTED;\n        }\n\n        BothEdges",
                 "            return STATUS_NOT_SUPPORTED;\n        }\n\n        return "
                 "STATUS_UNSUCCESSFUL;\n        BothEdges");
    const Outcome outcome = check("pl061gpio", "pl061", {"--scenario", "banks"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_EQ(count(outcome.out,
                    "check-008: an interrupt on both edges (pin 0): refused with "
                    "STATUS_UNSUCCESSFUL"),
              1u)
        << outcome.out;
    EXPECT_THAT(outcome.out, HasSubstr("also: pin 1, pin 2"));
}

TEST_F(Check, a_lost_interrupt_is_found_and_its_command_repeats_it) {
    // Unmasking forgets the pin: it stays masked after its first passive service.
    make_mistake("pl061gpio",
                 "    Controller->MaskedPins &= ~(1ul << InterruptParameters->PinNumber);\n", "");
    const Outcome outcome = check("pl061gpio", "pl061", {"--scenario", "passive"});
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.out,
                HasSubstr("check-001: a passive service routine on high level (pin "
                          "0): expected 1 call of the service routine, but there were 0"));
    EXPECT_THAT(outcome.out, HasSubstr(" check pl061gpio --model pl061 --scenario passive"));
    const Outcome again = tool({"check", "pl061gpio", "--model", "pl061", "--scenario", "passive",
                                "--schedules", "0", "-q"});
    EXPECT_EQ(again.code, 1) << again.all();
    EXPECT_THAT(again.out, HasSubstr("check-001: a passive service routine on high level"));
}

TEST_F(Check, a_token_is_replayed_on_the_board_of_its_scenario) {
    const Outcome outcome = tool({"check", example("pl061gpio"), "--model", "pl061", "--scenario",
                                  "edges", "--replay", "x2AQDm", "-q", "--keep", "board"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("\\_SB.CKRE"));
    EXPECT_TRUE(exists("board/edges.toml"));
}

TEST_F(Check, a_controller_that_does_not_start_is_a_finding) {
    make_mistake("pl061gpio", "Descriptor->u.Memory.Length < sizeof(PL061_REGISTERS)",
                 "Descriptor->u.Memory.Length < 0x20000");
    const Outcome outcome = check("pl061gpio", "pl061");
    EXPECT_EQ(outcome.code, 1) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("check-007: \\_SB.GPI0 did not start: "
                                       "CLIENT_PrepareController returned "
                                       "STATUS_DEVICE_CONFIGURATION_ERROR"));
    EXPECT_THAT(outcome.out, HasSubstr("--firmware FILE.asl or --bench FILE.toml"));
}

TEST_F(Check, a_board_of_the_users_own_names_the_controller) {
    write("board.asl", R"(DefinitionBlock ("b.aml", "DSDT", 2, "GPIOCX", "TESTS", 1)
{
    Device (\_SB.PINS)
    {
        Name (_HID, "ARMH0061")
        Name (_CRS, ResourceTemplate ()
        {
            Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
            Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
        })
    }
}
)");
    const Outcome outcome =
        check(example("pl061gpio"), "pl061", {"--firmware", "board.asl", "--scenario", "edges"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_THAT(outcome.out, HasSubstr("\\_SB.PINS: memory-mapped"));
    // Of a bench the pins that are in use are left alone.
    const std::string bench =
        std::string(GX_PROJECT) + "/examples/boards/pushbutton/pushbutton.toml";
    const Outcome beside = tool({"check", example("pl061gpio"), "--bench", bench, "--scenario",
                                 "two-pins", "--schedules", "10", "-q"});
    EXPECT_EQ(beside.code, 0) << beside.all();
}

TEST_F(Check, what_cannot_be_checked_is_bad_input) {
    const auto refused = [&](const std::vector<std::string>& words, const std::string& text) {
        std::vector<std::string> all = {"check"};
        all.insert(all.end(), words.begin(), words.end());
        const Outcome outcome = tool(all);
        EXPECT_EQ(outcome.code, 2) << outcome.all();
        EXPECT_THAT(outcome.errors, HasSubstr(text));
    };
    const std::string driver = example("pl061gpio");
    refused({"nowhere", "--model", "pl061"}, "the driver's folder does not exist");
    refused({driver}, "--model are needed");
    refused({driver, "--model", "pl016"}, "pl016");
    refused({driver, "--model", "led"}, "'led' is no GPIO controller");
    refused({driver, "--model", "absent.toml"}, "absent.toml: the model does not exist");
    refused({driver, "--model", "pl061", "--with", "speed"}, "--with NAME=VALUE");
    refused({driver, "--model", "pl061", "--with", "speed=1"}, "speed");
    refused({driver, "--model", "pl061", "--scenario", "nonsense"}, "there is no scenario");
    refused({driver, "--model", "pl061", "--replay", "x2AQDm"}, "--scenario NAME --replay TOKEN");
    refused({driver, "--model", "pl061", "--scenario", "edges", "--replay", "nonsense", "-q"},
            "oken");
}

TEST_F(Check, lists_its_scenarios) {
    const Outcome outcome = tool({"check", "--list"});
    EXPECT_EQ(outcome.code, 0) << outcome.all();
    EXPECT_EQ(count(outcome.out, "\n"), 22u);
    EXPECT_THAT(outcome.out, HasSubstr("shared         two devices on one wire\n"));
}

}  // namespace
}  // namespace gpioclx::command_line
