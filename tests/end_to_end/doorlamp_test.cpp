// A UMDF 1.11 driver through interrupt and I/O: examples/boards/doorlamp.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::uint32_t get_state = 0x226000;  // IOCTL_DOORLAMP_GET_STATE

fs::path doorlamp_bench() { return fs::path(GX_EXAMPLES) / "boards/doorlamp/doorlamp.toml"; }

class DoorlampTest : public testing::TestWithParam<std::uint64_t> {
  protected:
    void SetUp() override {
        board.start();
        board.take_new_events();
    }
    void TearDown() override {
        board.stop();
        EXPECT_TRUE(nothing_found(board));
    }
    Events press() {
        board.take_new_events();
        button.press_for(300us);
        EXPECT_TRUE(board.run_until_idle());
        return board.take_new_events();
    }

    Board board{doorlamp_bench(), {.seed = GetParam()}};
    Button button = board.button("button");
    Led lamp = board.led("lamp");
};
INSTANTIATE_TEST_SUITE_P(Seeds, DoorlampTest, testing::Values(0, 1, 2, 3));

TEST_P(DoorlampTest, each_press_toggles_the_lamp) {
    EXPECT_FALSE(lamp.is_on());
    for (const bool on : {true, false, true, false}) {
        press();
        EXPECT_EQ(lamp.is_on(), on);
    }
}

TEST_P(DoorlampTest, a_press_goes_through_service_routine_work_item_and_request) {
    const Events events = press();
    EXPECT_TRUE(in_order(
        events, {"wire button goes low",         //
                 "interrupt GSI 39",             //
                 "raised for \\_SB.GPI0 pin 3",  //
                 "interrupt \\_SB.DOOR",         // OnInterruptIsr
                 "EvtInterruptWorkItem of \\_SB.DOOR", "IOCTL_GPIO_WRITE_PINS to \\_SB.GPI0",
                 "CLIENT_WriteGpioPinsUsingMask",  //
                 "wire lamp goes high",            //
                 "EvtRequestCompletionRoutine of \\_SB.DOOR"}))
        << events.steps();
}

TEST_P(DoorlampTest, I94_all_callbacks_of_a_user_mode_driver_run_at_PASSIVE_LEVEL) {
    int seen = 0;
    const Events all = press();
    for (const Event& event : all.of(EventKind::callback_enter).containing("of \\_SB.DOOR")) {
        EXPECT_EQ(event.irql, passive_level) << event.text();
        ++seen;
    }
    EXPECT_GE(seen, 3);
}

TEST_P(DoorlampTest, a_question_is_answered_with_what_a_pin_reads) {
    File door = board.open("\\_SB.DOOR");
    Button contact = board.button("contact");
    press();
    for (const std::uint8_t open : {1, 0, 1}) {
        if (open != 0)
            contact.release();
        else
            contact.press();
        const Completion answer = door.ioctl(get_state, {}, 12);
        EXPECT_EQ(answer.status, Status("STATUS_SUCCESS"));
        EXPECT_EQ(answer.output,
                  (std::vector<std::uint8_t>{1, 0, 0, 0, 1, 0, 0, 0, open, 0, 0, 0}));
    }
    EXPECT_EQ(door.ioctl(get_state, {}, 4).status, Status("STATUS_BUFFER_TOO_SMALL"));
    EXPECT_EQ(door.ioctl(get_state + 4, {}, 4).status, Status("STATUS_INVALID_DEVICE_REQUEST"));
}

TEST_P(DoorlampTest, presses_that_come_while_a_request_is_under_way_are_not_lost) {
    for (int i = 0; i < 5; ++i) button.press_for(2us);
    EXPECT_TRUE(board.run_until_idle());
    File door = board.open("\\_SB.DOOR");
    const Completion answer = door.ioctl(get_state, {}, 12);
    EXPECT_EQ(answer.output[4] != 0, lamp.is_on());
    EXPECT_EQ(answer.output[0] % 2 != 0, lamp.is_on());
}

TEST_P(DoorlampTest, device_that_is_pulled_out_leaves_nothing_behind) {
    press();
    button.press();
    board.remove("\\_SB.DOOR", true);
    EXPECT_FALSE(lamp.is_on());  // its pin is nobody's now
}

// One line of the driver changed.
class DoorlampMistakeTest : public testing::Test {
  protected:
    fs::path changed(const std::string& file, const std::string& what, const std::string& by) {
        const fs::path copy = scratch.copy_of_examples("project");
        replace_in_file(copy / "drivers/doorlamp" / file, what, by);
        const fs::path bench = copy / "boards/doorlamp/doorlamp.toml";
        replace_in_file(bench, "../../drivers/pl061gpio", GX_EXAMPLES "/drivers/pl061gpio");
        return bench;
    }
    // Of a board that is started and stopped, or fails to start.
    std::vector<Finding> findings_of(const fs::path& bench) {
        Board board(bench);
        try {
            board.start();
            failure.clear();
        } catch (const StartFailed& error) {
            failure = error.what();
        }
        board.stop();
        return board.findings();
    }
    static testing::AssertionResult only(const std::vector<Finding>& findings,
                                         const std::string& id, const std::string& text) {
        for (const Finding& finding : findings) {
            if (finding.id != id || finding.sentence.find(text) == std::string::npos)
                return testing::AssertionFailure() << finding.id << ": " << finding.sentence;
        }
        if (findings.empty()) return testing::AssertionFailure() << "nothing was found";
        return testing::AssertionSuccess();
    }

    ScratchFolder scratch;
    std::string failure;
};

