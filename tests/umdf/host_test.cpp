// A driver in user mode lives in a process of its own, and dies there.
#include <signal.h>

#include "host_processes.h"
#include "user_mode_board.h"

namespace gpioclx::umdf_tests {
namespace {

// What the driver does with these codes is put into a copy of it.
constexpr std::uint32_t write_null = 0x00222010, run_for_ever = 0x00222014,
                        bad_pointer = 0x00222018, write_machine = 0x0022201c, overflow = 0x00222020;

class HostTest : public UserModeBoard {
  protected:
    std::filesystem::path faulty() {
        changed("drivers/umbutton/umbutton.c", "static VOID\nUmButtonAnswer(",
                "static ULONG\nUmButtonDig(ULONG Depth)\n{\n    volatile UCHAR Room[4096];\n"
                "    Room[0] = (UCHAR)Depth;\n    return UmButtonDig(Depth + 1) + Room[0];\n}\n\n"
                "static VOID\nUmButtonAnswer(");
        return changed("drivers/umbutton/umbutton.c", "    case IOCTL_UMBUTTON_WAIT_PRESS:",
                       "    case 0x00222010: *(volatile ULONG*)(ULONG_PTR)16 = 1; break;\n"
                       "    case 0x00222014: for (;;) { }\n"
                       "    case 0x00222018:\n"
                       "        WdfRequestRetrieveOutputBuffer(Request, 0, (PVOID*)0x5000, NULL);\n"
                       "        break;\n"
                       "    case 0x0022201c: *(volatile ULONG*)Queue = 1; break;\n"
                       "    case 0x00222020: UmButtonDig(0); break;\n"
                       "    case IOCTL_UMBUTTON_WAIT_PRESS:");
    }
    // Sends the code; the driver's process does not survive it.
    static Status fatal(Board& board, std::uint32_t code) {
        File file = board.open(user_device);
        return file.ioctl(code, {}, 4).status;
    }
    // In a new process, which has not seen a press yet.
    static void expect_alive(Board& board) {
        EXPECT_TRUE(board.run_until_idle());
        EXPECT_EQ(board.device(user_device).state, DeviceState::started);
        board.button("second").press_for(300us);
        EXPECT_TRUE(board.run_until_idle());
        EXPECT_TRUE(board.led("lamp").is_on());
        EXPECT_EQ(board.open(user_device).ioctl(get_presses, {}, 4).output, (Bytes{1, 0, 0, 0}));
    }
    static void expect_others_work(Board& board) {
        const bool led = board.led("led").is_on();
        board.button("button").press_for(300us);
        EXPECT_TRUE(board.run_until_idle());
        EXPECT_NE(board.led("led").is_on(), led);
    }
};

TEST_F(HostTest, same_events_in_a_process_and_in_the_machine) {
    for (const std::uint64_t seed : {0, 1, 7}) {
        std::vector<std::string> streams[2];
        for (const bool in_machine : {false, true}) {
            BoardOptions options{.seed = seed, .verify = true};
            options.settings = {{.name = "umdf_in_machine", .value = in_machine ? 1u : 0u}};
            Board board(shipped(), options);
            board.start();
            EXPECT_EQ(host_processes().size(), in_machine ? 0u : 1u);
            EXPECT_EQ(board.play(), std::vector<std::string>());
            {
                File file = board.open(user_device);
                PendingRequest waiting = file.begin_ioctl(wait_press, {}, 4);
                board.button("second").press_for(300us);
                EXPECT_EQ(waiting.wait().output.size(), 4u);
            }
            board.stop();
            EXPECT_TRUE(nothing_found(board));
            for (const Event& event : board.events()) streams[in_machine].push_back(event.text());
        }
        EXPECT_GT(streams[0].size(), 500u);
        ASSERT_EQ(streams[0].size(), streams[1].size()) << "seed " << seed;
        for (std::size_t i = 0; i < streams[0].size(); ++i)
            ASSERT_EQ(streams[0][i], streams[1][i]) << "event " << i << ", seed " << seed;
    }
}

TEST_F(HostTest, a_crash_is_found_at_its_line_and_the_device_comes_back) {
    Board board(faulty());
    board.start();
    EXPECT_EQ(fatal(board, write_null), Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    ASSERT_EQ(board.findings().size(), 1u) << text_of(board.findings());
    const Finding& finding = board.findings()[0];
    EXPECT_EQ(finding.id, "umdf-001");
    EXPECT_EQ(finding.sentence, "the host process of umbutton died: access violation writing 0x10");
    ASSERT_FALSE(finding.stack.empty());
    EXPECT_EQ(finding.stack[0].function, "UmButtonEvtDeviceControl");
    EXPECT_TRUE(board.is_alive());
    expect_others_work(board);
    expect_alive(board);
    board.stop();
    EXPECT_EQ(board.findings().size(), 1u) << text_of(board.findings());
}

TEST_F(HostTest, pointers_that_lead_nowhere_take_the_driver_and_not_the_machine) {
    Board board(faulty());
    board.start();
    EXPECT_EQ(fatal(board, bad_pointer), Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_TRUE(board.run_until_idle());
    ASSERT_EQ(board.findings().size(), 1u) << text_of(board.findings());
    EXPECT_EQ(board.findings()[0].sentence,
              "the host process of umbutton died: it handed the framework a pointer to 0x5000, "
              "where nothing is");
    ASSERT_FALSE(board.findings()[0].stack.empty());
    EXPECT_EQ(board.findings()[0].stack[0].function, "UmButtonEvtDeviceControl");
    expect_alive(board);
    // A handle is an address in the machine, which the process does not see.
    EXPECT_EQ(fatal(board, write_machine), Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_TRUE(board.run_until_idle());
    EXPECT_EQ(fatal(board, overflow), Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_TRUE(board.run_until_idle());
    ASSERT_EQ(board.findings().size(), 3u) << text_of(board.findings());
    EXPECT_NE(board.findings()[1].sentence.find("access violation writing 0x2000"),
              std::string::npos);
    EXPECT_NE(board.findings()[2].sentence.find("its stack overflowed"), std::string::npos);
    expect_others_work(board);
    expect_alive(board);
    board.stop();
}

TEST_F(HostTest, a_loop_without_a_call_is_ended) {
    Board board(faulty());
    board.start();
    EXPECT_EQ(fatal(board, run_for_ever), Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_TRUE(board.run_until_idle());
    ASSERT_EQ(board.findings().size(), 1u) << text_of(board.findings());
    EXPECT_NE(board.findings()[0].sentence.find("without a call"), std::string::npos);
    EXPECT_EQ(board.findings()[0].stack.at(0).function, "UmButtonEvtDeviceControl");
    expect_others_work(board);
    expect_alive(board);
    board.stop();
}

TEST_F(HostTest, requests_that_the_driver_held_are_completed) {
    Board board(shipped());
    board.start();
    File file = board.open(user_device);
    PendingRequest waiting = file.begin_ioctl(wait_press, {}, 4);
    EXPECT_TRUE(board.run_until_idle());
    EXPECT_TRUE(board.step("kill-host \\_SB.UBT0"));
    EXPECT_TRUE(board.run_until_idle());
    EXPECT_EQ(waiting.wait().status, Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    file.close();
    expect_alive(board);
    board.stop();
    // Asked for by the script.
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(HostTest, restarts_are_as_many_as_documented) {
    Board board(shipped());
    board.start();
    for (int death = 1; death <= 6; ++death) {
        EXPECT_EQ(board.device(user_device).state, DeviceState::started) << death;
        EXPECT_TRUE(board.step("kill-host \\_SB.UBT0"));
        EXPECT_TRUE(board.run_until_idle());
    }
    const Device device = board.device(user_device);
    EXPECT_EQ(device.state, DeviceState::failed);
    EXPECT_EQ(device.status, Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_NE(device.message.find("died 6 times"), std::string::npos) << device.message;
    EXPECT_TRUE(host_processes().empty());
    expect_others_work(board);
    board.stop();
}

TEST_F(HostTest, a_signal_from_outside_is_a_finding) {
    Board board(shipped());
    board.start();
    ASSERT_EQ(host_processes().size(), 1u);
    kill(host_processes()[0], SIGKILL);
    // Between two statements somebody looks; a process takes its time to die.
    while (board.findings().empty()) ASSERT_TRUE(board.step("wait 1us"));
    EXPECT_TRUE(board.run_until_idle());
    ASSERT_EQ(board.findings().size(), 1u) << text_of(board.findings());
    EXPECT_EQ(board.findings()[0].sentence,
              "the host process of umbutton died: signal 9 from outside");
    expect_alive(board);
    board.stop();
    EXPECT_TRUE(host_processes().empty());
}

TEST_F(HostTest, death_in_driver_entry_is_tried_again_as_well) {
    changed("drivers/umbutton/umbutton.c", "    return WdfDriverCreate(DriverObject,",
            "    NTSTATUS Status = WdfDriverCreate(DriverObject,");
    Board board(changed("drivers/umbutton/umbutton.c",
                        "                           &Config,\n                           "
                        "WDF_NO_HANDLE);\n",
                        "                           &Config,\n                           "
                        "WDF_NO_HANDLE);\n    return *(volatile UCHAR*)16 + Status;\n"));
    EXPECT_THROW(board.start(), StartFailed);
    const Device device = board.device(user_device);
    EXPECT_EQ(device.status, Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_NE(device.message.find("died 6 times"), std::string::npos) << device.message;
    expect_others_work(board);
    board.stop();
}

TEST_F(HostTest, death_in_a_callback_of_the_start_is_a_failed_start_that_is_tried_again) {
    Board board(changed("drivers/umbutton/umbutton.c", "    Button->Down = FALSE;\n",
                        "    Button->Down = *(volatile UCHAR*)(ULONG_PTR)32;\n"));
    EXPECT_THROW(board.start(), StartFailed);
    const Device device = board.device(user_device);
    EXPECT_EQ(device.state, DeviceState::failed);
    EXPECT_EQ(device.status, Status("STATUS_DRIVER_PROCESS_TERMINATED"));
    EXPECT_NE(device.message.find("died 6 times"), std::string::npos) << device.message;
    expect_others_work(board);
    board.stop();
}

}  // namespace
}  // namespace gpioclx::umdf_tests
