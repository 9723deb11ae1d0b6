#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using machine::EventKind;
using machine::RunResult;

struct Calls {
    int count = 0;
    PVOID argument1 = nullptr;
    KIRQL irql = 0;
    std::vector<ULONG> processors;
    std::vector<std::uint64_t> times;
};

void record(PKDPC, PVOID context, PVOID argument1, PVOID) {
    auto& calls = *static_cast<Calls*>(context);
    ++calls.count;
    calls.argument1 = argument1;
    calls.irql = KeGetCurrentIrql();
    calls.processors.push_back(KeGetCurrentProcessorNumber());
    calls.times.push_back(machine::Machine::current().now_ns());
}

using DpcTest = KernelTest;

TEST_F(DpcTest, a_dpc_queued_twice_runs_once) {
    Calls calls;
    KDPC dpc;
    run_as_thread([&] {
        KeInitializeDpc(&dpc, &record, &calls);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        EXPECT_TRUE(KeInsertQueueDpc(&dpc, UlongToPtr(1), nullptr));
        EXPECT_FALSE(KeInsertQueueDpc(&dpc, UlongToPtr(2), nullptr));
        EXPECT_EQ(calls.count, 0);
        KeLowerIrql(irql);
        EXPECT_EQ(calls.count, 1);
    });
    EXPECT_EQ(calls.argument1, UlongToPtr(1));
    EXPECT_EQ(calls.irql, DISPATCH_LEVEL);
}

TEST_F(DpcTest, a_dpc_removed_from_its_queue_does_not_run) {
    Calls calls;
    KDPC dpc;
    run_as_thread([&] {
        KeInitializeDpc(&dpc, &record, &calls);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        KeInsertQueueDpc(&dpc, nullptr, nullptr);
        EXPECT_TRUE(KeRemoveQueueDpc(&dpc));
        EXPECT_FALSE(KeRemoveQueueDpc(&dpc));
        KeLowerIrql(irql);
    });
    EXPECT_EQ(calls.count, 0);
}

TEST_F(DpcTest, a_dpc_runs_on_its_target_processor) {
    Calls calls;
    KDPC dpc;
    run_as_thread([&] {
        KeInitializeDpc(&dpc, &record, &calls);
        for (CCHAR processor : {1, 0, 1}) {
            KeSetTargetProcessorDpc(&dpc, processor);
            KeInsertQueueDpc(&dpc, nullptr, nullptr);
            KeFlushQueuedDpcs();
        }
    });
    EXPECT_EQ(calls.processors, (std::vector<ULONG>{1, 0, 1}));
}

TEST_F(DpcTest, a_dpc_of_high_importance_goes_first) {
    Calls low, high;
    KDPC low_dpc, high_dpc;
    run_as_thread([&] {
        KeInitializeDpc(&low_dpc, &record, &low);
        KeInitializeDpc(&high_dpc, &record, &high);
        KeSetImportanceDpc(&high_dpc, HighImportance);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        KeInsertQueueDpc(&low_dpc, nullptr, nullptr);
        KeInsertQueueDpc(&high_dpc, nullptr, nullptr);
        KeLowerIrql(irql);
    });
    EXPECT_LT(high.times.at(0), low.times.at(0));
}

TEST_F(DpcTest, KeFlushQueuedDpcs_returns_after_all_queued_ones_ran) {
    Calls calls;
    KDPC dpcs[4];
    run_as_thread([&] {
        for (int i = 0; i < 4; ++i) {
            KeInitializeDpc(&dpcs[i], &record, &calls);
            KeSetTargetProcessorDpc(&dpcs[i], static_cast<CCHAR>(i % 2));
            KeInsertQueueDpc(&dpcs[i], nullptr, nullptr);
        }
        KeFlushQueuedDpcs();
        EXPECT_EQ(calls.count, 4);
    });
}

TEST_F(DpcTest, a_dpc_that_returns_with_a_lock_is_found) {
    static KSPIN_LOCK lock;
    lock = 0;
    KDPC dpc;
    run_as_thread([&] {
        KeInitializeDpc(
            &dpc, [](PKDPC, PVOID, PVOID, PVOID) { KeAcquireSpinLockAtDpcLevel(&lock); }, nullptr);
        KeInsertQueueDpc(&dpc, nullptr, nullptr);
        KeStallExecutionProcessor(5);
    });
    EXPECT_TRUE(found("lock-004"));
}

