// Power requests of single devices, and what drivers ask of the power manager besides.
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/irp.h"
#include "kernel/io/pool_tag.h"
#include "kernel/ldr/image_use.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

struct PowerRequest {
    PDEVICE_OBJECT device;
    UCHAR minor;
    POWER_STATE state;
    PREQUEST_POWER_COMPLETE completion;
    PVOID context;
};

constexpr ULONG power_tag = pool_tag("PoIr");

NTSTATUS power_request_done(PDEVICE_OBJECT, PIRP irp, PVOID context) {
    auto request = static_cast<PowerRequest*>(context);
    if (request->completion != nullptr) {
        request->completion(request->device, request->minor, request->state, request->context,
                            &irp->IoStatus);
    }
    ObDereferenceObject(request->device);
    ExFreePoolWithTag(request, power_tag);
    IoFreeIrp(irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

}  // namespace

extern "C" {

// To the top of the device's stack; STATUS_PENDING, or why it was not sent. <= DISPATCH_LEVEL.
NTSTATUS PoRequestPowerIrp(PDEVICE_OBJECT DeviceObject, UCHAR MinorFunction, POWER_STATE PowerState,
                           PREQUEST_POWER_COMPLETE CompletionFunction, PVOID Context, PIRP* Irp) {
    IoCall call;
    if (MinorFunction != IRP_MN_SET_POWER && MinorFunction != IRP_MN_QUERY_POWER &&
        MinorFunction != IRP_MN_WAIT_WAKE) {
        return STATUS_INVALID_PARAMETER_2;
    }
    PDEVICE_OBJECT top = top_of_stack(DeviceObject);
    PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
    auto request = static_cast<PowerRequest*>(
        ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PowerRequest), power_tag));
    if (irp == nullptr || request == nullptr) {
        if (irp != nullptr) IoFreeIrp(irp);
        if (request != nullptr) ExFreePoolWithTag(request, power_tag);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *request = {DeviceObject, MinorFunction, PowerState, CompletionFunction, Context};
    ObReferenceObject(DeviceObject);
    irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_POWER;
    stack->MinorFunction = MinorFunction;
    if (MinorFunction == IRP_MN_WAIT_WAKE) {
        stack->Parameters.WaitWake.PowerState = PowerState.SystemState;
    } else {
        stack->Parameters.Power.Type = DevicePowerState;
        stack->Parameters.Power.State = PowerState;
    }
    if (Irp != nullptr) *Irp = irp;
    IoSetCompletionRoutine(irp, power_request_done, request, TRUE, TRUE, TRUE);
    IofCallDriver(top, irp);
    return STATUS_PENDING;
}
GX_EXPORT_FUNCTION(PoRequestPowerIrp);

NTSTATUS PoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    return IofCallDriver(DeviceObject, Irp);
}
GX_EXPORT_FUNCTION(PoCallDriver);

VOID PoStartNextPowerIrp(PIRP) { IoCall call; }
GX_EXPORT_FUNCTION(PoStartNextPowerIrp);

POWER_STATE PoSetPowerState(PDEVICE_OBJECT DeviceObject, POWER_STATE_TYPE Type, POWER_STATE State) {
    IoCall call;
    POWER_STATE before{};
    if (Type == SystemPowerState) {
        before.SystemState = PowerSystemWorking;
        return before;
    }
    DeviceRecord& record = record_of(DeviceObject);
    before.DeviceState = record.power;
    record.power = State.DeviceState;
    return before;
}
GX_EXPORT_FUNCTION(PoSetPowerState);

// Nothing here ever idles a device out on its own account; a driver that registers is told so.
PULONG PoRegisterDeviceForIdleDetection(PDEVICE_OBJECT, ULONG, ULONG, DEVICE_POWER_STATE) {
    IoCall call;
    return nullptr;
}
GX_EXPORT_FUNCTION(PoRegisterDeviceForIdleDetection);

VOID PoSetDeviceBusyEx(PULONG) {}
GX_EXPORT_FUNCTION(PoSetDeviceBusyEx);
VOID PoStartDeviceBusy(PULONG) {}
GX_EXPORT_FUNCTION(PoStartDeviceBusy);
VOID PoEndDeviceBusy(PULONG) {}
GX_EXPORT_FUNCTION(PoEndDeviceBusy);
VOID PoSetSystemState(EXECUTION_STATE) {}
GX_EXPORT_FUNCTION(PoSetSystemState);
BOOLEAN PoGetSystemWake(PIRP) { return FALSE; }
GX_EXPORT_FUNCTION(PoGetSystemWake);
VOID PoSetSystemWake(PIRP) {}
GX_EXPORT_FUNCTION(PoSetSystemWake);

// Power settings of this system never change: a callback hears of the value once, at registration.
NTSTATUS PoRegisterPowerSettingCallback(PDEVICE_OBJECT, LPCGUID SettingGuid,
                                        PPOWER_SETTING_CALLBACK Callback, PVOID Context,
                                        PVOID* Handle) {
    IoCall call;
    auto registration = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(ULONG), power_tag);
    if (registration == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (Handle != nullptr) *Handle = registration;
    gpioclx::kernel::ldr::note_registration(registration, "PoRegisterPowerSettingCallback",
                                            reinterpret_cast<const void*>(Callback));
    // {5d3e9a59-e9d5-4b00-a6bd-ff34ff516548}, the power source: mains, 0. Displays and the like are
    // on, 1.
    ULONG value = SettingGuid->Data1 == 0x5d3e9a59 ? static_cast<ULONG>(PoAc) : 1;
    Callback(SettingGuid, &value, sizeof(value), Context);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(PoRegisterPowerSettingCallback);

NTSTATUS PoUnregisterPowerSettingCallback(PVOID Handle) {
    IoCall call;
    if (Handle == nullptr) return STATUS_INVALID_PARAMETER;
    gpioclx::kernel::ldr::forget_registration(Handle);
    ExFreePoolWithTag(Handle, power_tag);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(PoUnregisterPowerSettingCallback);

}  // extern "C"
