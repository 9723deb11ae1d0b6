#include "kernel/pnp/controller_firmware.h"

#include <fmt/core.h>
#include <ext/gx_export.h>

#include <algorithm>

#include "kernel/dbg/finding.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/io/io_call.h"
#include "kernel/ke/irql.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {
namespace {

constexpr KINTERRUPT_POLARITY polarities[] = {InterruptActiveHigh, InterruptActiveLow,
                                              InterruptActiveBoth};

struct ControllerFirmwares {
    std::map<std::string, std::unique_ptr<ControllerFirmware>> by_path;
};

// The controllers that were asked about; null if this one was not.
ControllerFirmware* find_controller_firmware(PDEVICE_OBJECT physical_device) {
    const DeviceNode* node = node_of(physical_device);
    if (node == nullptr) return nullptr;
    const auto& known = part<ControllerFirmwares>().by_path;
    const auto found = known.find(node->path);
    return found != known.end() ? found->second.get() : nullptr;
}

bool same_pins(const GpioIoResource& left, const GpioIoResource& right) {
    return left.controller == right.controller && left.pins == right.pins &&
           left.restriction == right.restriction && left.sharing == right.sharing &&
           left.pull == right.pull && left.debounce_10us == right.debounce_10us &&
           left.drive_strength_10ua == right.drive_strength_10ua &&
           left.vendor_data == right.vendor_data;
}

AcpiProvider& firmware() { return *part<FirmwareLink>().acpi; }

}  // namespace

ControllerFirmware::ControllerFirmware(DeviceNode& controller)
    : node(controller), events(firmware().events(node.path)) {
    for (const AcpiEvent& event : events) {
        const GpioInterruptResource& r = event.interrupt;
        AssignedInterrupt& assigned = interrupts.emplace_back();
        assigned.vector = io::secondary_line(r.controller, r.pin).gsi;
        assigned.secondary = true;
        assigned.shared = r.sharing == InterruptSharing::shared;
        assigned.vendor_data = r.vendor_data;
        GX_LINE_DESCRIPTOR& line = assigned.line;
        line.Pin = r.pin;
        line.Mode = r.edge ? Latched : LevelSensitive;
        line.Polarity = polarities[r.polarity % std::size(polarities)];
        line.PullConfiguration = r.pull;
        line.DebounceTimeout = r.debounce_10us;
        line.Shared = assigned.shared;
        line.WakeCapable = r.wake;
        line.ForFirmware = TRUE;
        line.VendorData = assigned.vendor_data.empty() ? nullptr : assigned.vendor_data.data();
        line.VendorDataLength = static_cast<ULONG>(assigned.vendor_data.size());
    }
    for (const GpioIoResource& pins : firmware().region_pins(node.path)) field(pins);
}

const RegionField& ControllerFirmware::field(const GpioIoResource& resource) {
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const RegionField& f) {
        return same_pins(f.resource, resource);
    });
    if (known != fields.end()) return *known;
    RegionField& added = fields.emplace_back();
    added.resource = resource;
    io::describe(added.connection, resource);
    added.connection.gpio.ForFirmware = TRUE;
    return added;
}

std::uint32_t ControllerFirmware::access(const GpioIoResource& pins, bool write,
                                         std::uint64_t& value) {
    if (served_by == nullptr) return static_cast<std::uint32_t>(STATUS_DEVICE_NOT_READY);
    machine::ArenaScope inside;
    const GX_GPIO_CONNECTION& connection = field(pins).connection.gpio;
    ULONG64 bits = value;
    const NTSTATUS status = served_by(context, &connection, write, &bits);
    value = bits;
    return static_cast<std::uint32_t>(status);
}

ControllerFirmware* controller_firmware(PDEVICE_OBJECT physical_device) {
    DeviceNode* node = node_of(physical_device);
    if (node == nullptr) return nullptr;
    machine::ArenaScope inside;
    auto& slot = part<ControllerFirmwares>().by_path[node->path];
    if (slot == nullptr) slot = std::make_unique<ControllerFirmware>(*node);
    return slot.get();
}

