// Interrupts that nobody gets under control (rule I62).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class Storms : public ConformanceTest {
  protected:
    // Its line stays asserted.
    Peripheral& stubborn(const std::string& name, bool passive) {
        Peripheral& made = peripheral(name, interrupt(5, LevelSensitive, InterruptActiveHigh));
        made.passive = passive;
        return made;
    }
};

TEST_F(Storms, F95_a_level_that_nobody_claims_is_masked_after_the_threshold) {
    setting("storm_threshold", 50);
    Peripheral& device = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    device.make_by_hand();
    device.isr = [] { return false; };
    expect_finding("interrupt-002");
    boot();
    ASSERT_EQ(device.connect(), STATUS_SUCCESS);
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 50u);
    EXPECT_EQ(trace.count(Callback::mask), 1u);
    EXPECT_EQ(trace.count(Callback::query_enabled), 1u);
    EXPECT_EQ(extension(gpio).pin(5).unclaimed, 50u);
    EXPECT_EQ(extension(gpio).pin(5).storms, 1u);
    // It stays masked until it is disconnected.
    gpio.lower(5);
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 50u);
    device.disconnect();
    device.isr = {};
    ASSERT_EQ(device.connect(), STATUS_SUCCESS);
    EXPECT_EQ(trace.isr_count(), 51u);
    EXPECT_EQ(extension(gpio).pin(5).delivered, 51u);  // D3
}

TEST_F(Storms, F95_a_passive_routine_that_never_claims) {
    setting("storm_threshold", 50);
    stubborn("DEV0", true).isr = [] { return false; };
    expect_finding("interrupt-002");
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 50u);
}

TEST_F(Storms, F95_a_level_of_a_serial_controller_that_nobody_claims) {
    gpio.serial();
    setting("storm_threshold", 50);
    stubborn("DEV0", true).isr = [] { return false; };
    expect_finding("interrupt-002");
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 50u);
}

// Claimed, but the processor never gets to anything else.
TEST_F(Storms, F95_a_level_that_is_claimed_and_never_silenced) {
    start(1);
    setting("storm_threshold", 50);
    stubborn("DEV0", false).isr = [] { return true; };
    expect_finding("interrupt-002");
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 50u);
    bool responsive = false;
    in_thread([&] { responsive = true; });
    EXPECT_TRUE(responsive);
}

TEST_F(Storms, F95_claims_with_progress_in_between_are_no_storm) {
    start(1);
    setting("storm_threshold", 50);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    for (int i = 0; i < 200; ++i) gpio.pulse(5);
    EXPECT_EQ(trace.isr_count(), 200u);
}

TEST_F(Storms, F95_an_edge_triggered_primary_that_never_gets_quiet) {
    gpio.edge_primary();
    setting("max_service_rounds", 20);
    Peripheral& device = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    device.isr = [] { return true; };
    expect_finding("interrupt-001");
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 20u);
    EXPECT_EQ(trace.count(Callback::mask), 1u);
}

// The line of the controller itself is stuck: no pin is active, and nobody else claims it.
TEST_F(Storms, F95_a_primary_interrupt_that_never_ends) {
    setting("storm_threshold", 50);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    expect_finding("interrupt-010");
    boot();
    gpio.raise_primary();
    EXPECT_EQ(trace.count(Callback::query_active), 50u);
    EXPECT_EQ(extension(gpio).spurious(0), 50u);
    bool responsive = false;
    in_thread([&] { responsive = true; });
    EXPECT_TRUE(responsive);
    gpio.lower_primary();
}

TEST_F(Storms, F95_a_primary_interrupt_of_a_serial_controller_that_never_ends) {
    gpio.serial();
    setting("storm_threshold", 50);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge)).make_passive();
    expect_finding("interrupt-003");
    boot();
    gpio.raise_primary();
    EXPECT_EQ(trace.count(Callback::query_active), 50u);
    gpio.lower_primary();
}

// One that is spurious now and then is none.
TEST_F(Storms, F95_spurious_interrupts_between_others_are_no_storm) {
    setting("storm_threshold", 50);
    gpio.serial();
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge)).make_passive();
    boot();
    for (int i = 0; i < 60; ++i) {
        gpio.after[Callback::query_active] = [&](void*) { gpio.lower_primary(); };
        gpio.raise_primary();
        gpio.after.erase(Callback::query_active);
        if (i % 30 == 29) gpio.pulse(5);
    }
    EXPECT_EQ(trace.isr_count(), 2u);
    EXPECT_EQ(extension(gpio).spurious(0), 60u);
}

}  // namespace
}  // namespace gpioclx::conformance
