#include "kernel/pnp/device_node.h"

#include "kernel/io/device_object.h"
#include "kernel/pnp/controller_firmware.h"
#include "kernel/system.h"

namespace gpioclx::kernel::pnp {

DeviceNode* find_node(std::string_view path) {
    const auto& nodes = part<DeviceTree>().by_path;
    const auto found = nodes.find(path);
    return found != nodes.end() ? found->second : nullptr;
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
