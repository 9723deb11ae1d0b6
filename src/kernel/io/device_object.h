// Device objects and the stacks they form.
#pragma once

#include <wdm.h>

#include <optional>
#include <string>

#include "kernel/io/device_security.h"
#include "kernel/ob/object.h"
#include "machine/arena.h"
#include "machine/name_table.h"

namespace gpioclx::kernel::pnp {
struct DeviceNode;
}

namespace gpioclx::kernel::io {

// Stands behind DEVICE_OBJECT::DeviceObjectExtension.
struct DeviceRecord : machine::SeenByDrivers {
    DEVOBJ_EXTENSION head{};
    PDEVICE_OBJECT lower = nullptr;   // what this device is attached to
    pnp::DeviceNode* node = nullptr;  // of a physical device object
    std::u16string name;              // "\Device\Led", empty if it has none
    machine::NameId event_name = machine::no_name;
    bool deleted = false;  // IoDeleteDevice was called; memory stays while somebody refers to it
    DEVICE_POWER_STATE power = PowerDeviceUnspecified;
    std::optional<AccessList> access = {};  // without it everybody may open the device
};

inline DeviceRecord& record_of(PDEVICE_OBJECT device) {
    return *reinterpret_cast<DeviceRecord*>(device->DeviceObjectExtension);
}

// What POBJECT_TYPE *IoDeviceObjectType points to.
extern const ob::Type device_object_type;

// The lowest device of the stack; for devices of the firmware the PDO.
PDEVICE_OBJECT physical_device_of(PDEVICE_OBJECT device);
PDEVICE_OBJECT top_of_stack(PDEVICE_OBJECT device);
// For events: ACPI path of the stack, else the device's name, else the driver's.
machine::NameId device_name(PDEVICE_OBJECT device);
// The ACPI path of a physical device; no_name if it is none of the firmware's.
machine::NameId path_name(PDEVICE_OBJECT physical_device);
// Opens on the device (files); a deleted device goes when the last is gone.
void count_open(PDEVICE_OBJECT device, int change);

}  // namespace gpioclx::kernel::io
