// What drivers ask of an interrupt object while it is connected: enabling, locks, serialization,
// processors (W12, W13, W32-W34).
#include "framework/framework_fixture.h"
#include "framework/interrupt.h"

namespace gpioclx::framework {
namespace {

struct Plan {
    WDF_INTERRUPT_CONFIG config;
    WDF_EXECUTION_LEVEL level = WdfExecutionLevelInheritFromParent;
    WDF_SYNCHRONIZATION_SCOPE scope = WdfSynchronizationScopeInheritFromParent;
    bool own_wait_lock = false;  // one for all interrupts, made by the driver
    ULONG interrupts = 1;
    WDFINTERRUPT interrupt[2] = {};
    WDFWAITLOCK wait_lock = nullptr;
    NTSTATUS create_status = STATUS_PENDING;
    KIRQL irql = 255;
    ULONG processor = 99;
    bool inside = false;
};
Plan plan;

NTSTATUS enable(WDFINTERRUPT, WDFDEVICE) {
    GX_NOTE("enable");
    plan.irql = KeGetCurrentIrql();
    return STATUS_SUCCESS;
}
NTSTATUS disable(WDFINTERRUPT, WDFDEVICE) {
    GX_NOTE("disable");
    plan.irql = KeGetCurrentIrql();
    return STATUS_SUCCESS;
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ExecutionLevel = plan.level;
    attributes.SynchronizationScope = plan.scope;
    WDFDEVICE device;
    const NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    if (plan.own_wait_lock) {
        WDF_OBJECT_ATTRIBUTES below;
        WDF_OBJECT_ATTRIBUTES_INIT(&below);
        below.ParentObject = device;
        EXPECT_EQ(WdfWaitLockCreate(&below, &plan.wait_lock), STATUS_SUCCESS);
        plan.config.WaitLock = plan.wait_lock;
    }
    for (ULONG i = 0; i < plan.interrupts; ++i)
        plan.create_status = WdfInterruptCreate(device, &plan.config, nullptr, &plan.interrupt[i]);
    return STATUS_SUCCESS;
}

class InterruptUseTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
        WDF_INTERRUPT_CONFIG_INIT(
            &plan.config,
            [](WDFINTERRUPT interrupt, ULONG) -> BOOLEAN {
                GX_NOTE("isr");
                plan.processor = KeGetCurrentProcessorNumber();
                if (plan.config.EvtInterruptDpc != nullptr) WdfInterruptQueueDpcForIsr(interrupt);
                if (plan.config.EvtInterruptWorkItem != nullptr)
                    WdfInterruptQueueWorkItemForIsr(interrupt);
                return TRUE;
            },
            nullptr);
    }
    NTSTATUS created() {
        run_as_thread([this] { load(device_add); });
        return plan.create_status;
    }
    void started(std::function<void(machine::InterruptLine*)> body) {
        run_as_thread([this, body] {
            machine::InterruptLine* lines = nullptr;
            for (ULONG i = 0; i < plan.interrupts; ++i) {
                machine::InterruptLine& line = add_interrupt_resource(gsi + i);
                if (i == 0) lines = &line;
            }
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            body(lines);
        });
    }
};

TEST_F(InterruptUseTest, a_driver_disables_and_enables_through_its_callbacks_under_the_lock) {
    plan.config.EvtInterruptEnable = enable;
    plan.config.EvtInterruptDisable = disable;
    started([this](machine::InterruptLine* line) {
        WdfInterruptDisable(plan.interrupt[0]);
        EXPECT_EQ(plan.irql, line->level);
        plan.irql = 255;
        WdfInterruptEnable(plan.interrupt[0]);
        EXPECT_EQ(plan.irql, line->level);
        EXPECT_EQ(trace.text(), "enable disable enable");
        EXPECT_TRUE(line->enabled) << "the line stays connected all the time";
    });
}

TEST_F(InterruptUseTest, enabling_what_is_not_connected_is_a_finding) {
    plan.config.EvtInterruptEnable = enable;
    run_as_thread([this] {
        load(device_add);
        WdfInterruptEnable(plan.interrupt[0]);
        EXPECT_FALSE(trace.has("enable"));
    });
    EXPECT_TRUE(found("lock-203"));
}

TEST_F(InterruptUseTest, W12_a_wait_lock_needs_passive_handling) {
    plan.own_wait_lock = true;
    EXPECT_EQ(created(), STATUS_INVALID_PARAMETER);
}

