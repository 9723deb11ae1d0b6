// Timers, DPCs and work items.
#include "framework/timer.h"

#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct Plan {
    bool passive_device = false;
    WDF_SYNCHRONIZATION_SCOPE scope = WdfSynchronizationScopeInheritFromParent;
    KIRQL irql = 255;
    WDFOBJECT parent = nullptr;
    WDFWORKITEM work_item = nullptr;
};
Plan plan;

void timer_function(WDFTIMER timer) {
    GX_NOTE("timer");
    plan.irql = KeGetCurrentIrql();
    plan.parent = WdfTimerGetParentObject(timer);
}
void dpc_function(WDFDPC) {
    GX_NOTE("dpc");
    plan.irql = KeGetCurrentIrql();
}
void work_function(WDFWORKITEM) {
    GX_NOTE("work");
    plan.irql = KeGetCurrentIrql();
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    if (plan.passive_device) attributes.ExecutionLevel = WdfExecutionLevelPassive;
    attributes.SynchronizationScope = plan.scope;
    return WdfDeviceCreate(&init, &attributes, &FrameworkTest::current->device);
}

class TimerTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
    }
    void with_device(std::function<void()> body) {
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            body();
        });
    }
    WDF_OBJECT_ATTRIBUTES below_device() {
        WDF_OBJECT_ATTRIBUTES attributes;
        WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
        attributes.ParentObject = device;
        return attributes;
    }
};

