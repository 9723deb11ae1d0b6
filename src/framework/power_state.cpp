#include "framework/power_state.h"

#include "framework/callback.h"
#include "framework/child_list.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/interrupt.h"
#include "framework/power_policy.h"
#include "framework/queue.h"
#include "kernel/io/irp.h"

namespace gpioclx::framework {
namespace {

using StateCallback = NTSTATUS(NTAPI*)(WDFDEVICE, WDF_POWER_DEVICE_STATE);

NTSTATUS call(Device& device, Callback name, StateCallback callback, WDF_POWER_DEVICE_STATE state) {
    if (callback == nullptr) return STATUS_SUCCESS;
    NTSTATUS status;
    {
        CallbackScope scope(name, device);
        const auto make = [&] { return callback(device.device_handle(), state); };
        const bool may_fail =
            name == Callback::d0_entry || name == Callback::d0_entry_post_interrupts_enabled;
        status = may_fail ? scope.call(make) : scope.returned(make());
    }
    return NT_SUCCESS(status) ? status : device.failed_in(callback_text(name), status);
}

NTSTATUS d0_entry(Device& device, WDF_POWER_DEVICE_STATE previous) {
    NTSTATUS status = STATUS_SUCCESS;
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr && NT_SUCCESS(status);
         e = e->next) {
        status = call(device, Callback::pre_d0_entry, e->pnp.EvtCxDevicePreD0Entry, previous);
    }
    if (NT_SUCCESS(status))
        status = call(device, Callback::d0_entry, device.settings.pnp.EvtDeviceD0Entry, previous);
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr && NT_SUCCESS(status);
         e = e->next) {
        status = call(device, Callback::post_d0_entry, e->pnp.EvtCxDevicePostD0Entry, previous);
    }
    return status;
}

NTSTATUS first_failure(NTSTATUS before, NTSTATUS now) { return NT_SUCCESS(before) ? now : before; }

NTSTATUS d0_exit(Device& device, WDF_POWER_DEVICE_STATE target) {
    NTSTATUS status = STATUS_SUCCESS;
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        status = first_failure(
            status, call(device, Callback::post_d0_exit, e->pnp.EvtCxDevicePostD0Exit, target));
    }
    status = first_failure(
        status, call(device, Callback::d0_exit, device.settings.pnp.EvtDeviceD0Exit, target));
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        status = first_failure(
            status, call(device, Callback::pre_d0_exit, e->pnp.EvtCxDevicePreD0Exit, target));
    }
    return status;
}

