// Device nodes: what the PnP manager knows of one device.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "kernel/acpi_provider.h"
#include "kernel/kernel.h"
#include "kernel/pnp/assigned_interrupt.h"
#include "machine/name_table.h"

namespace gpioclx::kernel::pnp {

struct Driver;

enum class NodeState : std::uint8_t {
    not_started,
    started,
    stopped,
    failed,
    removed,
    no_driver,
};

struct DeviceNode {
    std::string path;  // "\_SB.GPIO"; "\" for the root of the ACPI bus
    machine::NameId name = machine::no_name;
    AcpiDevice firmware;
    PDEVICE_OBJECT physical_device = nullptr;
    Driver* driver = nullptr;
    NodeState state = NodeState::not_started;

    // Why it failed: the innermost who reported it, and a sentence.
    NTSTATUS status = STATUS_SUCCESS;
    std::string failed_in;
    std::string message;

    // Assigned at the first start and kept: vectors and connection ids stay with the device.
    bool resources_assigned = false;
    std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR> raw;
    std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR> translated;
    std::deque<AssignedInterrupt> interrupts;

    // The driver arranged that its device may wake the system, and the device did.
    bool armed_for_wake = false;
    bool woke_system = false;

    std::uint32_t start_order = 0;  // 1 for the first device that started
};

struct DeviceTree {
    std::unique_ptr<DeviceNode> root;                // of the ACPI bus driver
    std::vector<std::unique_ptr<DeviceNode>> nodes;  // in the order of the namespace
    std::uint32_t last_start_order = 0;
};

// Where the firmware and the options of the bench are found.
struct FirmwareLink {
    AcpiProvider* acpi = nullptr;
    KernelOptions options;
};

DeviceNode* find_node(std::string_view path);
// Null for a device that is not a physical device of the firmware.
DeviceNode* node_of(PDEVICE_OBJECT physical_device);

}  // namespace gpioclx::kernel::pnp
