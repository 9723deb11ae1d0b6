// On a machine: what a conductor decides can be repeated from its names.
#include "explore/conductor.h"

#include <gtest/gtest.h>

#include <set>

#include "machine/machine_fixture.h"

namespace gpioclx::explore {
namespace {

using machine::EventKind;

class ConductorTest : public ::testing::Test {
  protected:
    machine::NameId name(const char* text) { return names.intern(text); }
    machine::Event event(EventKind kind, const char* actor, const char* subject) {
        machine::Event made{};
        made.kind = kind;
        made.actor = name(actor);
        made.subject = name(subject);
        return made;
    }
    // Ten times a lock is taken and released by each of two threads.
    std::vector<std::uint64_t> delays() {
        std::vector<std::uint64_t> result;
        for (int i = 0; i < 10; ++i) {
            for (const char* thread : {"a", "b"}) {
                for (const EventKind kind : {EventKind::lock_acquired, EventKind::lock_released})
                    result.push_back(conductor.delay_ns(event(kind, thread, "lock")));
            }
        }
        return result;
    }

    machine::LocalNameTable names;
    Conductor conductor{names};
};

TEST_F(ConductorTest, the_plain_strategy_decides_nothing) {
    conductor.conduct(plain());
    for (const std::uint64_t delay : delays()) EXPECT_EQ(delay, 0u);
    EXPECT_EQ(conductor.point_count(), 40u);
    EXPECT_TRUE(conductor.deviations().empty());
}

TEST_F(ConductorTest, what_was_decided_is_decided_again) {
    conductor.conduct(random(7, 4));
    const auto first = delays();
    const Schedule schedule{.seed = 1, .deviations = conductor.deviations()};
    EXPECT_FALSE(schedule.deviations.empty());
    conductor.conduct(repeat(schedule));
    EXPECT_EQ(delays(), first);
    EXPECT_EQ(conductor.deviations(), schedule.deviations);
}

// An edit to the driver that adds a lock of its own in front of it all.
TEST_F(ConductorTest, a_point_that_is_new_changes_nothing_for_the_others) {
    conductor.conduct(random(7, 4));
    const auto first = delays();
    const Schedule schedule{.seed = 1, .deviations = conductor.deviations()};
    conductor.conduct(repeat(schedule));
    EXPECT_EQ(conductor.delay_ns(event(EventKind::lock_acquired, "a", "new lock")), 0u);
    EXPECT_EQ(delays(), first);
}

TEST_F(ConductorTest, messages_are_no_points) {
    const auto is_point = [this](EventKind kind) {
        return (conductor.delay_kinds() >> static_cast<unsigned>(kind) & 1) != 0;
    };
    EXPECT_FALSE(is_point(EventKind::message));
    EXPECT_FALSE(is_point(EventKind::mark));
    EXPECT_TRUE(is_point(EventKind::register_write));
}

TEST_F(ConductorTest, bounded_deviates_so_often_at_most) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        conductor.conduct(bounded(seed, 2, {0, 40}));
        delays();
        EXPECT_LE(conductor.deviations().size(), 2u);
        EXPECT_GE(conductor.deviations().size(), 1u);
    }
}

TEST_F(ConductorTest, one_after_the_other_meets_every_point) {
    std::set<std::uint32_t> met;
    for (std::uint64_t number = 0; number < 40; ++number) {
        conductor.conduct(once(number, 0));
        delays();
        ASSERT_EQ(conductor.deviations().size(), 1u);
        met.insert(conductor.deviations()[0].point * 16 + conductor.deviations()[0].occurrence);
    }
    EXPECT_EQ(met.size(), 40u);
}

// A processor that is held up after it took what it checks lets the other in between.
TEST(ConductedMachine, a_delay_lets_the_other_processor_go_on) {
    for (const bool held_up : {false, true}) {
        machine::LocalNameTable names;
        struct Recorder final : machine::EventSink {
            void record(const machine::Event& event) override {
                if (event.kind != EventKind::mark) return;
                machine::OutsideArenaScope outside;
                marks.push_back(event.subject);
            }
            std::vector<machine::NameId> marks;
        } recorder;
        Conductor conductor{names};
        conductor.conduct(held_up ? once(0, 0) : plain());
        machine::Arena::instance().reset();
        machine::ArenaScope inside;
        machine::Machine machine({.processors = 2}, names, recorder, conductor);
        machine.set_policy(conductor, true);
        static machine::Machine* running;
        running = &machine;
        const auto body = [](void* mark) {
            running->step(100);
            running->emit(EventKind::register_write, running->name("DATA"));
            running->step(100);
            running->emit(EventKind::mark, *static_cast<machine::NameId*>(mark));
            running->end_thread();
        };
        machine::NameId first = names.intern("first"), second = names.intern("second");
        machine.create_thread(first, body, &first);
        machine.create_thread(second, body, &second);
        machine.run_until_idle(1'000'000);
        ASSERT_EQ(recorder.marks.size(), 2u);
        EXPECT_EQ(recorder.marks[0] == first, !held_up);
    }
}

}  // namespace
}  // namespace gpioclx::explore
