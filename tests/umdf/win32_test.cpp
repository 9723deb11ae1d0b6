// The functions of Win32 that a driver in user mode calls: what goes well, what is wrong, and what
// becomes of it when the process dies.
#include <algorithm>

#include "host_processes.h"
#include "user_mode_board.h"

namespace gpioclx::umdf_tests {
namespace {

constexpr std::string_view device = "\\_SB.W32A";

// umwin32ioctl.h
constexpr std::uint32_t code(std::uint32_t function) { return 0x00222400 + 4 * function; }
constexpr std::uint32_t heap = code(0), section = code(1), slim = code(2), event = code(3),
                        time = code(4), thread = code(5), hold = code(6), wait_for_ever = code(7),
                        leak_block = code(16), leak_handle = code(17), leak_section = code(18),
                        free_twice = code(19), overrun = code(20), leave_unentered = code(21),
                        enter_uninitialized = code(22), keep_section = code(23),
                        wait_closed = code(24), free_with_section = code(25),
                        opposite_orders = code(26), slim_twice = code(27), leak_thread = code(28);
constexpr std::uint32_t all_right[] = {heap, section, slim, event, time, thread};

class Win32Test : public UserModeBoard {
  protected:
    static std::filesystem::path bench() {
        return std::filesystem::path(GX_UMDF_DRIVERS) / "../boards/win32.toml";
    }
    static BoardOptions options(bool in_machine, std::uint64_t seed = 0) {
        BoardOptions options{.seed = seed, .verify = true};
        options.settings = {{.name = "umdf_in_machine", .value = in_machine ? 1u : 0u}};
        return options;
    }
    // The line of the driver's check that failed.
    static std::uint32_t ask(Board& board, std::uint32_t what) {
        const Completion answer = board.open(device).ioctl(what, {}, 4);
        EXPECT_EQ(answer.status, Status("STATUS_SUCCESS"));
        return answer.output.size() == 4 ? answer.output[0] | answer.output[1] << 8u : 0xFFFF;
    }
    // What a driver is told that makes this mistake, from its request until it is unloaded; the
    // same wherever it is hosted.
    static std::vector<Finding> mistake(std::uint32_t what) {
        std::vector<Finding> found[2];
        for (const bool in_machine : {false, true}) {
            Board board(bench(), options(in_machine));
            board.start();
            EXPECT_EQ(ask(board, what), 0u);
            board.stop();
            found[in_machine] = board.findings();
        }
        EXPECT_EQ(text_of(found[0]), text_of(found[1])) << "in the process, in the machine";
        return found[0];
    }
    static void expect_one(std::uint32_t what, const std::string& id, const std::string& sentence,
                           const std::string& function = "") {
        const std::vector<Finding> found = mistake(what);
        ASSERT_EQ(found.size(), 1u) << text_of(found);
        EXPECT_EQ(found[0].id, id) << found[0].sentence;
        EXPECT_NE(found[0].sentence.find(sentence), std::string::npos) << found[0].sentence;
        if (function.empty()) return;
        ASSERT_FALSE(found[0].stack.empty());
        EXPECT_EQ(found[0].stack[0].function, function);
    }
};

TEST_F(Win32Test, same_events_in_a_process_and_in_the_machine) {
    for (const std::uint64_t seed : {0, 1, 7}) {
        std::vector<std::string> streams[2];
        for (const bool in_machine : {false, true}) {
            Board board(bench(), options(in_machine, seed));
            board.start();
            EXPECT_EQ(host_processes().size(), in_machine ? 0u : 1u);
            for (const std::uint32_t what : all_right) EXPECT_EQ(ask(board, what), 0u) << what;
            {
                File one = board.open(device), other = board.open(device);
                PendingRequest first = one.begin_ioctl(hold, {}, 4);
                PendingRequest second = other.begin_ioctl(hold, {}, 4);
                EXPECT_EQ(first.wait().status, Status("STATUS_SUCCESS"));
                EXPECT_EQ(second.wait().status, Status("STATUS_SUCCESS"));
            }
            board.stop();
            EXPECT_TRUE(nothing_found(board));
            for (const Event& event : board.events()) streams[in_machine].push_back(event.text());
        }
        EXPECT_GT(streams[0].size(), 200u);
        ASSERT_EQ(streams[0].size(), streams[1].size()) << "seed " << seed;
        for (std::size_t i = 0; i < streams[0].size(); ++i)
            ASSERT_EQ(streams[0][i], streams[1][i]) << "event " << i << ", seed " << seed;
    }
}

TEST_F(Win32Test, sections_keep_each_other_out_and_time_is_the_machines) {
    Board board(bench(), options(false));
    board.start();
    File one = board.open(device), other = board.open(device);
    PendingRequest first = one.begin_ioctl(hold, {}, 4);
    PendingRequest second = other.begin_ioctl(hold, {}, 4);
    const auto before = board.now();
    second.wait();
    first.wait();
    EXPECT_GE(board.now() - before, 20ms) << "one after the other";
    EXPECT_LT(board.now() - before, 25ms);
    bool waited = false;
    for (const Event& event : board.events())
        waited |= event.text().find("umwin32 critical section #1") != std::string::npos;
    EXPECT_TRUE(waited);
    one.close();
    other.close();
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(Win32Test, what_is_told_to_a_debugger_stands_in_the_stream) {
    Board board(bench(), options(false));
    board.start();
    EXPECT_EQ(ask(board, time), 0u);
    std::string messages;
    for (const Event& event : board.events()) {
        if (event.text().find("told as") != std::string::npos) messages += event.text() + "\n";
    }
    EXPECT_NE(messages.find("told as bytes"), std::string::npos) << messages;
    EXPECT_NE(messages.find("told as words"), std::string::npos) << messages;
    board.stop();
}

TEST_F(Win32Test, blocks_handles_sections_and_threads_that_are_left_are_told) {
    expect_one(leak_block, "lifetime-006", "'umwin32' was unloaded and did not free 1 heap block");
    expect_one(leak_handle, "lifetime-032",
               "a handle to an object of type Event, opened in umwin32!UmWin32EvtDeviceControl");
    expect_one(leak_section, "lifetime-035",
               "did not delete 'umwin32 critical section #3', initialized in "
               "umwin32!UmWin32EvtDeviceControl");
    expect_one(leak_thread, "lifetime-009",
               "was unloaded while its thread 'umwin32 thread 2' has not ended");
}

TEST_F(Win32Test, mistakes_with_the_heap_are_told) {
    expect_one(free_twice, "lifetime-002", "HeapFree was given an address", "UmWin32Wrong");
    expect_one(overrun, "lifetime-001", "something wrote behind the end of the heap block");
    expect_one(free_with_section, "lifetime-004", "which is not deleted", "UmWin32Wrong");
}

TEST_F(Win32Test, mistakes_with_locks_are_told) {
    expect_one(leave_unentered, "lock-002",
               "LeaveCriticalSection: 'umwin32 critical section #1' is not held", "UmWin32Wrong");
    expect_one(enter_uninitialized, "lock-003",
               "EnterCriticalSection: the critical section was "
               "never initialized",
               "UmWin32Wrong");
    expect_one(opposite_orders, "lock-010",
               "'umwin32 critical section #1' is acquired while 'umwin32 critical section #2'");
}

TEST_F(Win32Test, a_section_that_is_kept_is_told_when_the_callback_returns_and_when_it_goes) {
    const std::vector<Finding> found = mistake(keep_section);
    ASSERT_EQ(found.size(), 2u) << text_of(found);
    EXPECT_EQ(found[0].id, "lock-004");
    EXPECT_EQ(found[0].sentence,
              "EvtIoDeviceControl returned with 'umwin32 critical section #2' held");
    EXPECT_EQ(found[1].id, "lifetime-004");
    EXPECT_NE(found[1].sentence.find("is deleted while it is held"), std::string::npos);
}

TEST_F(Win32Test, slim_locks_are_not_taken_twice_nor_released_as_something_else) {
    const std::vector<Finding> found = mistake(slim_twice);
    ASSERT_EQ(found.size(), 2u) << text_of(found);
    EXPECT_EQ(found[0].id, "lock-001");
    EXPECT_EQ(found[1].id, "lock-002");
}

TEST_F(Win32Test, a_wait_for_a_closed_handle_says_who_closed_it) {
    expect_one(wait_closed, "lifetime-034", "it was closed in umwin32!UmWin32EvtDeviceControl",
               "UmWin32Wrong");
}

// Its thread waits, one request holds the section, one waits for it, one for an event.
TEST_F(Win32Test, whatever_a_process_waits_for_ends_with_it_and_nothing_is_left) {
    Board board(bench(), options(false));
    board.start();
    for (int death = 1; death <= 3; ++death) {
        File files[] = {board.open(device), board.open(device), board.open(device)};
        PendingRequest waiting[] = {files[0].begin_ioctl(hold, {}, 4),
                                    files[1].begin_ioctl(hold, {}, 4),
                                    files[2].begin_ioctl(wait_for_ever, {}, 4)};
        board.run_for(2ms);
        EXPECT_TRUE(board.step("kill-host \\_SB.W32A"));
        EXPECT_TRUE(board.run_until_idle());
        for (PendingRequest& request : waiting)
            EXPECT_EQ(request.wait().status, Status("STATUS_DRIVER_PROCESS_TERMINATED"));
        for (File& file : files) file.close();
        EXPECT_EQ(board.device(device).state, DeviceState::started) << board.device(device).message;
        for (const std::uint32_t what : all_right) EXPECT_EQ(ask(board, what), 0u) << what;
    }
    EXPECT_EQ(host_processes().size(), 1u);
    board.stop();
    EXPECT_TRUE(nothing_found(board)) << text_of(board.findings());
    EXPECT_TRUE(host_processes().empty());
}

TEST_F(Win32Test, a_process_may_die_after_any_of_its_calls) {
    for (int calls = 1; calls <= 40; ++calls) {
        Board board(bench(), options(false, static_cast<std::uint64_t>(calls)));
        board.start();
        EXPECT_TRUE(board.step("kill-host \\_SB.W32A after " + std::to_string(calls)));
        {
            File file = board.open(device);
            for (const std::uint32_t what : all_right) file.ioctl(what, {}, 4);
        }
        EXPECT_TRUE(board.run_until_idle());
        EXPECT_EQ(ask(board, thread), 0u) << calls;
        board.stop();
        EXPECT_TRUE(nothing_found(board)) << calls << ": " << text_of(board.findings());
    }
}

}  // namespace
}  // namespace gpioclx::umdf_tests
