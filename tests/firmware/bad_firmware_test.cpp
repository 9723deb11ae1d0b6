// Tables with mistakes: what is said about them, and that the rest goes on.
#include "board_test.h"
#include "firmware/asl.h"
#include "firmware/table.h"

namespace gpioclx::bench {
namespace {

class BadFirmwareTest : public BoardTest {
  protected:
    // The error of loading this board.
    std::string load(const std::string& controller, const std::string& beside = "}") {
        write("board.asl", asl(controller, beside));
        return open(write("board.toml", bench("\"board.asl\"")));
    }
    // The table that iasl makes of a source.
    std::vector<std::uint8_t> compiled(const std::string& source) {
        auto file = firmware::compile_asl(write("t.asl", source), folder_ / "out");
        EXPECT_TRUE(file.ok()) << file.error().text();
        auto tables = firmware::read_tables(*file);
        return tables->at(0).bytes;
    }
    void write_table(const std::string& name, const std::vector<std::uint8_t>& bytes) {
        write(name, std::string(bytes.begin(), bytes.end()));
    }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }
};

#define EXPECT_SAYS(text, part) EXPECT_TRUE(has(text, part)) << text

constexpr char event_on_3[] = R"(
    Name (_AEI, ResourceTemplate () {
        GpioInt (Edge, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI0") { 3 }
    }))";

TEST_F(BadFirmwareTest, A17_event_without_a_method_names_pin_and_methods) {
    const std::string error = load(event_on_3);
    EXPECT_SAYS(error, "board.asl");
    EXPECT_SAYS(error, "\\_SB.GPI0 _AEI lists pin 3, but no method handles it");
    EXPECT_SAYS(error, "\\_SB.GPI0._E03 or \\_SB.GPI0._EVT");
}

TEST_F(BadFirmwareTest, A16_event_on_a_pin_that_does_not_exist_names_the_pins_there_are) {
    const std::string error = load(R"(
        Name (_AEI, ResourceTemplate () {
            GpioInt (Edge, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI0") { 40 }
        })
        Method (_EVT, 1) { })");
    EXPECT_SAYS(error, "GpioInt of _AEI of \\_SB.GPI0: \\_SB.GPI0 has no pin 40");
    EXPECT_SAYS(error, "pins 0-7");
}

TEST_F(BadFirmwareTest, A22_field_on_a_pin_that_does_not_exist_is_refused) {
    const std::string error = load(R"(
        OperationRegion (PINS, GeneralPurposeIo, 0, 8)
        Field (PINS, ByteAcc, NoLock, Preserve) {
            Connection (GpioIo (Exclusive, PullNone, 0, 0, , "\\_SB.GPI0") { 9 }), PIN9, 1
        })");
    EXPECT_SAYS(error, "GpioIo of an operation region of \\_SB.GPI0: \\_SB.GPI0 has no pin 9");
}

TEST_F(BadFirmwareTest, A22_field_with_more_bits_than_pins_is_refused) {
    const std::string error = load(R"(
        OperationRegion (PINS, GeneralPurposeIo, 0, 8)
        Field (PINS, ByteAcc, NoLock, Preserve) {
            Connection (GpioIo (Exclusive, PullNone, 0, 0, , "\\_SB.GPI0") { 2 }), PIN2, 2
        })");
    EXPECT_SAYS(error,
                "\\_SB.GPI0.PIN2: a field of 2 bits starts at pin 0 of a connection of 1 pins");
}

TEST_F(BadFirmwareTest, A21_cycle_of_DEP_is_named) {
    const std::string error = load("Name (_DEP, Package () { \\_SB.DEV1 })", R"(}
        Device (DEV1) {
            Name (_HID, "TEST0001")
            Name (_DEP, Package () { \_SB.GPI0 })
        })");
    EXPECT_SAYS(
        error,
        "no device of a cycle can start first: \\_SB.GPI0 needs \\_SB.DEV1 needs \\_SB.GPI0");
}

TEST_F(BadFirmwareTest, A14_resource_that_is_not_legal_is_refused_with_its_place) {
    const std::string error = load("", R"(}
        Device (BTN0) {
            Name (_HID, "TEST0001")
            Name (_CRS, ResourceTemplate () {
                GpioInt (Level, ActiveBoth, Exclusive, PullUp, 0, "\\_SB.GPI0") { 3 }
            })
        })");
    EXPECT_SAYS(error, "board.asl");
    EXPECT_SAYS(error, "\\_SB.BTN0 _CRS");
}

TEST_F(BadFirmwareTest, controller_without_CRS_has_nowhere_for_its_registers) {
    write("board.asl", R"(DefinitionBlock ("", "DSDT", 2, "GXTEST", "BOARD", 1) {
        Device (\_SB.GPI0) { Name (_HID, "ARMH0061") } })");
    const std::string error =
        open(write("board.toml", bench("\"board.asl\"", "", controller_driver())));
    EXPECT_SAYS(error,
                "\\_SB.GPI0 has no memory or I/O port resource for the registers of 'pl061'");
}

TEST_F(BadFirmwareTest, method_of_resources_that_fails_is_named) {
    const std::string error = load("", R"(}
        Device (DEV1) {
            Name (_HID, "TEST0001")
            Method (_CRS) { Local0 = Package (1) {0} Local1 = 7 Return (DerefOf (Local0 [Local1])) }
        })");
    EXPECT_SAYS(error, "\\_SB.DEV1._CRS");
}

TEST_F(BadFirmwareTest, name_that_does_not_resolve_is_an_error_with_the_users_source) {
    write("board.asl", R"(DefinitionBlock ("", "SSDT", 2, "GXTEST", "BOARD", 1) {
        External (\_SB.GONE, DeviceObj)
        Scope (\_SB.GONE) { Name (AAAA, 1) } })");
    const std::string error = open(write("board.toml", bench("\"board.asl\"")));
    EXPECT_SAYS(error, "board.asl");
    EXPECT_SAYS(error, "_SB.GONE");
}

