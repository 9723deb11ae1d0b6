// Hardware that loses its registers: drivers that put them back, and drivers that do not.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include <algorithm>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

fs::path low_power_bench() { return fs::path(GX_EXAMPLES) / "boards/low_power/low_power.toml"; }

const std::string afsel_restored =
    "    WRITE_REGISTER_ULONG(&Registers->AlternateFunction, "
    "Controller->Saved.AlternateFunction);\n";

class PowerTest : public testing::Test {
  protected:
    // The shipped board with one line of the controller's driver changed.
    fs::path changed(const std::string& what, const std::string& by,
                     const std::string& board = "low_power") {
        const fs::path copy = scratch.copy_of_examples("project");
        replace_in_file(copy / "drivers/pl061gpio/pl061gpio.c", what, by);
        const fs::path bench = copy / "boards" / board / (board + ".toml");
        for (const std::string other : {"led", "button"})
            replace_in_file(bench, "../../drivers/" + other, GX_EXAMPLES "/drivers/" + other);
        return bench;
    }
    static fs::path with_garbage(const fs::path& bench) {
        replace_in_file(bench, "device = '\\_SB.GPI0'\nmodel = \"pl061\"\n",
                        "device = '\\_SB.GPI0'\nmodel = \"pl061\"\n"
                        "with = { power_loss = \"garbage\" }\n");
        return bench;
    }
    static void play(Board& board, std::initializer_list<std::string_view> statements) {
        for (const std::string_view statement : statements)
            EXPECT_TRUE(board.step(statement)) << statement;
    }
    static std::string findings(const Board& board, std::string_view id) {
        std::string text;
        for (const Finding& finding : board.findings()) {
            if (finding.id == id) text += finding.sentence + "\n";
        }
        return text;
    }
    static bool says(const std::string& text, std::string_view what) {
        return text.find(what) != std::string::npos;
    }
    ScratchFolder scratch;
};

class ShippedPower : public PowerTest, public testing::WithParamInterface<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, ShippedPower, testing::Values(0, 1, 2, 3));

TEST_P(ShippedPower, F160_the_script_of_the_shipped_board_is_kept_and_nothing_is_found) {
    const ToolRun run = run_tool(
        "run " + low_power_bench().string() + " --verify --seed " + std::to_string(GetParam()),
        scratch.path());
    EXPECT_EQ(run.exit_code, 0) << run.output;
}

