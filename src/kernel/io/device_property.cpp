// What can be asked about a physical device.
#include <fmt/core.h>
#include <ext/gx_export.h>

#include <cstring>
#include <map>
#include <tuple>

#include "kernel/io/device_object.h"
#include "kernel/io/driver_object.h"
#include "kernel/io/io_call.h"
#include "kernel/io/text.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/driver.h"
#include "kernel/pnp/instance.h"
#include "kernel/pnp/resource_assignment.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

namespace {

constexpr GUID acpi_bus_type = {
    0xd7b46895, 0x001a, 0x4942, {0x89, 0x1f, 0xa7, 0xd4, 0x66, 0x10, 0xa8, 0x43}};

using Bytes = std::vector<UCHAR>;

Bytes string_bytes(std::u16string_view text) {
    Bytes bytes((text.size() + 1) * sizeof(char16_t));
    std::memcpy(bytes.data(), text.data(), text.size() * sizeof(char16_t));
    return bytes;
}

Bytes list_bytes(const std::vector<std::string>& strings) {
    std::u16string text;
    for (const std::string& s : strings) text += widen(s) + u'\0';
    return string_bytes(text);
}

template <typename T>
Bytes value_bytes(const T& value) {
    Bytes bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
}

Bytes resource_bytes(const std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR>& descriptors) {
    PCM_RESOURCE_LIST list = pnp::make_resource_list(descriptors);
    if (list == nullptr) return {};
    const std::size_t size = sizeof(CM_RESOURCE_LIST) +
                             (descriptors.size() - 1) * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
    Bytes bytes(size);
    std::memcpy(bytes.data(), list, size);
    ExFreePool(list);
    return bytes;
}

// Empty: the device has no such property.
Bytes property(PDEVICE_OBJECT device, const pnp::DeviceNode& node, DEVICE_REGISTRY_PROPERTY which) {
    const AcpiDevice& firmware = node.firmware;
    switch (which) {
        case DevicePropertyDeviceDescription: return string_bytes(widen(firmware.hardware_id));
        case DevicePropertyHardwareID:
            return list_bytes({"ACPI\\" + firmware.hardware_id, "*" + firmware.hardware_id});
        case DevicePropertyCompatibleIDs: {
            std::vector<std::string> ids;
            for (const std::string& id : firmware.compatible_ids) ids.push_back("ACPI\\" + id);
            return ids.empty() ? Bytes{} : list_bytes(ids);
        }
        case DevicePropertyBootConfiguration:
        case DevicePropertyAllocatedResources: return resource_bytes(node.raw);
        case DevicePropertyBootConfigurationTranslated: return resource_bytes(node.translated);
        case DevicePropertyDriverKeyName: return string_bytes(widen(pnp::driver_key_name(node)));
        case DevicePropertyLocationInformation: return string_bytes(widen(node.path));
        case DevicePropertyPhysicalDeviceObjectName: return string_bytes(record_of(device).name);
        case DevicePropertyBusTypeGuid: return value_bytes(acpi_bus_type);
        case DevicePropertyLegacyBusType: return value_bytes(ACPIBus);
        case DevicePropertyBusNumber: return value_bytes(ULONG{0});
        case DevicePropertyEnumeratorName: return string_bytes(u"ACPI");
        case DevicePropertyAddress: return value_bytes(static_cast<ULONG>(firmware.address));
        default: return {};
    }
}

// What the system itself keeps under a key: those of DEVPKEY_Device_* that IoGetDeviceProperty
// knows.
struct SystemKey {
    DEVPROPID number;
    DEVPROPTYPE type;
    DEVICE_REGISTRY_PROPERTY property;
};
constexpr GUID system_keys_id = {
    0xa45c254e, 0xdf1c, 0x4efd, {0x80, 0x20, 0x67, 0xd1, 0x46, 0xa8, 0x50, 0xe0}};
constexpr SystemKey system_keys[] = {
    {2, DEVPROP_TYPE_STRING, DevicePropertyDeviceDescription},
    {3, DEVPROP_TYPE_STRING_LIST, DevicePropertyHardwareID},
    {4, DEVPROP_TYPE_STRING_LIST, DevicePropertyCompatibleIDs},
    {11, DEVPROP_TYPE_STRING, DevicePropertyDriverKeyName},
    {15, DEVPROP_TYPE_STRING, DevicePropertyLocationInformation},
    {16, DEVPROP_TYPE_STRING, DevicePropertyPhysicalDeviceObjectName},
    {21, DEVPROP_TYPE_GUID, DevicePropertyBusTypeGuid},
    {22, DEVPROP_TYPE_UINT32, DevicePropertyLegacyBusType},
    {23, DEVPROP_TYPE_UINT32, DevicePropertyBusNumber},
    {24, DEVPROP_TYPE_STRING, DevicePropertyEnumeratorName},
    {30, DEVPROP_TYPE_UINT32, DevicePropertyAddress},
};

struct PropertyValue {
    DEVPROPTYPE type = 0;
    Bytes data;
};
struct PropertyKey {
    PDEVICE_OBJECT device;
    Bytes key;  // format id and number
    bool operator<(const PropertyKey& other) const {
        return std::tie(device, key) < std::tie(other.device, other.key);
    }
};
struct PropertyStore {
    std::map<PropertyKey, PropertyValue> values;
};

// Without data: there is no such property. One that was set hides one of the system.
PropertyValue find_property(PDEVICE_OBJECT device, const DEVPROPKEY& key) {
    const auto& values = part<PropertyStore>().values;
    const auto found = values.find({device, value_bytes(key)});
    if (found != values.end()) return found->second;
    const pnp::DeviceNode* node = pnp::node_of(device);
    if (node == nullptr || value_bytes(key.fmtid) != value_bytes(system_keys_id)) return {};
    for (const SystemKey& known : system_keys) {
        if (known.number == key.pid) return {known.type, property(device, *node, known.property)};
    }
    return {};
}

}  // namespace

