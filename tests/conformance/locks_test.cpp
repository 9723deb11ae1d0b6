// The bank locks as a client sees them (rules L, V1-V17).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Locks = ConformanceTest;

TEST_F(Locks, F34_acquire_raises_to_the_banks_DIRQL_and_release_restores) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    std::vector<int> levels;
    levels.reserve(3);
    gpio.during[Callback::enable] = [&](void*) {
        levels.push_back(KeGetCurrentIrql());
        GPIO_CLX_AcquireInterruptLock(gpio.context, 0);
        levels.push_back(KeGetCurrentIrql());
        GPIO_CLX_ReleaseInterruptLock(gpio.context, 0);
        levels.push_back(KeGetCurrentIrql());
    };
    boot();
    const int dirql = gpio.translated.at(1).u.Interrupt.Level;
    EXPECT_GT(dirql, DISPATCH_LEVEL);
    EXPECT_EQ(levels, (std::vector{int(PASSIVE_LEVEL), dirql, int(PASSIVE_LEVEL)}));
}

// L7: the interrupt arrives while the lock is held, on another processor.
TEST_F(Locks, F36_lock_excludes_isr_callbacks_of_that_bank) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    in_thread([&] {
        GPIO_CLX_AcquireInterruptLock(gpio.context, 0);
        gpio.raise(5);
        KeStallExecutionProcessor(100);
        EXPECT_EQ(trace.compact(), "");
        GPIO_CLX_ReleaseInterruptLock(gpio.context, 0);
        wait_us(100);
    });
    EXPECT_EQ(trace.compact(), "[Q] [X] isr");
}

}  // namespace
}  // namespace gpioclx::conformance
