#include "kernel/pnp/resource_assignment.h"

#include <fmt/core.h>

#include <cstring>

#include "kernel/io/connection.h"
#include "kernel/io/interrupt_primary.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/io/pool_tag.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {
namespace {

using Descriptor = CM_PARTIAL_RESOURCE_DESCRIPTOR;

constexpr KINTERRUPT_POLARITY polarities[] = {InterruptActiveHigh, InterruptActiveLow,
                                              InterruptActiveBoth};

UCHAR share_disposition(InterruptSharing sharing) {
    return sharing == InterruptSharing::shared ? CmResourceShareShared
                                               : CmResourceShareDeviceExclusive;
}

USHORT interrupt_flags(bool edge, bool wake, bool secondary) {
    return static_cast<USHORT>(
        (edge ? CM_RESOURCE_INTERRUPT_LATCHED : CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE) |
        (wake ? CM_RESOURCE_INTERRUPT_WAKE_HINT : 0) |
        (secondary ? CM_RESOURCE_INTERRUPT_SECONDARY_INTERRUPT : 0));
}

// One overload for each kind of resource; an empty message means success.
class Assignment {
  public:
    explicit Assignment(DeviceNode& node) : node_(node) {}

    std::string operator()(const MemoryResource& r) const {
        return range(CmResourceTypeMemory, r.base, r.length);
    }
    std::string operator()(const PortResource& r) const {
        return range(CmResourceTypePort, r.base, r.length);
    }

    std::string operator()(const InterruptResource& r) const {
        if (r.gsi >= io::first_secondary_gsi) {
            return fmt::format("interrupt {}: numbers of primary interrupts are below {}", r.gsi,
                               io::first_secondary_gsi);
        }
        io::PrimaryLine& line = io::primary_line(r.gsi);
        line.configure(r.edge);
        if ((line.line.trigger == machine::Trigger::edge) != r.edge) {
            return fmt::format(
                "interrupt {} is {}-triggered here, but another device declares it "
                "{}-triggered",
                r.gsi, r.edge ? "edge" : "level", r.edge ? "level" : "edge");
        }
        AssignedInterrupt assigned;
        assigned.vector = r.gsi;
        assigned.line.Mode = r.edge ? Latched : LevelSensitive;
        assigned.line.Polarity = r.active_low ? InterruptActiveLow : InterruptActiveHigh;
        add_interrupt(std::move(assigned), r.sharing, r.wake);
        return {};
    }

    std::string operator()(const GpioInterruptResource& r) const {
        if (std::string problem = missing_controller("GpioInt", r.controller); !problem.empty())
            return problem;
        if (r.polarity > 2) return fmt::format("GpioInt on pin {}: polarity {}", r.pin, r.polarity);
        AssignedInterrupt assigned;
        assigned.vector = io::secondary_line(r.controller, r.pin).gsi;
        assigned.secondary = true;
        GX_LINE_DESCRIPTOR& line = assigned.line;
        line.Pin = r.pin;
        line.Mode = r.edge ? Latched : LevelSensitive;
        line.Polarity = polarities[r.polarity];
        line.PullConfiguration = r.pull;
        line.DebounceTimeout = r.debounce_10us;
        assigned.vendor_data = r.vendor_data;
        add_interrupt(std::move(assigned), r.sharing, r.wake);
        return {};
    }

    std::string operator()(const GpioIoResource& r) const {
        const char* kind = r.is_function ? "PinFunction" : "GpioIo";
        if (std::string problem = missing_controller(kind, r.controller); !problem.empty())
            return problem;
        add_connection_descriptor(io::add_connection(r), r.sharing);
        return {};
    }

    std::string operator()(const SerialBusResource& r) const {
        if (std::string problem = missing_controller("serial bus connection", r.controller);
            !problem.empty()) {
            return problem;
        }
        add_connection_descriptor(io::add_connection(r), r.sharing);
        return {};
    }

  private:
    static std::string missing_controller(const char* kind, const std::string& path) {
        if (find_node(path) != nullptr) return {};
        return fmt::format(
            "{} names the controller {}, which is not in the firmware or not present", kind, path);
    }

