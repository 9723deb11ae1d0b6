#include "machine/machine_fixture.h"

namespace gpioclx::machine {
namespace {

class TimerTest : public MachineTest {
  protected:
    static inline std::vector<std::uint64_t> fired;
    void SetUp() override { fired.clear(); }
    static void note(void* context) {
        MachineTest::note(fired, static_cast<Timer*>(context)->due_ns);
        EXPECT_FALSE(Machine::current().on_processor());
    }
};

TEST_F(TimerTest, timers_fire_in_order_of_time_at_their_time) {
    start(1);
    Timer timers[5];
    const std::uint64_t due[5] = {50, 10, 40, 10'000, 30};
    for (int i = 0; i < 5; ++i) {
        timers[i].fired = &note;
        timers[i].context = &timers[i];
        machine->set_timer(timers[i], due[i]);
    }
    EXPECT_TRUE(machine->cancel_timer(timers[2]));
    EXPECT_FALSE(machine->cancel_timer(timers[2]));
    EXPECT_EQ(machine->run(1000), RunResult::deadline);
    EXPECT_EQ(fired, (std::vector<std::uint64_t>{10, 30, 50}));
    EXPECT_EQ(machine->now_ns(), 1000u);
    EXPECT_EQ(machine->run_until_idle(forever_ns), RunResult::idle);
    EXPECT_EQ(fired.back(), 10'000u);
}

TEST_F(TimerTest, a_timer_interrupts_a_busy_processor_at_its_next_step) {
    start(1);
    static Timer timer;
    timer = {};
    timer.fired = &note;
    timer.context = &timer;
    thread("t", [](void*) {
        Machine& m = Machine::current();
        m.set_timer(timer, m.now_ns() + 500);
        m.step(499);
        EXPECT_TRUE(fired.empty());
        m.step(1);
        EXPECT_EQ(fired.size(), 1u);
    });
    machine->run_until_idle(forever_ns);
}

TEST_F(TimerTest, time_passes_also_when_nothing_happens) {
    start(2);
    EXPECT_EQ(machine->run(7'000'000), RunResult::idle);
    EXPECT_EQ(machine->now_ns(), 7'000'000u);
}

}  // namespace
}  // namespace gpioclx::machine
