#include "machine/machine_fixture.h"

namespace gpioclx::machine {
namespace {

using ThreadTest = MachineTest;

TEST_F(ThreadTest, two_processors_run_two_threads_side_by_side) {
    start(2);
    const auto body = [](void*) {
        for (int i = 0; i < 3; ++i) Machine::current().step(100);
    };
    thread("a", body);
    thread("b", body);
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::idle);
    // 300 ns, not 600: they did not wait for each other.
    EXPECT_EQ(machine->now_ns(), 300u);
    EXPECT_EQ(subjects(EventKind::thread_ended), (std::vector<std::string>{"a", "b"}));
}

TEST_F(ThreadTest, a_blocked_thread_continues_when_woken_and_gets_the_code) {
    start(1);
    static std::uint64_t code;
    code = 0;
    Thread& sleeper = thread("sleeper", [](void*) {
        Machine& m = Machine::current();
        EXPECT_EQ(m.block(m.name("event"), forever_ns), WakeReason::woken);
        code = m.running_thread()->wake_code;
    });
    thread(
        "waker",
        [](void* other) {
            Machine::current().step(50);
            EXPECT_TRUE(Machine::current().wake(*static_cast<Thread*>(other), 42));
            EXPECT_FALSE(Machine::current().wake(*static_cast<Thread*>(other), 43));
        },
        &sleeper);
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::idle);
    EXPECT_EQ(code, 42u);
}

TEST_F(ThreadTest, a_block_ends_at_its_deadline) {
    start(2);
    thread("sleeper", [](void*) {
        Machine& m = Machine::current();
        EXPECT_EQ(m.block(m.name("event"), 5000), WakeReason::timeout);
        EXPECT_EQ(m.now_ns(), 5000u);
    });
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::idle);
    EXPECT_EQ(subjects(EventKind::thread_ended).size(), 1u);
}

TEST_F(ThreadTest, a_thread_of_higher_priority_displaces_at_the_next_step) {
    start(1);
    static std::vector<int> order;
    order.clear();
    thread("low", [](void*) {
        Machine& m = Machine::current();
        note(order, 1);
        m.create_thread(
            m.name("high"), [](void*) { note(order, 2); }, nullptr, 20);
        m.step(100);
        note(order, 3);
    });
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST_F(ThreadTest, equal_priorities_take_turns_after_a_quantum) {
    start(1);
    static std::string order;
    order.clear();
    const auto body = [](void* letter) {
        for (int i = 0; i < 4; ++i) {
            for (const char* c = static_cast<const char*>(letter); *c != 0; ++c) note(order, *c);
            Machine::current().step(8'000'000);
        }
    };
    thread("a", body, const_cast<char*>("a"));
    thread("b", body, const_cast<char*>("b"));
    machine->run_until_idle(forever_ns);
    EXPECT_EQ(order, "aabbaabb");
}

TEST_F(ThreadTest, spinning_for_a_lock_nobody_releases_is_stuck) {
    start(1);
    static int word;
    thread("spinner", [](void*) { Machine::current().spin_wait(&word, no_name); });
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::stuck);
}

TEST_F(ThreadTest, a_spinning_processor_continues_after_the_release) {
    start(2);
    static int word;
    static std::uint64_t got_it;
    word = 1;
    thread("holder", [](void*) {
        Machine::current().step(1000);
        word = 0;
        Machine::current().spin_notify(&word);
    });
    thread("spinner", [](void*) {
        Machine& m = Machine::current();
        m.step(10);
        while (word != 0) m.spin_wait(&word, no_name);
        got_it = m.now_ns();
    });
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::idle);
    EXPECT_EQ(got_it, 1000u);
}

TEST_F(ThreadTest, halt_stops_for_good) {
    start(2);
    thread("a", [](void*) { Machine::current().halt(no_name, 7); });
    EXPECT_EQ(machine->run(1000), RunResult::halted);
    EXPECT_EQ(machine->run(2000), RunResult::halted);
}

TEST_F(ThreadTest, an_ended_thread_can_be_forgotten_and_its_stack_is_used_again) {
    start(1);
    Thread& first = thread("a", [](void*) {});
    machine->run_until_idle(forever_ns);
    void* stack = first.fiber.stack_top;
    machine->forget_thread(first);
    EXPECT_EQ(thread("b", [](void*) {}).fiber.stack_top, stack);
}

}  // namespace
}  // namespace gpioclx::machine