const AssignedInterrupt* event_interrupt(PDEVICE_OBJECT physical_device, ULONG vector) {
    const ControllerFirmware* controller = find_controller_firmware(physical_device);
    if (controller == nullptr) return nullptr;
    for (const AssignedInterrupt& interrupt : controller->interrupts) {
        if (interrupt.vector == vector) return &interrupt;
    }
    return nullptr;
}

}  // namespace gpioclx::kernel::pnp

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::pnp;

extern "C" {

NTSTATUS GxAcpiGetEvent(PDEVICE_OBJECT PhysicalDevice, ULONG Index, GX_ACPI_EVENT* Event) {
    io::IoCall call;
    const ControllerFirmware* controller = controller_firmware(PhysicalDevice);
    if (controller == nullptr || Index >= controller->events.size()) return STATUS_NO_MORE_ENTRIES;
    const AssignedInterrupt& interrupt = controller->interrupts[Index];
    Event->Vector = interrupt.vector;
    Event->Pin = interrupt.line.Pin;
    Event->Mode = interrupt.line.Mode;
    Event->Shared = interrupt.shared;
    Event->Method = controller->events[Index].method.c_str();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxAcpiGetEvent);

NTSTATUS GxAcpiRunEvent(PDEVICE_OBJECT PhysicalDevice, ULONG Index) {
    io::IoCall call;
    ControllerFirmware* controller = controller_firmware(PhysicalDevice);
    if (controller == nullptr || Index >= controller->events.size())
        return STATUS_INVALID_PARAMETER;
    machine::ArenaScope inside;
    const AcpiEvent& event = controller->events[Index];
    machine::Machine& m = System::current().machine();
    const machine::NameId method = m.name(event.method);
    m.emit(machine::EventKind::callback_enter, method, controller->node.name, 0,
           event.interrupt.pin);
    const auto ran = firmware().run_event(controller->node.path, event);
    const NTSTATUS status = ran ? STATUS_SUCCESS : STATUS_ACPI_FATAL;
    m.emit(machine::EventKind::callback_exit, method, controller->node.name, 0, 0,
           static_cast<std::uint32_t>(status));
    if (!ran) {
        dbg::report_finding(dbg::id::firmware_event,
                            fmt::format("the event method of pin {} failed: {}",
                                        event.interrupt.pin, ran.error().text()));
    }
    return status;
}
GX_EXPORT_FUNCTION(GxAcpiRunEvent);

const GX_GPIO_CONNECTION* GxAcpiGetPinField(PDEVICE_OBJECT PhysicalDevice, ULONG Index) {
    io::IoCall call;
    const ControllerFirmware* controller = controller_firmware(PhysicalDevice);
    if (controller == nullptr || Index >= controller->fields.size()) return nullptr;
    return &controller->fields[Index].connection.gpio;
}
GX_EXPORT_FUNCTION(GxAcpiGetPinField);

NTSTATUS GxAcpiConnectPinRegion(PDEVICE_OBJECT PhysicalDevice, GX_PIN_REGION_ACCESS* Access,
                                PVOID Context) {
    io::IoCall call;
    ControllerFirmware* controller = controller_firmware(PhysicalDevice);
    if (controller == nullptr || Access == nullptr || controller->served_by != nullptr) {
        return STATUS_INVALID_PARAMETER;
    }
    machine::ArenaScope inside;
    controller->served_by = Access;
    controller->context = Context;
    const auto connected = firmware().connect_region(controller->node.path, *controller);
    if (connected) return STATUS_SUCCESS;
    controller->served_by = nullptr;
    dbg::report_finding(dbg::id::firmware_region, connected.error().text());
    return STATUS_ACPI_FATAL;
}
GX_EXPORT_FUNCTION(GxAcpiConnectPinRegion);

VOID GxAcpiDisconnectPinRegion(PDEVICE_OBJECT PhysicalDevice) {
    io::IoCall call;
    ControllerFirmware* controller = find_controller_firmware(PhysicalDevice);
    if (controller == nullptr || controller->served_by == nullptr) return;
    machine::ArenaScope inside;
    const auto disconnected = firmware().disconnect_region(controller->node.path);
    controller->served_by = nullptr;
    if (!disconnected) dbg::report_finding(dbg::id::firmware_region, disconnected.error().text());
}
GX_EXPORT_FUNCTION(GxAcpiDisconnectPinRegion);

}  // extern "C"
