// The names under which a device instance is known: its instance path and its registry keys.
#pragma once

#include <string>

#include "kernel/pnp/device_node.h"

namespace gpioclx::kernel::pnp {

// "ACPI\TEST0001\0"
std::string instance_path(const DeviceNode& node);
// "\Registry\...\Enum\ACPI\TEST0001\0\Device Parameters"
std::string hardware_key(const DeviceNode& node);
// "{4d36e97d-e325-11ce-bfc1-08002be10318}\0003", below "\Registry\...\Control\Class"
std::string driver_key_name(const DeviceNode& node);
std::string software_key(const DeviceNode& node);

}  // namespace gpioclx::kernel::pnp
