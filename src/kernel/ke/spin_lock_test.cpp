#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using machine::EventKind;
using machine::RunResult;

constexpr ULONG lock_tag = pool_tag("Lock");

using SpinLockTest = KernelTest;

TEST_F(SpinLockTest, spin_lock_raises_to_dispatch_level_and_back) {
    KSPIN_LOCK lock;
    run_as_thread([&] {
        KeInitializeSpinLock(&lock);
        KIRQL before = 99;
        KeAcquireSpinLock(&lock, &before);
        EXPECT_EQ(before, PASSIVE_LEVEL);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        EXPECT_FALSE(KeTestSpinLock(&lock));
        KeReleaseSpinLock(&lock, before);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        EXPECT_TRUE(KeTestSpinLock(&lock));
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(SpinLockTest, spin_lock_excludes_the_other_processor) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        start(2, seed);
        KSPIN_LOCK lock = 0;
        int inside = 0;
        int most = 0;
        const auto body = [&] {
            for (int i = 0; i < 20; ++i) {
                KIRQL irql;
                KeAcquireSpinLock(&lock, &irql);
                most = std::max(most, ++inside);
                KeStallExecutionProcessor(3);
                --inside;
                KeReleaseSpinLock(&lock, irql);
            }
        };
        thread("a", body);
        thread("b", body);
        EXPECT_EQ(run(), RunResult::idle);
        EXPECT_EQ(most, 1);
        EXPECT_FALSE(subjects(EventKind::lock_contended).empty());
        EXPECT_EQ(subjects(EventKind::lock_acquired).size(), 40u);
    }
}

TEST_F(SpinLockTest, spin_lock_acquired_twice_is_a_bug_check) {
    thread("test", [] {
        KSPIN_LOCK lock = 0;
        KIRQL irql;
        KeAcquireSpinLock(&lock, &irql);
        KeAcquireSpinLockAtDpcLevel(&lock);
        ADD_FAILURE() << "not reached";
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lock-001"));
    EXPECT_EQ(subjects(EventKind::halt).at(0), "bug check 0x0000000f SPIN_LOCK_ALREADY_OWNED");
}

TEST_F(SpinLockTest, spin_lock_released_by_a_stranger_is_a_bug_check) {
    thread("test", [] {
        KSPIN_LOCK lock = 0;
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        KeReleaseSpinLockFromDpcLevel(&lock);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lock-002"));
}

TEST_F(SpinLockTest, spin_lock_released_to_another_irql_is_found) {
    run_as_thread([] {
        KSPIN_LOCK lock = 0;
        KIRQL before;
        KeRaiseIrql(APC_LEVEL, &before);
        KIRQL irql;
        KeAcquireSpinLock(&lock, &irql);
        KeReleaseSpinLock(&lock, PASSIVE_LEVEL);
    });
    EXPECT_TRUE(found("lock-005"));
}

TEST_F(SpinLockTest, spin_lock_never_initialized_is_found) {
    run_as_thread([] {
        auto* lock = static_cast<KSPIN_LOCK*>(
            ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(KSPIN_LOCK), lock_tag));
        KIRQL irql;
        KeAcquireSpinLock(lock, &irql);
        KeReleaseSpinLock(lock, irql);
        ExFreePoolWithTag(lock, lock_tag);
    });
    EXPECT_TRUE(found("lock-003"));
}

TEST_F(SpinLockTest, spin_lock_in_pool_is_named_after_its_tag_and_the_number_is_reused) {
    run_as_thread([] {
        for (int i = 0; i < 3; ++i) {
            auto* lock = static_cast<KSPIN_LOCK*>(
                ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KSPIN_LOCK), lock_tag));
            KIRQL irql;
            KeAcquireSpinLock(lock, &irql);
            KeReleaseSpinLock(lock, irql);
            ExFreePoolWithTag(lock, lock_tag);
        }
    });
    EXPECT_EQ(subjects(EventKind::lock_acquired),
              (std::vector<std::string>{"Lock lock #1", "Lock lock #1", "Lock lock #1"}));
}

TEST_F(SpinLockTest, lowering_irql_with_a_spin_lock_held_is_found) {
    run_as_thread([] {
        KSPIN_LOCK lock = 0;
        KIRQL irql;
        KeAcquireSpinLock(&lock, &irql);
        KeLowerIrql(PASSIVE_LEVEL);
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        KeReleaseSpinLock(&lock, PASSIVE_LEVEL);
    });
    EXPECT_TRUE(found("lock-004"));
}

TEST_F(SpinLockTest, readers_share_a_lock_and_a_writer_excludes_them) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        start(2, seed);
        EX_SPIN_LOCK lock = 0;
        int value = 0;
        thread("writer", [&] {
            for (int i = 0; i < 10; ++i) {
                const KIRQL irql = ExAcquireSpinLockExclusive(&lock);
                ++value;
                KeStallExecutionProcessor(2);
                ++value;
                ExReleaseSpinLockExclusive(&lock, irql);
            }
        });
        thread("reader", [&] {
            for (int i = 0; i < 10; ++i) {
                const KIRQL irql = ExAcquireSpinLockShared(&lock);
                EXPECT_EQ(value % 2, 0);
                KeStallExecutionProcessor(2);
                ExReleaseSpinLockShared(&lock, irql);
            }
        });
        EXPECT_EQ(run(), RunResult::idle);
        EXPECT_EQ(value, 20);
    }
}

}  // namespace
}  // namespace gpioclx::kernel
