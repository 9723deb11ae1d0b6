// Physical devices of bus drivers that use the framework: their identity, and static children.
#include "ext/gx_export.h"

#include <cstring>

#include "framework/call.h"
#include "framework/child_list.h"
#include "framework/device.h"
#include "framework/device_init.h"
#include "framework/driver.h"

using namespace gpioclx::framework;

static DeviceSettings& physical_settings(PWDFDEVICE_INIT init, const char* function) {
    WDFDEVICE_INIT& checked = WDFDEVICE_INIT::checked(init, function);
    if (checked.settings.role != DeviceRole::physical) {
        violation("lifetime-213", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(init), 0,
                  "%s was given a device init that is not for a physical device", function);
    }
    return checked.settings;
}

static NTSTATUS assign(OwnedString& to, PCUNICODE_STRING from) {
    if (from == nullptr || from->Length == 0) return STATUS_INVALID_PARAMETER;
    return to.assign(from) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

// Multi-strings: each part with its zero.
static NTSTATUS append(OwnedString& to, PCUNICODE_STRING from) {
    if (from == nullptr || from->Length == 0) return STATUS_INVALID_PARAMETER;
    WCHAR zero = 0;
    UNICODE_STRING end;
    end.Buffer = &zero;
    end.Length = end.MaximumLength = sizeof(WCHAR);
    return to.append(from) && to.append(&end) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

PWDFDEVICE_INIT WdfPdoInitAllocate(WDFDEVICE ParentDevice) {
    enter();
    auto& parent = from_handle<Device>(ParentDevice, "WdfPdoInitAllocate");
    WDFDEVICE_INIT* init = WDFDEVICE_INIT::create(parent.driver(), DeviceRole::physical);
    init->parent = &parent;
    init->settings.owns_power_policy = false;
    return init;
}
GX_EXPORT_FUNCTION(WdfPdoInitAllocate);

VOID WdfPdoInitSetEventCallbacks(PWDFDEVICE_INIT DeviceInit,
                                 PWDF_PDO_EVENT_CALLBACKS DispatchTable) {
    enter();
    require(DispatchTable, "WdfPdoInitSetEventCallbacks", "DispatchTable");
    physical_settings(DeviceInit, "WdfPdoInitSetEventCallbacks").pdo = *DispatchTable;
}
GX_EXPORT_FUNCTION(WdfPdoInitSetEventCallbacks);

NTSTATUS WdfPdoInitAssignDeviceID(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING DeviceID) {
    enter();
    return assign(physical_settings(DeviceInit, "WdfPdoInitAssignDeviceID").device_id, DeviceID);
}
GX_EXPORT_FUNCTION(WdfPdoInitAssignDeviceID);

NTSTATUS WdfPdoInitAssignInstanceID(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING InstanceID) {
    enter();
    return assign(physical_settings(DeviceInit, "WdfPdoInitAssignInstanceID").instance_id,
                  InstanceID);
}
GX_EXPORT_FUNCTION(WdfPdoInitAssignInstanceID);

NTSTATUS WdfPdoInitAddHardwareID(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING HardwareID) {
    enter();
    return append(physical_settings(DeviceInit, "WdfPdoInitAddHardwareID").hardware_ids,
                  HardwareID);
}
GX_EXPORT_FUNCTION(WdfPdoInitAddHardwareID);

NTSTATUS WdfPdoInitAddCompatibleID(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING CompatibleID) {
    enter();
    return append(physical_settings(DeviceInit, "WdfPdoInitAddCompatibleID").compatible_ids,
                  CompatibleID);
}
GX_EXPORT_FUNCTION(WdfPdoInitAddCompatibleID);

NTSTATUS WdfPdoInitAssignContainerID(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING ContainerID) {
    enter();
    return assign(physical_settings(DeviceInit, "WdfPdoInitAssignContainerID").container_id,
                  ContainerID);
}
GX_EXPORT_FUNCTION(WdfPdoInitAssignContainerID);

NTSTATUS WdfPdoInitAddDeviceText(PWDFDEVICE_INIT DeviceInit, PCUNICODE_STRING DeviceDescription,
                                 PCUNICODE_STRING DeviceLocation, LCID LocaleId) {
    enter();
    DeviceSettings& settings = physical_settings(DeviceInit, "WdfPdoInitAddDeviceText");
    // The first text, or that of the default locale.
    if (!settings.description.empty() && LocaleId != settings.locale) return STATUS_SUCCESS;
    const NTSTATUS status = assign(settings.description, DeviceDescription);
    return NT_SUCCESS(status) ? assign(settings.location, DeviceLocation) : status;
}
GX_EXPORT_FUNCTION(WdfPdoInitAddDeviceText);

VOID WdfPdoInitSetDefaultLocale(PWDFDEVICE_INIT DeviceInit, LCID LocaleId) {
    enter();
    physical_settings(DeviceInit, "WdfPdoInitSetDefaultLocale").locale = LocaleId;
}
GX_EXPORT_FUNCTION(WdfPdoInitSetDefaultLocale);

NTSTATUS WdfPdoInitAssignRawDevice(PWDFDEVICE_INIT DeviceInit, const GUID* DeviceClassGuid) {
    enter();
    require(DeviceClassGuid, "WdfPdoInitAssignRawDevice", "DeviceClassGuid");
    DeviceSettings& settings = physical_settings(DeviceInit, "WdfPdoInitAssignRawDevice");
    settings.raw = true;
    settings.device_class = *DeviceClassGuid;
    settings.has_device_class = true;
    if (!settings.owns_power_policy_set) settings.owns_power_policy = true;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfPdoInitAssignRawDevice);

VOID WdfPdoInitAllowForwardingRequestToParent(PWDFDEVICE_INIT DeviceInit) {
    enter();
    physical_settings(DeviceInit, "WdfPdoInitAllowForwardingRequestToParent")
        .allow_forwarding_to_parent = true;
}
GX_EXPORT_FUNCTION(WdfPdoInitAllowForwardingRequestToParent);

VOID WdfPdoInitRemovePowerDependencyOnParent(PWDFDEVICE_INIT DeviceInit) {
    enter();
    physical_settings(DeviceInit, "WdfPdoInitRemovePowerDependencyOnParent")
        .depends_on_parent_power = false;
}
GX_EXPORT_FUNCTION(WdfPdoInitRemovePowerDependencyOnParent);

#define GX_PDO(function) from_handle<gpioclx::framework::Device>(Device, function)

NTSTATUS WdfPdoMarkMissing(WDFDEVICE Device) {
    enter();
    auto& device = GX_PDO("WdfPdoMarkMissing");
    if (!device.is_physical() || device.child_list == nullptr) return STATUS_INVALID_PARAMETER;
    return device.child_list->mark_static_missing(device) ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}
GX_EXPORT_FUNCTION(WdfPdoMarkMissing);

VOID WdfPdoRequestEject(WDFDEVICE Device) {
    enter();
    IoRequestDeviceEject(GX_PDO("WdfPdoRequestEject").wdm());
}
GX_EXPORT_FUNCTION(WdfPdoRequestEject);

WDFDEVICE WdfPdoGetParent(WDFDEVICE Device) {
    enter();
    auto& device = GX_PDO("WdfPdoGetParent");
    return device.parent_device != nullptr ? device.parent_device->device_handle() : nullptr;
}
GX_EXPORT_FUNCTION(WdfPdoGetParent);

static ChildList::Child* description_of(Device& device) {
    return device.child_list != nullptr ? device.child_list->child_of(device) : nullptr;
}

NTSTATUS WdfPdoRetrieveIdentificationDescription(
    WDFDEVICE Device, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
    enter();
    auto& device = GX_PDO("WdfPdoRetrieveIdentificationDescription");
    const ChildList::Child* child = description_of(device);
    if (child == nullptr || child->identification == nullptr) return STATUS_INVALID_PARAMETER;
    std::memcpy(IdentificationDescription, child->identification,
                device.child_list->config().IdentificationDescriptionSize);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfPdoRetrieveIdentificationDescription);

NTSTATUS WdfPdoRetrieveAddressDescription(
    WDFDEVICE Device, PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
    enter();
    auto& device = GX_PDO("WdfPdoRetrieveAddressDescription");
    const ChildList::Child* child = description_of(device);
    if (child == nullptr || child->address == nullptr) return STATUS_INVALID_PARAMETER;
    std::memcpy(AddressDescription, child->address,
                device.child_list->config().AddressDescriptionSize);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfPdoRetrieveAddressDescription);

NTSTATUS WdfPdoUpdateAddressDescription(WDFDEVICE Device,
                                        PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
    enter();
    auto& device = GX_PDO("WdfPdoUpdateAddressDescription");
    const ChildList::Child* child = description_of(device);
    if (child == nullptr || child->address == nullptr) return STATUS_INVALID_PARAMETER;
    std::memcpy(child->address, AddressDescription,
                device.child_list->config().AddressDescriptionSize);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfPdoUpdateAddressDescription);

// Nothing is ejected here; relations are accepted.
NTSTATUS WdfPdoAddEjectionRelationsPhysicalDevice(WDFDEVICE Device, PDEVICE_OBJECT PhysicalDevice) {
    enter();
    GX_PDO("WdfPdoAddEjectionRelationsPhysicalDevice");
    require(PhysicalDevice, "WdfPdoAddEjectionRelationsPhysicalDevice", "PhysicalDevice");
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfPdoAddEjectionRelationsPhysicalDevice);

VOID WdfPdoRemoveEjectionRelationsPhysicalDevice(WDFDEVICE Device, PDEVICE_OBJECT PhysicalDevice) {
    enter();
    GX_PDO("WdfPdoRemoveEjectionRelationsPhysicalDevice");
    require(PhysicalDevice, "WdfPdoRemoveEjectionRelationsPhysicalDevice", "PhysicalDevice");
}
GX_EXPORT_FUNCTION(WdfPdoRemoveEjectionRelationsPhysicalDevice);

VOID WdfPdoClearEjectionRelationsDevices(WDFDEVICE Device) {
    enter();
    GX_PDO("WdfPdoClearEjectionRelationsDevices");
}
GX_EXPORT_FUNCTION(WdfPdoClearEjectionRelationsDevices);

// ---- static children of a function device ----

WDFCHILDLIST WdfFdoGetDefaultChildList(WDFDEVICE Fdo) {
    enter();
    auto& device = from_handle<Device>(Fdo, "WdfFdoGetDefaultChildList");
    return device.default_child_list != nullptr
               ? static_cast<WDFCHILDLIST>(device.default_child_list->handle())
               : nullptr;
}
GX_EXPORT_FUNCTION(WdfFdoGetDefaultChildList);

NTSTATUS WdfFdoAddStaticChild(WDFDEVICE Fdo, WDFDEVICE Child) {
    enter();
    auto& device = from_handle<Device>(Fdo, "WdfFdoAddStaticChild");
    auto& child = from_handle<Device>(Child, "WdfFdoAddStaticChild");
    if (!child.is_physical() || child.child_list != nullptr) return STATUS_INVALID_PARAMETER;
    if (device.static_children == nullptr) {
        WDF_CHILD_LIST_CONFIG config{};
        config.Size = sizeof(config);
        device.static_children = ChildList::create(device, config, nullptr);
        if (device.static_children == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    }
    return device.static_children->add_static(child);
}
GX_EXPORT_FUNCTION(WdfFdoAddStaticChild);

VOID WdfFdoLockStaticChildListForIteration(WDFDEVICE Fdo) {
    enter();
    auto& device = from_handle<Device>(Fdo, "WdfFdoLockStaticChildListForIteration");
    if (device.static_children != nullptr) ++device.static_children->iterators;
}
GX_EXPORT_FUNCTION(WdfFdoLockStaticChildListForIteration);

WDFDEVICE WdfFdoRetrieveNextStaticChild(WDFDEVICE Fdo, WDFDEVICE PreviousChild, ULONG Flags) {
    enter();
    auto& device = from_handle<Device>(Fdo, "WdfFdoRetrieveNextStaticChild");
    if (device.static_children == nullptr) return nullptr;
    ChildList::Child* child = device.static_children->first();
    if (PreviousChild != nullptr) {
        child = device.static_children->child_of(
            from_handle<Device>(PreviousChild, "WdfFdoRetrieveNextStaticChild"));
        if (child != nullptr) child = child->next;
    }
    for (; child != nullptr; child = child->next) {
        // A child is pending until the PnP manager has asked for relations.
        const ULONG kind = !child->present   ? WdfRetrieveMissingChildren
                           : child->reported ? WdfRetrievePresentChildren
                                             : WdfRetrievePendingChildren;
        if ((Flags & kind) != 0) return child->device->device_handle();
    }
    return nullptr;
}
GX_EXPORT_FUNCTION(WdfFdoRetrieveNextStaticChild);

VOID WdfFdoUnlockStaticChildListFromIteration(WDFDEVICE Fdo) {
    enter();
    auto& device = from_handle<Device>(Fdo, "WdfFdoUnlockStaticChildListFromIteration");
    if (device.static_children != nullptr && device.static_children->iterators != 0)
        --device.static_children->iterators;
}
GX_EXPORT_FUNCTION(WdfFdoUnlockStaticChildListFromIteration);
