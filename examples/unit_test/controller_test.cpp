// pl061gpio, the driver of the GPIO controller: what it makes of its hardware.
#include "pushbutton_fixture.h"

using namespace std::chrono_literals;

namespace {

using Controller = Pushbutton;

TEST_F(Controller, configures_the_pin_of_the_button_for_both_edges) {
    const gpioclx::Pin pin = board.pin("\\_SB.GPI0", 3);
    EXPECT_EQ(pin.direction, gpioclx::Direction::input) << pin;
    EXPECT_EQ(pin.interrupt, gpioclx::PinInterrupt::enabled) << pin;
    EXPECT_EQ(pin.trigger, "both edges") << pin;
    EXPECT_EQ(pin.owners, std::vector<std::string>{"\\_SB.BTN0"});
}

TEST_F(Controller, clears_the_interrupt_before_it_returns) {
    board.button("button").press();
    ASSERT_TRUE(board.run_until_idle());
    EXPECT_FALSE(board.pin("\\_SB.GPI0", 3).pending);
    // Level-triggered: an interrupt that stays asserted would come again and again.
    EXPECT_EQ(board.take_new_events().of(gpioclx::EventKind::interrupt_enter).about("GSI 39").size(),
              1u);
}

TEST_F(Controller, masks_its_interrupts_when_the_button_is_gone) {
    board.remove("\\_SB.BTN0");
    EXPECT_EQ(board.pin("\\_SB.GPI0", 3).interrupt, gpioclx::PinInterrupt::masked)
        << board.pin("\\_SB.GPI0", 3);
}

}  // namespace
