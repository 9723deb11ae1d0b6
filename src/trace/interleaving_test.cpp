#include "trace/interleaving.h"

#include "trace/event_list_fixture.h"

namespace gpioclx::trace {
namespace {

using machine::EventKind;

class InterleavingTest : public EventList {
  protected:
    void write(const Where& where, EventKind kind, const std::string& subject, std::uint64_t a = 0,
               const std::string& detail = "") {
        interleaving.write(event(where, kind, subject, a, detail), *this);
    }
    const Where thread{0, 0, "worker 1"}, isr{1, 3, "\\_SB.GPI0 ISR"};
    Interleaving interleaving{{.before = 3, .after = 1, .total = 6}};
};

TEST_F(InterleavingTest, a_step_says_what_its_actor_holds) {
    write(thread, EventKind::lock_acquired, "a", 1);
    write(thread, EventKind::lock_acquired, "b", 2);
    write(isr, EventKind::lock_acquired, "c", 3);
    write(thread, EventKind::lock_released, "a", 1);
    interleaving.finish();
    const auto& steps = interleaving.steps();
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_EQ(steps[0].locks, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(steps[1].locks, (std::vector<std::string>{"c"}));
    EXPECT_EQ(steps[1].processor, 1);
    EXPECT_EQ(steps[1].level, 3);
    EXPECT_EQ(steps[2].locks, (std::vector<std::string>{"b"}));
    EXPECT_EQ(steps[2].what, "releases a");
}

TEST_F(InterleavingTest, a_lock_that_another_gives_back_is_held_no_more) {
    write(thread, EventKind::lock_acquired, "a", 1);
    write(isr, EventKind::lock_released, "a", 1);
    write(thread, EventKind::callback_enter, "EvtIoRead");
    interleaving.finish();
    EXPECT_TRUE(interleaving.steps().back().locks.empty());
}

TEST_F(InterleavingTest, what_led_to_a_finding_is_kept_and_what_is_left_out_is_counted) {
    for (int i = 0; i < 5; ++i) write(thread, EventKind::callback_enter, "EvtIoRead");
    write(thread, EventKind::finding, "lock-001", 0, "a sentence");
    for (int i = 0; i < 5; ++i) write(thread, EventKind::callback_enter, "EvtIoWrite");
    interleaving.finish();
    const auto& steps = interleaving.steps();
    ASSERT_EQ(steps.size(), 5u);  // three before, the finding, one behind
    EXPECT_EQ(steps[0].left_out, 2u);
    EXPECT_EQ(steps[3].kind, InterleavingKind::finding);
    EXPECT_EQ(steps[3].what, "FINDING lock-001: a sentence");
    EXPECT_NE(steps[4].what.find("EvtIoWrite"), std::string::npos);
}

TEST_F(InterleavingTest, there_is_a_bound) {
    for (int i = 0; i < 10; ++i) write(thread, EventKind::finding, "lock-001");
    EXPECT_EQ(interleaving.steps().size(), 6u);
}

TEST_F(InterleavingTest, what_is_no_event_keeps_the_steps_before_it_too) {
    write(thread, EventKind::callback_enter, "EvtIoRead");
    interleaving.keep_recent();
    for (int i = 0; i < 5; ++i) write(thread, EventKind::callback_enter, "EvtIoWrite");
    interleaving.finish();
    EXPECT_EQ(interleaving.steps().size(), 2u);
}

TEST_F(InterleavingTest, plug_and_play_and_choices_are_no_steps) {
    write(thread, EventKind::request_sent, "\\_SB", 1, "IRP_MJ_PNP IRP_MN_QUERY_ID");
    write(thread, EventKind::request_completed, "\\_SB", 1, "IRP_MJ_PNP IRP_MN_QUERY_ID");
    write(thread, EventKind::choice, "waiter", 2);
    write(thread, EventKind::mark, "stack: led+0x1");
    interleaving.finish();
    EXPECT_TRUE(interleaving.steps().empty());
}

TEST_F(InterleavingTest, what_is_around_somebody_held_up_is_kept) {
    Interleaving table({.before = 16, .after = 0});
    const auto put = [&](EventKind kind) {
        table.write(event(thread, kind, "DATA", 0, ""), *this);
    };
    for (int i = 0; i < 100; ++i) put(EventKind::register_write);
    put(EventKind::choice);
    for (int i = 0; i < 100; ++i) put(EventKind::register_write);
    put(EventKind::finding);
    put(EventKind::register_write);
    table.finish();
    const auto& steps = table.steps();
    ASSERT_EQ(steps.size(), 3u + 1 + 8 + 16 + 1);
    EXPECT_EQ(steps[0].left_out, 97u);
    EXPECT_EQ(steps[3].kind, InterleavingKind::held_up);
    EXPECT_EQ(steps[12].left_out, 76u);
    EXPECT_EQ(steps.back().kind, InterleavingKind::finding);
    EXPECT_NE(to_text(steps).find("...   (76 more)\n"), std::string::npos);
}

TEST_F(InterleavingTest, each_processor_has_its_column) {
    Interleaving table;
    const auto put = [&](machine::Event made, std::uint64_t time_ns, std::uint64_t b) {
        made.time_ns = time_ns;
        made.b = b;
        table.write(made, *this);
    };
    put(event({0, 0, "worker 1"}, EventKind::register_read, "DATA", 0, ""), 1'000, 3);
    put(event({1, 5, "BTN0 ISR"}, EventKind::choice, "held up", 0, ""), 2'000, 40'000);
    put(event({0, 0, "worker 1"}, EventKind::finding, "driver-001", 0, ""), 3'000, 0);
    EXPECT_EQ(
        to_text(table.steps(), 30),
        "          time   processor 0                     processor 1\n"
        "      1.000 us   worker 1: read DATA = 0x3\n"
        "      2.000 us >                                 BTN0 ISR: held up for 40.0 us [DIRQL 5]\n"
        "      3.000 us ! worker 1: FINDING driver-001: \n");
}

}  // namespace
}  // namespace gpioclx::trace
