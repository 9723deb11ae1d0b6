#include "kernel/pnp/instance.h"

#include <fmt/core.h>

#include "kernel/system.h"

namespace gpioclx::kernel::pnp {
namespace {

constexpr const char* control_set = "\\Registry\\Machine\\System\\CurrentControlSet";
constexpr const char* system_class = "{4d36e97d-e325-11ce-bfc1-08002be10318}";

// The place in the namespace: what the ACPI bus driver gives devices without _UID as instance id.
std::size_t index_of(const DeviceNode& node) {
    const auto& nodes = part<DeviceTree>().nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].get() == &node) return i;
    }
    return nodes.size();
}

}  // namespace

std::string instance_path(const DeviceNode& node) {
    const std::string& unique = node.firmware.unique_id;
    return fmt::format("ACPI\\{}\\{}", node.firmware.hardware_id,
                       unique.empty() ? std::to_string(index_of(node)) : unique);
}

std::string hardware_key(const DeviceNode& node) {
    return fmt::format("{}\\Enum\\{}\\Device Parameters", control_set, instance_path(node));
}

std::string driver_key_name(const DeviceNode& node) {
    return fmt::format("{}\\{:04}", system_class, index_of(node));
}

std::string software_key(const DeviceNode& node) {
    return fmt::format("{}\\Control\\Class\\{}", control_set, driver_key_name(node));
}

}  // namespace gpioclx::kernel::pnp
