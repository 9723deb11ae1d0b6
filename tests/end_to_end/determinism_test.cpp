// The same bench and seed give the same events, byte for byte, wherever and however they are run.
#include <gpioclx/gpioclx.h>
#include <gtest/gtest.h>

#include <set>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class DeterminismTest : public testing::Test {
  protected:
    // The event stream of a run of the tool in `folder`.
    std::string events_of(const std::string& bench, const std::string& flags,
                          const fs::path& folder, const std::string& environment = "") {
        const fs::path file = scratch.path() / "events";
        const ToolRun run =
            run_tool("run '" + bench + "' --quiet " + flags + " --events '" + file.string() + "'",
                     folder, environment);
        EXPECT_EQ(run.exit_code, 0) << run.output;
        return read_file(file);
    }
    // Without printing both if they differ: says where.
    static testing::AssertionResult same(const std::string& left, const std::string& right) {
        if (left == right && !left.empty()) return testing::AssertionSuccess();
        const auto at = std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first;
        const auto begin = left.rfind('\n', static_cast<std::size_t>(at - left.begin()));
        const std::size_t from = begin == std::string::npos ? 0 : begin + 1;
        return testing::AssertionFailure()
               << "the streams differ:\n  " << left.substr(from, left.find('\n', from) - from)
               << "\n  " << right.substr(from, right.find('\n', from) - from);
    }

    ScratchFolder scratch;
    const std::string bench = pushbutton_bench().string();
};

TEST_F(DeterminismTest, same_bench_and_seed_give_the_same_bytes) {
    for (const char* seed : {"--seed 0", "--seed 1", "--seed 7 --processors 4"}) {
        EXPECT_TRUE(
            same(events_of(bench, seed, scratch.path()), events_of(bench, seed, scratch.path())))
            << seed;
    }
}

TEST_F(DeterminismTest, observers_working_folder_and_environment_change_nothing) {
    const std::string plain = events_of(bench, "--seed 3", scratch.path());
    const std::string vcd = "--vcd '" + (scratch.path() / "v.vcd").string() + "'";
    EXPECT_TRUE(same(plain, events_of(bench, "--seed 3 --trace --wave " + vcd, "/")));
    const fs::path beside = fs::path(bench).parent_path();
    EXPECT_TRUE(same(plain, events_of("pushbutton.toml", "--seed 3", beside,
                                      "LANG=tr_TR.UTF-8 TZ=Asia/Kathmandu MALLOC_PERTURB_=165")));
}

TEST_F(DeterminismTest, copies_of_the_project_in_other_folders_give_the_same_bytes) {
    const fs::path one = scratch.copy_of_examples("one");
    const fs::path other = scratch.copy_of_examples("a folder with a much longer name");
    std::string streams[2];
    for (int i = 0; i < 2; ++i) {
        const fs::path& copy = i == 0 ? one : other;
        // A cache of its own: each copy is built for itself.
        streams[i] = events_of((copy / "boards/pushbutton/pushbutton.toml").string(), "--seed 3",
                               copy, "GPIOCLX_CACHE='" + (copy / "cache").string() + "'");
    }
    EXPECT_TRUE(same(streams[0], streams[1]));
    EXPECT_TRUE(same(streams[0], events_of(bench, "--seed 3", scratch.path())));
}

// A driver that prints them sees the same addresses.
TEST_F(DeterminismTest, addresses_do_not_depend_on_the_folder) {
    std::string streams[2];
    int i = 0;
    for (const char* name : {"one", "a folder with a much longer name than that of the other"}) {
        scratch.copy_of_examples(name + std::string("/examples"));
        const fs::path copy = scratch.path() / name;
        const fs::path board = copy / "tests/end_to_end/addresses";
        fs::create_directories(board);
        fs::copy(GX_ADDRESSES, board);
        replace_in_file(board / "addresses.c", "#define SHOW_STACK 0", "#define SHOW_STACK 1");
        streams[i++] = events_of((board / "addresses.toml").string(), "--seed 3 --trace", copy,
                                 "GPIOCLX_CACHE='" + (copy / "cache").string() + "'");
    }
    EXPECT_NE(streams[0].find("pool block 00002000"), std::string::npos);
    EXPECT_NE(streams[0].find("local variable 00002001"), std::string::npos);
    EXPECT_TRUE(same(streams[0], streams[1]));
}

TEST_F(DeterminismTest, api_and_tool_see_the_same_events) {
    const std::string stream = events_of(bench, "--seed 5", scratch.path());
    Board board(bench, {.seed = 5});
    board.start();
    EXPECT_EQ(board.play(), std::vector<std::string>());
    board.stop();
    EXPECT_EQ(board.events().size(),
              static_cast<std::size_t>(std::count(stream.begin(), stream.end(), '\n')));
}

// The order in which processors and threads take turns, without the times.
std::string schedule(const Events& events) {
    std::string text;
    for (const Event& event : events) {
        text += event.processor ? std::to_string(*event.processor) : "-";
        text += to_string(event.kind);
    }
    return text;
}

TEST_F(DeterminismTest, other_seeds_give_other_schedules_which_all_pass) {
    std::set<std::string> schedules;
    constexpr std::uint64_t seeds = 12;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Board board(bench, {.seed = seed});
        board.start();
        EXPECT_EQ(board.play(), std::vector<std::string>()) << "seed " << seed;
        board.stop();
        EXPECT_TRUE(board.findings().empty()) << "seed " << seed << "\n" << board.findings()[0];
        schedules.insert(schedule(board.events()));
    }
    EXPECT_GT(schedules.size(), seeds / 2);
}

TEST_F(DeterminismTest, boards_that_run_side_by_side_do_not_see_each_other) {
    const auto lines = [](const Board& board) {
        std::string text;
        for (const Event& event : board.events()) text += event.line() + "\n";
        return text;
    };
    Board alone(bench, {.seed = 2});
    alone.start();
    alone.button("button").press_for(100us);
    alone.run_until_idle();

    Board left(bench, {.seed = 2}), right(bench, {.seed = 2});
    left.start();
    right.start();
    right.button("button").press_for(100us);
    left.button("button").press_for(100us);
    left.run_until_idle();
    right.run_until_idle();
    EXPECT_TRUE(same(lines(alone), lines(left)));
    EXPECT_TRUE(same(lines(alone), lines(right)));
}

}  // namespace
}  // namespace gpioclx::end_to_end
