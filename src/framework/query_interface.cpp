#include "framework/query_interface.h"

#include "ext/gx_export.h"

#include <cstring>

#include "framework/callback.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/io_target.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {
namespace {
constexpr ULONG pool_tag = make_tag("WInf");
}

void free_offered_interface(OfferedInterface* offered) {
    if (offered->table != nullptr) ExFreePoolWithTag(offered->table, pool_tag);
    delete offered;
}

NTSTATUS answer_query_interface(Device& device, PIRP irp) {
    const auto& query = IoGetCurrentIrpStackLocation(irp)->Parameters.QueryInterface;
    for (OfferedInterface* offered = device.offered; offered != nullptr; offered = offered->next) {
        if (!IsEqualGUID(offered->type, *query.InterfaceType)) continue;
        if (offered->table != nullptr && !offered->config.ImportInterface) {
            if (query.Size < offered->table->Size) return STATUS_INVALID_PARAMETER;
            if (query.Version > offered->table->Version) return STATUS_NOT_SUPPORTED;
            std::memcpy(query.Interface, offered->table, offered->table->Size);
        }
        if (offered->config.EvtDeviceProcessQueryInterfaceRequest != nullptr) {
            CallbackScope scope(Callback::query_interface, device);
            const NTSTATUS status =
                scope.returned(offered->config.EvtDeviceProcessQueryInterfaceRequest(
                    device.device_handle(), const_cast<LPGUID>(query.InterfaceType),
                    query.Interface, query.InterfaceSpecificData));
            if (!NT_SUCCESS(status)) return status;
        }
        if (offered->table != nullptr && query.Interface->InterfaceReference != nullptr) {
            query.Interface->InterfaceReference(query.Interface->Context);
        }
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS ask_for_interface(DEVICE_OBJECT* target, LPCGUID type, PINTERFACE table, USHORT size,
                           USHORT version, PVOID data) {
    if (target == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    DEVICE_OBJECT* top = IoGetAttachedDeviceReference(target);
    KEVENT event;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IO_STATUS_BLOCK outcome{};
    PIRP irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, top, nullptr, 0, nullptr, &event, &outcome);
    if (irp == nullptr) {
        ObDereferenceObject(top);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    IO_STACK_LOCATION* stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_PNP;
    stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
    stack->Parameters.QueryInterface.InterfaceType = type;
    stack->Parameters.QueryInterface.Interface = table;
    stack->Parameters.QueryInterface.Size = size;
    stack->Parameters.QueryInterface.Version = version;
    stack->Parameters.QueryInterface.InterfaceSpecificData = data;
    NTSTATUS status = IoCallDriver(top, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, nullptr);
        status = outcome.Status;
    }
    ObDereferenceObject(top);
    return status;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS WdfDeviceAddQueryInterface(WDFDEVICE Device, PWDF_QUERY_INTERFACE_CONFIG InterfaceConfig) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceAddQueryInterface");
    require(InterfaceConfig, "WdfDeviceAddQueryInterface", "InterfaceConfig");
    const WDF_QUERY_INTERFACE_CONFIG& config = *InterfaceConfig;
    if (config.Size != sizeof(WDF_QUERY_INTERFACE_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (config.InterfaceType == nullptr) return STATUS_INVALID_PARAMETER;
    if (config.Interface == nullptr
            ? config.EvtDeviceProcessQueryInterfaceRequest == nullptr || !config.ImportInterface
            : config.Interface->Size < sizeof(INTERFACE)) {
        return STATUS_INVALID_PARAMETER;
    }
    // The parent's stack can only be asked by a PDO, and only for what it fills in itself.
    if (config.SendQueryToParentStack && !device.is_physical()) return STATUS_INVALID_PARAMETER;
    INTERFACE* table = nullptr;
    if (config.Interface != nullptr) {
        table = static_cast<INTERFACE*>(
            ExAllocatePoolWithTag(NonPagedPoolNx, config.Interface->Size, pool_tag));
        if (table == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        std::memcpy(table, config.Interface, config.Interface->Size);
    }
    gpioclx::machine::ArenaScope inside;
    auto* offered = new OfferedInterface;
    offered->config = config;
    offered->type = *config.InterfaceType;
    offered->table = table;
    OfferedInterface** end = &device.offered;
    while (*end != nullptr) end = &(*end)->next;
    *end = offered;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceAddQueryInterface);

NTSTATUS WdfFdoQueryForInterface(WDFDEVICE Fdo, LPCGUID InterfaceType, PINTERFACE Interface,
                                 USHORT Size, USHORT Version, PVOID InterfaceSpecificData) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Fdo, "WdfFdoQueryForInterface");
    if (InterfaceType == nullptr || Interface == nullptr) return STATUS_INVALID_PARAMETER;
    return ask_for_interface(device.pdo(), InterfaceType, Interface, Size, Version,
                             InterfaceSpecificData);
}
GX_EXPORT_FUNCTION(WdfFdoQueryForInterface);

NTSTATUS WdfIoTargetQueryForInterface(WDFIOTARGET IoTarget, LPCGUID InterfaceType,
                                      PINTERFACE Interface, USHORT Size, USHORT Version,
                                      PVOID InterfaceSpecificData) {
    enter();
    auto& target =
        from_handle<gpioclx::framework::IoTarget>(IoTarget, "WdfIoTargetQueryForInterface");
    if (InterfaceType == nullptr || Interface == nullptr) return STATUS_INVALID_PARAMETER;
    if (target.wdm() == nullptr) return STATUS_INVALID_DEVICE_STATE;
    return ask_for_interface(target.wdm(), InterfaceType, Interface, Size, Version,
                             InterfaceSpecificData);
}
GX_EXPORT_FUNCTION(WdfIoTargetQueryForInterface);
