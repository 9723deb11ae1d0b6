#include "framework/pnp_state.h"

#include "framework/callback.h"
#include "framework/child_list.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/driver.h"
#include "framework/interrupt.h"
#include "framework/power_policy.h"
#include "framework/power_state.h"
#include "framework/queue.h"
#include "framework/resource_list.h"
#include "framework/user_mode.h"

namespace gpioclx::framework {
namespace {

WDFCMRESLIST list_handle(CmResourceList* list) { return static_cast<WDFCMRESLIST>(list->handle()); }

NTSTATUS take_resources(Device& device, PIRP irp) {
    const auto& start = IoGetCurrentIrpStackLocation(irp)->Parameters.StartDevice;
    if (device.raw_resources == nullptr) {
        device.raw_resources = create_object<CmResourceList>(&device, nullptr, device.driver());
        device.translated_resources =
            create_object<CmResourceList>(&device, nullptr, device.driver());
    }
    if (device.raw_resources == nullptr || device.translated_resources == nullptr)
        return STATUS_INSUFFICIENT_RESOURCES;
    NTSTATUS status = device.raw_resources->fill(start.AllocatedResources);
    if (NT_SUCCESS(status))
        status = device.translated_resources->fill(start.AllocatedResourcesTranslated);
    if (NT_SUCCESS(status) &&
        device.raw_resources->count() != device.translated_resources->count()) {
        status = STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    if (!NT_SUCCESS(status)) return status;
    withhold_resources(device);
    assign_interrupts(device);
    return STATUS_SUCCESS;
}

NTSTATUS call_prepare(Device& device, Callback name, PFN_WDF_DEVICE_PREPARE_HARDWARE callback) {
    if (callback == nullptr) return STATUS_SUCCESS;
    NTSTATUS status;
    {
        CallbackScope scope(name, device);
        const auto make = [&] {
            return callback(device.device_handle(), list_handle(device.raw_resources),
                            list_handle(device.translated_resources));
        };
        // The extension prepares the controller in a callback of its own.
        status = name == Callback::prepare_hardware ? scope.call(make) : scope.returned(make());
    }
    return NT_SUCCESS(status) ? status : device.failed_in(callback_text(name), status);
}

// Extensions before and after the driver.
NTSTATUS prepare_hardware(Device& device) {
    device.prepared = true;
    device.in_prepare = true;
    NTSTATUS status = STATUS_SUCCESS;
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr && NT_SUCCESS(status);
         e = e->next) {
        status = call_prepare(device, Callback::pre_prepare_hardware,
                              e->pnp.EvtCxDevicePrePrepareHardware);
    }
    if (NT_SUCCESS(status))
        status = call_prepare(device, Callback::prepare_hardware,
                              device.settings.pnp.EvtDevicePrepareHardware);
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr && NT_SUCCESS(status);
         e = e->next) {
        status = call_prepare(device, Callback::post_prepare_hardware,
                              e->pnp.EvtCxDevicePostPrepareHardware);
    }
    device.in_prepare = false;
    return status;
}

void call_release(Device& device, Callback name, PFN_WDF_DEVICE_RELEASE_HARDWARE callback) {
    if (callback == nullptr) return;
    NTSTATUS status;
    {
        CallbackScope scope(name, device);
        status = scope.returned(
            callback(device.device_handle(), list_handle(device.translated_resources)));
    }
    if (!NT_SUCCESS(status)) device.failed_in(callback_text(name), status);
}

// Interrupts made in PrepareHardware end with the resources they were made for.
void delete_prepared_interrupts(Device& device) {
    for (Interrupt* interrupt = device.first_interrupt; interrupt != nullptr;) {
        Interrupt* next = interrupt->next_of_device();
        if (interrupt->from_prepare()) interrupt->delete_object();
        interrupt = next;
    }
}

void release_hardware(Device& device) {
    if (!device.prepared) return;
    device.prepared = false;
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        call_release(device, Callback::post_release_hardware,
                     e->pnp.EvtCxDevicePostReleaseHardware);
    }
    call_release(device, Callback::release_hardware, device.settings.pnp.EvtDeviceReleaseHardware);
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        call_release(device, Callback::pre_release_hardware, e->pnp.EvtCxDevicePreReleaseHardware);
    }
    delete_prepared_interrupts(device);
    for (Interrupt* i = device.first_interrupt; i != nullptr; i = i->next_of_device()) i->revoke();
}

