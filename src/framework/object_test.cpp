#include "framework/object.h"

#include "framework/framework_fixture.h"
#include "kernel/ldr/image.h"

PWDF_DRIVER_GLOBALS WdfDriverGlobals;  // of the driver that the tests are

namespace gpioclx::framework {
namespace {

struct First {
    ULONG value;
};
struct Second {
    ULONG values[4];
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(First, get_first)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Second, get_second)

class ObjectTest : public FrameworkTest {
  protected:
    void with_driver(std::function<void()> body) {
        run_as_thread([this, body] {
            create_driver_object();
            WDF_DRIVER_CONFIG config;
            WDF_DRIVER_CONFIG_INIT(&config,
                                   [](WDFDRIVER, PWDFDEVICE_INIT) { return STATUS_SUCCESS; });
            ASSERT_EQ(create_driver(&config, nullptr), STATUS_SUCCESS);
            body();
        });
    }
    static WDFOBJECT create(WDFOBJECT parent, PFN_WDF_OBJECT_CONTEXT_CLEANUP cleanup,
                            PFN_WDF_OBJECT_CONTEXT_DESTROY destroy) {
        WDF_OBJECT_ATTRIBUTES attributes;
        WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, First);
        attributes.ParentObject = parent;
        attributes.EvtCleanupCallback = cleanup;
        attributes.EvtDestroyCallback = destroy;
        WDFOBJECT object = nullptr;
        EXPECT_EQ(WdfObjectCreate(&attributes, &object), STATUS_SUCCESS);
        return object;
    }
    static void child_cleanup(WDFOBJECT) { GX_NOTE("child-cleanup"); }
    static void child_destroy(WDFOBJECT) { GX_NOTE("child-destroy"); }
    static void parent_cleanup(WDFOBJECT) { GX_NOTE("parent-cleanup"); }
    static void parent_destroy(WDFOBJECT) { GX_NOTE("parent-destroy"); }
};

TEST_F(ObjectTest, children_are_cleaned_up_and_destroyed_before_their_parent) {
    with_driver([this] {
        WDFOBJECT parent = create(nullptr, parent_cleanup, parent_destroy);
        create(parent, child_cleanup, child_destroy);
        WdfObjectDelete(parent);
        EXPECT_EQ(trace.text(), "child-cleanup child-destroy parent-cleanup parent-destroy");
    });
}

TEST_F(ObjectTest, an_object_is_destroyed_when_its_last_reference_is_gone) {
    with_driver([this] {
        WDFOBJECT object = create(nullptr, child_cleanup, child_destroy);
        WdfObjectReference(object);
        WdfObjectDelete(object);
        EXPECT_EQ(trace.text(), "child-cleanup");
        get_first(object)->value = 1;  // still there
        WdfObjectDereference(object);
        EXPECT_EQ(trace.text(), "child-cleanup child-destroy");
    });
}

TEST_F(ObjectTest, context_space_is_zeroed_and_leads_back_to_its_object) {
    with_driver([] {
        WDFOBJECT object = create(nullptr, nullptr, nullptr);
        ASSERT_NE(get_first(object), nullptr);
        EXPECT_EQ(get_first(object)->value, 0u);
        EXPECT_EQ(WdfObjectContextGetObject(get_first(object)), object);
        EXPECT_EQ(get_second(object), nullptr);
    });
}

TEST_F(ObjectTest, a_second_context_is_allocated_once) {
    with_driver([] {
        WDFOBJECT object = create(nullptr, nullptr, nullptr);
        WDF_OBJECT_ATTRIBUTES attributes;
        WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, Second);
        PVOID first = nullptr;
        PVOID again = nullptr;
        EXPECT_EQ(WdfObjectAllocateContext(object, &attributes, &first), STATUS_SUCCESS);
        EXPECT_EQ(first, get_second(object));
        EXPECT_EQ(WdfObjectAllocateContext(object, &attributes, &again), STATUS_OBJECT_NAME_EXISTS);
        EXPECT_EQ(first, again);
    });
}

