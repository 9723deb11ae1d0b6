#include <wdm.h>

#include "kernel/ex/pool.h"
#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using machine::EventKind;
using machine::RunResult;

void pause_us(LONGLONG us) {
    LARGE_INTEGER time;
    time.QuadPart = -10 * us;
    KeDelayExecutionThread(KernelMode, FALSE, &time);
}

constexpr ULONG tag = pool_tag("Test");

using PoolTest = KernelTest;

TEST_F(PoolTest, pool_is_filled_unless_it_is_zeroed) {
    run_as_thread([] {
        auto* fresh = static_cast<UCHAR*>(ExAllocatePoolWithTag(NonPagedPoolNx, 64, tag));
        EXPECT_EQ(fresh[0], 0xA5);
        EXPECT_EQ(fresh[63], 0xA5);
        auto* zeroed = static_cast<UCHAR*>(ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, tag));
        EXPECT_EQ(zeroed[63], 0);
        auto* raw = static_cast<UCHAR*>(
            ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED, 64, tag));
        EXPECT_EQ(raw[5], 0xA5);
        ExFreePoolWithTag(fresh, tag);
        EXPECT_EQ(fresh[0], 0xDD);
        ExFreePoolWithTag(zeroed, tag);
        ExFreePool(raw);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(PoolTest, blocks_of_a_page_start_at_a_page) {
    run_as_thread([] {
        PVOID block = ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, tag);
        EXPECT_EQ(BYTE_OFFSET(block), 0u);
        ExFreePool(block);
    });
}

TEST_F(PoolTest, writing_behind_a_block_is_found_when_it_is_freed) {
    run_as_thread([] {
        auto* block = static_cast<UCHAR*>(ExAllocatePool2(POOL_FLAG_NON_PAGED, 10, tag));
        block[10] = 1;
        ExFreePool(block);
    });
    EXPECT_EQ(findings(), (std::vector<std::string>{
                              "lifetime-001: something wrote behind the end of the pool block "
                              "'Test' #1 of 10 bytes (seen when it was freed)"}));
}

TEST_F(PoolTest, writing_to_a_freed_block_is_found) {
    run_as_thread([] {
        auto* block = static_cast<UCHAR*>(ExAllocatePool2(POOL_FLAG_NON_PAGED, 10, tag));
        ExFreePool(block);
        block[4] = 1;
        ex::check_pool();
    });
    ASSERT_TRUE(found("lifetime-003"));
    EXPECT_NE(findings()[0].find("at offset 0x4"), std::string::npos);
}

