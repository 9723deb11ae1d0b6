#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using machine::EventKind;
using machine::RunResult;

LARGE_INTEGER relative_us(LONGLONG us) {
    LARGE_INTEGER time;
    time.QuadPart = -10 * us;
    return time;
}

NTSTATUS wait_for(void* object, LARGE_INTEGER* timeout = nullptr) {
    return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, timeout);
}

using WaitTest = KernelTest;

TEST_F(WaitTest, KeWaitForSingleObject_times_out_at_its_deadline) {
    run_as_thread([&] {
        KEVENT event;
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        LARGE_INTEGER timeout = relative_us(1000);
        const std::uint64_t before = machine().now_ns();
        EXPECT_EQ(wait_for(&event, &timeout), STATUS_TIMEOUT);
        EXPECT_GE(machine().now_ns(), before + 1'000'000);
        EXPECT_LT(machine().now_ns(), before + 1'010'000);
        EXPECT_TRUE(IsListEmpty(&event.Header.WaitListHead));
    });
}

TEST_F(WaitTest, an_absolute_timeout_is_a_system_time) {
    run_as_thread([&] {
        KEVENT event;
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        LARGE_INTEGER time;
        KeQuerySystemTimePrecise(&time);
        const std::uint64_t before = machine().now_ns();
        time.QuadPart += 10 * 500;
        EXPECT_EQ(wait_for(&event, &time), STATUS_TIMEOUT);
        EXPECT_NEAR(static_cast<double>(machine().now_ns() - before), 500'000, 2000);
    });
}

TEST_F(WaitTest, a_timeout_of_zero_only_asks_even_at_dispatch_level) {
    run_as_thread([] {
        KEVENT event;
        KeInitializeEvent(&event, SynchronizationEvent, TRUE);
        LARGE_INTEGER zero = relative_us(0);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        EXPECT_EQ(wait_for(&event, &zero), STATUS_SUCCESS);
        EXPECT_EQ(wait_for(&event, &zero), STATUS_TIMEOUT);
        KeLowerIrql(irql);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(WaitTest, waiting_at_dispatch_level_is_a_bug_check) {
    thread("test", [] {
        KEVENT event;
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        LARGE_INTEGER timeout = relative_us(10);
        wait_for(&event, &timeout);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("irql-002"));
}

TEST_F(WaitTest, delaying_in_a_dpc_is_a_bug_check) {
    KDPC dpc;
    thread("test", [&] {
        KeInitializeDpc(
            &dpc,
            [](PKDPC, PVOID, PVOID, PVOID) {
                LARGE_INTEGER timeout = relative_us(10);
                KeDelayExecutionThread(KernelMode, FALSE, &timeout);
            },
            nullptr);
        KeInsertQueueDpc(&dpc, nullptr, nullptr);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("irql-002"));
    EXPECT_EQ(subjects(EventKind::halt).at(0), "bug check 0x000000b8 ATTEMPTED_SWITCH_FROM_DPC");
}

TEST_F(WaitTest, a_notification_event_wakes_everybody_and_stays_set) {
    KEVENT event;
    int woken = 0;
    thread("first", [&] {
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        for (const char* name : {"a", "b", "c"})
            thread(name, [&] {
                EXPECT_EQ(wait_for(&event), 0);
                ++woken;
            });
        LARGE_INTEGER time = relative_us(50);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_EQ(woken, 0);
        EXPECT_EQ(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    });
    EXPECT_EQ(run(), RunResult::idle);
    EXPECT_EQ(woken, 3);
    EXPECT_EQ(event.Header.SignalState, 1);
}

TEST_F(WaitTest, a_synchronization_event_wakes_one_waiter_per_set) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        start(2, seed);
        KEVENT event;
        std::string order;
        thread("first", [&] {
            KeInitializeEvent(&event, SynchronizationEvent, FALSE);
            for (const char* name : {"a", "b", "c"}) {
                thread(name, [&, name] {
                    wait_for(&event);
                    order += name;
                });
                LARGE_INTEGER time = relative_us(50);
                KeDelayExecutionThread(KernelMode, FALSE, &time);
            }
            for (std::size_t i = 1; i <= 3; ++i) {
                KeSetEvent(&event, 0, FALSE);
                LARGE_INTEGER time = relative_us(50);
                KeDelayExecutionThread(KernelMode, FALSE, &time);
                EXPECT_EQ(order.size(), i);
            }
        });
        EXPECT_EQ(run(), RunResult::idle);
        EXPECT_EQ(order.size(), 3u);
        if (seed == 0) {  // without deviations: first come, first served
            EXPECT_EQ(order, "abc");
        }
        EXPECT_EQ(event.Header.SignalState, 0);
    }
}

TEST_F(WaitTest, which_waiter_wins_is_a_choice) {
    bool another = false;
    for (std::uint64_t seed = 1; seed < 60 && !another; ++seed) {
        start(1, seed);
        KEVENT event;
        std::string order;
        thread("first", [&] {
            KeInitializeEvent(&event, SynchronizationEvent, FALSE);
            for (const char* name : {"a", "b"}) {
                thread(name, [&, name] {
                    wait_for(&event);
                    order += name;
                });
                LARGE_INTEGER time = relative_us(50);
                KeDelayExecutionThread(KernelMode, FALSE, &time);
            }
            KeSetEvent(&event, 0, FALSE);
            LARGE_INTEGER time = relative_us(50);
            KeDelayExecutionThread(KernelMode, FALSE, &time);
            KeSetEvent(&event, 0, FALSE);
        });
        run();
        another = order == "ba";
    }
    EXPECT_TRUE(another);
}

TEST_F(WaitTest, a_wait_on_any_object_tells_which_one) {
    run_as_thread([] {
        KEVENT events[3];
        PVOID objects[3] = {&events[0], &events[1], &events[2]};
        for (KEVENT& event : events) KeInitializeEvent(&event, SynchronizationEvent, FALSE);
        KeSetEvent(&events[2], 0, FALSE);
        EXPECT_EQ(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE,
                                           nullptr, nullptr),
                  STATUS_WAIT_2);
        EXPECT_EQ(KeReadStateEvent(&events[2]), 0);
    });
}

TEST_F(WaitTest, a_wait_on_all_objects_takes_none_until_all_are_signalled) {
    run_as_thread([&] {
        KEVENT first, second;
        KeInitializeEvent(&first, SynchronizationEvent, FALSE);
        KeInitializeEvent(&second, SynchronizationEvent, FALSE);
        bool woken = false;
        thread("waiter", [&] {
            PVOID objects[2] = {&first, &second};
            EXPECT_EQ(KeWaitForMultipleObjects(2, objects, WaitAll, Executive, KernelMode, FALSE,
                                               nullptr, nullptr),
                      STATUS_SUCCESS);
            woken = true;
        });
        LARGE_INTEGER time = relative_us(50);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        KeSetEvent(&first, 0, FALSE);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_FALSE(woken);
        EXPECT_EQ(KeReadStateEvent(&first), 1);
        KeSetEvent(&second, 0, FALSE);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_TRUE(woken);
        EXPECT_EQ(KeReadStateEvent(&first), 0);
        EXPECT_EQ(KeReadStateEvent(&second), 0);
    });
}

TEST_F(WaitTest, a_semaphore_lets_in_as_many_as_it_counts) {
    run_as_thread([&] {
        KSEMAPHORE semaphore;
        KeInitializeSemaphore(&semaphore, 0, 5);
        int woken = 0;
        for (const char* name : {"a", "b", "c"})
            thread(name, [&] {
                wait_for(&semaphore);
                ++woken;
            });
        LARGE_INTEGER time = relative_us(50);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 2, FALSE), 0);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_EQ(woken, 2);
        KeReleaseSemaphore(&semaphore, 0, 2, FALSE);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        EXPECT_EQ(woken, 3);
        EXPECT_EQ(KeReadStateSemaphore(&semaphore), 1);
    });
}

TEST_F(WaitTest, a_mutex_is_recursive_and_released_by_its_owner_only) {
    KMUTEX mutex;
    run_as_thread([&] {
        KeInitializeMutex(&mutex, 0);
        EXPECT_EQ(wait_for(&mutex), STATUS_SUCCESS);
        EXPECT_EQ(wait_for(&mutex), STATUS_SUCCESS);
        EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), -1);
        EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
        EXPECT_EQ(KeReadStateMutex(&mutex), 1);
    });
    thread("owner", [&] {
        wait_for(&mutex);
        LARGE_INTEGER time = relative_us(500);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        KeReleaseMutex(&mutex, FALSE);
    });
    thread("stranger", [&] {
        LARGE_INTEGER time = relative_us(100);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        KeReleaseMutex(&mutex, FALSE);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lock-006"));
}

TEST_F(WaitTest, a_thread_object_is_signalled_when_the_thread_ends) {
    run_as_thread([&] {
        bool over = false;
        PKTHREAD other = ke::create_thread(
            "other",
            [](PVOID flag) {
                LARGE_INTEGER time = relative_us(100);
                KeDelayExecutionThread(KernelMode, FALSE, &time);
                *static_cast<bool*>(flag) = true;
            },
            &over);
        EXPECT_EQ(wait_for(other), STATUS_SUCCESS);
        EXPECT_TRUE(over);
        ObDereferenceObject(other);
    });
}

TEST_F(WaitTest, an_event_that_was_never_initialized_is_a_bug_check) {
    thread("test", [] {
        auto* event = static_cast<KEVENT*>(
            ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KEVENT), pool_tag("Evnt")));
        KeSetEvent(event, 0, FALSE);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lifetime-005"));
}

TEST_F(WaitTest, memory_freed_under_a_waiting_thread_is_found) {
    run_as_thread([&] {
        auto* event = static_cast<KEVENT*>(
            ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KEVENT), pool_tag("Evnt")));
        KeInitializeEvent(event, NotificationEvent, FALSE);
        thread("waiter", [=] { wait_for(event); });
        LARGE_INTEGER time = relative_us(50);
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        ExFreePool(event);
    });
    EXPECT_TRUE(found("lifetime-004"));
    EXPECT_EQ(subjects(EventKind::wait_begin).back(), "Evnt event #1");
}

TEST_F(WaitTest, the_same_seed_gives_the_same_stream) {
    std::vector<std::string> before;
    for (int turn = 0; turn < 2; ++turn) {
        start(2, 7);
        KEVENT* event = nullptr;
        KSPIN_LOCK* lock = nullptr;
        thread("first", [&] {
            event = static_cast<KEVENT*>(
                ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KEVENT), pool_tag("Evnt")));
            lock =
                static_cast<KSPIN_LOCK*>(ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, pool_tag("Lock")));
            KeInitializeEvent(event, SynchronizationEvent, TRUE);
            for (const char* name : {"a", "b", "c"}) {
                thread(name, [&] {
                    for (int i = 0; i < 20; ++i) {
                        wait_for(event);
                        KIRQL irql;
                        KeAcquireSpinLock(lock, &irql);
                        KeStallExecutionProcessor(2);
                        KeReleaseSpinLock(lock, irql);
                        KeSetEvent(event, 0, FALSE);
                    }
                });
            }
        });
        EXPECT_EQ(run(), RunResult::idle);
        if (turn == 1) {
            EXPECT_EQ(stream(), before);
        }
        before = stream();
    }
}

}  // namespace
}  // namespace gpioclx::kernel