TEST_F(ObjectTest, attributes_are_refused_with_the_documented_statuses) {
    with_driver([] {
        WDFOBJECT object;
        WDF_OBJECT_ATTRIBUTES attributes;
        std::memset(&attributes, 0, sizeof(attributes));
        EXPECT_EQ(WdfObjectCreate(&attributes, &object), STATUS_INFO_LENGTH_MISMATCH);
        WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
        attributes.ContextSizeOverride = 8;
        EXPECT_EQ(WdfObjectCreate(&attributes, &object), STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
        WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, Second);
        attributes.ContextSizeOverride = sizeof(Second) - 1;
        EXPECT_EQ(WdfObjectCreate(&attributes, &object), STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
        WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
        attributes.ExecutionLevel = static_cast<WDF_EXECUTION_LEVEL>(9);
        EXPECT_EQ(WdfObjectCreate(&attributes, &object), STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
        WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
        attributes.ExecutionLevel = WdfExecutionLevelPassive;
        WDFSPINLOCK lock;
        EXPECT_EQ(WdfSpinLockCreate(&attributes, &lock), STATUS_WDF_EXECUTION_LEVEL_INVALID);
    });
}

TEST_F(ObjectTest, a_handle_of_another_type_is_a_bug_check) {
    machine();
    thread("test", [this] {
        create_driver_object();
        WDF_DRIVER_CONFIG config;
        WDF_DRIVER_CONFIG_INIT(&config, [](WDFDRIVER, PWDFDEVICE_INIT) { return STATUS_SUCCESS; });
        create_driver(&config, nullptr);
        WDFSPINLOCK lock;
        WdfSpinLockCreate(nullptr, &lock);
        WdfWaitLockRelease(reinterpret_cast<WDFWAITLOCK>(lock));
        GX_NOTE("went on");
    });
    run();
    EXPECT_TRUE(machine().halted());
    EXPECT_TRUE(found("lifetime-202"));
    EXPECT_FALSE(trace.has("went on"));
}

TEST_F(ObjectTest, bytes_written_behind_a_context_are_found) {
    with_driver([] {
        WDFOBJECT object = create(nullptr, nullptr, nullptr);
        reinterpret_cast<UCHAR*>(get_first(object))[sizeof(First)] = 1;
        WdfObjectDelete(object);
    });
    EXPECT_TRUE(found("lifetime-206"));
}

TEST_F(ObjectTest, a_dereference_too_many_is_a_bug_check) {
    machine();
    thread("test", [this] {
        create_driver_object();
        WDF_DRIVER_CONFIG config;
        WDF_DRIVER_CONFIG_INIT(&config, [](WDFDRIVER, PWDFDEVICE_INIT) { return STATUS_SUCCESS; });
        create_driver(&config, nullptr);
        WdfObjectDereference(create(nullptr, nullptr, nullptr));
    });
    run();
    EXPECT_TRUE(machine().halted());
    EXPECT_TRUE(found("lifetime-204"));
}

TEST_F(ObjectTest, functions_above_their_irql_are_findings) {
    with_driver([] {
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        WDFSTRING string;
        // As drivers call it: through the gate.
        const auto create = reinterpret_cast<decltype(&WdfStringCreate)>(
            kernel::ldr::find_export("WdfStringCreate"));
        create(nullptr, nullptr, &string);
        KeLowerIrql(irql);
    });
    EXPECT_TRUE(found("irql-201"));
}

TEST_F(ObjectTest, W33_a_wait_lock_times_out_and_is_not_recursive) {
    with_driver([this] {
        WDFWAITLOCK lock;
        ASSERT_EQ(WdfWaitLockCreate(nullptr, &lock), STATUS_SUCCESS);
        EXPECT_EQ(WdfWaitLockAcquire(lock, nullptr), STATUS_SUCCESS);
        thread("other", [lock] {
            LONGLONG timeout = WDF_REL_TIMEOUT_IN_MS(1);
            EXPECT_EQ(WdfWaitLockAcquire(lock, &timeout), STATUS_TIMEOUT);
            GX_NOTE("timed out");
        });
        sleep_us(5000);
        EXPECT_TRUE(trace.has("timed out"));
        WdfWaitLockRelease(lock);
    });
}

TEST_F(ObjectTest, W33_a_spin_lock_raises_to_dispatch_level_and_back) {
    with_driver([] {
        WDFSPINLOCK lock;
        ASSERT_EQ(WdfSpinLockCreate(nullptr, &lock), STATUS_SUCCESS);
        WdfSpinLockAcquire(lock);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        WdfSpinLockRelease(lock);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    });
}

TEST_F(ObjectTest, a_collection_keeps_order_and_references) {
    with_driver([this] {
        WDFCOLLECTION collection;
        ASSERT_EQ(WdfCollectionCreate(nullptr, &collection), STATUS_SUCCESS);
        WDFOBJECT first = create(nullptr, child_cleanup, child_destroy);
        WDFOBJECT second = create(nullptr, nullptr, nullptr);
        WdfCollectionAdd(collection, first);
        WdfCollectionAdd(collection, second);
        EXPECT_EQ(WdfCollectionGetCount(collection), 2u);
        EXPECT_EQ(WdfCollectionGetFirstItem(collection), first);
        EXPECT_EQ(WdfCollectionGetLastItem(collection), second);
        EXPECT_EQ(WdfCollectionGetItem(collection, 2), nullptr);
        WdfObjectDelete(first);
        EXPECT_EQ(trace.text(), "child-cleanup");
        WdfCollectionRemove(collection, first);
        EXPECT_EQ(trace.text(), "child-cleanup child-destroy");
        EXPECT_EQ(WdfCollectionGetFirstItem(collection), second);
    });
}

TEST_F(ObjectTest, memory_copies_check_their_bounds) {
    with_driver([] {
        WDFMEMORY memory;
        PVOID buffer = nullptr;
        ASSERT_EQ(WdfMemoryCreate(nullptr, NonPagedPoolNx, 0, 8, &memory, &buffer), STATUS_SUCCESS);
        UCHAR bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
        EXPECT_EQ(WdfMemoryCopyFromBuffer(memory, 4, bytes, 4), STATUS_SUCCESS);
        EXPECT_EQ(static_cast<UCHAR*>(buffer)[4], 1);
        EXPECT_EQ(WdfMemoryCopyFromBuffer(memory, 5, bytes, 4), STATUS_BUFFER_TOO_SMALL);
        EXPECT_EQ(WdfMemoryCopyToBuffer(memory, 8, bytes, 1), STATUS_BUFFER_TOO_SMALL);
        size_t size = 0;
        EXPECT_EQ(WdfMemoryGetBuffer(memory, &size), buffer);
        EXPECT_EQ(size, 8u);
        EXPECT_EQ(WdfMemoryCreate(nullptr, NonPagedPoolNx, 0, 0, &memory, nullptr),
                  STATUS_INVALID_PARAMETER);
    });
}

}  // namespace
}  // namespace gpioclx::framework
