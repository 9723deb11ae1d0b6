#include "framework/dispatch.h"

#include "ext/gx_export.h"

#include "framework/callback.h"
#include "framework/device.h"
#include "framework/file_object.h"
#include "framework/io_target.h"
#include "framework/pnp_state.h"
#include "framework/power_state.h"
#include "framework/queue.h"
#include "framework/request.h"
#include "framework/user_mode.h"

namespace gpioclx::framework {
namespace {

NTSTATUS resume_waiter(PDEVICE_OBJECT, PIRP irp, PVOID event) {
    if (irp->PendingReturned) KeSetEvent(static_cast<PKEVENT>(event), IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

PFN_WDF_IO_IN_CALLER_CONTEXT caller_context_of(const Device& device) {
    for (const ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        if (e->in_caller_context != nullptr) return e->in_caller_context;
    }
    return device.settings.in_caller_context;
}

NTSTATUS dispatch_io(Device& device, PIRP irp) {
    const UCHAR major = IoGetCurrentIrpStackLocation(irp)->MajorFunction;
    const PFN_WDF_IO_IN_CALLER_CONTEXT in_caller_context = caller_context_of(device);
    // Without anybody to look at it the IRP needs no request object.
    if (device.queue_for(major) == nullptr && in_caller_context == nullptr) {
        return device.is_filter() && device.lower() != nullptr
                   ? pass_down(device, irp)
                   : complete_irp(irp, STATUS_INVALID_DEVICE_REQUEST);
    }
    Request* request = Request::receive(device, irp);
    if (request == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    IoMarkIrpPending(irp);
    if (in_caller_context != nullptr) {
        CallbackScope scope(Callback::io_in_caller_context, device);
        in_caller_context(device.device_handle(), request->request_handle());
    } else {
        device.enqueue(*request);
    }
    return STATUS_PENDING;
}

}  // namespace

NTSTATUS complete_irp(PIRP irp, NTSTATUS status, ULONG_PTR information, CCHAR boost) {
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, boost);
    return status;
}

NTSTATUS pass_down(Device& device, PIRP irp) {
    if (device.lower() == nullptr)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    IoSkipCurrentIrpStackLocation(irp);
    return IoCallDriver(device.lower(), irp);
}

NTSTATUS send_down_and_wait(DEVICE_OBJECT* lower, PIRP irp) {
    KEVENT event;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, &resume_waiter, &event, TRUE, TRUE, TRUE);
    if (IoCallDriver(lower, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, nullptr);
    }
    return irp->IoStatus.Status;
}

NTSTATUS dispatch_by_major(Device& device, PIRP irp) {
    const IO_STACK_LOCATION& stack = *IoGetCurrentIrpStackLocation(irp);
    if (device.dispatch_callback[stack.MajorFunction] != nullptr) {
        const ULONG code = stack.MajorFunction == IRP_MJ_DEVICE_CONTROL ||
                                   stack.MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL
                               ? stack.Parameters.DeviceIoControl.IoControlCode
                               : 0;
        return device.dispatch_callback[stack.MajorFunction](
            device.device_handle(), stack.MajorFunction, stack.MinorFunction, code,
            device.dispatch_context[stack.MajorFunction], irp, nullptr);
    }
    switch (stack.MajorFunction) {
        case IRP_MJ_PNP: return dispatch_pnp(device, irp);
        case IRP_MJ_POWER: return dispatch_power(device, irp);
        case IRP_MJ_CREATE: return dispatch_create(device, irp);
        case IRP_MJ_CLEANUP: return dispatch_cleanup(device, irp);
        case IRP_MJ_CLOSE: return dispatch_close(device, irp);
        case IRP_MJ_READ:
        case IRP_MJ_WRITE:
        case IRP_MJ_DEVICE_CONTROL:
        case IRP_MJ_INTERNAL_DEVICE_CONTROL: return dispatch_io(device, irp);
        case IRP_MJ_SHUTDOWN:
            if (device.settings.shutdown != nullptr)
                device.settings.shutdown(device.device_handle());
            return complete_irp(irp, STATUS_SUCCESS);
        case IRP_MJ_SYSTEM_CONTROL:
            if (device.lower() != nullptr) return pass_down(device, irp);
            return complete_irp(irp, STATUS_NOT_SUPPORTED);
        default:
            // What the framework does not handle is for the device below, if the driver only
            // filters.
            if (device.is_filter() && device.lower() != nullptr) return pass_down(device, irp);
            return complete_irp(irp, STATUS_INVALID_DEVICE_REQUEST);
    }
}

NTSTATUS dispatch_irp(PDEVICE_OBJECT wdm, PIRP irp) {
    Device* device = Device::of(wdm);
    if (device == nullptr) return complete_irp(irp, STATUS_NO_SUCH_DEVICE);
    const NTSTATUS allowed = check_requestor(*device, irp);
    if (!NT_SUCCESS(allowed)) return complete_irp(irp, allowed);
    const IO_STACK_LOCATION& stack = *IoGetCurrentIrpStackLocation(irp);
    for (ExtensionSettings* e = device->settings.extensions; e != nullptr; e = e->next) {
        if (const auto callback = e->preprocess.find(stack.MajorFunction, stack.MinorFunction)) {
            CallbackScope scope(Callback::irp_preprocess, *device);
            return scope.returned(callback(device->device_handle(), irp));
        }
    }
    if (const auto callback =
            device->settings.preprocess.find(stack.MajorFunction, stack.MinorFunction)) {
        CallbackScope scope(Callback::irp_preprocess, *device);
        return scope.returned(callback(device->device_handle(), irp));
    }
    return dispatch_by_major(*device, irp);
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

// The driver skipped or set up the next stack location before, as documented; that is this device's
// own location again.
NTSTATUS WdfDeviceWdmDispatchPreprocessedIrp(WDFDEVICE Device, PIRP Irp) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceWdmDispatchPreprocessedIrp");
    require(Irp, "WdfDeviceWdmDispatchPreprocessedIrp", "Irp");
    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->DeviceObject = device.wdm();
    return dispatch_by_major(device, Irp);
}
GX_EXPORT_FUNCTION(WdfDeviceWdmDispatchPreprocessedIrp);

NTSTATUS WdfDeviceWdmDispatchIrp(WDFDEVICE Device, PIRP Irp, WDFCONTEXT DispatchContext) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceWdmDispatchIrp");
    require(Irp, "WdfDeviceWdmDispatchIrp", "Irp");
    UNREFERENCED_PARAMETER(DispatchContext);
    return dispatch_io(device, Irp);
}
GX_EXPORT_FUNCTION(WdfDeviceWdmDispatchIrp);

NTSTATUS WdfDeviceWdmDispatchIrpToIoQueue(WDFDEVICE Device, PIRP Irp, WDFQUEUE Queue, ULONG Flags) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceWdmDispatchIrpToIoQueue");
    auto& queue = from_handle<gpioclx::framework::Queue>(Queue, "WdfDeviceWdmDispatchIrpToIoQueue");
    require(Irp, "WdfDeviceWdmDispatchIrpToIoQueue", "Irp");
    if ((Flags & WDF_DISPATCH_IRP_TO_IO_QUEUE_PREPROCESSED_IRP) != 0)
        IoSetNextIrpStackLocation(Irp);
    auto* request = gpioclx::framework::Request::receive(device, Irp);
    if (request == nullptr) return complete_irp(Irp, STATUS_INSUFFICIENT_RESOURCES);
    IoMarkIrpPending(Irp);
    if ((Flags & WDF_DISPATCH_IRP_TO_IO_QUEUE_INVOKE_INCALLERCTX_CALLBACK) != 0 &&
        caller_context_of(device) != nullptr) {
        CallbackScope scope(Callback::io_in_caller_context, device);
        caller_context_of(device)(device.device_handle(), request->request_handle());
    } else {
        queue.insert_new(*request);
    }
    return STATUS_PENDING;
}
GX_EXPORT_FUNCTION(WdfDeviceWdmDispatchIrpToIoQueue);

NTSTATUS WdfDeviceConfigureWdmIrpDispatchCallback(
    WDFDEVICE Device, WDFDRIVER Driver, UCHAR MajorFunction,
    PFN_WDFDEVICE_WDM_IRP_DISPATCH EvtDeviceWdmIrpDispatch, WDFCONTEXT DriverContext) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceConfigureWdmIrpDispatchCallback");
    UNREFERENCED_PARAMETER(Driver);
    if (EvtDeviceWdmIrpDispatch == nullptr || MajorFunction > IRP_MJ_MAXIMUM_FUNCTION)
        return STATUS_INVALID_PARAMETER;
    device.dispatch_callback[MajorFunction] = EvtDeviceWdmIrpDispatch;
    device.dispatch_context[MajorFunction] = DriverContext;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceConfigureWdmIrpDispatchCallback);
