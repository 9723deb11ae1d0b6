#include "hardware/wire.h"

#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

class WireTest : public testing::Test {
  protected:
    TestSurroundings around;
    Wire wire{around, "net"};
};

TEST_F(WireTest, floats_until_something_drives_or_pulls_and_then_keeps_its_last_level) {
    Terminal a = wire.attach(nullptr, 0, "a");
    EXPECT_EQ(wire.level(), Level::floating);
    EXPECT_FALSE(wire.high());
    a.drive(Drive::high);
    EXPECT_EQ(wire.level(), Level::high);
    a.drive(Drive::off);
    EXPECT_EQ(wire.level(), Level::floating);
    EXPECT_TRUE(wire.high());
}

TEST_F(WireTest, a_driver_beats_any_pull) {
    Terminal a = wire.attach(nullptr, 0, "a");
    Terminal b = wire.attach(nullptr, 0, "b", Strength::weak);
    a.pull(Pull::up, Strength::strong);
    EXPECT_EQ(wire.level(), Level::high);
    b.drive(Drive::low);
    EXPECT_EQ(wire.level(), Level::low);
    EXPECT_EQ(around.reports.size(), 0u);
}

TEST_F(WireTest, the_stronger_pull_wins) {
    Terminal a = wire.attach(nullptr, 0, "a");
    Terminal b = wire.attach(nullptr, 0, "b");
    a.pull(Pull::down, Strength::weak);
    b.pull(Pull::up, Strength::normal);
    EXPECT_EQ(wire.level(), Level::high);
}

TEST_F(WireTest, equal_pulls_both_ways_leave_it_floating_and_are_reported_once) {
    Terminal a = wire.attach(nullptr, 0, "a");
    Terminal b = wire.attach(nullptr, 0, "b");
    a.pull(Pull::down);
    b.pull(Pull::up);
    EXPECT_EQ(wire.level(), Level::floating);
    b.drive(Drive::high);
    b.drive(Drive::off);
    EXPECT_EQ(around.count(HardwareEvent::Kind::opposing_pulls), 1u);
}

TEST_F(WireTest, fighting_drivers_are_reported_once_a_fight_and_low_wins_by_default) {
    Terminal a = wire.attach(nullptr, 0, "a");
    Terminal b = wire.attach(nullptr, 0, "b");
    Terminal c = wire.attach(nullptr, 0, "c");
    a.drive(Drive::high);
    b.drive(Drive::low);
    EXPECT_EQ(wire.level(), Level::low);
    EXPECT_TRUE(wire.contended());
    c.drive(Drive::high);
    EXPECT_EQ(around.count(HardwareEvent::Kind::contention), 1u);
    EXPECT_EQ(around.asked, std::vector<std::string>{"net/contention/level"});
    b.drive(Drive::off);
    EXPECT_FALSE(wire.contended());
    EXPECT_EQ(wire.level(), Level::high);
    b.drive(Drive::low);
    EXPECT_EQ(around.count(HardwareEvent::Kind::contention), 2u);
}

TEST_F(WireTest, who_wins_a_fight_is_a_choice) {
    Terminal a = wire.attach(nullptr, 0, "a");
    Terminal b = wire.attach(nullptr, 0, "b");
    around.answer = 1;
    a.drive(Drive::high);
    b.drive(Drive::low);
    EXPECT_EQ(wire.level(), Level::high);
}

TEST_F(WireTest, a_stronger_driver_overrules_without_a_fight) {
    Terminal a = wire.attach(nullptr, 0, "a", Strength::weak);
    Terminal b = wire.attach(nullptr, 0, "b", Strength::strong);
    a.drive(Drive::low);
    b.drive(Drive::high);
    EXPECT_EQ(wire.level(), Level::high);
    EXPECT_FALSE(wire.contended());
}

TEST_F(WireTest, drivers_that_swap_in_one_step_do_not_fight) {
    Terminal a = wire.attach(nullptr, 0, "a");
    Terminal b = wire.attach(nullptr, 0, "b");
    a.drive(Drive::high);
    a.stage_drive(Drive::off);
    b.stage_drive(Drive::low);
    a.settle();
    b.settle();
    EXPECT_EQ(around.reports.size(), 0u);
    EXPECT_EQ(around.wire_levels, (std::vector<std::string>{"net=high", "net=low"}));
}

struct Ear : WireListener {
    void wire_level(std::uint32_t tag, bool high, bool floating) override {
        heard.push_back(std::to_string(tag) + (floating ? "z" : high ? "1" : "0"));
        if (react) react(high);
    }
    std::vector<std::string> heard;
    std::function<void(bool)> react;
};

TEST_F(WireTest, listeners_hear_each_change_and_nothing_else) {
    Ear ear;
    Terminal a = wire.attach(&ear, 7, "a");
    a.drive(Drive::high);
    a.drive(Drive::high);
    a.drive(Drive::off);
    a.drive(Drive::low);
    EXPECT_EQ(ear.heard, (std::vector<std::string>{"71", "7z", "70"}));
}

TEST_F(WireTest, a_listener_may_drive_the_wire_and_all_hear_every_level_in_order) {
    Ear first, second;
    Terminal a = wire.attach(&first, 1, "a", Strength::strong);
    Terminal b = wire.attach(&second, 2, "b");
    first.react = [&](bool high) { a.drive(high ? Drive::low : Drive::low); };
    b.drive(Drive::high);
    EXPECT_EQ(wire.level(), Level::low);
    EXPECT_EQ(first.heard, (std::vector<std::string>{"11", "10"}));
    EXPECT_EQ(second.heard, (std::vector<std::string>{"21", "20"}));
}

TEST_F(WireTest, a_loop_that_never_rests_is_cut_and_reported) {
    Ear ear;
    Terminal inverter = wire.attach(&ear, 0, "inverter");
    ear.react = [&](bool high) { inverter.drive(high ? Drive::low : Drive::high); };
    inverter.drive(Drive::high);
    EXPECT_EQ(around.count(HardwareEvent::Kind::oscillation), 1u);
}

}  // namespace
}  // namespace gpioclx::hardware
