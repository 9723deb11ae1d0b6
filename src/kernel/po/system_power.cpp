#include "kernel/po/system_power.h"

#include <wdm.h>

#include <algorithm>
#include <vector>

#include "kernel/io/device_object.h"
#include "kernel/io/irp.h"
#include "kernel/pnp/device_node.h"
#include "kernel/po/wake.h"
#include "kernel/system.h"

namespace gpioclx::kernel::po {
namespace {

struct SystemPower {
    SystemState state = SystemState::working;
};

void enter(SystemState state, const char* mark) {
    part<SystemPower>().state = state;
    machine::Machine& m = System::current().machine();
    m.emit(machine::EventKind::mark, m.name(mark));
}

void send_system_power(PDEVICE_OBJECT physical_device, SYSTEM_POWER_STATE state) {
    PDEVICE_OBJECT top = io::top_of_stack(physical_device);
    PIRP irp = IoAllocateIrp(top->StackSize, FALSE);
    if (irp == nullptr) return;
    irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    PIO_STACK_LOCATION stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_POWER;
    stack->MinorFunction = IRP_MN_SET_POWER;
    stack->Parameters.Power.Type = SystemPowerState;
    stack->Parameters.Power.State.SystemState = state;
    stack->Parameters.Power.ShutdownType = PowerActionSleep;
    io::call_and_wait(top, irp);
    IoFreeIrp(irp);
}

// In the order in which they were started.
std::vector<pnp::DeviceNode*> started_devices() {
    std::vector<pnp::DeviceNode*> nodes;
    for (const auto& node : part<pnp::DeviceTree>().nodes) {
        if (node->state == pnp::NodeState::started) nodes.push_back(node.get());
    }
    std::stable_sort(nodes.begin(), nodes.end(),
                     [](const pnp::DeviceNode* left, const pnp::DeviceNode* right) {
                         return left->start_order < right->start_order;
                     });
    return nodes;
}

}  // namespace

SystemState system_state() { return part<SystemPower>().state; }

void sleep_system() {
    if (system_state() != SystemState::working) return;
    enter(SystemState::falling_asleep, "the system goes to sleep");
    std::vector<pnp::DeviceNode*> nodes = started_devices();
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
        send_system_power((*node)->physical_device, PowerSystemSleeping3);
    enter(SystemState::asleep, "the system is asleep");
    if (wake_is_wanted()) wake_system();
}

void wake_system() {
    if (system_state() != SystemState::asleep) return;
    enter(SystemState::waking, "the system wakes up");
    for (pnp::DeviceNode* node : started_devices())
        send_system_power(node->physical_device, PowerSystemWorking);
    enter(SystemState::working, "the system is awake");
    replay_lost_edges();
}

}  // namespace gpioclx::kernel::po
