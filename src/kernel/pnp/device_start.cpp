// Starting, stopping and removing one device.
#include <fmt/core.h>
#include <ext/gx_export.h>
#include <ext/gx_pnp.h>

#include "kernel/io/device_object.h"
#include "kernel/io/plug_play_notification.h"
#include "kernel/pnp/pnp_manager.h"
#include "kernel/pnp/pnp_request.h"
#include "kernel/pnp/resource_assignment.h"
#include "kernel/system.h"
#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::kernel::pnp {
namespace {

// Raw and translated list as START_DEVICE carries them; freed with the object.
struct ResourceLists {
    explicit ResourceLists(const DeviceNode& node)
        : raw(make_resource_list(node.raw)), translated(make_resource_list(node.translated)) {}
    ~ResourceLists() {
        if (raw != nullptr) ExFreePool(raw);
        if (translated != nullptr) ExFreePool(translated);
    }
    PCM_RESOURCE_LIST raw;
    PCM_RESOURCE_LIST translated;
};

NTSTATUS send_start(DeviceNode& node) {
    translate_resources(node);
    const ResourceLists lists(node);
    PnpRequest request;
    request.minor = IRP_MN_START_DEVICE;
    request.stack.Parameters.StartDevice.AllocatedResources = lists.raw;
    request.stack.Parameters.StartDevice.AllocatedResourcesTranslated = lists.translated;
    return send_pnp(node.physical_device, request);
}

NTSTATUS query_capabilities(DeviceNode& node) {
    DEVICE_CAPABILITIES capabilities{};
    capabilities.Size = sizeof(capabilities);
    capabilities.Version = 1;
    capabilities.Address = capabilities.UINumber = ~0u;
    PnpRequest request;
    request.minor = IRP_MN_QUERY_CAPABILITIES;
    request.stack.Parameters.DeviceCapabilities.Capabilities = &capabilities;
    return send_pnp(node.physical_device, request);
}

// What the stack has to say about itself once it runs. True: it declares itself failed.
bool declares_failure(DeviceNode& node) {
    PnpRequest request;
    request.minor = IRP_MN_QUERY_PNP_DEVICE_STATE;
    if (!NT_SUCCESS(send_pnp(node.physical_device, request))) return false;
    return (request.information & PNP_DEVICE_FAILED) != 0;
}

// REMOVE_DEVICE takes the function driver's device away; afterwards the driver may go.
void tear_down(DeviceNode& node) {
    send_pnp(node.physical_device, IRP_MN_REMOVE_DEVICE);
    Driver* driver = node.driver;
    if (driver == nullptr) return;
    --driver->devices;
    node.driver = nullptr;
    unload_driver_if_unused(*driver);
}

bool build_stack(DeviceNode& node) {
    Driver* driver = node.driver;
    if (auto failure = load_driver(*driver)) {
        fail(node, failure->status, failure->failed_in, failure->message);
        return false;
    }
    PDRIVER_ADD_DEVICE add_device = driver->object->DriverExtension->AddDevice;
    if (add_device == nullptr) {
        fail(node, STATUS_INVALID_DEVICE_REQUEST, "DriverEntry",
             fmt::format("{} sets no AddDevice routine, so it cannot serve devices",
                         driver->install.name));
        return false;
    }
    ++driver->devices;
    const NTSTATUS status = add_device(driver->object, node.physical_device);
    if (NT_SUCCESS(status)) return true;
    fail(node, status, "AddDevice",
         fmt::format("AddDevice of {} failed for {}", driver->install.name, node.path));
    --driver->devices;
    unload_driver_if_unused(*driver);
    return false;
}

}  // namespace

void start_device(DeviceNode& node) {
    machine::ArenaScope inside;
    node.status = STATUS_SUCCESS;
    node.failed_in.clear();
    node.message.clear();
    std::string message;
    NTSTATUS status = assign_resources(node, message);
    if (!NT_SUCCESS(status)) {
        fail(node, status, "resources", message);
        return;
    }
    Driver* driver = node.driver;
    if (!build_stack(node)) {
        if (!driver->loaded() || driver->devices == 0) unload_driver_if_unused(*driver);
        return;
    }
    query_capabilities(node);
    status = send_start(node);
    if (NT_SUCCESS(status) && declares_failure(node)) status = STATUS_DEVICE_CONFIGURATION_ERROR;
    if (!NT_SUCCESS(status)) {
        fail(node, status, "IRP_MN_START_DEVICE",
             fmt::format("{} did not start {}", driver->install.name, node.path));
        tear_down(node);
        node.driver = driver;  // for the report
        return;
    }
    node.start_order = ++part<DeviceTree>().last_start_order;
    if (machine::Witness* witness = machine::Machine::current().witness())
        witness->device_started();
    set_state(node, NodeState::started);
}

