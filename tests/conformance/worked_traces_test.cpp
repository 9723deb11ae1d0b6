// The worked sequences of the specification (6.11), as they stand there.
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class WorkedTraces : public ConformanceTest {
  protected:
    void SetUp() override {
        ConformanceTest::SetUp();
        keep_trace = true;
    }
};

TEST_F(WorkedTraces, F75_F89_edge_pin_with_a_routine_at_DIRQL) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] isr");
}

TEST_F(WorkedTraces, F76_level_pin_with_a_routine_at_DIRQL) {
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] isr [X]");
}

TEST_F(WorkedTraces, F77_edge_pin_with_a_passive_routine) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge)).make_passive();
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] ... isr");
}

TEST_F(WorkedTraces, F78_level_pin_with_a_passive_routine) {
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [M] ... isr [X] [U]");
    for (const Call& call : trace.calls) {
        if (!call.is_isr) continue;
        EXPECT_EQ(call.place.irql, PASSIVE_LEVEL);
    }
}

TEST_F(WorkedTraces, F81_edge_pin_of_an_auto_clearing_controller) {
    gpio.information.Flags.ActiveInterruptsAutoClearOnRead = 1;
    client.packet.CLIENT_ClearActiveInterrupts = nullptr;
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] isr");
}

TEST_F(WorkedTraces, emulated_ActiveBoth_with_a_routine_at_DIRQL) {
    gpio.information.Flags.EmulateActiveBoth = 1;
    gpio.starts_high(5);
    peripheral("BTN0", interrupt(5, Latched, InterruptActiveBoth));
    boot();
    gpio.lower(5);
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.polarity = true}),
              "E(level, low) ; [Q] [M] [R(high)] [X] [U(high)] isr ; "
              "[Q] [M] [R(low)] [X] [U(low)] isr");
}

TEST_F(WorkedTraces, emulated_ActiveBoth_with_a_passive_routine) {
    gpio.information.Flags.EmulateActiveBoth = 1;
    gpio.starts_high(5);
    peripheral("BTN0", interrupt(5, Latched, InterruptActiveBoth)).make_passive();
    boot();
    gpio.lower(5);
    EXPECT_EQ(trace.compact({.polarity = true}),
              "E(level, low) ; [Q] [M] [R(high)] [X] ... isr [U(high)]");
}

TEST_F(WorkedTraces, F90_level_pin_of_a_serial_controller) {
    gpio.serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; Q M isr X U");
}

TEST_F(WorkedTraces, F69_shared_pin_of_two_peripherals) {
    Peripheral& first =
        peripheral("DEV0", shared(interrupt(5, LevelSensitive, InterruptActiveHigh)));
    Peripheral& second =
        peripheral("DEV1", shared(interrupt(5, LevelSensitive, InterruptActiveHigh)));
    first.make_by_hand();
    second.make_by_hand();
    boot();
    trace.clear();
    const auto step = [&](const char* expected) {
        EXPECT_EQ(trace.compact(), expected);
        trace.clear();
    };
    ASSERT_EQ(first.connect(), STATUS_SUCCESS);
    step("E");
    ASSERT_EQ(second.connect(), STATUS_SUCCESS);
    step("");
    first.disconnect();
    step("");
    second.disconnect();
    step("D");
}

TEST_F(WorkedTraces, F73_a_serial_disable_that_fails_twice) {
    gpio.serial();
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_passive().make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.fail(Callback::disable, STATUS_IO_TIMEOUT, 2);
    button.disconnect();
    ASSERT_EQ(trace.compact(), "D D D");
    const auto calls = trace.all(Callback::disable);
    EXPECT_EQ(calls[0]->arguments, "bank 0 pin 5");
    EXPECT_EQ(calls[1]->arguments, "bank 0 pin 5, RetryDisableOnFailure");
    EXPECT_EQ(calls[2]->arguments, "bank 0 pin 5, RetryDisableOnFailure");
}

// With an edge-triggered primary one more query, which finds nothing, ends each burst (I46).
TEST_F(WorkedTraces, F75_edge_triggered_primary) {
    gpio.edge_primary();
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] isr [Q]");
}

TEST_F(WorkedTraces, F90_edge_triggered_primary_of_a_serial_controller) {
    gpio.edge_primary().serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; Q M isr X U Q");
}

}  // namespace
}  // namespace gpioclx::conformance