extern "C" {

// STATUS_BUFFER_TOO_SMALL with the size needed in ResultLength.
NTSTATUS IoGetDeviceProperty(PDEVICE_OBJECT DeviceObject, DEVICE_REGISTRY_PROPERTY DeviceProperty,
                             ULONG BufferLength, PVOID PropertyBuffer, PULONG ResultLength) {
    IoCall call;
    machine::ArenaScope inside;
    *ResultLength = 0;
    const pnp::DeviceNode* node = pnp::node_of(DeviceObject);
    if (node == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    const Bytes bytes = property(DeviceObject, *node, DeviceProperty);
    if (bytes.empty()) return STATUS_OBJECT_NAME_NOT_FOUND;
    *ResultLength = static_cast<ULONG>(bytes.size());
    if (BufferLength < bytes.size()) return STATUS_BUFFER_TOO_SMALL;
    std::memcpy(PropertyBuffer, bytes.data(), bytes.size());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoGetDeviceProperty);

NTSTATUS IoSetDevicePropertyData(PDEVICE_OBJECT Pdo, const DEVPROPKEY* PropertyKeyGiven, LCID,
                                 ULONG, DEVPROPTYPE Type, ULONG Size, PVOID Data) {
    IoCall call;
    machine::ArenaScope inside;
    auto& values = part<PropertyStore>().values;
    const PropertyKey key{Pdo, value_bytes(*PropertyKeyGiven)};
    if (Data == nullptr) {
        values.erase(key);
        return STATUS_SUCCESS;
    }
    const auto data = static_cast<const UCHAR*>(Data);
    values[key] = {Type, Bytes(data, data + Size)};
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoSetDevicePropertyData);

NTSTATUS IoGetDevicePropertyData(PDEVICE_OBJECT Pdo, const DEVPROPKEY* PropertyKeyGiven, LCID,
                                 ULONG, ULONG Size, PVOID Data, PULONG RequiredSize,
                                 PDEVPROPTYPE Type) {
    IoCall call;
    machine::ArenaScope inside;
    const PropertyValue value = find_property(Pdo, *PropertyKeyGiven);
    const Bytes& bytes = value.data;
    if (bytes.empty()) return STATUS_OBJECT_NAME_NOT_FOUND;
    *RequiredSize = static_cast<ULONG>(bytes.size());
    *Type = value.type;
    if (Size < bytes.size()) return STATUS_BUFFER_TOO_SMALL;
    std::memcpy(Data, bytes.data(), bytes.size());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoGetDevicePropertyData);

// The hardware key is the device's "Device Parameters"; the driver key its instance of the class.
NTSTATUS IoOpenDeviceRegistryKey(PDEVICE_OBJECT DeviceObject, ULONG DevInstKeyType, ACCESS_MASK,
                                 PHANDLE DeviceRegKey) {
    IoCall call;
    machine::ArenaScope inside;
    *DeviceRegKey = nullptr;
    const pnp::DeviceNode* node = pnp::node_of(DeviceObject);
    if (node == nullptr) return STATUS_INVALID_DEVICE_REQUEST;
    std::string path;
    switch (DevInstKeyType & ~static_cast<ULONG>(PLUGPLAY_REGKEY_CURRENT_HWPROFILE)) {
        case PLUGPLAY_REGKEY_DEVICE: path = pnp::hardware_key(*node); break;
        case PLUGPLAY_REGKEY_DRIVER: path = pnp::software_key(*node); break;
        default: return STATUS_INVALID_PARAMETER;
    }
    *DeviceRegKey = pnp::create_registry_path(path);
    return *DeviceRegKey != nullptr ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}
GX_EXPORT_FUNCTION(IoOpenDeviceRegistryKey);

NTSTATUS IoOpenDriverRegistryKey(PDRIVER_OBJECT DriverObject, DRIVER_REGKEY_TYPE RegKeyType,
                                 ACCESS_MASK, ULONG, PHANDLE DriverRegKey) {
    IoCall call;
    machine::ArenaScope inside;
    *DriverRegKey = nullptr;
    std::string path = narrow(driver_record(DriverObject).registry_path);
    switch (RegKeyType) {
        case DriverRegKeyParameters: path += "\\Parameters"; break;
        case DriverRegKeyPersistentState:
        case DriverRegKeySharedPersistentState: path += "\\State"; break;
        default: return STATUS_INVALID_PARAMETER;
    }
    *DriverRegKey = pnp::create_registry_path(path);
    return *DriverRegKey != nullptr ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}
GX_EXPORT_FUNCTION(IoOpenDriverRegistryKey);

}  // extern "C"