// P20: a controller that nobody uses; its power really goes.
TEST_F(PowerTest, F147_an_unused_controller_loses_its_power_and_its_driver_notices) {
    Board board(low_power_bench());
    board.start();
    play(board, {"wait 200ms"});
    const Events events = board.take_new_events();
    EXPECT_TRUE(in_order(events, {"CLIENT_StopController of \\_SB.GPI1"}));
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(PowerTest, F160_a_register_that_restore_forgets_is_named) {
    Board board(changed(
        "    WRITE_REGISTER_ULONG(&Registers->BothEdges, Controller->Saved.BothEdges);\n", ""));
    board.start();
    play(board, {"deep-idle 1ms", "wait 2ms"});
    const std::string found = findings(board, "power-010");
    EXPECT_TRUE(says(found,
                     "\\_SB.GPI0 bank 0: IBE is not as before after RestoreBankHardwareContext: it "
                     "was 0x8, it is 0x0, pin 3"))
        << found;
    EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << found;
}

TEST_F(PowerTest, F160_a_driver_that_ignores_RestoreContext_is_found) {
    Board board(changed("    if (RestoreContext) {\n        Pl061RestoreRegisters(Controller);\n\n",
                        "    if (RestoreContext) {\n\n"));
    board.start();
    play(board, {"sleep", "wake"});
    const std::string found = findings(board, "power-010");
    EXPECT_TRUE(says(found, "\\_SB.GPI0: IBE is not as before after StartController")) << found;
}

// P46. The extension has masked all pins before the save; a driver that lets them through before
// the settings are back, or leaves behind what these have latched, makes an interrupt of nothing.
TEST_F(PowerTest, F160_enable_before_the_settings_is_a_spurious_interrupt) {
    const fs::path bench = with_garbage(changed(
        afsel_restored,
        "    WRITE_REGISTER_ULONG(&Registers->InterruptEnable, Controller->EnabledPins);\n" +
            afsel_restored));
    Board board(bench);
    board.start();
    play(board, {"deep-idle 1ms", "wait 2ms"});
    const std::string found = findings(board, "power-012");
    EXPECT_TRUE(says(found,
                     "\\_SB.GPI0 bank 0: RestoreBankHardwareContext made an interrupt that "
                     "nothing on the pins has caused, pin 3"))
        << found;
    EXPECT_EQ(findings(board, "power-010"), "");
}

TEST_F(PowerTest, F160_a_latch_that_restore_leaves_behind_is_a_spurious_interrupt) {
    const fs::path bench = with_garbage(
        changed("    WRITE_REGISTER_ULONG(&Registers->InterruptClear, PL061_ALL_PINS);\n"
                "    Pl061UpdateInterruptEnable(Controller);\n",
                "    Pl061UpdateInterruptEnable(Controller);\n"));
    Board board(bench);
    board.start();
    play(board, {"deep-idle 1ms", "wait 2ms"});
    const std::string found = findings(board, "power-012");
    EXPECT_TRUE(says(found, "\\_SB.GPI0 bank 0")) << found;
}

TEST_F(PowerTest, F160_garbage_is_restored_as_well) {
    const fs::path copy = scratch.copy_of_examples("project");
    const fs::path bench = copy / "boards/low_power/low_power.toml";
    for (const std::string driver : {"pl061gpio", "led", "button"})
        replace_in_file(bench, "../../drivers/" + driver, GX_EXAMPLES "/drivers/" + driver);
    Board board(with_garbage(bench));
    board.start();
    play(board, {"sleep", "wake", "deep-idle 1ms", "wait 2ms", "press button for 300us",
                 "wait 200us", "expect led on"});
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(PowerTest, F160_a_register_without_power_is_not_touched_unnoticed) {
    Board board(low_power_bench());
    board.start();
    play(board, {"power \\_SB.GPI0 off", "expect led off"});
    File led = board.open("\\_SB.LED0");
    led.ioctl(ioctl_code(file_device_unknown, 0x800, Method::buffered, Access::write), Bytes{1});
    const std::string found = findings(board, "power-011");
    EXPECT_TRUE(says(found, "\\_SB.GPI0: access to a register without power, DATA")) << found;
    ASSERT_FALSE(board.findings().empty());
    EXPECT_EQ(board.findings()[0].stack[0].function, "Pl061WriteGpioPins");
    EXPECT_TRUE(board.step("expect led off"));
}

// Registers that keep what they hold ask nothing of a driver.
TEST_F(PowerTest, F160_a_board_that_keeps_the_power_finds_nothing) {
    const fs::path bench = changed(
        "    WRITE_REGISTER_ULONG(&Registers->BothEdges, Controller->Saved.BothEdges);\n", "");
    replace_in_file(bench, "device = '\\_SB.GPI0'\nmodel = \"pl061\"\n",
                    "device = '\\_SB.GPI0'\nmodel = \"pl061\"\n"
                    "with = { power_loss = \"none\" }\n");
    Board board(bench);
    board.start();
    play(board, {"deep-idle 1ms", "expect led off", "wait 2ms", "sleep", "wake"});
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(PowerTest, a_pin_that_may_not_wake_does_not) {
    const fs::path copy = scratch.copy_of_examples("project");
    const fs::path bench = copy / "boards/low_power/low_power.toml";
    for (const std::string driver : {"pl061gpio", "led", "button"})
        replace_in_file(bench, "../../drivers/" + driver, GX_EXAMPLES "/drivers/" + driver);
    replace_in_file(copy / "boards/low_power/low_power.asl", "ExclusiveAndWake", "Exclusive");
    Board board(bench);
    board.start();
    play(board,
         {"sleep", "press button", "wait 20ms", "expect system asleep", "release button", "wake",
          "expect system working", "press button for 300us", "wait 200us", "expect led on"});
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

// Chips behind I2C, which do not answer without power.
class SerialPowerTest : public PowerTest {
  protected:
    fs::path expander(const std::string& what, const std::string& by) {
        const fs::path copy = scratch.copy_of_examples("project");
        for (const std::string id : {"GXEX0001", "GXEX0002"}) {
            const std::string name = "            Name (_HID, \"" + id + "\")\n";
            replace_in_file(copy / "boards/expander/expander.asl", name,
                            name + "            Method (_PS0) {}\n            Method (_PS3) {}\n");
        }
        if (!what.empty()) replace_in_file(copy / "drivers/mcp23017/mcp23017.c", what, by);
        return copy / "boards/expander/expander.toml";
    }
};

TEST_F(SerialPowerTest, P3_expanders_are_as_before_after_the_sleep) {
    Board board(expander("", ""));
    board.start();
    play(board,
         {"sleep", "expect system asleep", "wait 5ms", "wake", "wait 5ms", "press button for 5ms",
          "wait 3ms", "expect led on", "press switch for 5ms", "wait 3ms", "expect led off"});
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(SerialPowerTest, P3_a_register_that_an_expander_lost_is_named) {
    Board board(expander("        { McpPullUp, Controller->PullUp },\n", ""));
    board.start();
    play(board, {"sleep", "wake"});
    const std::string found = findings(board, "power-010");
    EXPECT_TRUE(says(found, "\\_SB.EXP0: GPPU is not as before after StartController")) << found;
}

}  // namespace
}  // namespace gpioclx::end_to_end
