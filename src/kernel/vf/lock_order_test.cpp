#include "kernel/vf/lock_order.h"

#include "kernel/ke/processor_state.h"
#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

class LockOrderTest : public KernelTest {
  protected:
    void SetUp() override {
        start(1);
        system().part<vf::Switch>().on = true;
        for (std::size_t i = 0; i < 3; ++i) {
            KeInitializeSpinLock(&spin[i]);
            ke::name_object(&spin[i], std::string("spin ") + static_cast<char>('A' + i));
            ExInitializeFastMutex(&mutex[i]);
            ke::name_object(&mutex[i], std::string("mutex ") + static_cast<char>('A' + i));
        }
    }
    // The locks in the order given, released in the reverse order.
    void take_spin(std::vector<int> order) {
        std::vector<KIRQL> irqls;
        for (int i : order) KeAcquireSpinLock(&spin[i], &irqls.emplace_back());
        for (; !order.empty(); order.pop_back(), irqls.pop_back())
            KeReleaseSpinLock(&spin[order.back()], irqls.back());
    }
    void take_mutexes(int first, int second) {
        ExAcquireFastMutex(&mutex[first]);
        ExAcquireFastMutex(&mutex[second]);
        ExReleaseFastMutex(&mutex[second]);
        ExReleaseFastMutex(&mutex[first]);
    }
    // As an interrupt's service routine does.
    void at_interrupt(KIRQL irql, const std::function<void()>& body) {
        KIRQL before;
        KeRaiseIrql(irql, &before);
        {
            ke::RoutineScope routine(irql, "interrupt service routine", machine().name("isr"),
                                     true);
            body();
        }
        KeLowerIrql(before);
    }

    static inline KSPIN_LOCK spin[3];
    static inline FAST_MUTEX mutex[3];
};

TEST_F(LockOrderTest, V19_opposite_orders_are_reported_though_nothing_happened) {
    run_as_thread([&] { take_spin({0, 1}); }, "first");
    run_as_thread([&] { take_spin({1, 0}); }, "second");
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_EQ(findings()[0],
              "lock-010: 'spin A' is acquired while 'spin B' is held, and elsewhere 'spin B' is "
              "acquired while 'spin A' is held (by first): if both happen at once, each waits for "
              "the other for "
              "ever. Acquire them in one order everywhere");
}

