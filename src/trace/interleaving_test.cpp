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

}  // namespace
}  // namespace gpioclx::trace