NTSTATUS interrupts_up(Device& device) {
    for (Interrupt* i = device.first_interrupt; i != nullptr; i = i->next_of_device()) {
        const NTSTATUS status = i->power_up();
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

// In reverse order of creation.
NTSTATUS interrupts_down(Device& device, bool final) {
    NTSTATUS status = STATUS_SUCCESS;
    for (Interrupt* end = nullptr; end != device.first_interrupt;) {
        Interrupt* last = device.first_interrupt;
        while (last->next_of_device() != end) last = last->next_of_device();
        const NTSTATUS one = last->power_down(final);
        if (!NT_SUCCESS(one))
            status = first_failure(
                status, device.failed_in(callback_text(Callback::interrupt_disable), one));
        end = last;
    }
    return status;
}

// The bus switches the device's power: before D0Entry, and after D0Exit. A filter leaves that to
// the policy owner.
void set_device_power(Device& device, DEVICE_POWER_STATE state) {
    if (!device.settings.owns_power_policy || device.lower() == nullptr) return;
    PIRP irp = IoAllocateIrp(device.lower()->StackSize, FALSE);
    if (irp == nullptr) return;
    irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_POWER;
    stack->MinorFunction = IRP_MN_SET_POWER;
    stack->Parameters.Power.Type = DevicePowerState;
    stack->Parameters.Power.State.DeviceState = state;
    kernel::io::call_and_wait(device.lower(), irp);
    IoFreeIrp(irp);
}

DEVICE_POWER_STATE bus_state(WDF_POWER_DEVICE_STATE state) {
    switch (state) {
        case WdfPowerDeviceD1: return PowerDeviceD1;
        case WdfPowerDeviceD2: return PowerDeviceD2;
        default: return PowerDeviceD3;
    }
}

NTSTATUS self_managed_up(Device& device) {
    const WDF_PNPPOWER_EVENT_CALLBACKS& pnp = device.settings.pnp;
    const bool restart = device.self_managed_started;
    const auto callback =
        restart ? pnp.EvtDeviceSelfManagedIoRestart : pnp.EvtDeviceSelfManagedIoInit;
    device.self_managed_started = true;
    device.self_managed_used = true;
    device.self_managed_suspended = false;
    if (callback == nullptr) return STATUS_SUCCESS;
    const Callback name =
        restart ? Callback::self_managed_io_restart : Callback::self_managed_io_init;
    NTSTATUS status;
    {
        CallbackScope scope(name, device);
        status = scope.call([&] { return callback(device.device_handle()); });
    }
    return NT_SUCCESS(status) ? status : device.failed_in(callback_text(name), status);
}

NTSTATUS self_managed_down(Device& device) {
    if (!device.self_managed_started || device.self_managed_suspended) return STATUS_SUCCESS;
    device.self_managed_suspended = true;
    if (device.settings.pnp.EvtDeviceSelfManagedIoSuspend == nullptr) return STATUS_SUCCESS;
    NTSTATUS status;
    {
        CallbackScope scope(Callback::self_managed_io_suspend, device);
        status = scope.returned(
            device.settings.pnp.EvtDeviceSelfManagedIoSuspend(device.device_handle()));
    }
    return NT_SUCCESS(status)
               ? status
               : device.failed_in(callback_text(Callback::self_managed_io_suspend), status);
}

void queues_up(Device& device) {
    for (Queue* queue = device.first_queue; queue != nullptr; queue = queue->next_of_device()) {
        if (queue->power_managed()) queue->power_start();
    }
}

void queues_down(Device& device, bool purge) {
    for (Queue* queue = device.first_queue; queue != nullptr; queue = queue->next_of_device()) {
        if (queue->power_managed()) queue->power_stop(purge);
    }
}

}  // namespace

NTSTATUS power_up(Device& device, WDF_POWER_DEVICE_STATE previous) {
    device.set_power_state(WdfDevStatePowerWaking);
    set_device_power(device, PowerDeviceD0);
    NTSTATUS status = d0_entry(device, previous);
    if (!NT_SUCCESS(status)) {
        // D0Exit is not called after a failed D0Entry, by documentation.
        set_device_power(device, PowerDeviceD3);
        device.set_power_state(WdfDevStatePowerUpFailed);
        return status;
    }
    status = interrupts_up(device);
    if (NT_SUCCESS(status)) {
        status = call(device, Callback::d0_entry_post_interrupts_enabled,
                      device.settings.pnp.EvtDeviceD0EntryPostInterruptsEnabled, previous);
    }
    if (!NT_SUCCESS(status)) {
        interrupts_down(device, true);
        d0_exit(device, WdfPowerDeviceD3Final);
        set_device_power(device, PowerDeviceD3);
        device.set_power_state(WdfDevStatePowerUpFailed);
        return status;
    }
    device.power = PowerPhase::d0;
    device.power_detail = WdfPowerDeviceD0;
    device.set_power_state(WdfDevStatePowerD0);
    if (device.default_child_list != nullptr) device.default_child_list->scan();
    queues_up(device);
    status = self_managed_up(device);
    if (!NT_SUCCESS(status)) {
        device.self_managed_suspended = true;  // nothing was started that Suspend could undo
        power_down(device, WdfPowerDeviceD3Final);
        device.set_power_state(WdfDevStatePowerUpFailed);
        return status;
    }
    device.emit_state("D0", STATUS_SUCCESS);
    return STATUS_SUCCESS;
}

NTSTATUS power_down(Device& device, WDF_POWER_DEVICE_STATE target) {
    const bool final = target == WdfPowerDeviceD3Final;
    NTSTATUS status = self_managed_down(device);
    queues_down(device, final);
    device.set_power_state(WdfDevStatePowerGotoDx);
    status = first_failure(status,
                           call(device, Callback::d0_exit_pre_interrupts_disabled,
                                device.settings.pnp.EvtDeviceD0ExitPreInterruptsDisabled, target));
    status = first_failure(status, interrupts_down(device, final));
    status = first_failure(status, d0_exit(device, target));
    set_device_power(device, bus_state(target));
    device.power = final ? PowerPhase::off : PowerPhase::low_power;
    device.power_detail = target;
    device.set_power_state(final ? WdfDevStatePowerStopped : WdfDevStatePowerDx);
    device.emit_state(final                        ? "off"
                      : target == WdfPowerDeviceD1 ? "D1"
                      : target == WdfPowerDeviceD2 ? "D2"
                                                   : "D3",
                      status);
    return status;
}

// System and device power requests of the power manager. The policy owner follows the system.
NTSTATUS dispatch_power(Device& device, PIRP irp) {
    const IO_STACK_LOCATION& stack = *IoGetCurrentIrpStackLocation(irp);
    if (stack.MinorFunction == IRP_MN_SET_POWER &&
        stack.Parameters.Power.Type == SystemPowerState && device.policy != nullptr &&
        device.phase == PnpPhase::started) {
        device.system_power_action = stack.Parameters.Power.ShutdownType;
        device.policy->system_power(stack.Parameters.Power.State.SystemState);
    }
    if (device.lower() == nullptr) {
        if (stack.MinorFunction == IRP_MN_SET_POWER || stack.MinorFunction == IRP_MN_QUERY_POWER) {
            return complete_irp(irp, STATUS_SUCCESS);
        }
        return complete_irp(irp, irp->IoStatus.Status);
    }
    if (stack.MinorFunction == IRP_MN_SET_POWER || stack.MinorFunction == IRP_MN_QUERY_POWER) {
        irp->IoStatus.Status = STATUS_SUCCESS;
    }
    IoSkipCurrentIrpStackLocation(irp);
    return PoCallDriver(device.lower(), irp);
}

}  // namespace gpioclx::framework