TEST_F(DoorlampMistakeTest, reference_that_is_not_given_back_is_found_at_unload) {
    const auto bench = changed("device.cpp", "        m_FxReport->Release();\n", "");
    EXPECT_TRUE(only(findings_of(bench), "lifetime-241", "1 reference to a WDFWORKITEM"));
}

TEST_F(DoorlampMistakeTest, release_without_a_reference_is_a_finding) {
    const auto bench = changed("device.cpp", "        m_FxReport->Release();\n",
                               "        m_FxReport->Release();\n        m_FxReport->Release();\n");
    EXPECT_TRUE(only(findings_of(bench), "umdf-101",
                     "Release of an IWDFWorkItem without a reference of the driver"));
}

TEST_F(DoorlampMistakeTest, callback_object_that_is_not_released_is_a_leak) {
    const auto bench = changed("queue.cpp", "    SAFE_RELEASE(Queue);\n", "");
    const auto findings = findings_of(bench);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].stack.empty() || !findings[0].stack[0].function.empty());
    EXPECT_NE(findings[0].sentence.find("doorlamp"), std::string::npos) << findings[0].sentence;
}

TEST_F(DoorlampMistakeTest, shared_edge_interrupt_fails_the_start) {
    const auto bench =
        changed("device.cpp", "    Config.InterruptRaw = Raw;\n",
                "    Config.ShareVector = WdfTrue;\n    Config.InterruptRaw = Raw;\n");
    EXPECT_TRUE(only(findings_of(bench), "umdf-102", "ShareVector (1) is WdfTrue for an edge"));
    EXPECT_NE(failure.find("\\_SB.DOOR"), std::string::npos) << failure;
}

// Its line is known only when the resources are.
TEST_F(DoorlampMistakeTest, interrupt_of_OnDeviceAdd_is_checked_at_the_start) {
    const auto bench =
        changed("device.cpp", "        hr = CQueue::CreateInstance(FxDevice3, this);\n",
                "        CreateInterrupt(NULL, NULL);\n"
                "        hr = CQueue::CreateInstance(FxDevice3, this);\n");
    const fs::path source = bench.parent_path() / "../../drivers/doorlamp/device.cpp";
    replace_in_file(
        source,
        "                hr = CreateInterrupt(FxResourcesRaw->GetDescriptor(Index), Descriptor);\n",
        "");
    EXPECT_TRUE(findings_of(bench).empty());
    EXPECT_EQ(failure, "");
    replace_in_file(source, "    Config.InterruptRaw = Raw;\n",
                    "    Config.ShareVector = WdfTrue;\n    Config.InterruptRaw = Raw;\n");
    EXPECT_TRUE(only(findings_of(bench), "umdf-102", "ShareVector (1) is WdfTrue for an edge"));
    EXPECT_NE(failure.find("\\_SB.DOOR"), std::string::npos) << failure;
}

TEST_F(DoorlampMistakeTest, device_add_without_a_device_is_a_finding) {
    const auto bench =
        changed("driver.cpp", "    return CDevice::CreateInstance(FxDriver, FxDeviceInit);",
                "    UNREFERENCED_PARAMETER(FxDriver);\n"
                "    UNREFERENCED_PARAMETER(FxDeviceInit);\n    return S_OK;");
    EXPECT_TRUE(only(findings_of(bench), "umdf-103", "without having created a device"));
    EXPECT_NE(failure.find("STATUS_INVALID_DEVICE_STATE"), std::string::npos) << failure;
}

TEST_F(DoorlampMistakeTest, class_that_the_module_does_not_know_is_a_finding) {
    const auto bench = changed("doorlamp.inx", "{B25A1F0E-", "{B25A1F0F-");
    EXPECT_TRUE(only(findings_of(bench), "umdf-106", "{B25A1F0F-3C79-4D11-...}: 0x80040111"));
    EXPECT_NE(failure.find("doorlamp"), std::string::npos) << failure;
}

TEST_F(DoorlampMistakeTest, module_without_DllGetClassObject_is_no_driver) {
    const auto bench = changed("driver.cpp", "DllGetClassObject(", "DllGetOtherObject(");
    const ToolRun run = run_tool("run " + bench.string(), scratch.path());
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.output.find("driver doorlamp has no DllGetClassObject"), std::string::npos)
        << run.output;
}

TEST_F(DoorlampMistakeTest, bad_class_identifier_is_refused_with_its_line) {
    const auto bench =
        changed("doorlamp.inx", "{B25A1F0E-3C79-4D11-9E5B-6C0D8A47F3E2}", "DoorLamp");
    const ToolRun run = run_tool("run " + bench.string(), scratch.path());
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.output.find("doorlamp.inx:53"), std::string::npos) << run.output;
    EXPECT_NE(run.output.find("DoorLamp is no class identifier"), std::string::npos) << run.output;
}

// Only `new` has no way to say that memory is short: the driver faults where it uses the result.
TEST_F(DoorlampMistakeTest, shortage_of_memory_is_survived_everywhere_but_in_new) {
    const ToolRun run = run_tool("explore --faults " + doorlamp_bench().string(), scratch.path());
    EXPECT_NE(run.output.find(": 3 findings"), std::string::npos) << run.output;
    EXPECT_EQ(run.output.find("a fault of gpioclx"), std::string::npos) << run.output;
    std::size_t in_new = 0;
    for (auto at = run.output.find("(UDWh), occurrence"); at != std::string::npos;
         at = run.output.find("(UDWh), occurrence", at + 1))
        ++in_new;
    EXPECT_EQ(in_new, 3u) << run.output;
}

}  // namespace
}  // namespace gpioclx::end_to_end
