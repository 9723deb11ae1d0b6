// A driver in user mode whose host process died: its devices are removed as by surprise and, for a
// while, started again in a new process.
#include <fmt/core.h>

#include <algorithm>

#include "kernel/ldr/image.h"
#include "kernel/pnp/pnp_manager.h"
#include "kernel/system.h"
#include "kernel/um/user_process.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {
namespace {

// Half an hour without a loss makes the next one the first again.
constexpr std::uint64_t forgiven_after_ns = 30ull * 60 * 1'000'000'000;

bool was_lost_with(const DeviceNode& node, const Driver& driver) {
    if (node.driver != &driver) return false;
    return node.state == NodeState::started || node.state == NodeState::stopped ||
           (node.state == NodeState::failed && node.status == STATUS_DRIVER_PROCESS_TERMINATED);
}

}  // namespace

void recover_lost_host(Driver& driver) {
    if (!driver.host_lost) return;
    machine::ArenaScope inside;
    std::vector<DeviceNode*> nodes;
    for (const auto& node : part<DeviceTree>().nodes) {
        if (was_lost_with(*node, driver)) nodes.push_back(node.get());
    }
    std::stable_sort(nodes.begin(), nodes.end(),
                     [](const DeviceNode* left, const DeviceNode* right) {
                         return left->start_order > right->start_order;
                     });
    for (DeviceNode* node : nodes) remove_device(*node, true);
    if (driver.devices == 0) unload_driver(driver);
    driver.host_lost = false;

    const std::uint64_t now = System::current().machine().now_ns();
    if (driver.losses > 0 && now - driver.last_loss_ns >= forgiven_after_ns) driver.losses = 0;
    driver.last_loss_ns = now;
    if (++driver.losses > driver.install.user_mode->restarts) {
        for (DeviceNode* node : nodes) {
            fail(*node, STATUS_DRIVER_PROCESS_TERMINATED, "host process",
                 fmt::format("the process of {} died {} times: {} is not started again",
                             driver.install.name, driver.losses, node->path));
        }
        return;
    }
    std::reverse(nodes.begin(), nodes.end());
    for (DeviceNode* node : nodes) {
        node->driver = &driver;
        start_device(*node);
    }
}

Result<void> kill_host(std::string_view device, std::uint64_t after_calls) {
    const DeviceNode* node = find_node(device);
    if (node == nullptr) return Error{fmt::format("there is no device {}", device)};
    const Driver* driver = node->driver;
    if (driver == nullptr || driver->image == nullptr || driver->image->process() == nullptr) {
        return Error{.message = fmt::format("the driver of {} has no host process", device),
                     .hint =
                         "only drivers in user mode have one, and not where they are hosted in "
                         "the machine (setting umdf_in_machine)"};
    }
    driver->image->process()->kill(after_calls);
    return {};
}

}  // namespace gpioclx::kernel::pnp
