// What the PnP manager asks a device: relations, identity and needs of children, capabilities,
// state.
#include <cstring>

#include "framework/callback.h"
#include "framework/child_list.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/driver.h"
#include "framework/io_resource_list.h"
#include "framework/pnp_state.h"
#include "framework/pool_tag.h"
#include "framework/query_interface.h"
#include "framework/resource_list.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG pool_tag = make_tag("WPnq");

// A copy for the PnP manager, which frees it. Two zeros at the end serve multi-strings too.
PWCH copy_text(const OwnedString& text) {
    const size_t length = text.get()->Length;
    auto* copy =
        static_cast<PWCH>(ExAllocatePoolWithTag(PagedPool, length + 2 * sizeof(WCHAR), pool_tag));
    if (copy == nullptr) return nullptr;
    if (length != 0) std::memcpy(copy, text.get()->Buffer, length);
    copy[length / sizeof(WCHAR)] = 0;
    copy[length / sizeof(WCHAR) + 1] = 0;
    return copy;
}

NTSTATUS answer_text(PIRP irp, const OwnedString& text) {
    if (text.empty()) return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    PWCH copy = copy_text(text);
    if (copy == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    return complete_irp(irp, STATUS_SUCCESS, reinterpret_cast<ULONG_PTR>(copy));
}

NTSTATUS query_id(Device& device, PIRP irp) {
    const DeviceSettings& settings = device.settings;
    switch (IoGetCurrentIrpStackLocation(irp)->Parameters.QueryId.IdType) {
        case BusQueryDeviceID: return answer_text(irp, settings.device_id);
        case BusQueryHardwareIDs: return answer_text(irp, settings.hardware_ids);
        case BusQueryCompatibleIDs: return answer_text(irp, settings.compatible_ids);
        case BusQueryInstanceID: return answer_text(irp, settings.instance_id);
        case BusQueryContainerID: return answer_text(irp, settings.container_id);
        default: return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    }
}

void apply(WDF_TRI_STATE choice, auto set) {
    if (choice != WdfUseDefault) set(choice == WdfTrue);
}

void fill_capabilities(const Device& device, DEVICE_CAPABILITIES& caps) {
    if (device.has_pnp_capabilities) {
        const WDF_DEVICE_PNP_CAPABILITIES& pnp = device.pnp_capabilities;
        apply(pnp.LockSupported, [&](bool v) { caps.LockSupported = v; });
        apply(pnp.EjectSupported, [&](bool v) { caps.EjectSupported = v; });
        apply(pnp.Removable, [&](bool v) { caps.Removable = v; });
        apply(pnp.DockDevice, [&](bool v) { caps.DockDevice = v; });
        apply(pnp.UniqueID, [&](bool v) { caps.UniqueID = v; });
        apply(pnp.SilentInstall, [&](bool v) { caps.SilentInstall = v; });
        apply(pnp.SurpriseRemovalOK, [&](bool v) { caps.SurpriseRemovalOK = v; });
        apply(pnp.HardwareDisabled, [&](bool v) { caps.HardwareDisabled = v; });
        apply(pnp.NoDisplayInUI, [&](bool v) { caps.NoDisplayInUI = v; });
        if (pnp.Address != ~ULONG{0}) caps.Address = pnp.Address;
        if (pnp.UINumber != ~ULONG{0}) caps.UINumber = pnp.UINumber;
    }
    if (device.is_physical()) caps.RawDeviceOK = device.settings.raw;
    if (!device.has_power_capabilities) return;
    const WDF_DEVICE_POWER_CAPABILITIES& power = device.power_capabilities;
    apply(power.DeviceD1, [&](bool v) { caps.DeviceD1 = v; });
    apply(power.DeviceD2, [&](bool v) { caps.DeviceD2 = v; });
    apply(power.WakeFromD0, [&](bool v) { caps.WakeFromD0 = v; });
    apply(power.WakeFromD1, [&](bool v) { caps.WakeFromD1 = v; });
    apply(power.WakeFromD2, [&](bool v) { caps.WakeFromD2 = v; });
    apply(power.WakeFromD3, [&](bool v) { caps.WakeFromD3 = v; });
    for (int i = 0; i < PowerSystemMaximum; ++i) {
        if (power.DeviceState[i] != PowerDeviceMaximum) caps.DeviceState[i] = power.DeviceState[i];
    }
    if (power.DeviceWake != PowerDeviceMaximum) caps.DeviceWake = power.DeviceWake;
    if (power.SystemWake != PowerSystemMaximum) caps.SystemWake = power.SystemWake;
    if (power.D1Latency != ~ULONG{0}) caps.D1Latency = power.D1Latency;
    if (power.D2Latency != ~ULONG{0}) caps.D2Latency = power.D2Latency;
    if (power.D3Latency != ~ULONG{0}) caps.D3Latency = power.D3Latency;
}

NTSTATUS query_capabilities(Device& device, PIRP irp) {
    // The device below fills in first; this driver's wishes prevail.
    if (device.lower() != nullptr) {
        const NTSTATUS status = send_down_and_wait(device.lower(), irp);
        if (!NT_SUCCESS(status)) return complete_irp(irp, status);
    }
    fill_capabilities(
        device, *IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceCapabilities.Capabilities);
    return complete_irp(irp, STATUS_SUCCESS);
}

NTSTATUS query_state(Device& device, PIRP irp) {
    if (device.lower() != nullptr) send_down_and_wait(device.lower(), irp);
    const WDF_DEVICE_STATE& state = device.reported_state;
    ULONG_PTR bits = irp->IoStatus.Information;
    if (state.Disabled == WdfTrue) bits |= PNP_DEVICE_DISABLED;
    if (state.DontDisplayInUI == WdfTrue) bits |= PNP_DEVICE_DONT_DISPLAY_IN_UI;
    if (state.Failed == WdfTrue) bits |= PNP_DEVICE_FAILED;
    if (state.NotDisableable == WdfTrue) bits |= PNP_DEVICE_NOT_DISABLEABLE;
    if (state.Removed == WdfTrue) bits |= PNP_DEVICE_REMOVED;
    if (state.ResourcesChanged == WdfTrue) bits |= PNP_DEVICE_RESOURCE_REQUIREMENTS_CHANGED;
    return complete_irp(irp, STATUS_SUCCESS, bits);
}

DEVICE_RELATIONS* allocate_relations(ULONG count) {
    const size_t size = sizeof(DEVICE_RELATIONS) + count * sizeof(DEVICE_OBJECT*);
    auto* relations =
        static_cast<DEVICE_RELATIONS*>(ExAllocatePoolWithTag(PagedPool, size, pool_tag));
    if (relations != nullptr) std::memset(static_cast<void*>(relations), 0, size);
    return relations;
}

NTSTATUS bus_relations(Device& device, PIRP irp) {
    ULONG count = 0;
    if (device.default_child_list != nullptr)
        count += device.default_child_list->prepare_relations();
    if (device.static_children != nullptr) count += device.static_children->prepare_relations();
    auto* before = reinterpret_cast<DEVICE_RELATIONS*>(irp->IoStatus.Information);
    const ULONG inherited = before != nullptr ? before->Count : 0;
    DEVICE_RELATIONS* relations = allocate_relations(count + inherited);
    if (relations == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    for (ULONG i = 0; i < inherited; ++i) relations->Objects[i] = before->Objects[i];
    relations->Count = inherited;
    if (before != nullptr) ExFreePool(before);
    for (ChildList* list : {device.default_child_list, device.static_children}) {
        if (list != nullptr)
            relations->Count += list->fill_relations(&relations->Objects[relations->Count]);
    }
    irp->IoStatus.Status = STATUS_SUCCESS;
    irp->IoStatus.Information = reinterpret_cast<ULONG_PTR>(relations);
    if (device.lower() != nullptr) return pass_down(device, irp);
    return complete_irp(irp, STATUS_SUCCESS, irp->IoStatus.Information);
}

NTSTATUS query_relations(Device& device, PIRP irp) {
    const DEVICE_RELATION_TYPE type =
        IoGetCurrentIrpStackLocation(irp)->Parameters.QueryDeviceRelations.Type;
    if (device.settings.pnp.EvtDeviceRelationsQuery != nullptr && !device.is_physical()) {
        CallbackScope scope(Callback::relations_query, device);
        device.settings.pnp.EvtDeviceRelationsQuery(device.device_handle(), type);
    }
    if (type == BusRelations &&
        (device.default_child_list != nullptr || device.static_children != nullptr)) {
        return bus_relations(device, irp);
    }
    if (type == TargetDeviceRelation && device.is_physical()) {
        DEVICE_RELATIONS* relations = allocate_relations(1);
        if (relations == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
        relations->Count = 1;
        relations->Objects[0] = device.wdm();
        ObReferenceObject(device.wdm());
        return complete_irp(irp, STATUS_SUCCESS, reinterpret_cast<ULONG_PTR>(relations));
    }
    if (device.lower() == nullptr)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    return pass_down(device, irp);
}

NTSTATUS query_resources(Device& device, PIRP irp) {
    const auto callback = device.settings.pdo.EvtDeviceResourcesQuery;
    if (callback == nullptr)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    auto* list = create_object<CmResourceList>(&device, nullptr, device.driver());
    if (list == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    NTSTATUS status;
    {
        CallbackScope scope(Callback::resources_query, device);
        status = scope.returned(
            callback(device.device_handle(), static_cast<WDFCMRESLIST>(list->handle())));
    }
    CM_RESOURCE_LIST* result = NT_SUCCESS(status) ? list->build() : nullptr;
    list->delete_object();
    return complete_irp(irp, status, reinterpret_cast<ULONG_PTR>(result));
}

NTSTATUS query_requirements(Device& device, PIRP irp) {
    const auto callback = device.settings.pdo.EvtDeviceResourceRequirementsQuery;
    if (callback == nullptr)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    auto* list = create_object<IoResourceRequirementsList>(&device, nullptr, device.driver());
    if (list == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    NTSTATUS status;
    {
        CallbackScope scope(Callback::resources_query, device);
        status = scope.returned(
            callback(device.device_handle(), static_cast<WDFIORESREQLIST>(list->handle())));
    }
    IO_RESOURCE_REQUIREMENTS_LIST* result = NT_SUCCESS(status) ? list->build() : nullptr;
    list->delete_object();
    return complete_irp(irp, status, reinterpret_cast<ULONG_PTR>(result));
}

// A function driver adds and removes requirements on the way up.
NTSTATUS filter_requirements(Device& device, PIRP irp) {
    const WDF_FDO_EVENT_CALLBACKS& fdo = device.settings.fdo;
    if (device.lower() != nullptr) send_down_and_wait(device.lower(), irp);
    auto* list = create_object<IoResourceRequirementsList>(&device, nullptr, device.driver());
    if (list == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    auto* current = reinterpret_cast<IO_RESOURCE_REQUIREMENTS_LIST*>(irp->IoStatus.Information);
    if (current == nullptr) {
        current = IoGetCurrentIrpStackLocation(irp)
                      ->Parameters.FilterResourceRequirements.IoResourceRequirementList;
    }
    NTSTATUS status = list->fill(current);
    for (const auto callback : {fdo.EvtDeviceFilterRemoveResourceRequirements,
                                fdo.EvtDeviceFilterAddResourceRequirements}) {
        if (callback == nullptr || !NT_SUCCESS(status)) continue;
        CallbackScope scope(Callback::filter_requirements, device);
        status = scope.returned(
            callback(device.device_handle(), static_cast<WDFIORESREQLIST>(list->handle())));
    }
    ULONG_PTR result = irp->IoStatus.Information;
    if (NT_SUCCESS(status)) {
        if (result != 0) ExFreePool(reinterpret_cast<PVOID>(result));
        result = reinterpret_cast<ULONG_PTR>(list->build());
    }
    list->delete_object();
    return complete_irp(irp, status, result);
}

NTSTATUS query_bus_information(Device& device, PIRP irp) {
    const Device* parent = device.parent_device;
    if (parent == nullptr || !parent->has_bus_information)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    auto* copy = static_cast<PNP_BUS_INFORMATION*>(
        ExAllocatePoolWithTag(PagedPool, sizeof(PNP_BUS_INFORMATION), pool_tag));
    if (copy == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    *copy = parent->bus_information;
    return complete_irp(irp, STATUS_SUCCESS, reinterpret_cast<ULONG_PTR>(copy));
}

NTSTATUS usage_notification(Device& device, PIRP irp) {
    const auto& usage = IoGetCurrentIrpStackLocation(irp)->Parameters.UsageNotification;
    const auto type = static_cast<WDF_SPECIAL_FILE_TYPE>(usage.Type);
    if (usage.InPath && !device.is_filter() && (device.special_files >> type & 1) == 0) {
        return complete_irp(irp, STATUS_NOT_SUPPORTED);
    }
    if (device.settings.pnp.EvtDeviceUsageNotificationEx != nullptr) {
        CallbackScope scope(Callback::usage_notification, device);
        const NTSTATUS status = scope.returned(device.settings.pnp.EvtDeviceUsageNotificationEx(
            device.device_handle(), type, usage.InPath));
        if (!NT_SUCCESS(status)) return complete_irp(irp, status);
    } else if (device.settings.pnp.EvtDeviceUsageNotification != nullptr) {
        CallbackScope scope(Callback::usage_notification, device);
        device.settings.pnp.EvtDeviceUsageNotification(device.device_handle(), type, usage.InPath);
    }
    irp->IoStatus.Status = STATUS_SUCCESS;
    return device.lower() != nullptr ? pass_down(device, irp) : complete_irp(irp, STATUS_SUCCESS);
}

NTSTATUS query_interface(Device& device, PIRP irp) {
    const NTSTATUS status = answer_query_interface(device, irp);
    if (status != STATUS_NOT_SUPPORTED) return complete_irp(irp, status);
    if (device.lower() == nullptr)
        return complete_irp(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    return pass_down(device, irp);
}

// Questions that only the bus driver answers.
bool dispatch_physical(Device& device, PIRP irp, NTSTATUS* status) {
    const IO_STACK_LOCATION& stack = *IoGetCurrentIrpStackLocation(irp);
    switch (stack.MinorFunction) {
        case IRP_MN_QUERY_ID: *status = query_id(device, irp); return true;
        case IRP_MN_QUERY_DEVICE_TEXT:
            *status = answer_text(
                irp, stack.Parameters.QueryDeviceText.DeviceTextType == DeviceTextDescription
                         ? device.settings.description
                         : device.settings.location);
            return true;
        case IRP_MN_QUERY_RESOURCES: *status = query_resources(device, irp); return true;
        case IRP_MN_QUERY_RESOURCE_REQUIREMENTS:
            *status = query_requirements(device, irp);
            return true;
        case IRP_MN_QUERY_BUS_INFORMATION:
            *status = query_bus_information(device, irp);
            return true;
        case IRP_MN_EJECT:
            *status = device.settings.pdo.EvtDeviceEject != nullptr
                          ? device.settings.pdo.EvtDeviceEject(device.device_handle())
                          : STATUS_NOT_SUPPORTED;
            *status = complete_irp(irp, *status);
            return true;
        case IRP_MN_SET_LOCK:
            *status = device.settings.pdo.EvtDeviceSetLock != nullptr
                          ? device.settings.pdo.EvtDeviceSetLock(device.device_handle(),
                                                                 stack.Parameters.SetLock.Lock)
                          : STATUS_NOT_SUPPORTED;
            *status = complete_irp(irp, *status);
            return true;
        default: return false;
    }
}

}  // namespace

bool dispatch_pnp_query(Device& device, PIRP irp, NTSTATUS* status) {
    if (device.is_physical() && dispatch_physical(device, irp, status)) return true;
    switch (IoGetCurrentIrpStackLocation(irp)->MinorFunction) {
        case IRP_MN_QUERY_DEVICE_RELATIONS: *status = query_relations(device, irp); return true;
        case IRP_MN_QUERY_INTERFACE: *status = query_interface(device, irp); return true;
        case IRP_MN_QUERY_CAPABILITIES: *status = query_capabilities(device, irp); return true;
        case IRP_MN_QUERY_PNP_DEVICE_STATE: *status = query_state(device, irp); return true;
        case IRP_MN_DEVICE_USAGE_NOTIFICATION:
            *status = usage_notification(device, irp);
            return true;
        case IRP_MN_FILTER_RESOURCE_REQUIREMENTS:
            if (device.settings.fdo.EvtDeviceFilterAddResourceRequirements == nullptr &&
                device.settings.fdo.EvtDeviceFilterRemoveResourceRequirements == nullptr) {
                return false;
            }
            *status = filter_requirements(device, irp);
            return true;
        default: return false;
    }
}

}  // namespace gpioclx::framework
