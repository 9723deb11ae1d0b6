// The process of a driver is killed again and again, at moments of chance: by the script at once,
// by the script in the middle of what the driver does, and by a signal from outside. Meanwhile a
// driver of the kernel takes interrupts from the same controller, and must not lose one.
//
// GPIOCLX_KILLS says how often (1000). Prints the figures of docs/performance.md.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "host_processes.h"
#include "user_mode_board.h"

namespace gpioclx::umdf_tests {
namespace {

struct Footprint {
    std::size_t files = 0;
    std::size_t resident_kb = 0, shared_kb = 0;
    std::size_t hosts = 0;
};

Footprint footprint() {
    Footprint now;
    now.hosts = host_processes().size();
    const int worker = children_of(getpid()).at(0);
    const std::string folder = "/proc/" + std::to_string(worker);
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder + "/fd"))
        ++now.files;
    std::ifstream status(folder + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) now.resident_kb = std::stoul(line.substr(8));
        if (line.starts_with("RssShmem:")) now.shared_kb = std::stoul(line.substr(9));
    }
    return now;
}

class KillTest : public UserModeBoard {
  protected:
    unsigned chance(unsigned below) { return static_cast<unsigned>(random_() % below); }

    // One that was killed by a signal may have been missed only now, and not be back yet.
    static void kill_by_script(Board& board, const std::string& when) {
        try {
            EXPECT_TRUE(board.step("kill-host \\_SB.UBT0" + when));
        } catch (const std::exception& gone) {
            EXPECT_NE(std::string(gone.what()).find("has no host process"), std::string::npos)
                << gone.what();
        }
    }
    void kill_one(Board& board, int way) {
        if (way == 0) {
            kill_by_script(board, "");
        } else if (way == 1) {
            kill_by_script(board, " after " + std::to_string(1 + chance(40)));
        } else {
            for (const int host : host_processes()) kill(host, SIGKILL);
        }
    }

  private:
    std::mt19937 random_{4711};
};

TEST_F(KillTest, no_interrupt_of_another_driver_is_lost_and_nothing_leaks) {
    const char* wanted = std::getenv("GPIOCLX_KILLS");
    const int kills = wanted != nullptr ? std::atoi(wanted) : 1000;
    BoardOptions options{.verify = true};
    options.settings = {{.name = "umdf_restarts", .value = 1'000'000}};
    options.keep_events = false;
    Board board(shipped(), options);
    board.start();
    Button button = board.button("button");
    Button second = board.button("second");
    Led led = board.led("led");

    const int settled = kills / 4;
    Footprint before;
    int lost = 0, deaths = 0, ways[3] = {};
    std::vector<int> living = host_processes();
    for (int i = 1; deaths < kills; ++i) {
        ASSERT_LT(i, 4 * kills) << "the driver does not die any more";
        button.press_for(std::chrono::microseconds(5 + chance(40)));
        second.press_for(std::chrono::microseconds(5 + chance(40)));
        board.run_for(std::chrono::nanoseconds(chance(80'000)));
        const int way = static_cast<int>(chance(3));
        kill_one(board, way);
        // Whoever kills in the middle, or from outside, needs the driver to do something.
        board.run_for(std::chrono::nanoseconds(chance(80'000)));
        second.press_for(std::chrono::microseconds(5 + chance(40)));
        ASSERT_TRUE(board.run_until_idle()) << "kill " << i;
        second.press_for(5us);
        second.press_for(5us);
        ASSERT_TRUE(board.step("wait idle")) << board.last_message();
        if (led.is_on() != (i % 2 == 1)) ++lost;
        ASSERT_EQ(lost, 0) << "kill " << i;
        ASSERT_EQ(board.device(user_device).state, DeviceState::started)
            << "kill " << i << ": " << board.device(user_device).message;
        // One that was to die in the middle of a call may have had none.
        const std::vector<int> now = host_processes();
        if (now == living) continue;
        living = now;
        ++ways[way];
        if (++deaths == settled) before = footprint();
    }
    const Footprint after = footprint();
    EXPECT_EQ(after.hosts, 1u);
    EXPECT_EQ(after.files, before.files);
    EXPECT_LT(after.resident_kb, before.resident_kb + 128);
    board.stop();
    // Signals from outside are told; nothing else is.
    for (const Finding& finding : board.findings()) EXPECT_EQ(finding.id, "umdf-001") << finding;
    EXPECT_TRUE(host_processes().empty());
    std::printf(
        "%d kills (%d by script, %d in the middle of calls, %d by signal): %d interrupts "
        "lost, memory of the machine's process from %zu to %zu KB, shared from %zu to %zu KB, "
        "files from %zu to %zu\n",
        deaths, ways[0], ways[1], ways[2], lost, before.resident_kb, after.resident_kb,
        before.shared_kb, after.shared_kb, before.files, after.files);
}

}  // namespace
}  // namespace gpioclx::umdf_tests
