// Critical sections and slim locks among threads on several processors.
#include <um/parts/um_handle.h>
#include <um/parts/um_heap.h>
#include <um/parts/um_lock.h>
#include <um/parts/um_thread.h>

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

class UserLockTest : public KernelTest {
  public:
    int inside = 0, most = 0;

    void stay(std::uint32_t us) {
        most = std::max(most, ++inside);
        KeStallExecutionProcessor(us);
        --inside;
    }
};

TEST_F(UserLockTest, a_section_lets_one_thread_in_at_a_time_as_often_as_it_wants) {
    for (const std::uint64_t seed : {0, 1, 2, 3}) {
        start(4, seed);
        CRITICAL_SECTION section;
        InitializeCriticalSection(&section);
        inside = most = 0;
        int rounds = 0;
        for (const char* name : {"a", "b", "c", "d"}) {
            thread(name, [&] {
                for (int i = 0; i < 10; ++i) {
                    EnterCriticalSection(&section);
                    EnterCriticalSection(&section);
                    stay(3);
                    ++rounds;
                    LeaveCriticalSection(&section);
                    LeaveCriticalSection(&section);
                }
            });
        }
        run();
        EXPECT_EQ(most, 1) << "seed " << seed;
        EXPECT_EQ(rounds, 40);
        EXPECT_EQ(section.LockCount, -1);
        EXPECT_TRUE(findings().empty());
    }
}

TEST_F(UserLockTest, a_section_that_another_thread_holds_is_not_entered_by_try) {
    CRITICAL_SECTION section;
    machine();
    InitializeCriticalSection(&section);
    thread("holder", [&] {
        EnterCriticalSection(&section);
        Sleep(2);
        LeaveCriticalSection(&section);
    });
    thread("other", [&] {
        Sleep(1);
        EXPECT_FALSE(TryEnterCriticalSection(&section));
        LeaveCriticalSection(&section);  // not its own
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
    });
    run();
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(
        findings()[0].starts_with("lock-002: LeaveCriticalSection: "
                                  "'system critical section #1' is held by another"))
        << findings()[0];
}

TEST_F(UserLockTest, readers_of_a_slim_lock_are_inside_together_a_writer_alone) {
    for (const std::uint64_t seed : {0, 1, 2, 3}) {
        start(4, seed);
        SRWLOCK lock = SRWLOCK_INIT;
        int readers = 0, readers_most = 0;
        bool writing = false, disturbed = false;
        for (const char* name : {"r1", "r2", "r3"}) {
            thread(name, [&] {
                for (int i = 0; i < 10; ++i) {
                    AcquireSRWLockShared(&lock);
                    readers_most = std::max(readers_most, ++readers);
                    disturbed |= writing;
                    KeStallExecutionProcessor(5);
                    disturbed |= writing;
                    --readers;
                    ReleaseSRWLockShared(&lock);
                }
            });
        }
        thread("w", [&] {
            for (int i = 0; i < 10; ++i) {
                AcquireSRWLockExclusive(&lock);
                writing = true;
                disturbed |= readers != 0;
                KeStallExecutionProcessor(5);
                disturbed |= readers != 0;
                writing = false;
                ReleaseSRWLockExclusive(&lock);
            }
        });
        run();
        EXPECT_FALSE(disturbed) << "seed " << seed;
        EXPECT_GT(readers_most, 1) << "seed " << seed;
        EXPECT_TRUE(findings().empty());
    }
}

TEST_F(UserLockTest, waits_end_when_their_time_is_over_and_not_before) {
    run_as_thread([&] {
        const HANDLE event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
        const std::uint64_t before = machine().now_ns();
        EXPECT_EQ(WaitForSingleObject(event, 3), 258u);  // WAIT_TIMEOUT
        EXPECT_GE(machine().now_ns() - before, 3'000'000u);
        EXPECT_LT(machine().now_ns() - before, 3'100'000u);
        CloseHandle(event);
        EXPECT_EQ(WaitForSingleObject(event, 3), 0xFFFFFFFFu);
        EXPECT_EQ(GetLastError(), 6u);
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(findings()[0].starts_with("lifetime-034: WaitForSingleObject: "));
}

TEST_F(UserLockTest, memory_with_a_section_in_it_is_not_freed) {
    run_as_thread([&] {
        auto* section = static_cast<CRITICAL_SECTION*>(
            HeapAlloc(GetProcessHeap(), 0, sizeof(CRITICAL_SECTION)));
        InitializeCriticalSection(section);
        HeapFree(GetProcessHeap(), 0, section);
    });
    ASSERT_EQ(findings().size(), 1u);
    EXPECT_TRUE(findings()[0].starts_with("lifetime-004: ")) << findings()[0];
}

}  // namespace
}  // namespace gpioclx::kernel
