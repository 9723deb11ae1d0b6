// _AEI: the firmware's own interrupts (10.3).
#include "board_test.h"

namespace gpioclx::bench {
namespace {

using AcpiEventTest = BoardTest;

constexpr char dev_end[] = "}";

TEST_F(AcpiEventTest, F164_interrupt_runs_the_method_at_PASSIVE_and_notifies_the_device) {
    ASSERT_EQ(open(std::filesystem::path(GX_EXAMPLES) / "boards/acpi_events/acpi_events.toml"), "");
    ASSERT_TRUE(session_->start().ok());
    EXPECT_EQ(events_.count("enter \\_SB.GPI0._E00"), 0u);
    for (const ScriptLine& line : session_->bench().script) step(line.text);
    EXPECT_EQ(session_->findings().size(), 0u) << findings();

    const std::size_t enter = events_.find("enter \\_SB.GPI0._E00");
    const std::size_t query = events_.find("enter CLIENT_QueryActiveInterrupts");
    const std::size_t exit = events_.find("exit \\_SB.GPI0._E00");
    ASSERT_LT(exit, events_.lines.size());
    EXPECT_LT(query, enter);
    EXPECT_EQ(events_.lines[enter].irql, 0u);
    EXPECT_GT(events_.lines[query].irql, 2u);
    const std::size_t notify = events_.find("message Notify (\\_SB.PWRB, 0x80)");
    EXPECT_LT(enter, notify);
    EXPECT_LT(notify, events_.lines.size());
    // Both edges of the lid, two presses of the button.
    EXPECT_EQ(events_.count("enter \\_SB.GPI0._E00"), 2u);
    EXPECT_EQ(events_.count("enter \\_SB.GPI0._E01"), 2u);
}

TEST_F(AcpiEventTest, F164_level_pin_is_masked_until_the_method_has_ended) {
    start(R"(
        Name (RUNS, 0)
        Name (_AEI, ResourceTemplate () {
            GpioInt (Level, ActiveLow, Exclusive, PullUp, 0, "\\_SB.GPI0") { 2 }
        })
        Method (_L02, 0, Serialized) { RUNS += 1  Sleep (2) })",
          std::string("Method (GETN) { Return (\\_SB.GPI0.RUNS) }") + dev_end);
    step("set GPI0.2 low");
    step("wait 1ms");
    step("set GPI0.2 high");
    step("wait 10ms");
    expect_value("GETN", 1);

    const std::size_t mask = events_.find("enter CLIENT_MaskInterrupts");
    const std::size_t enter = events_.find("enter \\_SB.GPI0._L02");
    const std::size_t exit = events_.find("exit \\_SB.GPI0._L02");
    const std::size_t unmask = events_.find("enter CLIENT_UnmaskInterrupt");
    ASSERT_LT(unmask, events_.lines.size()) << events_.all();
    EXPECT_LT(mask, enter);
    EXPECT_LT(enter, exit);
    EXPECT_LT(exit, unmask);
    EXPECT_LT(exit, events_.find("enter CLIENT_ClearActiveInterrupts", mask));
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(AcpiEventTest, F164_level_pin_that_stays_asserted_runs_the_method_again) {
    start(R"(
        Name (RUNS, 0)
        Name (_AEI, ResourceTemplate () {
            GpioInt (Level, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI0") { 2 }
        })
        Method (_L02, 0, Serialized) { RUNS += 1  Sleep (1) })",
          std::string("Method (GETN) { If (\\_SB.GPI0.RUNS > 3) { Return (1) } Return (0) }") +
              dev_end);
    step("set GPI0.2 high");
    step("wait 10ms");
    step("set GPI0.2 low");
    step("wait 10ms");
    expect_value("GETN", 1);
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(AcpiEventTest, F164_A17_EVT_gets_the_pin) {
    start(R"(
        Name (LAST, 0)
        Name (_AEI, ResourceTemplate () {
            GpioInt (Edge, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI0") { 2 }
            GpioInt (Edge, ActiveLow, Exclusive, PullUp, 0, "\\_SB.GPI0") { 7 }
        })
        Method (_EVT, 1, Serialized) { LAST = Arg0 })",
          std::string("Method (GETL) { Return (\\_SB.GPI0.LAST) }") + dev_end);
    step("pulse GPI0.2 high 100us");
    step("wait 1ms");
    expect_value("GETL", 2);
    step("set GPI0.7 high");
    step("set GPI0.7 low");
    step("wait 1ms");
    expect_value("GETL", 7);
}

TEST_F(AcpiEventTest, F164_events_go_before_the_controller_stops) {
    start(R"(
        Name (_AEI, ResourceTemplate () {
            GpioInt (Edge, ActiveHigh, Exclusive, PullDown, 0, "\\_SB.GPI0") { 2 }
        })
        Method (_E02, 0, Serialized) { })",
          dev_end);
    step("close dev");
    ASSERT_TRUE(session_->stop().ok());
    const std::size_t enable = events_.find("enter CLIENT_EnableInterrupt");
    EXPECT_LT(events_.find("exit CLIENT_StartController"), enable);
    const std::size_t disable = events_.find("enter CLIENT_DisableInterrupt");
    EXPECT_LT(disable, events_.find("enter CLIENT_StopController"));
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(AcpiEventTest, A16_pin_of_an_event_is_nobody_elses) {
    write("board.asl", asl(R"(
        Name (_AEI, ResourceTemplate () {
            GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0, "\\_SB.GPI0") { 3 }
        })
        Method (_E03, 0, Serialized) { })",
                           R"(}
        Device (BTN0) {
            Name (_HID, "GXBT0001")
            Name (_CRS, ResourceTemplate () {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0, "\\_SB.GPI0") { 3 }
            })
        })"));
    ASSERT_EQ(open(write("board.toml", bench("\"board.asl\"", fmt::format(R"([[driver]]
folder = "{}/drivers/button"
)",
                                                                          GX_EXAMPLES)))),
              "");
    ASSERT_TRUE(session_->start().ok());
    step("expect device \\_SB.GPI0 started");
    step("expect device \\_SB.BTN0 failed");
}

}  // namespace
}  // namespace gpioclx::bench
