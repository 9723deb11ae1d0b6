// What the C++ API offers, one by one, on the shipped board.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include <sstream>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t led_set =
    ioctl_code(file_device_unknown, 0x800, Method::buffered, Access::write);
constexpr std::uint32_t led_get =
    ioctl_code(file_device_unknown, 0x802, Method::buffered, Access::read);

template <typename T>
std::string printed(const T& value) {
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

class ApiTest : public testing::Test {
  protected:
    void SetUp() override { board.start(); }
    Board board{pushbutton_bench()};
};

TEST_F(ApiTest, devices_say_how_far_they_came) {
    const Device led = board.device("\\_SB.LED0");
    EXPECT_EQ(led.hardware_id, "GXLD0001");
    EXPECT_EQ(led.driver, "led");
    EXPECT_EQ(led.state, DeviceState::started);
    EXPECT_EQ(printed(led), "\\_SB.LED0 (GXLD0001), driver led: started");
    board.remove("\\_SB.LED0");
    EXPECT_EQ(board.device("\\_SB.LED0").state, DeviceState::removed);
}

TEST_F(ApiTest, pins_say_who_owns_them_and_how_they_are_configured) {
    const Pin led = board.pin("\\_SB.GPI0", 5);
    EXPECT_EQ(led.direction, Direction::output);
    EXPECT_EQ(led.level, Level::low);
    EXPECT_EQ(led.wire, "led");
    EXPECT_EQ(led.owners, std::vector<std::string>{"\\_SB.LED0"});
    EXPECT_EQ(printed(led), "\\_SB.GPI0 pin 5: output, low, wire led, of \\_SB.LED0");
    EXPECT_TRUE(board.pin("\\_SB.GPI0", 0).owners.empty());
    EXPECT_EQ(board.pins("\\_SB.GPI0").size(), 8u);
}

TEST_F(ApiTest, wire_is_driven_from_outside_until_it_is_released) {
    const Wire wire = board.wire("\\_SB.GPI0:3");
    EXPECT_EQ(wire.name(), "button");
    EXPECT_EQ(wire.level(), Level::high);
    wire.set(Level::low);
    EXPECT_EQ(wire.level(), Level::low);
    EXPECT_TRUE(board.run_until_idle());
    EXPECT_TRUE(board.led("led").is_on());
    wire.release();
    EXPECT_EQ(wire.level(), Level::high);  // by the pull of the button
}

TEST_F(ApiTest, parts_show_what_a_person_sees) {
    const Button button = board.button("button");
    EXPECT_EQ(button.state(), "released");
    button.press();
    EXPECT_TRUE(button.is_pressed());
    button.perform("release");
    EXPECT_FALSE(button.is_pressed());
    EXPECT_EQ(board.part("led").model(), "led");
}

TEST_F(ApiTest, requests_carry_bytes_there_and_back) {
    File file = board.open("\\_SB.LED0");
    EXPECT_EQ(file.ioctl(led_set, Bytes{1}).status, Status("STATUS_SUCCESS"));
    const Completion got = file.ioctl(led_get, {}, 1);
    EXPECT_EQ(got.output, Bytes{1});
    EXPECT_EQ(printed(got), "STATUS_SUCCESS, information 1, output 01");
    EXPECT_EQ(file.read(4).status, Status("STATUS_INVALID_DEVICE_REQUEST"));
    EXPECT_EQ(file.write(Bytes{1, 2}).status, Status("STATUS_INVALID_DEVICE_REQUEST"));
    file.close();
    EXPECT_THROW(file.read(1), BadInput);
}

TEST_F(ApiTest, request_that_was_begun_is_completed_while_the_board_runs) {
    File file = board.open("\\??\\Led");
    PendingRequest set = file.begin_ioctl(led_set, Bytes{1});
    EXPECT_FALSE(set.is_completed());
    EXPECT_FALSE(board.led("led").is_on());
    EXPECT_TRUE(board.run_until([&] { return set.is_completed(); }, 1ms));
    EXPECT_TRUE(board.led("led").is_on());
    EXPECT_EQ(set.wait().status, Status("STATUS_SUCCESS"));
}

// With a driver that holds what it reads for ever.
TEST(PendingRequests, request_that_a_driver_holds_is_cancelled) {
    ScratchFolder scratch;
    write_file(scratch.path() / "board.asl",
               "DefinitionBlock (\"\", \"DSDT\", 2, \"GPIOCX\", \"HOLDING\", 1)\n"
               "{ Device (\\_SB.DEV1) { Name (_HID, \"GXTS0002\") } }\n");
    write_file(scratch.path() / "bench.toml",
               "schema = 1\nfirmware = \"board.asl\"\n[[driver]]\nfolder = '" +
                   std::string(GX_HOLDING_DRIVER) + "'\n");
    Board board(scratch.path() / "bench.toml");
    board.start();
    File file = board.open("\\_SB.DEV1");
    PendingRequest read = file.begin_read(4);
    board.run_for(100us);
    EXPECT_FALSE(read.is_completed());
    EXPECT_TRUE(read.cancel());
    EXPECT_EQ(read.wait().status, Status("STATUS_CANCELLED"));
    EXPECT_FALSE(read.cancel());
    file.close();
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(ApiTest, device_that_nobody_has_cannot_be_opened) {
    try {
        board.open("\\Device\\Nothing");
        FAIL() << "it was opened";
    } catch (const OpenFailed& error) {
        EXPECT_FALSE(error.status().is_success());
        EXPECT_NE(std::string(error.what()).find("\\Device\\Nothing failed with STATUS_"),
                  std::string::npos)
            << error.what();
    }
}

TEST_F(ApiTest, time_stands_still_unless_the_board_runs) {
    const auto before = board.now();
    board.button("button").press();
    EXPECT_EQ(board.now(), before);
    board.run_for(50us);
    EXPECT_GE(board.now(), before + 50us);
    EXPECT_LT(board.now(), before + 60us);
}

TEST_F(ApiTest, run_until_asks_at_each_step) {
    board.button("button").press();
    EXPECT_TRUE(board.run_until([&] { return board.led("led").is_on(); }, 1ms));
    EXPECT_FALSE(board.run_until([] { return false; }, 100us));
}

TEST_F(ApiTest, events_can_be_filtered_and_printed) {
    board.take_new_events();
    board.button("button").press();
    board.run_until_idle();
    const Events events = board.take_new_events();
    EXPECT_TRUE(board.take_new_events().empty());
    const Events led = events.of(EventKind::wire_changed).about("led");
    ASSERT_EQ(led.size(), 1u);
    EXPECT_EQ(led[0].text(), "wire led goes high");
    EXPECT_EQ(led[0].a, static_cast<std::uint64_t>(Level::high));
    EXPECT_NE(printed(led).find("wire led goes high\n"), std::string::npos);
    EXPECT_EQ(events.containing("wire led").size(), 1u);
    EXPECT_EQ(events.from(led[0].time).until(led[0].time + 1ns).about("led").size(), 1u);
    EXPECT_EQ(events.on_processor(0).size() + events.on_processor(1).size() +
                  events.where([](const Event& event) { return !event.processor; }).size(),
              events.size());
    EXPECT_LT(events.steps().size(), events.size());
}

TEST_F(ApiTest, options_replace_what_the_bench_says) {
    Board four(pushbutton_bench(), {.seed = 9,
                                    .processors = 4,
                                    .settings = {{.name = "checked", .value = 0}},
                                    .keep_events = false});
    four.start();
    EXPECT_TRUE(four.events().empty());
    EXPECT_EQ(four.seed(), 9u);

    const auto enabled_queries = [](std::uint64_t checked) {
        Board board(pushbutton_bench(), {.settings = {{.name = "checked", .value = checked}}});
        board.start();
        return board.events()
            .of(EventKind::callback_enter)
            .about("CLIENT_QueryEnabledInterrupts")
            .size();
    };
    EXPECT_EQ(enabled_queries(0), 0u);
    EXPECT_GT(enabled_queries(1), 0u);
}

TEST_F(ApiTest, statements_of_the_script_language_work_too) {
    EXPECT_TRUE(board.step("press button for 200us"));
    EXPECT_TRUE(board.step("expect led on"));
    EXPECT_FALSE(board.step("expect led off"));
    EXPECT_EQ(board.last_message(), "expected led off, but it is on");
}

TEST_F(ApiTest, in_order_shows_the_timeline_and_what_is_missing) {
    board.take_new_events();
    board.button("button").press();
    board.run_until_idle();
    const auto result =
        in_order(board.take_new_events(), {"wire button goes low", "wire led goes low"});
    ASSERT_FALSE(result);
    const std::string text = result.message();
    EXPECT_NE(text.find("\"wire led goes low\", number 2, does not follow"), std::string::npos);
    EXPECT_NE(text.find("\n1   "), std::string::npos) << text;
    EXPECT_NE(text.find("wire led goes high"), std::string::npos) << text;
}

TEST_F(ApiTest, handles_outlive_the_board) {
    std::optional<Board> short_lived(std::in_place, pushbutton_bench());
    short_lived->start();
    const Led led = short_lived->led("led");
    File file = short_lived->open("\\??\\Led");
    short_lived.reset();
    EXPECT_TRUE(file.ioctl(led_set, Bytes{1}).status.is_success());
    EXPECT_TRUE(led.is_on());
}

}  // namespace
}  // namespace gpioclx::end_to_end
