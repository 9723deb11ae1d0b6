// GeneralPurposeIo operation regions: AML moves real pins (10.4).
#include <map>

#include "board_test.h"

namespace gpioclx::bench {
namespace {

constexpr char fields[] = R"(
    Name (AVBL, 0)
    Method (_REG, 2) {
        Debug = Concatenate ("region ", ToDecimalString (Arg1))
        AVBL = Arg1
    }
    Method (REEN) { Return (PIN1) }
    OperationRegion (PINS, GeneralPurposeIo, 0, 8)
    Field (PINS, ByteAcc, NoLock, Preserve) {
        Connection (GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionNone, "\\_SB.GPI0") { 5 }),
        PIN5, 1,
        Connection (GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionNone, "\\_SB.GPI0") { 1 }),
        PIN1, 1,
        Connection (GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionNone, "\\_SB.GPI0") { 7, 2, 6 }),
        PIN7, 1,
        PAIR, 2,
        Connection (GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionInputOnly, "\\_SB.GPI0") { 4 }),
        ONLI, 1
    })";

constexpr char methods[] = R"(
    Method (ON05) { \_SB.GPI0.PIN5 = 1 }
    Method (OFF5) { \_SB.GPI0.PIN5 = 0 }
    Method (GET5) { Return (\_SB.GPI0.PIN5) }
    Method (GET1) { Return (\_SB.GPI0.PIN1) }
    Method (SET1) { \_SB.GPI0.PIN1 = 1 }
    Method (SETP) { \_SB.GPI0.PAIR = 1 }
    Method (SETQ) { \_SB.GPI0.PAIR = 2 }
    Method (SETO) { \_SB.GPI0.ONLI = 1 }
    Method (GETA) { Return (\_SB.GPI0.AVBL) }
})";

class OperationRegionTest : public BoardTest {
  protected:
    void start_board(const std::string& beside = methods, const std::string& more = "") {
        start(fields, beside, more);
    }
};

TEST_F(OperationRegionTest, F165_field_accesses_move_and_read_pins) {
    start_board();
    evaluate("ON05");
    step("expect GPI0.5 high");
    evaluate("OFF5");
    step("expect GPI0.5 low");
    step("set GPI0.1 high");
    expect_value("GET1", 1);
    step("set GPI0.1 low");
    expect_value("GET1", 0);
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(OperationRegionTest, F165_first_access_fixes_the_direction_and_the_opposite_one_fails) {
    start_board();
    evaluate("ON05");
    evaluate("GET5", "STATUS_ACPI_FATAL");
    evaluate("OFF5");
    step("expect GPI0.5 low");
    step("set GPI0.1 high");
    expect_value("GET1", 1);
    evaluate("SET1", "STATUS_ACPI_FATAL");
    expect_value("GET1", 1);
    // One connection for each field, opened by its first access.
    EXPECT_EQ(events_.count("enter CLIENT_ConnectIoPins"), 2u);
    EXPECT_EQ(events_.count("enter CLIENT_DisconnectIoPins"), 0u);
}

TEST_F(OperationRegionTest, F165_A22_field_of_several_pins_is_their_bits_in_order) {
    start_board();
    evaluate("SETP");
    step("expect GPI0.2 high");
    step("expect GPI0.6 low");
    evaluate("SETQ");
    step("expect GPI0.2 low");
    step("expect GPI0.6 high");
}

TEST_F(OperationRegionTest, F165_restriction_of_the_connection_counts) {
    start_board();
    evaluate("SETO", "STATUS_ACPI_FATAL");
    EXPECT_EQ(events_.count("enter CLIENT_ConnectIoPins"), 0u);
}

// The button's driver wants an LED; here it gets one on a pin that is free.
TEST_F(OperationRegionTest, F166_pins_of_fields_are_refused_to_drivers) {
    const std::string user = R"(
        Device ({}) {{
            Name (_HID, "{}")
            Name (_CRS, ResourceTemplate () {{
                {}
            }})
        }})";
    const std::string output =
        "GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly, \"\\\\_SB.GPI0\") ";
    write("board.asl",
          asl(fields,
              std::string(methods) +
                  fmt::format(fmt::runtime(user), "LED0", "GXLD0001", output + "{ 5 }") +
                  fmt::format(fmt::runtime(user), "LED1", "GXLD0001", output + "{ 3 }") +
                  fmt::format(
                      fmt::runtime(user), "BTN0", "GXBT0001",
                      "GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0, \"\\\\_SB.GPI0\") { 1 }")));
    ASSERT_EQ(
        open(write("board.toml", bench("\"board.asl\"",
                                       fmt::format("[[driver]]\nfolder = \"{0}/drivers/led\"\n"
                                                   "[[driver]]\nfolder = \"{0}/drivers/button\"\n",
                                                   GX_EXAMPLES)))),
        "");
    auto devices = session_->start();
    ASSERT_TRUE(devices.ok());
    std::map<std::string, std::string> became;
    for (const auto& device : devices->at("devices")) {
        const std::string state = device.at("state");
        const std::string status = device.at("status_name");
        became[device.at("path")] = state == "failed" ? status : state;
    }
    EXPECT_EQ(became["\\_SB.LED0"], "STATUS_GPIO_OPERATION_DENIED");
    EXPECT_EQ(became["\\_SB.LED1"], "started");
    EXPECT_EQ(became["\\_SB.BTN0"], "STATUS_GPIO_OPERATION_DENIED");
    step("open \\_SB.DEV0 as dev");
    evaluate("ON05");
}