TEST_F(PoolTest, freeing_twice_is_a_bug_check) {
    thread("test", [] {
        PVOID block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 10, tag);
        ExFreePool(block);
        ExFreePool(block);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lifetime-002"));
    EXPECT_EQ(subjects(EventKind::halt).at(0), "bug check 0x000000c2 BAD_POOL_CALLER");
}

TEST_F(PoolTest, a_wrong_tag_and_paged_pool_at_dispatch_level_are_found) {
    run_as_thread([] {
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        PVOID block = ExAllocatePool2(POOL_FLAG_PAGED, 10, tag);
        KeLowerIrql(irql);
        ExFreePoolWithTag(block, pool_tag("Else"));
    });
    EXPECT_TRUE(found("irql-001"));
    EXPECT_TRUE(found("lifetime-007"));
}

TEST_F(PoolTest, lookaside_entries_come_from_the_pool) {
    run_as_thread([] {
        NPAGED_LOOKASIDE_LIST list;
        ExInitializeNPagedLookasideList(&list, nullptr, nullptr, 0, 24, tag, 0);
        PVOID entry = ExAllocateFromNPagedLookasideList(&list);
        EXPECT_EQ(ex::live_blocks().size(), 1u);
        ExFreeToNPagedLookasideList(&list, entry);
        EXPECT_TRUE(ex::live_blocks().empty());
        ExDeleteNPagedLookasideList(&list);
    });
}

using FastMutexTest = KernelTest;

TEST_F(FastMutexTest, fast_mutex_excludes_and_raises_to_apc_level) {
    FAST_MUTEX mutex;
    int inside = 0;
    run_as_thread([&] {
        ExInitializeFastMutex(&mutex);
        for (const char* name : {"a", "b"}) {
            thread(name, [&] {
                for (int i = 0; i < 5; ++i) {
                    ExAcquireFastMutex(&mutex);
                    EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
                    EXPECT_EQ(++inside, 1);
                    pause_us(10);
                    --inside;
                    ExReleaseFastMutex(&mutex);
                    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
                }
            });
        }
        pause_us(500);
        EXPECT_TRUE(ExTryToAcquireFastMutex(&mutex));
        ExReleaseFastMutex(&mutex);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(FastMutexTest, acquiring_a_fast_mutex_twice_is_a_bug_check) {
    thread("test", [] {
        FAST_MUTEX mutex;
        ExInitializeFastMutex(&mutex);
        ExAcquireFastMutex(&mutex);
        ExAcquireFastMutex(&mutex);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lock-001"));
}

using ResourceTest = KernelTest;

TEST_F(ResourceTest, a_resource_has_many_readers_or_one_writer) {
    ERESOURCE resource;
    run_as_thread([&] {
        ExInitializeResourceLite(&resource);
        EXPECT_TRUE(ExAcquireResourceSharedLite(&resource, TRUE));
        EXPECT_TRUE(ExAcquireResourceSharedLite(&resource, TRUE));
        EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), 2u);
        bool written = false;
        thread("writer", [&] {
            EXPECT_FALSE(ExAcquireResourceExclusiveLite(&resource, FALSE));
            EXPECT_TRUE(ExAcquireResourceExclusiveLite(&resource, TRUE));
            written = true;
            ExReleaseResourceLite(&resource);
        });
        pause_us(50);
        ExReleaseResourceLite(&resource);
        EXPECT_FALSE(written);
        ExReleaseResourceLite(&resource);
        pause_us(50);
        EXPECT_TRUE(written);
        ExDeleteResourceLite(&resource);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(ResourceTest, rundown_waits_for_holders_and_refuses_new_ones) {
    run_as_thread([&] {
        EX_RUNDOWN_REF rundown;
        ExInitializeRundownProtection(&rundown);
        EXPECT_TRUE(ExAcquireRundownProtection(&rundown));
        bool over = false;
        thread("waiter", [&] {
            ExWaitForRundownProtectionRelease(&rundown);
            over = true;
        });
        pause_us(50);
        EXPECT_FALSE(over);
        EXPECT_FALSE(ExAcquireRundownProtection(&rundown));
        ExReleaseRundownProtection(&rundown);
        pause_us(50);
        EXPECT_TRUE(over);
    });
}

using WorkItemTest = KernelTest;

struct Work {
    WORK_QUEUE_ITEM item;
    int runs = 0;
    KIRQL irql = 99;
    KEVENT* waits_for = nullptr;
};

void run_work(PVOID context) {
    auto& work = *static_cast<Work*>(context);
    ++work.runs;
    work.irql = KeGetCurrentIrql();
    if (work.waits_for != nullptr)
        KeWaitForSingleObject(work.waits_for, Executive, KernelMode, FALSE, nullptr);
}

TEST_F(WorkItemTest, a_work_item_runs_once_in_a_worker_at_passive_level) {
    Work work;
    run_as_thread([&] {
        ExInitializeWorkItem(&work.item, &run_work, &work);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        ExQueueWorkItem(&work.item, DelayedWorkQueue);
        KeLowerIrql(irql);
        pause_us(100);
    });
    EXPECT_EQ(work.runs, 1);
    EXPECT_EQ(work.irql, PASSIVE_LEVEL);
}

TEST_F(WorkItemTest, work_that_waits_for_other_work_comes_to_its_end) {
    KEVENT event;
    Work waiting[6];
    Work setter;
    run_as_thread([&] {
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        for (Work& work : waiting) {
            work.waits_for = &event;
            ExInitializeWorkItem(&work.item, &run_work, &work);
            ExQueueWorkItem(&work.item, DelayedWorkQueue);
        }
        ExInitializeWorkItem(
            &setter.item, [](PVOID e) { KeSetEvent(static_cast<KEVENT*>(e), 0, FALSE); }, &event);
        ExQueueWorkItem(&setter.item, DelayedWorkQueue);
        pause_us(1000);
        EXPECT_EQ(KeReadStateEvent(&event), 1);
    });
    for (const Work& work : waiting) EXPECT_EQ(work.runs, 1);
}

TEST_F(WorkItemTest, a_work_item_queued_twice_is_found) {
    Work work;
    run_as_thread([&] {
        ExInitializeWorkItem(&work.item, &run_work, &work);
        KIRQL irql;
        KeRaiseIrql(HIGH_LEVEL, &irql);
        KeLowerIrql(DISPATCH_LEVEL);
        ExQueueWorkItem(&work.item, DelayedWorkQueue);
        ExQueueWorkItem(&work.item, DelayedWorkQueue);
        KeLowerIrql(irql);
        pause_us(100);
    });
    EXPECT_GE(work.runs, 1);
}

using CallbackTest = KernelTest;

TEST_F(CallbackTest, a_named_callback_object_is_shared_and_calls_everybody_in_order) {
    run_as_thread([] {
        UNICODE_STRING name = RTL_CONSTANT_STRING(const_cast<WCHAR*>(L"\\Callback\\Test"));
        name.Length = 28;
        name.MaximumLength = 28;
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, nullptr, nullptr);
        PCALLBACK_OBJECT first = nullptr, second = nullptr;
        EXPECT_EQ(ExCreateCallback(&first, &attributes, FALSE, TRUE), STATUS_OBJECT_NAME_NOT_FOUND);
        EXPECT_EQ(ExCreateCallback(&first, &attributes, TRUE, TRUE), STATUS_SUCCESS);
        EXPECT_EQ(ExCreateCallback(&second, &attributes, FALSE, TRUE), STATUS_SUCCESS);
        EXPECT_EQ(first, second);
        std::string order;
        const auto note = [](PVOID context, PVOID argument, PVOID) {
            *static_cast<std::string*>(context) += static_cast<const char*>(argument);
        };
        PVOID registration = ExRegisterCallback(first, note, &order);
        PVOID other = ExRegisterCallback(first, note, &order);
        ExNotifyCallback(first, const_cast<char*>("x"), nullptr);
        EXPECT_EQ(order, "xx");
        ExUnregisterCallback(registration);
        ExNotifyCallback(first, const_cast<char*>("y"), nullptr);
        EXPECT_EQ(order, "xxy");
        ExUnregisterCallback(other);
        ObDereferenceObject(first);
        ObDereferenceObject(second);
        EXPECT_EQ(ExCreateCallback(&first, &attributes, FALSE, TRUE), STATUS_OBJECT_NAME_NOT_FOUND);
    });
}

using ThreadTest = KernelTest;

TEST_F(ThreadTest, a_system_thread_is_waited_for_by_its_handle) {
    run_as_thread([] {
        HANDLE handle = nullptr;
        int value = 0;
        EXPECT_EQ(PsCreateSystemThread(
                      &handle, THREAD_ALL_ACCESS, nullptr, nullptr, nullptr,
                      [](PVOID context) {
                          pause_us(100);
                          *static_cast<int*>(context) = 5;
                          PsTerminateSystemThread(STATUS_SUCCESS);
                      },
                      &value),
                  STATUS_SUCCESS);
        PVOID object = nullptr;
        EXPECT_EQ(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *ExEventObjectType,
                                            KernelMode, &object, nullptr),
                  STATUS_OBJECT_TYPE_MISMATCH);
        EXPECT_EQ(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                            &object, nullptr),
                  STATUS_SUCCESS);
        EXPECT_EQ(ZwClose(handle), STATUS_SUCCESS);
        EXPECT_EQ(ZwClose(handle), STATUS_INVALID_HANDLE);
        EXPECT_EQ(KeWaitForSingleObject(object, Executive, KernelMode, FALSE, nullptr),
                  STATUS_SUCCESS);
        EXPECT_EQ(value, 5);
        ObDereferenceObject(object);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(ThreadTest, an_object_dereferenced_once_too_often_is_a_bug_check) {
    thread("test", [] {
        HANDLE handle;
        ZwCreateEvent(&handle, 0, nullptr, NotificationEvent, FALSE);
        PVOID object;
        ObReferenceObjectByHandle(handle, 0, nullptr, KernelMode, &object, nullptr);
        ZwClose(handle);
        ObDereferenceObject(object);
        ObDereferenceObject(object);
    });
    EXPECT_EQ(run(), RunResult::halted);
    EXPECT_TRUE(found("lifetime-008"));
}

TEST_F(ThreadTest, a_broadcast_runs_on_every_processor) {
    start(4);
    static int runs;
    runs = 0;
    run_as_thread([] {
        for (ULONG processor = 0; processor < 4; ++processor)
            KeSetSystemAffinityThreadEx(KAFFINITY{1} << processor);
        EXPECT_EQ(KeIpiGenericCall(
                      [](ULONG_PTR add) -> ULONG_PTR {
                          runs += static_cast<int>(add);
                          return add;
                      },
                      1),
                  1u);
        EXPECT_EQ(runs, 4);
        EXPECT_EQ(runs, 4);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    });
}

TEST_F(ThreadTest, affinity_moves_the_thread) {
    run_as_thread([] {
        for (ULONG processor : {1u, 0u, 1u}) {
            KeSetSystemAffinityThreadEx(KAFFINITY{1} << processor);
            EXPECT_EQ(KeGetCurrentProcessorNumber(), processor);
        }
        KeRevertToUserAffinityThreadEx(0);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