NTSTATUS start_device(Device& device, PIRP irp) {
    const bool restart = device.phase == PnpPhase::stopped;
    device.phase = PnpPhase::starting;
    device.set_pnp_state(restart ? WdfDevStatePnpRestarting : WdfDevStatePnpInitStarting);
    NTSTATUS status = take_resources(device, irp);
    if (NT_SUCCESS(status)) status = prepare_hardware(device);
    if (NT_SUCCESS(status)) {
        device.set_pnp_state(WdfDevStatePnpHardwareAvailable);
        status = power_up(device, WdfPowerDeviceD3Final);
    }
    if (!NT_SUCCESS(status)) {
        device.set_pnp_state(WdfDevStatePnpFailed);
        device.phase = PnpPhase::failed;
        release_hardware(device);
        return status;
    }
    device.set_pnp_state(WdfDevStatePnpEnableInterfaces);
    device.phase = PnpPhase::started;
    enable_interfaces(device);
    device.set_pnp_state(WdfDevStatePnpStarted);
    device.emit_state("started", STATUS_SUCCESS);
    device.policy->started();
    return STATUS_SUCCESS;
}

// The hardware goes away or changes: out of D0 unless idle has done that (P12), then the resources.
void leave_hardware(Device& device) {
    device.policy->stopping();
    if (device.power == PowerPhase::d0) power_down(device, WdfPowerDeviceD3Final);
    device.power = PowerPhase::off;
    device.power_detail = WdfPowerDeviceD3Final;
    for (Interrupt* i = device.first_interrupt; i != nullptr; i = i->next_of_device())
        i->power_down(true);
    release_hardware(device);
}

void call_simple(Device& device, Callback name, VOID(NTAPI* callback)(WDFDEVICE)) {
    if (callback == nullptr) return;
    CallbackScope scope(name, device);
    callback(device.device_handle());
}

// Once for a device that is gone for good.
void finish_io(Device& device) {
    if (device.queues_purged) return;
    device.queues_purged = true;
    if (device.self_managed_used) {
        call_simple(device, Callback::self_managed_io_flush,
                    device.settings.pnp.EvtDeviceSelfManagedIoFlush);
    }
    for (Queue* queue = device.first_queue; queue != nullptr; queue = queue->next_of_device())
        queue->purge_for_removal();
}

NTSTATUS stop_device(Device& device) {
    PowerLock lock(*device.policy);
    device.set_pnp_state(WdfDevStatePnpStartedStopping);
    leave_hardware(device);
    device.phase = PnpPhase::stopped;
    device.set_pnp_state(WdfDevStatePnpStopped);
    device.emit_state("stopped", STATUS_SUCCESS);
    return STATUS_SUCCESS;
}

void surprise_removal(Device& device) {
    device.set_pnp_state(WdfDevStatePnpSurpriseRemove);
    call_simple(device, Callback::surprise_removal, device.settings.pnp.EvtDeviceSurpriseRemoval);
    PowerLock lock(*device.policy);
    disable_interfaces(device);
    leave_hardware(device);
    finish_io(device);
    device.phase = PnpPhase::surprise_removed;
    device.emit_state("surprise removed", STATUS_SUCCESS);
}

void remove_from_hardware(Device& device) {
    PowerLock lock(*device.policy);
    device.set_pnp_state(WdfDevStatePnpRemovingDisableInterfaces);
    disable_interfaces(device);
    leave_hardware(device);
    finish_io(device);
    if (device.self_managed_used) {
        call_simple(device, Callback::self_managed_io_cleanup,
                    device.settings.pnp.EvtDeviceSelfManagedIoCleanup);
    }
    device.phase = PnpPhase::removed;
    device.set_pnp_state(WdfDevStatePnpRemoved);
    device.emit_state("removed", STATUS_SUCCESS);
}

