#include "kernel/ke/time.h"

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using TimeTest = KernelTest;

constexpr LONGLONG ms = 10'000;  // in units of 100 ns

void sleep_ms(LONGLONG count) {
    LARGE_INTEGER interval;
    interval.QuadPart = -count * ms;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

TEST_F(TimeTest, the_clocks_advance_together) {
    run_as_thread([] {
        LARGE_INTEGER frequency;
        ULONG64 counter_then = 0;
        const ULONGLONG interrupt_then = KeQueryInterruptTimePrecise(&counter_then);
        const LARGE_INTEGER counter = KeQueryPerformanceCounter(&frequency);
        LARGE_INTEGER system_then, system_now;
        KeQuerySystemTimePrecise(&system_then);
        sleep_ms(100);
        KeQuerySystemTimePrecise(&system_now);
        const ULONGLONG interrupt_now = KeQueryInterruptTimePrecise(nullptr);
        const LONGLONG counted = KeQueryPerformanceCounter(nullptr).QuadPart - counter.QuadPart;
        EXPECT_GE(counter.QuadPart, static_cast<LONGLONG>(counter_then));  // the same counter
        EXPECT_NEAR(static_cast<double>(counted) / static_cast<double>(frequency.QuadPart), 0.1,
                    0.001);
        EXPECT_NEAR(static_cast<double>(interrupt_now - interrupt_then), 100.0 * ms, ms);
        EXPECT_NEAR(static_cast<double>(system_now.QuadPart - system_then.QuadPart), 100.0 * ms,
                    ms);
    });
}

// Ticks times the increment is the time since the start, in units of 100 ns.
TEST_F(TimeTest, ticks_have_the_length_of_the_increment) {
    run_as_thread([] {
        const LONGLONG increment = KeQueryTimeIncrement();
        LARGE_INTEGER before, after;
        KeQueryTickCount(&before);
        sleep_ms(1000);
        KeQueryTickCount(&after);
        EXPECT_NEAR(static_cast<double>((after.QuadPart - before.QuadPart) * increment),
                    1000.0 * ms, static_cast<double>(2 * increment));
    });
}

TEST_F(TimeTest, local_time_is_system_time) {
    run_as_thread([] {
        LARGE_INTEGER system, local, back;
        KeQuerySystemTime(&system);
        ExSystemTimeToLocalTime(&system, &local);
        ExLocalTimeToSystemTime(&local, &back);
        EXPECT_EQ(local.QuadPart, system.QuadPart);
        EXPECT_EQ(back.QuadPart, system.QuadPart);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
