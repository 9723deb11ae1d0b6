// Names under which a device is found: device name, symbolic links, device interfaces.
#include "ext/gx_export.h"

#include "framework/device.h"
#include "framework/driver.h"
#include "framework/pnp_state.h"
#include "framework/string.h"

namespace gpioclx::framework {
namespace {

bool same_reference(const DeviceInterface& item, const UNICODE_STRING* reference) {
    if (reference == nullptr || reference->Length == 0) return item.reference.empty();
    return RtlEqualUnicodeString(item.reference.get(), reference, FALSE) != FALSE;
}

DeviceInterface* find_interface(Device& device, const GUID& type, const UNICODE_STRING* reference) {
    for (DeviceInterface* item = device.interfaces; item != nullptr; item = item->next) {
        if (IsEqualGUID(item->type, type) && same_reference(*item, reference)) return item;
    }
    return nullptr;
}

}  // namespace

void enable_interfaces(Device& device) {
    for (DeviceInterface* item = device.interfaces; item != nullptr; item = item->next) {
        if (!item->enabled_by_driver || item->enabled) continue;
        item->enabled = true;
        IoSetDeviceInterfaceState(item->link.get(), TRUE);
    }
}

void disable_interfaces(Device& device) {
    for (DeviceInterface* item = device.interfaces; item != nullptr; item = item->next) {
        if (!item->enabled) continue;
        item->enabled = false;
        IoSetDeviceInterfaceState(item->link.get(), FALSE);
    }
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS WdfDeviceRetrieveDeviceName(WDFDEVICE Device, WDFSTRING String) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceRetrieveDeviceName");
    auto& string = from_handle<gpioclx::framework::String>(String, "WdfDeviceRetrieveDeviceName");
    if (device.settings.name.empty()) return STATUS_INVALID_DEVICE_REQUEST;
    return string.value().assign(device.settings.name.get()) ? STATUS_SUCCESS
                                                             : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDeviceRetrieveDeviceName);

NTSTATUS WdfDeviceCreateSymbolicLink(WDFDEVICE Device, PCUNICODE_STRING SymbolicLinkName) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfDeviceCreateSymbolicLink");
    require(SymbolicLinkName, "WdfDeviceCreateSymbolicLink", "SymbolicLinkName");
    OwnedString target;
    if (!device.settings.name.empty()) {
        if (!target.assign(device.settings.name.get())) return STATUS_INSUFFICIENT_RESOURCES;
    } else if (device.pdo() != nullptr && !device.is_control()) {
        // A function device without a name is reached through its physical device's.
        WCHAR name[128];
        ULONG length = 0;
        const NTSTATUS status = IoGetDeviceProperty(
            device.pdo(), DevicePropertyPhysicalDeviceObjectName, sizeof(name), name, &length);
        if (!NT_SUCCESS(status)) return status;
        UNICODE_STRING text;
        text.Buffer = name;
        text.Length = static_cast<USHORT>(length >= sizeof(WCHAR) ? length - sizeof(WCHAR) : 0);
        text.MaximumLength = static_cast<USHORT>(length);
        if (!target.assign(&text)) return STATUS_INSUFFICIENT_RESOURCES;
    } else {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    OwnedString name;
    if (!name.assign(SymbolicLinkName)) return STATUS_INSUFFICIENT_RESOURCES;
    const NTSTATUS status = IoCreateSymbolicLink(name.get(), target.get());
    if (!NT_SUCCESS(status)) return status;
    gpioclx::machine::ArenaScope inside;
    auto* link = new SymbolicLink;
    link->name = static_cast<OwnedString&&>(name);
    link->next = device.links;
    device.links = link;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceCreateSymbolicLink);

NTSTATUS WdfDeviceCreateDeviceInterface(WDFDEVICE Device, const GUID* InterfaceClassGUID,
                                        PCUNICODE_STRING ReferenceString) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceCreateDeviceInterface");
    require(InterfaceClassGUID, "WdfDeviceCreateDeviceInterface", "InterfaceClassGUID");
    if (device.is_control() || device.pdo() == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    gpioclx::machine::ArenaScope inside;
    auto* item = new DeviceInterface;
    item->type = *InterfaceClassGUID;
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    if (item->reference.assign(ReferenceString)) {
        UNICODE_STRING link{};
        status = IoRegisterDeviceInterface(
            device.pdo(), InterfaceClassGUID,
            ReferenceString != nullptr ? item->reference.get() : nullptr, &link);
        if (NT_SUCCESS(status)) {
            if (!item->link.assign(&link)) status = STATUS_INSUFFICIENT_RESOURCES;
            RtlFreeUnicodeString(&link);
        }
    }
    if (!NT_SUCCESS(status)) {
        delete item;
        return status;
    }
    DeviceInterface** end = &device.interfaces;
    while (*end != nullptr) end = &(*end)->next;
    *end = item;
    if (device.phase == PnpPhase::started) enable_interfaces(device);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceCreateDeviceInterface);

VOID WdfDeviceSetDeviceInterfaceState(WDFDEVICE Device, const GUID* InterfaceClassGUID,
                                      PCUNICODE_STRING ReferenceString,
                                      BOOLEAN IsInterfaceEnabled) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceSetDeviceInterfaceState");
    require(InterfaceClassGUID, "WdfDeviceSetDeviceInterfaceState", "InterfaceClassGUID");
    DeviceInterface* item = find_interface(device, *InterfaceClassGUID, ReferenceString);
    if (item == nullptr) {
        report("lifetime-219", &device,
               "WdfDeviceSetDeviceInterfaceState for an interface that the device does not have");
        return;
    }
    item->enabled_by_driver = IsInterfaceEnabled != FALSE;
    if (device.phase != PnpPhase::started || item->enabled == item->enabled_by_driver) return;
    item->enabled = item->enabled_by_driver;
    IoSetDeviceInterfaceState(item->link.get(), IsInterfaceEnabled);
}
GX_EXPORT_FUNCTION(WdfDeviceSetDeviceInterfaceState);

VOID WdfDeviceSetDeviceInterfaceStateEx(WDFDEVICE Device, const GUID* InterfaceClassGUID,
                                        PCUNICODE_STRING ReferenceString,
                                        BOOLEAN IsInterfaceEnabled) {
    WdfDeviceSetDeviceInterfaceState(Device, InterfaceClassGUID, ReferenceString,
                                     IsInterfaceEnabled);
}
GX_EXPORT_FUNCTION(WdfDeviceSetDeviceInterfaceStateEx);

NTSTATUS WdfDeviceRetrieveDeviceInterfaceString(WDFDEVICE Device, const GUID* InterfaceClassGUID,
                                                PCUNICODE_STRING ReferenceString,
                                                WDFSTRING String) {
    enter();
    auto& device =
        from_handle<gpioclx::framework::Device>(Device, "WdfDeviceRetrieveDeviceInterfaceString");
    require(InterfaceClassGUID, "WdfDeviceRetrieveDeviceInterfaceString", "InterfaceClassGUID");
    auto& string =
        from_handle<gpioclx::framework::String>(String, "WdfDeviceRetrieveDeviceInterfaceString");
    DeviceInterface* item = find_interface(device, *InterfaceClassGUID, ReferenceString);
    if (item == nullptr) return STATUS_OBJECT_NAME_NOT_FOUND;
    return string.value().assign(item->link.get()) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(WdfDeviceRetrieveDeviceInterfaceString);