TEST_F(InterruptUseTest, W32_one_wait_lock_serves_several_passive_interrupts) {
    plan.config.PassiveHandling = TRUE;
    plan.own_wait_lock = true;
    plan.interrupts = 2;
    started([this](machine::InterruptLine* line) {
        WdfWaitLockAcquire(plan.wait_lock, nullptr);
        machine::InterruptLine& second = kernel::io::primary_line(gsi + 1).line;
        pulse(*line);
        pulse(second);
        sleep_us(2'000);
        EXPECT_FALSE(trace.has("isr"));
        WdfWaitLockRelease(plan.wait_lock);
        sleep_us(2'000);
        EXPECT_EQ(trace.number_of("isr"), 2u);
        WdfInterruptAcquireLock(plan.interrupt[0]);
        WdfInterruptReleaseLock(plan.interrupt[1]);  // the same lock
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(InterruptUseTest, W13_a_parent_at_dispatch_level_serializes_no_work_item) {
    plan.config.AutomaticSerialization = TRUE;
    plan.config.EvtInterruptWorkItem = [](WDFINTERRUPT, WDFOBJECT) {};
    plan.level = WdfExecutionLevelDispatch;
    EXPECT_EQ(created(), STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
}

TEST_F(InterruptUseTest,
       W13_a_serialized_DPC_waits_for_the_lock_of_its_device_and_the_ISR_does_not) {
    plan.config.AutomaticSerialization = TRUE;
    plan.config.EvtInterruptDpc = [](WDFINTERRUPT, WDFOBJECT) { GX_NOTE("dpc"); };
    plan.scope = WdfSynchronizationScopeDevice;
    started([this](machine::InterruptLine* line) {
        WdfObjectAcquireLock(device);
        machine::Machine::current().assert_line(*line);
        machine::Machine::current().deassert_line(*line);
        KeStallExecutionProcessor(100);
        EXPECT_TRUE(trace.has("isr"));
        EXPECT_FALSE(trace.has("dpc"));
        WdfObjectReleaseLock(device);
        sleep_us(100);
        EXPECT_EQ(trace.text(), "isr dpc");
    });
}

TEST_F(InterruptUseTest, W13_a_serialized_work_item_waits_for_the_lock_of_its_device) {
    plan.config.AutomaticSerialization = TRUE;
    plan.config.EvtInterruptWorkItem = [](WDFINTERRUPT, WDFOBJECT) { GX_NOTE("work"); };
    plan.scope = WdfSynchronizationScopeDevice;
    plan.level = WdfExecutionLevelPassive;
    started([this](machine::InterruptLine* line) {
        WdfObjectAcquireLock(device);
        pulse(*line);
        sleep_us(2'000);
        EXPECT_EQ(trace.text(), "isr");
        WdfObjectReleaseLock(device);
        sleep_us(2'000);
        EXPECT_EQ(trace.text(), "isr work");
    });
}

TEST_F(InterruptUseTest, W34_a_thread_that_cannot_have_the_passive_lock_is_told_at_once) {
    plan.config.PassiveHandling = TRUE;
    plan.config.EvtInterruptIsr = [](WDFINTERRUPT, ULONG) -> BOOLEAN {
        plan.inside = true;
        sleep_us(2'000);
        plan.inside = false;
        return TRUE;
    };
    started([this](machine::InterruptLine* line) {
        pulse(*line);
        sleep_us(500);
        ASSERT_TRUE(plan.inside);
        EXPECT_FALSE(WdfInterruptTryToAcquireLock(plan.interrupt[0]));
        EXPECT_TRUE(plan.inside);
        sleep_us(3'000);
        ASSERT_TRUE(WdfInterruptTryToAcquireLock(plan.interrupt[0]));
        WdfInterruptReleaseLock(plan.interrupt[0]);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(InterruptUseTest, an_interrupt_of_specified_processors_comes_to_one_of_them) {
    for (ULONG processor = 0; processor < 2; ++processor) {
        start(2, 1);
        SetUp();
        run_as_thread([&] {
            machine::InterruptLine& line = add_interrupt_resource(gsi);
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            WdfInterruptSetPolicy(plan.interrupt[0], WdfIrqPolicySpecifiedProcessors,
                                  WdfIrqPriorityNormal, KAFFINITY{1} << processor);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            pulse(line);
        });
        EXPECT_EQ(plan.processor, processor);
    }
}

TEST_F(InterruptUseTest, W35_the_information_of_a_passive_interrupt) {
    plan.config.PassiveHandling = TRUE;
    started([](machine::InterruptLine*) {
        WDF_INTERRUPT_INFO info;
        WDF_INTERRUPT_INFO_INIT(&info);
        WdfInterruptGetInfo(plan.interrupt[0], &info);
        EXPECT_EQ(info.Irql, PASSIVE_LEVEL);
        EXPECT_EQ(info.Vector, gsi);
        EXPECT_EQ(info.Mode, Latched);
        EXPECT_EQ(info.ShareDisposition, CmResourceShareShared);
        EXPECT_FALSE(info.MessageSignaled);
    });
}

}  // namespace
}  // namespace gpioclx::framework