TEST_F(TimerTest, a_timer_fires_once_at_dispatch_level) {
    with_device([this] {
        WDF_TIMER_CONFIG config;
        WDF_TIMER_CONFIG_INIT(&config, timer_function);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        WDFTIMER timer = nullptr;
        ASSERT_EQ(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);
        EXPECT_FALSE(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(2)));
        EXPECT_TRUE(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(2)));
        sleep_us(50'000);
        EXPECT_EQ(trace.text(), "timer");
        EXPECT_EQ(plan.irql, DISPATCH_LEVEL);
        EXPECT_EQ(plan.parent, device);
        EXPECT_FALSE(WdfTimerStop(timer, TRUE));
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(TimerTest, a_periodic_timer_fires_until_it_is_stopped) {
    with_device([this] {
        WDF_TIMER_CONFIG config;
        WDF_TIMER_CONFIG_INIT_PERIODIC(&config, timer_function, 20);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        WDFTIMER timer = nullptr;
        ASSERT_EQ(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);
        WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(20));
        sleep_us(110'000);
        const std::size_t fired = trace.number_of("timer");
        EXPECT_GE(fired, 4u);
        EXPECT_TRUE(WdfTimerStop(timer, TRUE));
        sleep_us(100'000);
        EXPECT_EQ(trace.number_of("timer"), fired);
        WdfObjectDelete(timer);
    });
}

TEST_F(TimerTest, a_passive_timer_fires_at_passive_level) {
    plan.passive_device = true;
    with_device([this] {
        WDF_TIMER_CONFIG config;
        WDF_TIMER_CONFIG_INIT(&config, timer_function);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        WDFTIMER timer = nullptr;
        EXPECT_EQ(WdfTimerCreate(&config, &attributes, &timer),
                  STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
        attributes.ExecutionLevel = WdfExecutionLevelPassive;
        ASSERT_EQ(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);
        WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(1));
        sleep_us(50'000);
        EXPECT_EQ(trace.text(), "timer");
        EXPECT_EQ(plan.irql, PASSIVE_LEVEL);
    });
}

TEST_F(TimerTest, timers_and_work_items_need_a_parent_below_a_device) {
    with_device([] {
        WDF_TIMER_CONFIG config;
        WDF_TIMER_CONFIG_INIT(&config, timer_function);
        WDFTIMER timer;
        EXPECT_EQ(WdfTimerCreate(&config, nullptr, &timer), STATUS_WDF_PARENT_NOT_SPECIFIED);
        WDF_OBJECT_ATTRIBUTES attributes;
        WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
        attributes.ParentObject = FrameworkTest::current->wdf_driver;
        EXPECT_EQ(WdfTimerCreate(&config, &attributes, &timer), STATUS_INVALID_DEVICE_REQUEST);
        WDF_WORKITEM_CONFIG work;
        WDF_WORKITEM_CONFIG_INIT(&work, work_function);
        WDFWORKITEM item;
        EXPECT_EQ(WdfWorkItemCreate(&work, &attributes, &item), STATUS_INVALID_DEVICE_REQUEST);
    });
}

TEST_F(TimerTest, a_work_item_runs_at_passive_level_and_flush_waits_for_it) {
    start(1);  // on another processor it could run before it is queued again
    with_device([this] {
        WDF_WORKITEM_CONFIG config;
        WDF_WORKITEM_CONFIG_INIT(&config, work_function);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        WDFWORKITEM item = nullptr;
        ASSERT_EQ(WdfWorkItemCreate(&config, &attributes, &item), STATUS_SUCCESS);
        EXPECT_EQ(WdfWorkItemGetParentObject(item), device);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        WdfWorkItemEnqueue(item);
        WdfWorkItemEnqueue(item);  // queued already
        KeLowerIrql(irql);
        WdfWorkItemFlush(item);
        EXPECT_EQ(trace.text(), "work");
        EXPECT_EQ(plan.irql, PASSIVE_LEVEL);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(TimerTest, a_work_item_may_delete_itself_in_its_callback) {
    with_device([this] {
        WDF_WORKITEM_CONFIG config;
        WDF_WORKITEM_CONFIG_INIT(&config, [](WDFWORKITEM item) {
            GX_NOTE("work");
            WdfObjectDelete(item);
        });
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        attributes.EvtDestroyCallback = [](WDFOBJECT) { GX_NOTE("destroyed"); };
        WDFWORKITEM item = nullptr;
        ASSERT_EQ(WdfWorkItemCreate(&config, &attributes, &item), STATUS_SUCCESS);
        WdfWorkItemEnqueue(item);
        sleep_us(1000);
        EXPECT_EQ(trace.text(), "work destroyed");
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(TimerTest, a_serialized_work_item_needs_a_passive_parent) {
    plan.scope = WdfSynchronizationScopeDevice;
    with_device([this] {
        WDF_WORKITEM_CONFIG config;
        WDF_WORKITEM_CONFIG_INIT(&config, work_function);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        WDFWORKITEM item;
        EXPECT_EQ(WdfWorkItemCreate(&config, &attributes, &item),
                  STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
        config.AutomaticSerialization = FALSE;
        EXPECT_EQ(WdfWorkItemCreate(&config, &attributes, &item), STATUS_SUCCESS);
    });
}

TEST_F(TimerTest, the_device_lock_keeps_a_serialized_dpc_waiting) {
    plan.scope = WdfSynchronizationScopeDevice;
    with_device([this] {
        WDF_DPC_CONFIG config;
        WDF_DPC_CONFIG_INIT(&config, dpc_function);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        WDFDPC dpc = nullptr;
        ASSERT_EQ(WdfDpcCreate(&config, &attributes, &dpc), STATUS_SUCCESS);
        WdfObjectAcquireLock(device);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        EXPECT_TRUE(WdfDpcEnqueue(dpc));
        EXPECT_FALSE(WdfDpcEnqueue(dpc));
        EXPECT_EQ(trace.text(), "");
        WdfObjectReleaseLock(device);
        EXPECT_EQ(trace.text(), "dpc");
        EXPECT_EQ(plan.irql, DISPATCH_LEVEL);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(TimerTest, deleting_a_timer_at_dispatch_level_is_left_to_a_thread) {
    with_device([this] {
        WDF_TIMER_CONFIG config;
        WDF_TIMER_CONFIG_INIT(&config, timer_function);
        WDF_OBJECT_ATTRIBUTES attributes = below_device();
        attributes.EvtCleanupCallback = [](WDFOBJECT) {
            GX_NOTE("cleanup");
            EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        };
        WDFTIMER timer = nullptr;
        ASSERT_EQ(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        WdfObjectDelete(timer);
        KeLowerIrql(irql);
        sleep_us(1000);
        EXPECT_EQ(trace.text(), "cleanup");
    });
    EXPECT_TRUE(findings().empty());
}

}  // namespace
}  // namespace gpioclx::framework
