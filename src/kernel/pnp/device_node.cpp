#include "kernel/pnp/device_node.h"

#include <map>

#include "kernel/io/device_object.h"
#include "kernel/pnp/controller_firmware.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {

namespace {

// Nodes are all made before the machine runs, and stay.
struct NodeIndex {
    std::map<std::string_view, DeviceNode*> by_path;
};

}  // namespace

DeviceNode* find_node(std::string_view path) {
    auto& index = part<NodeIndex>().by_path;
    const auto& nodes = part<DeviceTree>().nodes;
    if (index.size() != nodes.size()) {
        machine::ArenaScope inside;
        for (const auto& node : nodes) index.emplace(node->path, node.get());
    }
    const auto found = index.find(path);
    return found != index.end() ? found->second : nullptr;
}

DeviceNode* node_of(PDEVICE_OBJECT physical_device) {
    return physical_device != nullptr ? io::record_of(physical_device).node : nullptr;
}

const std::deque<AssignedInterrupt>& assigned_interrupts(PDEVICE_OBJECT physical_device) {
    struct Nothing {
        std::deque<AssignedInterrupt> interrupts;
    };
    const DeviceNode* node = node_of(physical_device);
    return node != nullptr ? node->interrupts : part<Nothing>().interrupts;
}

const AssignedInterrupt* assigned_interrupt(PDEVICE_OBJECT physical_device, ULONG vector) {
    for (const AssignedInterrupt& interrupt : assigned_interrupts(physical_device)) {
        if (interrupt.vector == vector) return &interrupt;
    }
    return event_interrupt(physical_device, vector);
}

}  // namespace gpioclx::kernel::pnp
