#include "verify/ordering.h"

#include <functional>

#include "machine/machine_fixture.h"

namespace gpioclx::verify {
namespace {

using machine::Routine;

class OrderingTest : public machine::MachineTest {
  protected:
    void SetUp() override {
        start(2);
        machine::ArenaScope inside;
        ordering = std::make_unique<Ordering>(*machine);
    }
    void TearDown() override {
        ordering.reset();
        MachineTest::TearDown();
    }
    // One thread after the other, in this order.
    void in_threads(const std::vector<std::function<void()>>& bodies) {
        for (const auto& body : bodies) {
            thread(
                "thread " + std::to_string(++threads),
                [](void* context) {
                    machine::ArenaScope inside;
                    (*static_cast<const std::function<void()>*>(context))();
                },
                const_cast<std::function<void()>*>(&body));
            machine->run_until_idle(machine->now_ns() + 1'000'000'000);
        }
    }

    std::unique_ptr<Ordering> ordering;
    int threads = 0;
    int token = 0;
};

TEST_F(OrderingTest, threads_that_ran_one_after_the_other_are_not_ordered) {
    Moment first;
    in_threads({[&] { first = ordering->current().now(); },
                [&] { EXPECT_FALSE(ordering->ordered(first)); }});
}

TEST_F(OrderingTest, a_context_is_ordered_with_itself) {
    in_threads({[&] {
        const Moment first = ordering->current().now();
        ordering->release(&token);
        EXPECT_TRUE(ordering->ordered(first));
    }});
}

TEST_F(OrderingTest, what_came_before_the_release_is_over_after_the_acquire) {
    Moment before, after;
    in_threads({[&] {
                    before = ordering->current().now();
                    ordering->release(&token);
                    after = ordering->current().now();
                },
                [&] {
                    ordering->acquire(&token);
                    EXPECT_TRUE(ordering->ordered(before));
                    EXPECT_FALSE(ordering->ordered(after));
                }});
}

TEST_F(OrderingTest, order_goes_on_through_a_third_context) {
    Moment first;
    int second_token = 0;
    in_threads({[&] {
                    first = ordering->current().now();
                    ordering->release(&token);
                },
                [&] {
                    ordering->acquire(&token);
                    ordering->release(&second_token);
                },
                [&] {
                    ordering->acquire(&second_token);
                    EXPECT_TRUE(ordering->ordered(first));
                }});
}

TEST_F(OrderingTest, an_event_that_is_a_lock_orders_nothing) {
    Moment first;
    in_threads({[&] {
                    ordering->is_lock(&token);
                    first = ordering->current().now();
                    ordering->release(&token);
                },
                [&] {
                    ordering->acquire(&token);
                    EXPECT_FALSE(ordering->ordered(first));
                }});
}

TEST_F(OrderingTest, a_service_routine_is_not_ordered_with_what_it_interrupts) {
    in_threads({[&] {
        const Moment thread = ordering->current().now();
        ordering->begins(Routine::interrupt, machine->name("isr"), nullptr);
        EXPECT_FALSE(ordering->ordered(thread));
        const Moment routine = ordering->current().now();
        ordering->ends(Routine::interrupt);
        EXPECT_FALSE(ordering->ordered(routine));
    }});
}

TEST_F(OrderingTest, two_runs_of_a_routine_are_two_contexts) {
    in_threads({[&] {
        ordering->begins(Routine::deferred, machine->name("dpc"), nullptr);
        const Moment first = ordering->current().now();
        ordering->ends(Routine::deferred);
        ordering->begins(Routine::deferred, machine->name("dpc"), nullptr);
        EXPECT_FALSE(ordering->ordered(first));
        ordering->ends(Routine::deferred);
    }});
}

TEST_F(OrderingTest, everything_before_a_barrier_and_everything_behind_it) {
    Moment first, inside;
    in_threads({[&] { first = ordering->current().now(); },
                [&] {
                    EXPECT_FALSE(ordering->ordered(first));
                    ordering->after_everything();
                    EXPECT_TRUE(ordering->ordered(first));
                    inside = ordering->current().now();
                    ordering->before_everything();
                },
                [&] { EXPECT_TRUE(ordering->ordered(inside)); }});
}

TEST_F(OrderingTest, locks_belong_to_the_context_that_acquired_them) {
    in_threads({[&] {
        ordering->lock_acquired(machine->name("outer"), 1, nullptr);
        ordering->begins(Routine::interrupt, machine->name("isr"), nullptr);
        EXPECT_EQ(ordering->current().locks.count, 0);
        ordering->lock_acquired(machine->name("inner"), 2, nullptr);
        ordering->lock_released(2);
        ordering->ends(Routine::interrupt);
        EXPECT_EQ(ordering->current().locks.count, 1);
        ordering->lock_released(1);
        EXPECT_EQ(ordering->current().locks.count, 0);
    }});
}

TEST_F(OrderingTest, a_lock_that_was_given_back_meanwhile_was_not_held_since) {
    in_threads({[&] {
        ordering->lock_acquired(machine->name("kept"), 1, nullptr);
        ordering->lock_acquired(machine->name("dropped"), 2, nullptr);
        const LockSet earlier = ordering->current().locks;
        ordering->lock_released(2);
        ordering->lock_acquired(machine->name("dropped"), 2, nullptr);
        const LockSet since = ordering->current().locks.since(earlier);
        ASSERT_EQ(since.count, 1);
        EXPECT_EQ(since.locks[0].instance, 1u);
    }});
}

TEST_F(OrderingTest, more_contexts_than_slots) {
    std::vector<std::function<void()>> bodies(
        100, [&] { EXPECT_LT(ordering->current().slot, VectorClock::slots); });
    Moment last;
    bodies.push_back([&] { last = ordering->current().now(); });
    bodies.push_back([&] { EXPECT_FALSE(ordering->ordered(last)); });
    // Threads stay known: the last two share a slot with others, and may with each other; so only
    // that nothing breaks is asked of them.
    bodies.pop_back();
    in_threads(bodies);
}

}  // namespace
}  // namespace gpioclx::verify