TEST_F(OperationRegionTest, F167_REG_runs_after_start_and_before_stop) {
    start_board();
    expect_value("GETA", 1);
    evaluate("ON05");
    step("close dev");
    ASSERT_TRUE(session_->stop().ok());
    const auto message = [&](const std::string& part) {
        std::size_t i = 0;
        while (i < events_.lines.size() && events_.lines[i].text.find(part) == std::string::npos)
            ++i;
        return i;
    };
    const std::size_t connected = message("region 1");
    const std::size_t disconnected = message("region 0");
    EXPECT_LT(events_.find("exit CLIENT_StartController"), connected);
    EXPECT_LT(connected, events_.find("enter CLIENT_ConnectIoPins"));
    // Then the pins are let go, then the controller stops.
    const std::size_t let_go = events_.find("enter CLIENT_DisconnectIoPins");
    EXPECT_LT(disconnected, let_go) << events_.all();
    EXPECT_LT(let_go, events_.find("enter CLIENT_StopController"));
    EXPECT_LT(disconnected, events_.lines.size());
}

TEST_F(OperationRegionTest, F167_access_without_the_controllers_driver_fails) {
    // No _DEP on the controller: the device goes on when the controller is removed.
    start_board();
    expect_value("GETA", 1);
    step("remove \\_SB.GPI0");
    step("wait 10ms");
    expect_value("GETA", 0);
    evaluate("ON05", "STATUS_ACPI_FATAL");
}

TEST_F(OperationRegionTest, event_method_may_use_fields_of_its_own_controller) {
    start(std::string(fields) + R"(
        Name (_AEI, ResourceTemplate () {
            GpioInt (Edge, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI0") { 1 }
        })
        Method (_E01, 0, Serialized) { PIN5 = PIN1 })",
          methods);
    step("set GPI0.1 high");
    step("wait 1ms");
    step("expect GPI0.5 high");
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(OperationRegionTest, method_that_a_callback_evaluates_fails_instead_of_waiting_for_ever) {
    start(fields, methods, fmt::format("[[driver]]\nfolder = \"{}/reentrant\"\n", GX_TEST_DRIVERS),
          "GXRE0001");
    evaluate("ON05");
    step("expect GPI0.5 high");
    EXPECT_TRUE(found("firmware-102")) << findings();
    // The field that it could not read then can be read now.
    step("set GPI0.1 high");
    expect_value("GET1", 1);
}

}  // namespace
}  // namespace gpioclx::bench
