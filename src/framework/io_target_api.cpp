// The functions of WDFIOTARGET but for formats and sends.
#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/device.h"
#include "framework/device_property.h"
#include "framework/driver.h"
#include "framework/io_target.h"

using namespace gpioclx::framework;

#define GX_TARGET(function) from_handle<gpioclx::framework::IoTarget>(IoTarget, function)

NTSTATUS WdfIoTargetCreate(WDFDEVICE Device, PWDF_OBJECT_ATTRIBUTES IoTargetAttributes,
                           WDFIOTARGET* IoTarget) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfIoTargetCreate");
    require(IoTarget, "WdfIoTargetCreate", "IoTarget");
    *IoTarget = nullptr;
    NTSTATUS status = check_attributes(IoTargetAttributes, ObjectType::io_target);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(IoTargetAttributes, &device, "WdfIoTargetCreate", &parent);
    if (NT_SUCCESS(status) && parent->device() != &device) status = STATUS_INVALID_DEVICE_REQUEST;
    if (!NT_SUCCESS(status)) return status;
    auto* target = create_object<gpioclx::framework::IoTarget>(parent, IoTargetAttributes, device);
    if (target == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *IoTarget = target->target_handle();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfIoTargetCreate);

NTSTATUS WdfIoTargetOpen(WDFIOTARGET IoTarget, PWDF_IO_TARGET_OPEN_PARAMS OpenParams) {
    enter();
    require(OpenParams, "WdfIoTargetOpen", "OpenParams");
    return GX_TARGET("WdfIoTargetOpen").open(*OpenParams);
}
GX_EXPORT_FUNCTION(WdfIoTargetOpen);

VOID WdfIoTargetClose(WDFIOTARGET IoTarget) {
    enter();
    GX_TARGET("WdfIoTargetClose").close(WdfIoTargetClosed);
}
GX_EXPORT_FUNCTION(WdfIoTargetClose);

VOID WdfIoTargetCloseForQueryRemove(WDFIOTARGET IoTarget) {
    enter();
    GX_TARGET("WdfIoTargetCloseForQueryRemove").close(WdfIoTargetClosedForQueryRemove);
}
GX_EXPORT_FUNCTION(WdfIoTargetCloseForQueryRemove);

NTSTATUS WdfIoTargetStart(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetStart").start();
}
GX_EXPORT_FUNCTION(WdfIoTargetStart);

VOID WdfIoTargetStop(WDFIOTARGET IoTarget, WDF_IO_TARGET_SENT_IO_ACTION Action) {
    enter("WdfIoTargetStop",
          Action == WdfIoTargetLeaveSentIoPending ? DISPATCH_LEVEL : PASSIVE_LEVEL);
    auto& target = GX_TARGET("WdfIoTargetStop");
    if (Action <= WdfIoTargetSentIoUndefined || Action > WdfIoTargetLeaveSentIoPending) {
        report("lifetime-232", target.device(), "WdfIoTargetStop with action %d",
               static_cast<int>(Action));
        return;
    }
    target.stop_target(Action);
}
GX_EXPORT_FUNCTION(WdfIoTargetStop);

VOID WdfIoTargetPurge(WDFIOTARGET IoTarget, WDF_IO_TARGET_PURGE_IO_ACTION Action) {
    enter("WdfIoTargetPurge", Action == WdfIoTargetPurgeIo ? DISPATCH_LEVEL : PASSIVE_LEVEL);
    GX_TARGET("WdfIoTargetPurge").purge(Action);
}
GX_EXPORT_FUNCTION(WdfIoTargetPurge);

WDF_IO_TARGET_STATE WdfIoTargetGetState(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetGetState").state();
}
GX_EXPORT_FUNCTION(WdfIoTargetGetState);

WDFDEVICE WdfIoTargetGetDevice(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetGetDevice").owner().device_handle();
}
GX_EXPORT_FUNCTION(WdfIoTargetGetDevice);

PDEVICE_OBJECT WdfIoTargetWdmGetTargetDeviceObject(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetWdmGetTargetDeviceObject").wdm();
}
GX_EXPORT_FUNCTION(WdfIoTargetWdmGetTargetDeviceObject);

PDEVICE_OBJECT WdfIoTargetWdmGetTargetPhysicalDevice(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetWdmGetTargetPhysicalDevice").target_pdo();
}
GX_EXPORT_FUNCTION(WdfIoTargetWdmGetTargetPhysicalDevice);

PFILE_OBJECT WdfIoTargetWdmGetTargetFileObject(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetWdmGetTargetFileObject").file();
}
GX_EXPORT_FUNCTION(WdfIoTargetWdmGetTargetFileObject);

HANDLE WdfIoTargetWdmGetTargetFileHandle(WDFIOTARGET IoTarget) {
    enter();
    return GX_TARGET("WdfIoTargetWdmGetTargetFileHandle").file_handle();
}
GX_EXPORT_FUNCTION(WdfIoTargetWdmGetTargetFileHandle);

NTSTATUS WdfIoTargetQueryTargetProperty(WDFIOTARGET IoTarget,
                                        DEVICE_REGISTRY_PROPERTY DeviceProperty, ULONG BufferLength,
                                        PVOID PropertyBuffer, PULONG ResultLength) {
    enter();
    return query_property(GX_TARGET("WdfIoTargetQueryTargetProperty").target_pdo(), DeviceProperty,
                          BufferLength, PropertyBuffer, ResultLength);
}
GX_EXPORT_FUNCTION(WdfIoTargetQueryTargetProperty);

NTSTATUS WdfIoTargetAllocAndQueryTargetProperty(WDFIOTARGET IoTarget,
                                                DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                                POOL_TYPE PoolType,
                                                PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes,
                                                WDFMEMORY* PropertyMemory) {
    enter();
    auto& target = GX_TARGET("WdfIoTargetAllocAndQueryTargetProperty");
    require(PropertyMemory, "WdfIoTargetAllocAndQueryTargetProperty", "PropertyMemory");
    return query_property_memory(*target.driver(), &target, target.target_pdo(), DeviceProperty,
                                 PoolType, PropertyMemoryAttributes, PropertyMemory);
}
GX_EXPORT_FUNCTION(WdfIoTargetAllocAndQueryTargetProperty);