    std::string range(UCHAR type, std::uint64_t base, std::uint64_t length) const {
        if (length > 0xffffffffu) return fmt::format("range at {:#x} is longer than 4 GB", base);
        Descriptor d{};
        d.Type = type;
        d.ShareDisposition = CmResourceShareDeviceExclusive;
        d.Flags = type == CmResourceTypePort ? CM_RESOURCE_PORT_IO : CM_RESOURCE_MEMORY_READ_WRITE;
        d.u.Generic.Start.QuadPart = static_cast<LONGLONG>(base);
        d.u.Generic.Length = static_cast<ULONG>(length);
        node_.raw.push_back(d);
        return {};
    }

    void add_interrupt(AssignedInterrupt&& assigned, InterruptSharing sharing, bool wake) const {
        assigned.shared = sharing == InterruptSharing::shared;
        assigned.line.Shared = assigned.shared;
        assigned.line.WakeCapable = wake;
        AssignedInterrupt& kept = node_.interrupts.emplace_back(std::move(assigned));
        kept.line.VendorData = kept.vendor_data.empty() ? nullptr : kept.vendor_data.data();
        kept.line.VendorDataLength = static_cast<ULONG>(kept.vendor_data.size());
        Descriptor d{};
        d.Type = CmResourceTypeInterrupt;
        d.ShareDisposition = share_disposition(sharing);
        d.Flags = interrupt_flags(kept.line.Mode == Latched, wake, kept.secondary);
        d.u.Interrupt.Level = static_cast<USHORT>(kept.vector);
        d.u.Interrupt.Vector = kept.vector;
        d.u.Interrupt.Affinity = ~KAFFINITY{0};
        node_.raw.push_back(d);
    }

    void add_connection_descriptor(std::uint64_t id, InterruptSharing sharing) const {
        const io::Connection& connection = *io::find_connection(id);
        Descriptor d{};
        d.Type = CmResourceTypeConnection;
        d.ShareDisposition = share_disposition(sharing);
        d.u.Connection.Class = connection.connection_class;
        d.u.Connection.Type = connection.type;
        d.u.Connection.IdLowPart = static_cast<ULONG>(id);
        d.u.Connection.IdHighPart = static_cast<ULONG>(id >> 32);
        node_.raw.push_back(d);
    }

    DeviceNode& node_;
};

}  // namespace

NTSTATUS assign_resources(DeviceNode& node, std::string& message) {
    if (node.resources_assigned) return STATUS_SUCCESS;
    machine::ArenaScope inside;
    const auto resources = part<FirmwareLink>().acpi->resources(node.path);
    if (!resources) {
        message = resources.error().text();
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    for (const DeviceResource& resource : *resources) {
        message = std::visit(Assignment(node), resource);
        if (message.empty()) continue;
        message = node.path + ": " + message;
        node.raw.clear();
        node.interrupts.clear();
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    node.resources_assigned = true;
    return STATUS_SUCCESS;
}

void translate_resources(DeviceNode& node) {
    machine::ArenaScope inside;
    node.translated = node.raw;
    auto interrupt = node.interrupts.begin();
    for (Descriptor& d : node.translated) {
        if (d.Type != CmResourceTypeInterrupt) continue;
        interrupt->irql = io::find_interrupt_line(interrupt->vector)->irql();
        d.u.Interrupt.Level = interrupt->irql;
        ++interrupt;
    }
}

PCM_RESOURCE_LIST make_resource_list(const std::vector<Descriptor>& descriptors) {
    if (descriptors.empty()) return nullptr;
    const std::size_t size =
        sizeof(CM_RESOURCE_LIST) + (descriptors.size() - 1) * sizeof(Descriptor);
    auto list = static_cast<PCM_RESOURCE_LIST>(
        ExAllocatePool2(POOL_FLAG_PAGED, size, io::pool_tag("CmRl")));
    if (list == nullptr) return nullptr;
    list->Count = 1;
    list->List[0].InterfaceType = ACPIBus;
    CM_PARTIAL_RESOURCE_LIST& partial = list->List[0].PartialResourceList;
    partial.Version = 1;
    partial.Revision = 1;
    partial.Count = static_cast<ULONG>(descriptors.size());
    std::memcpy(partial.PartialDescriptors, descriptors.data(),
                descriptors.size() * sizeof(Descriptor));
    return list;
}

}  // namespace gpioclx::kernel::pnp
