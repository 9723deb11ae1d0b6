// Interrupts of pins, from the controller's to the peripheral's service routine (rules I).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Interrupts = ConformanceTest;

TEST_F(Interrupts, F75_edge_pin_with_a_routine_at_DIRQL) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] isr");
}

TEST_F(Interrupts, F76_level_pin_with_a_routine_at_DIRQL) {
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] isr [X]");
}

TEST_F(Interrupts, F77_edge_pin_with_a_passive_routine) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge)).make_passive();
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] ... isr");
}

TEST_F(Interrupts, F78_level_pin_with_a_passive_routine) {
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [M] ... isr [X] [U]");
}

TEST_F(Interrupts, F90_level_pin_of_a_serial_controller) {
    gpio.serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; Q M isr X U");
}

// The expander's interrupt output is wired to pin 3 of the controller on the SoC.
TEST_F(Interrupts, F92_a_button_behind_an_expander_behind_a_controller) {
    ClientDriver& expander_driver = add_driver("expander");
    Controller& expander =
        add_controller("\\_SB.EXP0", expander_driver).serial().chained_to(gpio, 3).starts_high(5);
    Peripheral& button =
        peripheral("BTN0", of(expander, interrupt(5, LevelSensitive, InterruptActiveLow)));
    button.make_passive();
    boot();
    expander.lower(5);
    EXPECT_EQ(trace.isr_count(), 1u) << trace.full();
    EXPECT_TRUE(expander.pins.level(5));
}

}  // namespace
}  // namespace gpioclx::conformance