TEST_F(LockOrderTest, V19_a_circle_of_three) {
    run_as_thread([&] {
        take_mutexes(0, 1);
        take_mutexes(1, 2);
        EXPECT_TRUE(findings().empty());
        take_mutexes(2, 0);
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_NE(findings()[0].find("'mutex A' is acquired while 'mutex C' is held, and elsewhere "
                                 "'mutex B' is acquired while 'mutex A' is held (by test), and "
                                 "'mutex C' is acquired while 'mutex B' is held"),
              std::string::npos)
        << findings()[0];
}

TEST_F(LockOrderTest, one_order_everywhere_is_right) {
    run_as_thread([&] {
        take_spin({0, 1, 2});
        take_spin({0, 2});
        take_spin({1, 2});
        take_mutexes(0, 1);
        ExAcquireFastMutex(&mutex[0]);
        take_spin({0});
        ExReleaseFastMutex(&mutex[0]);
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(LockOrderTest, an_attempt_waits_for_nobody) {
    run_as_thread([&] {
        take_spin({0, 1});
        KIRQL irql;
        KeAcquireSpinLock(&spin[1], &irql);
        ASSERT_TRUE(KeTryToAcquireSpinLockAtDpcLevel(&spin[0]));
        KeReleaseSpinLockFromDpcLevel(&spin[0]);
        KeReleaseSpinLock(&spin[1], irql);
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(LockOrderTest, a_mutex_waited_for_is_in_the_order) {
    static KMUTEX first, second;
    run_as_thread([&] {
        KeInitializeMutex(&first, 0);
        KeInitializeMutex(&second, 0);
        for (KMUTEX* outer : {&first, &second}) {
            KMUTEX* inner = outer == &first ? &second : &first;
            KeWaitForSingleObject(outer, Executive, KernelMode, FALSE, nullptr);
            KeWaitForSingleObject(inner, Executive, KernelMode, FALSE, nullptr);
            KeReleaseMutex(inner, FALSE);
            KeReleaseMutex(outer, FALSE);
        }
    });
    EXPECT_TRUE(found("lock-010"));
}

// As the parts of a system that wait for each other tell it.
class WaitOrderTest : public LockOrderTest {
  protected:
    void SetUp() override {
        LockOrderTest::SetUp();
        ke::name_object(&routine, "work item led!LedWork");
    }
    ke::ObjectName work() { return ke::name_of(&routine, ke::ObjectKind::other); }
    void with_mutex(int index, const std::function<void()>& body) {
        ExAcquireFastMutex(&mutex[index]);
        body();
        ExReleaseFastMutex(&mutex[index]);
    }
    void run_work(const std::function<void()>& body) {
        vf::note_begin(work());
        body();
        vf::note_end(work());
    }
    static inline int routine;
};

TEST_F(WaitOrderTest, waiting_with_a_lock_for_a_routine_that_takes_it) {
    run_as_thread([&] { run_work([&] { with_mutex(0, [] {}); }); }, "worker");
    EXPECT_TRUE(findings().empty());
    run_as_thread([&] { with_mutex(0, [&] { vf::note_wait(work()); }); }, "flusher");
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_EQ(findings()[0],
              "lock-013: 'work item led!LedWork' is waited for while 'mutex A' is held, and "
              "elsewhere 'work item led!LedWork' needs 'mutex A' (by worker): if both happen at "
              "once, each waits for the other for ever");
}

TEST_F(WaitOrderTest, the_wait_may_come_first_and_another_lock_lie_between) {
    run_as_thread([&] { with_mutex(0, [&] { vf::note_wait(work()); }); });
    run_as_thread([&] { take_mutexes(1, 0); });
    EXPECT_TRUE(findings().empty());
    run_as_thread([&] { run_work([&] { with_mutex(1, [] {}); }); });
    EXPECT_TRUE(found("lock-013"));
}

TEST_F(WaitOrderTest, bringing_it_about_with_the_lock_needs_the_lock) {
    run_as_thread([&] { with_mutex(0, [&] { vf::note_done(work()); }); }, "setter");
    thread("waiter", [&] { with_mutex(0, [&] { vf::note_wait(work()); }); });
    run();
    EXPECT_TRUE(found("lock-013"));
}

TEST_F(WaitOrderTest, waiting_without_the_lock_or_for_what_does_not_need_it_is_right) {
    run_as_thread([&] {
        run_work([&] { with_mutex(0, [] {}); });
        with_mutex(0, [] {});
        vf::note_wait(work());
        with_mutex(1, [&] { vf::note_wait(work()); });
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(WaitOrderTest, who_brings_it_about_itself_waits_for_nobody) {
    run_as_thread([&] {
        with_mutex(0, [&] {
            vf::note_done(work());
            vf::note_wait(work());
        });
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(WaitOrderTest, a_lock_made_of_an_event_is_a_lock) {
    static KEVENT event;
    run_as_thread([&] {
        KeInitializeEvent(&event, SynchronizationEvent, TRUE);
        const ke::ObjectName name = ke::name_of(&event, ke::ObjectKind::event);
        const auto once = [&] {
            vf::note_acquire(name, vf::LockKind::blocking);
            vf::note_acquired(name, vf::LockKind::blocking);
            vf::note_released(name, vf::LockKind::blocking);
            vf::note_done(name);
        };
        with_mutex(0, once);
        with_mutex(0, once);
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

// A driver that waits for an event and sets it again, as if it were a mutex, in a routine that
// others wait for: two threads, one after the other.
TEST_F(WaitOrderTest, an_event_that_its_waiter_sets_is_a_lock) {
    static KEVENT event, done;
    run_as_thread([&] {
        KeInitializeEvent(&event, SynchronizationEvent, TRUE);
        KeInitializeEvent(&done, SynchronizationEvent, FALSE);
        const ke::ObjectName routine = vf::routine_name(&done, "work item", nullptr);
        for (int i = 0; i < 2; ++i) {
            machine().create_thread(
                machine().name("worker"),
                [](void*) {
                    const ke::ObjectName routine = vf::routine_name(&done, "work item", nullptr);
                    vf::note_begin(routine);
                    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, nullptr);
                    KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
                    vf::note_end(routine);
                    KeSetEvent(&done, IO_NO_INCREMENT, FALSE);
                },
                nullptr, 8);
            KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
        }
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(LockOrderTest, a_spin_lock_of_a_service_routine_held_below_its_DIRQL) {
    run_as_thread([&] {
        take_spin({0});
        at_interrupt(5, [&] {
            KeAcquireSpinLockAtDpcLevel(&spin[0]);
            KeReleaseSpinLockFromDpcLevel(&spin[0]);
        });
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(findings()[0].starts_with(
        "lock-011: the spin lock 'spin A' is held at IRQL 2 (by test), and "))
        << findings()[0];
    EXPECT_NE(findings()[0].find("acquires it at IRQL 5"), std::string::npos) << findings()[0];
}

TEST_F(LockOrderTest, a_spin_lock_held_at_the_DIRQL_of_who_else_acquires_it_is_right) {
    run_as_thread([&] {
        KIRQL before;
        KeRaiseIrql(5, &before);
        KeAcquireSpinLockAtDpcLevel(&spin[0]);
        KeReleaseSpinLockFromDpcLevel(&spin[0]);
        KeLowerIrql(before);
        at_interrupt(5, [&] {
            KeAcquireSpinLockAtDpcLevel(&spin[0]);
            KeReleaseSpinLockFromDpcLevel(&spin[0]);
        });
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(LockOrderTest, V14_a_spin_lock_held_for_long) {
    run_as_thread([&] {
        for (ULONG us : {50u, 200u}) {
            EXPECT_TRUE(findings().empty());
            KIRQL irql;
            KeAcquireSpinLock(&spin[0], &irql);
            KeStallExecutionProcessor(us);
            KeReleaseSpinLock(&spin[0], irql);
        }
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(findings()[0].starts_with(
        "lock-012: the spin lock 'spin A' was held for more than 100 us"));
}

TEST_F(LockOrderTest, another_lock_at_the_same_address_is_another_lock) {
    run_as_thread([&] {
        take_spin({0, 1});
        ke::forget_name(&spin[0]);
        ke::name_object(&spin[0], "spin new");
        take_spin({1, 0});
    });
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

TEST_F(LockOrderTest, nothing_is_noted_unless_the_verifier_is_on) {
    system().part<vf::Switch>().on = false;
    run_as_thread([&] {
        take_spin({0, 1});
        take_spin({1, 0});
    });
    EXPECT_TRUE(findings().empty());
}

}  // namespace
}  // namespace gpioclx::kernel
