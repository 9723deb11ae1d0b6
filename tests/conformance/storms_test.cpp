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

}  // namespace
}  // namespace gpioclx::conformance
