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
              "lock-010: 'spin A' is acquired while 'spin B' is held, and elsewhere 'spin B' while "
              "'spin A' was held (by first): if both happen at once, each waits for the other for "
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
    EXPECT_NE(
        findings()[0].find("'mutex A' is acquired while 'mutex C' is held, and elsewhere "
                           "'mutex B' while 'mutex A' was held (by test), and 'mutex C' while "
                           "'mutex B' was held"),
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