TEST_F(BadFirmwareTest, checksum_that_is_wrong_is_refused_and_the_right_one_named) {
    auto bytes = compiled(asl("", "}"));
    bytes[9] ^= 0x10;
    write_table("dsdt.dat", bytes);
    const std::string error = open(write("board.toml", bench("\"dsdt.dat\"")));
    EXPECT_SAYS(error, "dsdt.dat");
    EXPECT_SAYS(error, "checksum");
}

TEST_F(BadFirmwareTest, event_method_that_fails_is_a_finding_and_the_next_event_runs) {
    start(std::string(event_on_3) + R"(
        Name (RUNS, 0)
        Method (_E03, 0, Serialized) {
            RUNS += 1
            Local0 = Package (1) {0}
            Local1 = DerefOf (Local0 [RUNS])
        })",
          "Method (GETN) { Return (\\_SB.GPI0.RUNS) } }");
    step("pulse GPI0.3 high 100us");
    step("wait 1ms");
    EXPECT_TRUE(found("firmware-001"));
    EXPECT_SAYS(findings(), "the event method of pin 3 failed: \\_SB.GPI0._E03");
    step("pulse GPI0.3 high 100us");
    step("wait 1ms");
    expect_value("GETN", 2);
}

TEST_F(BadFirmwareTest, event_method_that_calls_itself_ends_with_a_finding) {
    start(std::string(event_on_3) + R"(
        Method (RECU, 1) { Return (RECU (Arg0 + 1)) }
        Method (_E03, 0, Serialized) { RECU (0) })",
          "}");
    step("pulse GPI0.3 high 100us");
    step("wait 10ms");
    EXPECT_TRUE(found("firmware-001")) << events_.all();
    EXPECT_SAYS(findings(), "AE_AML_METHOD_LIMIT");
}

TEST_F(BadFirmwareTest, event_method_that_never_ends_is_ended) {
    start(std::string(event_on_3) + "Method (_E03, 0, Serialized) { While (1) { } }", "}");
    step("pulse GPI0.3 high 100us");
    step("wait 15s");
    EXPECT_TRUE(found("firmware-001")) << events_.all();
    EXPECT_SAYS(findings(), "AE_AML_LOOP_TIMEOUT");
}

TEST_F(BadFirmwareTest, flaws_of_a_machines_tables_are_listed_and_hurt_nobody) {
    write_table("dsdt.dat", compiled(asl("", R"(}
        Device (BAD0) {
            Name (_HID, "TEST0001")
            Method (_CRS) { Local0 = Package (1) {0} Local1 = 7 Return (DerefOf (Local0 [Local1])) }
        }
        Device (BAD1) {
            Name (_HID, "TEST0001")
            Method (_STA) { Local0 = Package (1) {0} Local1 = 7 Return (DerefOf (Local0 [Local1])) }
        }
        Device (BAD2) {
            Name (_HID, "TEST0001")
            Name (_DEP, Package () { \_SB.BAD3 })
        }
        Device (BAD3) {
            Name (_HID, "TEST0001")
            Name (_DEP, Package () { \_SB.BAD2 })
        }
        Device (GPI9) {
            Name (_HID, "TEST0002")
            Name (_AEI, ResourceTemplate () {
                GpioInt (Edge, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI9") { 3 }
            })
        })")));
    ASSERT_EQ(open(write("board.toml", bench("\"dsdt.dat\""))), "");
    auto shown = session_->show("resources");
    ASSERT_TRUE(shown.ok());
    const std::string problems = shown->at("problems").dump(1);
    for (const char* part : {"BAD0._CRS", "BAD1._STA", "BAD2 needs", "GPI9 _AEI lists pin 3"}) {
        EXPECT_SAYS(problems, part);
    }
    ASSERT_TRUE(session_->start().ok());
    step("expect device \\_SB.GPI0 started");
    step("expect device \\_SB.DEV0 started");
    step("expect device \\_SB.BAD0 \"no driver\"");
}

}  // namespace
}  // namespace gpioclx::bench
