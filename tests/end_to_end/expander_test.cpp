// Controllers behind I2C, chained to one on the SoC: examples/boards/expander.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

using namespace std::chrono_literals;

std::filesystem::path expander_bench() {
    return std::filesystem::path(GX_EXAMPLES) / "boards/expander/expander.toml";
}

class ExpanderTest : public testing::TestWithParam<std::uint64_t> {
  protected:
    void SetUp() override {
        board.start();
        board.take_new_events();
    }
    void TearDown() override {
        board.stop();
        EXPECT_TRUE(nothing_found(board));
    }
    Events press(const Button& pressed, std::chrono::nanoseconds time) {
        board.take_new_events();
        pressed.press_for(time);
        EXPECT_TRUE(board.run_until_idle());
        return board.take_new_events();
    }

    Board board{expander_bench(), {.seed = GetParam()}};
    Button button = board.button("button");        // behind the MCP23017
    Button other_button = board.button("switch");  // behind the PCA9555
    Led led = board.led("led");
};
INSTANTIATE_TEST_SUITE_P(Seeds, ExpanderTest, testing::Values(0, 1, 2, 3));

TEST_P(ExpanderTest, F92_each_press_behind_either_expander_toggles_the_led) {
    bool on = false;
    for (int i = 0; i < 3; ++i) {
        press(button, 5ms);
        EXPECT_EQ(led.is_on(), on = !on);
        press(other_button, 5ms);
        EXPECT_EQ(led.is_on(), on = !on);
    }
}

TEST_P(ExpanderTest, F90_F92_a_press_goes_through_both_controllers_in_two_stages) {
    const Events events = press(button, 5ms);
    EXPECT_TRUE(in_order(events, {"wire button goes low",                        // the edge
                                  "wire int0 goes low",                          // INTA
                                  "interrupt GSI 39",                            // the SoC's
                                  "CLIENT_QueryActiveInterrupts of \\_SB.GPI0",  //
                                  "raised for \\_SB.GPI0 pin 2",                 //
                                  "interrupt \\_SB.EXP0",                        // first stage
                                  "CLIENT_MaskInterrupts of \\_SB.GPI0",         //
                                  "DPC msgpioclx!gpioclx::primary_worker",
                                  "CLIENT_QueryActiveInterrupts of \\_SB.EXP0",   // second stage
                                  "IOCTL_SPB_EXECUTE_SEQUENCE to \\_SB.I2C0",     //
                                  "wire int0 goes high",                          // it was read
                                  "raised for \\_SB.EXP0 pin 3",                  //
                                  "interrupt \\_SB.BTN0",                         //
                                  "CLIENT_UnmaskInterrupt of \\_SB.GPI0",         //
                                  "CLIENT_WriteGpioPinsUsingMask of \\_SB.EXP1",  //
                                  "wire led goes high"}))
        << events.steps();
}

TEST_P(ExpanderTest, F90_the_first_stage_runs_at_DIRQL_and_the_second_at_PASSIVE_LEVEL) {
    const Events events = press(button, 5ms);
    const auto irql_of = [&](EventKind kind, std::string_view text) {
        const Events found = events.of(kind).containing(text);
        if (found.empty()) throw Exception("no event with " + std::string(text));
        return found[0].irql;
    };
    EXPECT_TRUE(irql_of(EventKind::interrupt_enter, "\\_SB.EXP0").is_device());
    EXPECT_EQ(irql_of(EventKind::callback_enter, "CLIENT_QueryActiveInterrupts of \\_SB.EXP0"),
              passive_level);
    EXPECT_EQ(irql_of(EventKind::interrupt_enter, "\\_SB.BTN0"), passive_level);
    EXPECT_EQ(irql_of(EventKind::callback_enter, "CLIENT_WriteGpioPinsUsingMask of \\_SB.EXP1"),
              passive_level);
}

TEST_P(ExpanderTest, a_pulse_shorter_than_its_service_is_two_edges_behind_a_chip_that_captures) {
    press(button, 20us);
    EXPECT_TRUE(led.is_on());
    press(button, 5ms);
    EXPECT_FALSE(led.is_on()) << "the button's driver counts edges: none may be missing";
}

TEST_P(ExpanderTest, a_pulse_shorter_than_its_service_is_no_edge_behind_a_chip_that_compares) {
    press(other_button, 20us);
    EXPECT_FALSE(led.is_on());
    press(other_button, 5ms);
    EXPECT_TRUE(led.is_on());
}

TEST_P(ExpanderTest, both_buttons_at_once_are_two_presses) {
    button.press_for(5ms);
    other_button.press_for(5ms);
    EXPECT_TRUE(board.run_until_idle());
    EXPECT_FALSE(led.is_on());
    EXPECT_EQ(board.take_new_events().of(EventKind::wire_changed).about("led").size(), 2u);
}

TEST_P(ExpanderTest, interrupt_lines_are_high_when_everybody_was_asked) {
    press(button, 5ms);
    press(other_button, 5ms);
    EXPECT_EQ(board.wire("int0").level(), Level::high);
    EXPECT_EQ(board.wire("int1").level(), Level::high);
}

TEST(ExpanderBoard, a_chip_that_is_strapped_elsewhere_does_not_answer) {
    const ScratchFolder scratch;
    const auto bench = scratch.copy_of_examples("examples") / "boards/expander/expander.toml";
    replace_in_file(bench, "model = \"mcp23017\"",
                    "model = \"mcp23017\"\nwith = { address = \"0x27\" }");
    Board board(bench);
    try {
        board.start();
        FAIL() << "it started";
    } catch (const StartFailed& failed) {
        EXPECT_NE(std::string(failed.what()).find("STATUS_NO_SUCH_DEVICE"), std::string::npos)
            << failed.what();
        EXPECT_NE(std::string(failed.what()).find("\\_SB.EXP0"), std::string::npos)
            << failed.what();
    }
}

TEST(ExpanderBoard, mistakes_about_serial_chips_are_told_with_their_line) {
    const ScratchFolder scratch;
    const auto bench = scratch.copy_of_examples("examples") / "boards/expander/expander.toml";
    const std::string good = read_file(bench);
    const auto message = [&](const std::string& what, const std::string& by) {
        write_file(bench, good);
        replace_in_file(bench, what, by);
        try {
            Board board(bench);
        } catch (const BadInput& mistake) {
            return std::string(mistake.what());
        }
        return std::string("none");
    };
    EXPECT_NE(
        message("model = \"mcp23017\"", "model = \"mcp23s17\"").find("no SpiSerialBus resource"),
        std::string::npos);
    EXPECT_NE(message("model = \"mcp23017\"", "model = \"mcp23017\"\nwith = { address = \"0x21\" }")
                  .find("both have address 0x21"),
              std::string::npos);
    EXPECT_NE(
        message("model = \"mcp23017\"", "model = \"mcp23017\"\nwith = { address = \"0x400\" }")
            .find("address = '0x400' is not possible"),
        std::string::npos);
    EXPECT_NE(message("model = \"pl061\"", "model = \"pl061\"\nwith = { address = \"0x20\" }")
                  .find("property address: there is no such property"),
              std::string::npos);
}

}  // namespace
}  // namespace gpioclx::end_to_end