TEST_F(DpcTest, lowering_irql_in_a_dpc_below_dispatch_level_is_a_bug_check) {
    KDPC dpc;
    thread("test", [&] {
        KeInitializeDpc(
            &dpc, [](PKDPC, PVOID, PVOID, PVOID) { KeLowerIrql(PASSIVE_LEVEL); }, nullptr);
        KeInsertQueueDpc(&dpc, nullptr, nullptr);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("irql-006"));
}

using TimerTest = KernelTest;

LARGE_INTEGER due_in_us(LONGLONG us) {
    LARGE_INTEGER time;
    time.QuadPart = -10 * us;
    return time;
}

TEST_F(TimerTest, a_timer_queues_its_dpc_when_due) {
    Calls calls;
    KDPC dpc;
    KTIMER timer;
    std::uint64_t set_at = 0;
    run_as_thread([&] {
        KeInitializeDpc(&dpc, &record, &calls);
        KeInitializeTimer(&timer);
        set_at = machine().now_ns();
        EXPECT_FALSE(KeSetTimer(&timer, due_in_us(250), &dpc));
        EXPECT_FALSE(KeReadStateTimer(&timer));
        LARGE_INTEGER time = due_in_us(1000);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_TRUE(KeReadStateTimer(&timer));
        EXPECT_FALSE(KeCancelTimer(&timer));
    });
    ASSERT_EQ(calls.count, 1);
    EXPECT_GE(calls.times[0], set_at + 250'000);
    EXPECT_LT(calls.times[0], set_at + 252'000);
}

TEST_F(TimerTest, a_periodic_timer_repeats_until_cancelled) {
    Calls calls;
    KDPC dpc;
    KTIMER timer;
    run_as_thread([&] {
        KeInitializeDpc(&dpc, &record, &calls);
        KeInitializeTimerEx(&timer, SynchronizationTimer);
        KeSetTimerEx(&timer, due_in_us(500), 1, &dpc);
        LARGE_INTEGER time = due_in_us(3600);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_TRUE(KeCancelTimer(&timer));
    });
    EXPECT_EQ(calls.count, 4);
}

TEST_F(TimerTest, setting_a_set_timer_moves_it) {
    Calls calls;
    KDPC dpc;
    KTIMER timer;
    run_as_thread([&] {
        KeInitializeDpc(&dpc, &record, &calls);
        KeInitializeTimer(&timer);
        KeSetTimer(&timer, due_in_us(100), &dpc);
        EXPECT_TRUE(KeSetTimer(&timer, due_in_us(500), &dpc));
    });
    ASSERT_EQ(calls.count, 1);
    EXPECT_GE(calls.times[0], 500'000u);
}

TEST_F(TimerTest, a_synchronization_timer_wakes_one_waiter) {
    KTIMER timer;
    int woken = 0;
    run_as_thread([&] {
        KeInitializeTimerEx(&timer, SynchronizationTimer);
        for (const char* name : {"a", "b"}) {
            thread(name, [&] {
                LARGE_INTEGER time = due_in_us(1000);
                if (KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, &time) ==
                    STATUS_SUCCESS)
                    ++woken;
            });
        }
        KeSetTimer(&timer, due_in_us(100), nullptr);
    });
    EXPECT_EQ(woken, 1);
}

TEST_F(TimerTest, freeing_the_memory_of_a_set_timer_is_found) {
    run_as_thread([&] {
        auto* timer = static_cast<KTIMER*>(
            ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KTIMER), pool_tag("Timr")));
        KeInitializeTimer(timer);
        KeSetTimer(timer, due_in_us(100), nullptr);
        ExFreePool(timer);
    });
    ASSERT_TRUE(found("lifetime-004"));
    EXPECT_NE(findings()[0].find("while the timer 'Timr timer #1' is set"), std::string::npos)
        << findings()[0];
}

TEST_F(TimerTest, stalling_takes_the_time_it_is_told_and_lets_interrupts_in) {
    run_as_thread([&] {
        Calls calls;
        KDPC dpc;
        KTIMER timer;
        KeInitializeDpc(&dpc, &record, &calls);
        KeInitializeTimer(&timer);
        KeSetTimer(&timer, due_in_us(20), &dpc);
        const std::uint64_t before = machine().now_ns();
        KeStallExecutionProcessor(50);
        EXPECT_GE(machine().now_ns(), before + 50'000);
        EXPECT_EQ(calls.count, 1);
    });
}

TEST_F(TimerTest, a_polling_loop_ends_because_every_clock_query_takes_time) {
    run_as_thread([] {
        LARGE_INTEGER start, now;
        KeQuerySystemTimePrecise(&start);
        do KeQuerySystemTimePrecise(&now);
        while (now.QuadPart < start.QuadPart + 1000);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
