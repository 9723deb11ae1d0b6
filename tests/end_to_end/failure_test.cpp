// Mistakes of the caller and of drivers: what is thrown, and what it says.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The text of the exception of type E that `act` throws; "" and a failure if there is none.
template <typename E, typename Act>
std::string thrown(Act act) {
    try {
        act();
    } catch (const E& error) {
        return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

class FailureTest : public testing::Test {
  protected:
    // A copy of the project with one line of one driver changed.
    fs::path changed(const std::string& driver_file, const std::string& what,
                     const std::string& by) {
        const fs::path copy = scratch.copy_of_examples("project");
        replace_in_file(copy / "drivers" / driver_file, what, by);
        const fs::path bench = copy / "boards/pushbutton/pushbutton.toml";
        // The other drivers stay where they are, and need not be built again.
        for (const std::string other : {"pl061gpio", "led", "button"}) {
            if (driver_file.starts_with(other + "/")) continue;
            replace_in_file(bench, "../../drivers/" + other, GX_EXAMPLES "/drivers/" + other);
        }
        return bench;
    }
    ScratchFolder scratch;
};

TEST_F(FailureTest, bench_that_is_not_there) {
    EXPECT_NE(thrown<BadInput>([] { Board board("nothing.toml"); }).find("nothing.toml"),
              std::string::npos);
}

TEST_F(FailureTest, mistake_in_the_bench_has_its_line) {
    const fs::path bench = scratch.path() / "bench.toml";
    write_file(bench, "schema = 1\nfirmware = \"x.asl\"\nprocesors = 2\n");
    try {
        Board board(bench);
        FAIL() << "it was read";
    } catch (const BadInput& error) {
        EXPECT_EQ(error.file(), bench.string()) << error.what();
        EXPECT_EQ(error.line(), 3) << error.what();
    }
}

TEST_F(FailureTest, options_out_of_range) {
    const auto text = thrown<BadInput>([] { Board board(pushbutton_bench(), {.processors = 9}); });
    EXPECT_EQ(text, "9 processors: there can be 1 to 8");
    const auto setting = thrown<BadInput>(
        [] { Board board(pushbutton_bench(), {.settings = {{.name = "cheked", .value = 1}}}); });
    EXPECT_NE(setting.find("there is no setting 'cheked' ("), std::string::npos) << setting;
    EXPECT_NE(setting.find("checked"), std::string::npos) << setting;
}

TEST_F(FailureTest, names_that_do_not_exist_come_with_those_that_do) {
    Board board(pushbutton_bench());
    EXPECT_EQ(thrown<BadInput>([&] { board.wire("lde"); }), "there is no wire 'lde' (button, led)");
    EXPECT_EQ(thrown<BadInput>([&] { board.button("led"); }), "part 'led' is no button but a led");
    EXPECT_EQ(thrown<BadInput>([&] { board.pin("\\_SB.GPI0", 8); }),
              "\\_SB.GPI0 has no pin 8: it has 8");
    EXPECT_NE(thrown<BadInput>([&] { board.part("button").perform("squeeze"); }).find("press"),
              std::string::npos);
    EXPECT_THROW(Status("STATUS_GREAT"), BadInput);
    EXPECT_THROW(board.step("jump"), BadInput);
}

TEST_F(FailureTest, driver_that_does_not_build_shows_the_compilers_message) {
    const fs::path bench = changed("led/led.c", "Information = 0;", "Information = nonsense;");
    const auto text = thrown<BadInput>([&] { Board board(bench); });
    EXPECT_NE(text.find("led.c:"), std::string::npos) << text;
    EXPECT_NE(text.find("nonsense"), std::string::npos) << text;
}

TEST_F(FailureTest, driver_that_does_not_start_is_named_with_its_status) {
    const fs::path bench =
        changed("led/led.c", "    Status = WdfDeviceInitAssignName(DeviceInit, &DeviceName);",
                "    Status = STATUS_INSUFFICIENT_RESOURCES;");
    Board board(bench);
    const auto text = thrown<StartFailed>([&] { board.start(); });
    EXPECT_NE(text.find("\\_SB.LED0 (GXLD0001), driver led: failed"), std::string::npos) << text;
    EXPECT_NE(text.find("STATUS_INSUFFICIENT_RESOURCES"), std::string::npos) << text;
    EXPECT_EQ(board.device("\\_SB.LED0").state, DeviceState::failed);
    board.stop();
}

TEST_F(FailureTest, driver_that_dereferences_null_ends_the_board_with_its_line) {
    const fs::path bench = changed("led/led.c", "        Status = LedWritePin(Led, !Led->On);",
                                   "        Status = *(volatile NTSTATUS *)NULL;");
    Board board(bench);
    board.start();
    board.button("button").press();
    const auto text = thrown<WorkerDied>([&] { board.run_for(1ms); });
    EXPECT_NE(text.find("a null pointer was dereferenced"), std::string::npos) << text;
    EXPECT_NE(text.find("led.c:"), std::string::npos) << text;
    EXPECT_FALSE(board.is_alive());
    ASSERT_EQ(board.findings().size(), 1u);
    EXPECT_EQ(board.findings()[0].id, "fault-010");
    EXPECT_EQ(board.findings()[0].stack[0].function, "LedEvtIoDeviceControl");
    EXPECT_FALSE(board.events().empty());
    const auto result = nothing_found(board);
    EXPECT_NE(std::string(result.message()).find("seed 1"), std::string::npos);
    EXPECT_THROW(board.run_for(1ms), WorkerDied);
}

TEST_F(FailureTest, driver_that_never_returns_is_ended_by_the_watchdog) {
    const fs::path bench = changed("led/led.c", "        Status = LedWritePin(Led, !Led->On);",
                                   "        for (volatile int Turn = 0; ; ) { Turn++; }");
    Board board(bench, {.watchdog = 1500ms});
    board.start();
    board.button("button").press();
    const auto text = thrown<WorkerDied>([&] { board.run_for(1ms); });
    EXPECT_NE(text.find("did not return"), std::string::npos) << text;
    EXPECT_NE(text.find("led.c:"), std::string::npos) << text;
}

}  // namespace
}  // namespace gpioclx::end_to_end
