// button, the driver that takes a GPIO interrupt and toggles the LED.
#include "pushbutton_fixture.h"

using namespace std::chrono_literals;
using gpioclx::EventKind;

namespace {

using Button = Pushbutton;

TEST_F(Button, press_lights_the_led_and_the_next_one_puts_it_out) {
    board.button("button").press_for(300us);
    ASSERT_TRUE(board.run_until_idle());
    EXPECT_TRUE(board.led("led").is_on());

    board.button("button").press_for(300us);
    ASSERT_TRUE(board.run_until_idle());
    EXPECT_FALSE(board.led("led").is_on());
}

TEST_F(Button, service_routine_runs_at_dirql_and_the_rest_in_its_dpc) {
    board.button("button").press();
    ASSERT_TRUE(board.run_until_idle());

    const gpioclx::Events events = board.take_new_events();
    const gpioclx::Events isr = events.of(EventKind::interrupt_enter).about("\\_SB.BTN0");
    ASSERT_EQ(isr.size(), 1u) << events.steps();
    EXPECT_TRUE(isr[0].irql.is_device()) << isr[0];
    EXPECT_TRUE(gpioclx::in_order(events, {"wire button goes low", "interrupt \\_SB.BTN0", "DPC",
                                           "to \\_SB.LED0", "wire led goes high"}));
}

// Schedules that one machine would show in a year: other seeds let other processors and threads go
// first.
TEST(ButtonSchedules, each_press_counts_on_every_seed) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        gpioclx::Board board(PUSHBUTTON_BENCH, {.seed = seed, .processors = 4});
        board.start();
        for (int press = 1; press <= 3; ++press) {
            board.button("button").press_for(200us);
            ASSERT_TRUE(board.run_until_idle());
            EXPECT_EQ(board.led("led").is_on(), press % 2 == 1) << "press " << press;
        }
        EXPECT_TRUE(gpioclx::nothing_found(board));
    }
}

}  // namespace