namespace {

// Those who have the device open are asked before its drivers.
bool query_remove(DeviceNode& node) {
    NTSTATUS status = STATUS_SUCCESS;
    if (!io::notify_device_removal(node.physical_device, io::RemovalPhase::query)) {
        status = STATUS_UNSUCCESSFUL;
        node.message = node.path + " is in use, and its user refused to let it go";
    } else {
        status = send_pnp(node.physical_device, IRP_MN_QUERY_REMOVE_DEVICE);
        if (NT_SUCCESS(status)) return true;
        send_pnp(node.physical_device, IRP_MN_CANCEL_REMOVE_DEVICE);
        node.message = node.path + " refused to be removed";
    }
    io::notify_device_removal(node.physical_device, io::RemovalPhase::cancelled);
    node.status = status;
    node.failed_in = "IRP_MN_QUERY_REMOVE_DEVICE";
    return false;
}

}  // namespace

bool remove_device(DeviceNode& node, bool surprise) {
    machine::ArenaScope inside;
    if (node.state != NodeState::started && node.state != NodeState::stopped) return true;
    if (surprise) {
        send_pnp(node.physical_device, IRP_MN_SURPRISE_REMOVAL);
    } else if (!query_remove(node)) {
        return false;
    }
    io::notify_device_removal(node.physical_device, io::RemovalPhase::complete);
    Driver* driver = node.driver;
    tear_down(node);
    node.driver = driver;  // for the report
    set_state(node, NodeState::removed);
    return true;
}

bool stop_device(DeviceNode& node) {
    if (node.state != NodeState::started) return false;
    if (!NT_SUCCESS(send_pnp(node.physical_device, IRP_MN_QUERY_STOP_DEVICE))) {
        send_pnp(node.physical_device, IRP_MN_CANCEL_STOP_DEVICE);
        return false;
    }
    send_pnp(node.physical_device, IRP_MN_STOP_DEVICE);
    set_state(node, NodeState::stopped);
    return true;
}

void restart_device(DeviceNode& node) {
    if (node.state != NodeState::stopped) return;
    const NTSTATUS status = send_start(node);
    if (NT_SUCCESS(status)) {
        set_state(node, NodeState::started);
        return;
    }
    fail(node, status, "IRP_MN_START_DEVICE", node.path + " did not start again after a stop");
    Driver* driver = node.driver;
    tear_down(node);
    node.driver = driver;
}

void query_device_state(DeviceNode& node) {
    if (node.state != NodeState::started || !declares_failure(node)) return;
    Driver* driver = node.driver;
    send_pnp(node.physical_device, IRP_MN_SURPRISE_REMOVAL);
    fail(node, STATUS_DEVICE_CONFIGURATION_ERROR, "IRP_MN_QUERY_PNP_DEVICE_STATE",
         fmt::format("{} declared {} failed", driver->install.name, node.path));
    tear_down(node);
    node.driver = driver;
}

std::string_view state_name(NodeState state) {
    switch (state) {
        case NodeState::not_started: return "not started";
        case NodeState::started: return "started";
        case NodeState::stopped: return "stopped";
        case NodeState::failed: return "failed";
        case NodeState::removed: return "removed";
        case NodeState::no_driver: return "no driver";
    }
    return "";
}

void set_state(DeviceNode& node, NodeState state) {
    node.state = state;
    machine::Machine& m = System::current().machine();
    std::string detail(state_name(state));
    if (state == NodeState::failed)
        detail += fmt::format(" in {}: {}", node.failed_in, node.message);
    m.emit(machine::EventKind::device_state, node.name, m.name(detail), 0, 0,
           static_cast<std::uint32_t>(node.status));
}

void fail(DeviceNode& node, NTSTATUS status, std::string_view failed_in, std::string_view message) {
    machine::ArenaScope inside;
    node.status = status;
    if (node.failed_in.empty()) node.failed_in = failed_in;
    node.message = message;
    set_state(node, NodeState::failed);
}

}  // namespace gpioclx::kernel::pnp

using namespace gpioclx::kernel::pnp;

extern "C" {

VOID GxReportFailure(PDEVICE_OBJECT PhysicalDevice, PCSTR Where, NTSTATUS Status) {
    DeviceNode* node = node_of(PhysicalDevice);
    if (node == nullptr || !node->failed_in.empty()) return;
    gpioclx::machine::ArenaScope inside;
    node->failed_in = Where;
    node->status = Status;
}
GX_EXPORT_FUNCTION(GxReportFailure);

}  // extern "C"