NTSTATUS remove_device(Device& device, PIRP irp) {
    if (device.phase != PnpPhase::removed) remove_from_hardware(device);
    irp->IoStatus.Status = STATUS_SUCCESS;
    if (device.is_physical()) {
        const bool reported =
            device.child_list != nullptr && device.child_list->still_present(device);
        complete_irp(irp, STATUS_SUCCESS);
        // A child that its parent still reports stays, ready for another start.
        if (reported) {
            device.phase = PnpPhase::added;
            device.queues_purged = false;
            return STATUS_SUCCESS;
        }
        if (device.child_list != nullptr) device.child_list->device_gone(device);
        device.destroy();
        return STATUS_SUCCESS;
    }
    for (ChildList* list : {device.default_child_list, device.static_children}) {
        if (list != nullptr) list->destroy_devices();
    }
    const NTSTATUS status = pass_down(device, irp);
    device.destroy();
    return status;
}

NTSTATUS query(Device& device, Callback name, NTSTATUS(NTAPI* callback)(WDFDEVICE)) {
    if (!device.static_stop_remove) return STATUS_INVALID_DEVICE_REQUEST;
    if (callback == nullptr) return STATUS_SUCCESS;
    NTSTATUS status;
    {
        CallbackScope scope(name, device);
        status = scope.returned(callback(device.device_handle()));
    }
    if (!NT_SUCCESS(status)) device.emit_state(callback_text(name), status);
    return status;
}

// Complete here with `status`, or hand a success on to the device below.
NTSTATUS conclude(Device& device, PIRP irp, NTSTATUS status) {
    if (!NT_SUCCESS(status) || device.lower() == nullptr)
        return complete_irp(irp, status, irp->IoStatus.Information);
    irp->IoStatus.Status = STATUS_SUCCESS;
    return pass_down(device, irp);
}

NTSTATUS start_irp(Device& device, PIRP irp) {
    NTSTATUS status = STATUS_SUCCESS;
    // The device below first: its driver has to be there.
    if (device.lower() != nullptr) status = send_down_and_wait(device.lower(), irp);
    if (NT_SUCCESS(status)) {
        PowerLock lock(*device.policy);
        status = start_device(device, irp);
    }
    return complete_irp(irp, status);
}

NTSTATUS cancel_query(Device& device, PIRP irp) {
    if (device.lower() != nullptr) send_down_and_wait(device.lower(), irp);
    if (device.phase == PnpPhase::started) device.set_pnp_state(WdfDevStatePnpStarted);
    return complete_irp(irp, STATUS_SUCCESS);
}

}  // namespace

NTSTATUS dispatch_pnp(Device& device, PIRP irp) {
    NTSTATUS status;
    switch (IoGetCurrentIrpStackLocation(irp)->MinorFunction) {
        case IRP_MN_START_DEVICE: return start_irp(device, irp);
        case IRP_MN_STOP_DEVICE: return conclude(device, irp, stop_device(device));
        case IRP_MN_REMOVE_DEVICE: return remove_device(device, irp);
        case IRP_MN_SURPRISE_REMOVAL:
            surprise_removal(device);
            return conclude(device, irp, STATUS_SUCCESS);
        case IRP_MN_QUERY_REMOVE_DEVICE:
            status =
                query(device, Callback::query_remove, device.settings.pnp.EvtDeviceQueryRemove);
            if (NT_SUCCESS(status)) device.set_pnp_state(WdfDevStatePnpQueryRemovePending);
            return conclude(device, irp, status);
        case IRP_MN_QUERY_STOP_DEVICE:
            status = query(device, Callback::query_stop, device.settings.pnp.EvtDeviceQueryStop);
            if (NT_SUCCESS(status)) device.set_pnp_state(WdfDevStatePnpQueryStopPending);
            return conclude(device, irp, status);
        case IRP_MN_CANCEL_REMOVE_DEVICE:
        case IRP_MN_CANCEL_STOP_DEVICE: return cancel_query(device, irp);
        default: break;
    }
    if (dispatch_pnp_query(device, irp, &status)) return status;
    // Unknown to this driver: the status that came with it stands.
    if (device.lower() == nullptr)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    return pass_down(device, irp);
}

}  // namespace gpioclx::framework
