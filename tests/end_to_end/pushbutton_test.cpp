// The main job: a press runs through hardware, controller driver, extension and peripheral drivers
// to the LED.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

using namespace std::chrono_literals;

class PushbuttonTest : public testing::Test {
  protected:
    void SetUp() override {
        board.start();
        board.take_new_events();
    }
    void TearDown() override {
        board.stop();
        EXPECT_TRUE(nothing_found(board));
    }
    // What one press brings about, until the button is released again.
    Events press() {
        board.take_new_events();
        button.press_for(300us);
        EXPECT_TRUE(board.run_until_idle());
        return board.take_new_events();
    }

    Board board{pushbutton_bench()};
    Button button = board.button("button");
    Led led = board.led("led");
};

TEST_F(PushbuttonTest, each_press_toggles_the_led) {
    EXPECT_FALSE(led.is_on());
    for (const bool on : {true, false, true, false}) {
        press();
        EXPECT_EQ(led.is_on(), on);
    }
}

TEST_F(PushbuttonTest, press_goes_from_the_edge_to_the_led_in_order) {
    const Events events = press();
    EXPECT_TRUE(in_order(events, {"wire button goes low",          // the edge
                                  "interrupt GSI 39",              // the primary interrupt
                                  "CLIENT_QueryActiveInterrupts",  // who was it?
                                  "raised for \\_SB.GPI0 pin 3",   // the pin's own interrupt
                                  "interrupt \\_SB.BTN0",          // its service routine
                                  "DPC",                           //
                                  "0x0022a004 to \\_SB.LED0", "IOCTL_GPIO_WRITE_PINS to \\_SB.GPI0",
                                  "CLIENT_WriteGpioPinsUsingMask",  //
                                  "wire led goes high"}));
}

TEST_F(PushbuttonTest, each_step_runs_at_its_irql) {
    const Events events = press();
    const auto irql_of = [&](EventKind kind, std::string_view text) {
        const Events found = events.of(kind).containing(text);
        if (found.empty()) throw Exception("no event with " + std::string(text));
        return found[0].irql;
    };
    const Irql primary = irql_of(EventKind::interrupt_enter, "GSI 39");
    EXPECT_TRUE(primary.is_device());
    // Callbacks of a memory-mapped controller for its interrupts run at the DIRQL of its primary.
    EXPECT_EQ(irql_of(EventKind::callback_enter, "CLIENT_QueryActiveInterrupts"), primary);
    EXPECT_TRUE(irql_of(EventKind::interrupt_enter, "\\_SB.BTN0").is_device());
    EXPECT_EQ(irql_of(EventKind::deferred_enter, "DPC"), dispatch_level);
    EXPECT_EQ(irql_of(EventKind::request_sent, "to \\_SB.GPI0"), passive_level);
}

TEST_F(PushbuttonTest, a_press_takes_one_interrupt_for_each_edge) {
    const Events events = press();
    EXPECT_EQ(events.of(EventKind::wire_changed).about("button").size(), 2u);
    EXPECT_EQ(events.of(EventKind::interrupt_enter).about("GSI 39").size(), 2u) << events.steps();
    EXPECT_EQ(events.of(EventKind::interrupt_enter).about("\\_SB.BTN0").size(), 2u);
    EXPECT_EQ(events.of(EventKind::wire_changed).about("led").size(), 1u);
}

TEST_F(PushbuttonTest, script_of_the_bench_passes) {
    EXPECT_EQ(board.play(), std::vector<std::string>());
}

}  // namespace
}  // namespace gpioclx::end_to_end
