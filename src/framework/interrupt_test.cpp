// Interrupt objects (rules W10-W20, W32-W34).
#include "framework/interrupt.h"

#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct Plan {
    WDF_INTERRUPT_CONFIG config;
    WDF_OBJECT_ATTRIBUTES device_attributes;
    bool has_device_attributes = false;
    ULONG interrupts = 1;
    bool in_prepare = false;
    bool also_passive = false;
    WDFINTERRUPT interrupt[3] = {};
    NTSTATUS create_status = STATUS_SUCCESS;
    KIRQL isr_irql = 255;
    KIRQL dpc_irql = 255;
    KIRQL work_irql = 255;
    KIRQL enable_irql = 255;
    KIRQL synchronize_irql = 255;
    BOOLEAN queued_first = FALSE;
    BOOLEAN queued_second = TRUE;
    ULONG isr_count = 0;
    WDF_INTERRUPT_INFO info;
};
Plan plan;

BOOLEAN isr(WDFINTERRUPT interrupt, ULONG) {
    GX_NOTE("isr");
    plan.isr_irql = KeGetCurrentIrql();
    ++plan.isr_count;
    if (plan.config.EvtInterruptDpc != nullptr) {
        plan.queued_first = WdfInterruptQueueDpcForIsr(interrupt);
        plan.queued_second = WdfInterruptQueueDpcForIsr(interrupt);
    }
    if (plan.config.EvtInterruptWorkItem != nullptr) {
        plan.queued_first = WdfInterruptQueueWorkItemForIsr(interrupt);
        plan.queued_second = WdfInterruptQueueWorkItemForIsr(interrupt);
    }
    return TRUE;
}
void dpc(WDFINTERRUPT, WDFOBJECT object) {
    GX_NOTE("dpc");
    EXPECT_EQ(object, FrameworkTest::current->device);
    plan.dpc_irql = KeGetCurrentIrql();
}
void work(WDFINTERRUPT, WDFOBJECT) {
    GX_NOTE("work");
    plan.work_irql = KeGetCurrentIrql();
}
NTSTATUS enable(WDFINTERRUPT, WDFDEVICE) {
    plan.enable_irql = KeGetCurrentIrql();
    return STATUS_SUCCESS;
}
BOOLEAN synchronized(WDFINTERRUPT, WDFCONTEXT context) {
    plan.synchronize_irql = KeGetCurrentIrql();
    return context != nullptr;
}

NTSTATUS prepare(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    if (!plan.in_prepare) return STATUS_SUCCESS;
    plan.create_status = WdfInterruptCreate(device, &plan.config, nullptr, &plan.interrupt[0]);
    EXPECT_EQ(plan.create_status, STATUS_INVALID_DEVICE_STATE) << "descriptors are needed here";
    plan.config.InterruptRaw = WdfCmResourceListGetDescriptor(raw, 0);
    plan.config.InterruptTranslated = WdfCmResourceListGetDescriptor(translated, 0);
    plan.create_status = WdfInterruptCreate(device, &plan.config, nullptr, &plan.interrupt[0]);
    if (plan.also_passive) {  // W20: another object on the same line
        WDF_INTERRUPT_CONFIG passive = plan.config;
        passive.PassiveHandling = TRUE;
        passive.EvtInterruptIsr = [](WDFINTERRUPT, ULONG) -> BOOLEAN {
            GX_NOTE("passive-isr");
            EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
            return TRUE;
        };
        EXPECT_EQ(WdfInterruptCreate(device, &passive, nullptr, &plan.interrupt[1]),
                  STATUS_SUCCESS);
    }
    return plan.create_status;
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_PNPPOWER_EVENT_CALLBACKS pnp;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
    pnp.EvtDevicePrepareHardware = prepare;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &pnp);
    WDFDEVICE device;
    NTSTATUS status = WdfDeviceCreate(
        &init, plan.has_device_attributes ? &plan.device_attributes : nullptr, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    for (ULONG i = 0; i < plan.interrupts && !plan.in_prepare; ++i) {
        plan.create_status = WdfInterruptCreate(device, &plan.config, nullptr, &plan.interrupt[i]);
    }
    return STATUS_SUCCESS;
}

class InterruptTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
        WDF_INTERRUPT_CONFIG_INIT(&plan.config, isr, nullptr);
        plan.config.EvtInterruptEnable = enable;
    }
    void started(std::function<void(machine::InterruptLine&)> body) {
        run_as_thread([this, body] {
            machine::InterruptLine& line = add_interrupt_resource(gsi);
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            body(line);
        });
    }
    NTSTATUS created_with() {
        run_as_thread([this] { load(device_add); });
        return plan.create_status;
    }
};

