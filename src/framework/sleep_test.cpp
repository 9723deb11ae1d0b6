// A device that may wake its sleeping system (WdfDeviceAssignSxWakeSettings).
#include <algorithm>

#include "framework/framework_fixture.h"
#include "kernel/io/device_object.h"
#include "kernel/io/irp.h"

namespace gpioclx::framework {
namespace {

struct Plan {
    bool wake_settings = true;
    bool with_reason = false;
    NTSTATUS arm = STATUS_SUCCESS;
    BOOLEAN device_enabled = FALSE, children_armed = TRUE;  // as told
};
Plan plan;

NTSTATUS arm(WDFDEVICE) {
    GX_NOTE("Arm");
    return plan.arm;
}
NTSTATUS arm_with_reason(WDFDEVICE, BOOLEAN device_enabled, BOOLEAN children_armed) {
    GX_NOTE("ArmWithReason");
    plan.device_enabled = device_enabled;
    plan.children_armed = children_armed;
    return plan.arm;
}

NTSTATUS prepare_hardware(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    WDF_INTERRUPT_CONFIG config;
    WDF_INTERRUPT_CONFIG_INIT(
        &config, [](WDFINTERRUPT, ULONG) -> BOOLEAN { return TRUE; }, nullptr);
    config.InterruptRaw = WdfCmResourceListGetDescriptor(raw, 0);
    config.InterruptTranslated = WdfCmResourceListGetDescriptor(translated, 0);
    config.PassiveHandling = TRUE;
    config.CanWakeDevice = TRUE;
    config.EvtInterruptEnable = succeeds<"InterruptEnable">;
    config.EvtInterruptDisable = succeeds<"InterruptDisable">;
    WDFINTERRUPT interrupt;
    return WdfInterruptCreate(device, &config, nullptr, &interrupt);
}

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_PNPPOWER_EVENT_CALLBACKS pnp;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
    pnp.EvtDevicePrepareHardware = prepare_hardware;
    pnp.EvtDeviceD0Entry = succeeds<"D0Entry">;
    pnp.EvtDeviceD0Exit = succeeds<"D0Exit">;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &pnp);
    WDF_POWER_POLICY_EVENT_CALLBACKS policy;
    WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&policy);
    if (plan.with_reason) {
        policy.EvtDeviceArmWakeFromSxWithReason = arm_with_reason;
    } else {
        policy.EvtDeviceArmWakeFromSx = arm;
    }
    policy.EvtDeviceDisarmWakeFromSx = is_called<"Disarm">;
    policy.EvtDeviceWakeFromSxTriggered = is_called<"Triggered">;
    WdfDeviceInitSetPowerPolicyEventCallbacks(init, &policy);
    WDFDEVICE device;
    const NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
    if (!NT_SUCCESS(status) || !plan.wake_settings) return status;
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS settings;
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&settings);
    return WdfDeviceAssignSxWakeSettings(device, &settings);
}

class SleepTest : public FrameworkTest {
  protected:
    void SetUp() override {
        FrameworkTest::SetUp();
        plan = {};
    }
    void send(SYSTEM_POWER_STATE state) {
        PDEVICE_OBJECT top = kernel::io::top_of_stack(pdo);
        PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
        irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
        PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
        stack->MajorFunction = IRP_MJ_POWER;
        stack->MinorFunction = IRP_MN_SET_POWER;
        stack->Parameters.Power.Type = SystemPowerState;
        stack->Parameters.Power.State.SystemState = state;
        stack->Parameters.Power.ShutdownType = PowerActionSleep;
        kernel::io::call_and_wait(top, irp);
        IoFreeIrp(irp);
    }
    // What the callbacks say from falling asleep to being awake again.
    std::string sleep_and_wake() {
        std::string text;
        run_as_thread([&] {
            add_interrupt_resource(gsi);
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            trace = {};
            send(PowerSystemSleeping3);
            trace.add("|");
            send(PowerSystemWorking);
            machine::OutsideArenaScope outside;
            text = trace.text();
        });
        return text;
    }
};

TEST_F(SleepTest, W16_an_armed_device_keeps_its_wake_interrupt_over_the_sleep) {
    EXPECT_EQ(sleep_and_wake(), "Arm D0Exit | D0Entry Disarm");
    EXPECT_TRUE(findings().empty());
}

TEST_F(SleepTest, W16_without_wake_settings_the_interrupt_goes_with_the_device) {
    plan.wake_settings = false;
    EXPECT_EQ(sleep_and_wake(), "InterruptDisable D0Exit | D0Entry InterruptEnable");
}

TEST_F(SleepTest, W16_a_device_that_cannot_be_armed_is_disarmed_and_sleeps) {
    plan.arm = STATUS_UNSUCCESSFUL;
    EXPECT_EQ(sleep_and_wake(), "Arm Disarm InterruptDisable D0Exit | D0Entry InterruptEnable");
}

TEST_F(SleepTest, W16_the_reason_is_the_device_itself) {
    plan.with_reason = true;
    EXPECT_EQ(sleep_and_wake(), "ArmWithReason D0Exit | D0Entry Disarm");
    EXPECT_TRUE(plan.device_enabled);
    EXPECT_FALSE(plan.children_armed);
}

}  // namespace
}  // namespace gpioclx::framework