TEST_F(InterruptTest, the_isr_runs_at_DIRQL_and_its_DPC_at_dispatch_level) {
    plan.config.EvtInterruptDpc = dpc;
    started([this](machine::InterruptLine& line) {
        EXPECT_TRUE(line.enabled);
        pulse(line);
        EXPECT_EQ(trace.text(), "isr dpc");
        EXPECT_EQ(plan.isr_irql, line.level);
        EXPECT_EQ(plan.dpc_irql, DISPATCH_LEVEL);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(InterruptTest, F171_a_DPC_is_queued_once_until_it_runs) {
    plan.config.EvtInterruptDpc = dpc;
    started([this](machine::InterruptLine& line) {
        pulse(line);
        EXPECT_TRUE(plan.queued_first);
        EXPECT_FALSE(plan.queued_second);
        EXPECT_EQ(trace.number_of("dpc"), 1u);
    });
}

TEST_F(InterruptTest, F171_a_work_item_is_queued_from_DIRQL_and_runs_once_at_passive_level) {
    plan.config.EvtInterruptWorkItem = work;
    started([this](machine::InterruptLine& line) {
        pulse(line);
        sleep_us(1000);
        EXPECT_TRUE(plan.queued_first);
        EXPECT_FALSE(plan.queued_second);
        EXPECT_EQ(trace.text(), "isr work");
        EXPECT_EQ(plan.work_irql, PASSIVE_LEVEL);
    });
}

TEST_F(InterruptTest, a_work_item_that_runs_has_ended_before_the_device_leaves_D0) {
    plan.config.EvtInterruptWorkItem = [](WDFINTERRUPT, WDFOBJECT) {
        GX_NOTE("work");
        sleep_us(5000);
        GX_NOTE("worked");
    };
    started([this](machine::InterruptLine& line) {
        pulse(line);
        sleep_us(1000);
        EXPECT_TRUE(trace.has("work"));
        EXPECT_FALSE(trace.has("worked"));
        remove_device();
        EXPECT_TRUE(trace.has("worked"));
    });
}

TEST_F(InterruptTest, W10_dpc_and_work_item_exclude_each_other) {
    plan.config.EvtInterruptDpc = dpc;
    plan.config.EvtInterruptWorkItem = work;
    EXPECT_EQ(created_with(), STATUS_INVALID_PARAMETER);
}

TEST_F(InterruptTest, W11_enable_and_synchronize_run_under_the_interrupt_lock) {
    started([](machine::InterruptLine& line) {
        EXPECT_EQ(plan.enable_irql, line.level);
        EXPECT_TRUE(WdfInterruptSynchronize(plan.interrupt[0], synchronized, &plan));
        EXPECT_EQ(plan.synchronize_irql, line.level);
        WdfInterruptAcquireLock(plan.interrupt[0]);
        EXPECT_EQ(KeGetCurrentIrql(), line.level);
        WdfInterruptReleaseLock(plan.interrupt[0]);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(InterruptTest, W11_a_passive_interrupt_is_handled_at_passive_level_under_a_wait_lock) {
    plan.config.PassiveHandling = TRUE;
    started([this](machine::InterruptLine& line) {
        EXPECT_EQ(plan.enable_irql, PASSIVE_LEVEL);
        WdfInterruptAcquireLock(plan.interrupt[0]);
        machine::Machine::current().assert_line(line);
        machine::Machine::current().deassert_line(line);
        sleep_us(2000);
        EXPECT_FALSE(trace.has("isr")) << "the lock keeps the ISR out";
        WdfInterruptReleaseLock(plan.interrupt[0]);
        sleep_us(2000);
        EXPECT_TRUE(trace.has("isr"));
        EXPECT_EQ(plan.isr_irql, PASSIVE_LEVEL);
        EXPECT_TRUE(WdfInterruptTryToAcquireLock(plan.interrupt[0]));
        WdfInterruptReleaseLock(plan.interrupt[0]);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(InterruptTest, W12_a_spin_lock_does_not_go_with_passive_handling) {
    run_as_thread([this] {
        create_driver_object();
        WDF_DRIVER_CONFIG config;
        WDF_DRIVER_CONFIG_INIT(&config, device_add);
        create_driver(&config, nullptr);
        WDFSPINLOCK lock;
        WdfSpinLockCreate(nullptr, &lock);
        plan.config.SpinLock = lock;
        plan.config.PassiveHandling = TRUE;
        create_pdo();
        driver->DriverExtension->AddDevice(driver, pdo);
        EXPECT_EQ(plan.create_status, STATUS_INVALID_PARAMETER);
    });
}

TEST_F(InterruptTest, W13_serialization_needs_a_callback_of_the_parents_level) {
    plan.config.AutomaticSerialization = TRUE;
    plan.config.EvtInterruptDpc = dpc;
    plan.has_device_attributes = true;
    WDF_OBJECT_ATTRIBUTES_INIT(&plan.device_attributes);
    plan.device_attributes.ExecutionLevel = WdfExecutionLevelPassive;
    EXPECT_EQ(created_with(), STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
}

TEST_F(InterruptTest, F168_descriptors_are_refused_in_AddDevice_and_needed_in_PrepareHardware) {
    plan.in_prepare = true;
    started([this](machine::InterruptLine& line) {
        EXPECT_EQ(plan.create_status, STATUS_SUCCESS);
        pulse(line);
        EXPECT_TRUE(trace.has("isr"));
        WDFINTERRUPT late;
        EXPECT_EQ(WdfInterruptCreate(device, &plan.config, nullptr, &late),
                  STATUS_INVALID_DEVICE_STATE);
    });
}

TEST_F(InterruptTest,
       W19_the_second_object_gets_the_second_interrupt_resource_and_a_third_stays_unused) {
    plan.interrupts = 3;
    run_as_thread([this] {
        add_interrupt_resource(gsi);
        add_memory_resource(0x1000, 0x100);
        add_interrupt_resource(gsi + 1);
        ASSERT_EQ(load(device_add), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        WDF_INTERRUPT_INFO info;
        WDF_INTERRUPT_INFO_INIT(&info);
        WdfInterruptGetInfo(plan.interrupt[1], &info);
        EXPECT_EQ(info.Vector, gsi + 1);
        EXPECT_EQ(info.Mode, Latched);
        EXPECT_NE(WdfInterruptWdmGetInterrupt(plan.interrupt[1]), nullptr);
        EXPECT_EQ(WdfInterruptWdmGetInterrupt(plan.interrupt[2]), nullptr);
    });
}

TEST_F(InterruptTest, W20_a_passive_object_shares_the_line_of_one_at_DIRQL) {
    plan.in_prepare = true;
    plan.also_passive = true;
    plan.config.EvtInterruptIsr = [](WDFINTERRUPT, ULONG) -> BOOLEAN {
        GX_NOTE("isr");
        return FALSE;
    };
    started([this](machine::InterruptLine& line) {
        pulse(line);
        sleep_us(2000);
        EXPECT_TRUE(trace.has("isr"));
        EXPECT_TRUE(trace.has("passive-isr"));
    });
}

TEST_F(InterruptTest, W32_a_shared_spin_lock_is_taken_at_the_highest_DIRQL) {
    run_as_thread([this] {
        machine::InterruptLine& low = add_interrupt_resource(gsi);
        machine::InterruptLine& high = add_interrupt_resource(gsi + 1);
        create_driver_object();
        WDF_DRIVER_CONFIG config;
        WDF_DRIVER_CONFIG_INIT(&config, device_add);
        create_driver(&config, nullptr);
        WDFSPINLOCK lock;
        WdfSpinLockCreate(nullptr, &lock);
        plan.config.SpinLock = lock;
        plan.interrupts = 2;
        create_pdo();
        ASSERT_EQ(driver->DriverExtension->AddDevice(driver, pdo), STATUS_SUCCESS);
        ASSERT_EQ(start_device(), STATUS_SUCCESS);
        const KIRQL highest = low.level > high.level ? low.level : high.level;
        for (int i = 0; i < 2; ++i) {
            WdfInterruptAcquireLock(plan.interrupt[i]);
            EXPECT_EQ(KeGetCurrentIrql(), highest);
            WdfInterruptReleaseLock(plan.interrupt[i]);
        }
    });
}

TEST_F(InterruptTest, the_lock_of_an_unconnected_interrupt_is_a_finding) {
    run_as_thread([this] {
        load(device_add);
        WdfInterruptAcquireLock(plan.interrupt[0]);
        WdfInterruptReleaseLock(plan.interrupt[0]);
    });
    EXPECT_TRUE(found("lock-203"));
}

TEST_F(InterruptTest, after_removal_the_line_reaches_nobody) {
    started([this](machine::InterruptLine& line) {
        remove_device();
        pulse(line);
        EXPECT_FALSE(trace.has("isr"));
    });
}

TEST_F(InterruptTest, an_inactive_interrupt_is_not_delivered_until_it_is_active_again) {
    started([this](machine::InterruptLine& line) {
        WdfInterruptReportInactive(plan.interrupt[0]);
        pulse(line);
        EXPECT_FALSE(trace.has("isr"));
        WdfInterruptReportActive(plan.interrupt[0]);
        pulse(line);
        EXPECT_TRUE(trace.has("isr"));
    });
}

}  // namespace
}  // namespace gpioclx::framework
