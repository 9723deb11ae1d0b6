#include "kernel/io/connection.h"

#include <ext/gx_export.h>
#include <ext/gx_pnp.h>

#include "kernel/io/io_call.h"
#include "kernel/pnp/device_node.h"
#include "machine/arena.h"

namespace gpioclx::kernel::io {
namespace {

constexpr UCHAR serial_types[] = {0, CM_RESOURCE_CONNECTION_TYPE_SERIAL_I2C,
                                  CM_RESOURCE_CONNECTION_TYPE_SERIAL_SPI,
                                  CM_RESOURCE_CONNECTION_TYPE_SERIAL_UART};

PDEVICE_OBJECT physical_device_at(const std::string& path) {
    const pnp::DeviceNode* node = pnp::find_node(path);
    return node != nullptr ? node->physical_device : nullptr;
}

}  // namespace

void describe(Connection& c, const GpioIoResource& resource) {
    c.connection_class = resource.is_function ? CM_RESOURCE_CONNECTION_CLASS_FUNCTION_CONFIG
                                              : CM_RESOURCE_CONNECTION_CLASS_GPIO;
    c.type = resource.is_function ? CM_RESOURCE_CONNECTION_TYPE_FUNCTION_CONFIG
                                  : CM_RESOURCE_CONNECTION_TYPE_GPIO_IO;
    c.controller = resource.controller;
    c.pins.assign(resource.pins.begin(), resource.pins.end());
    c.vendor_data = resource.vendor_data;
    GX_GPIO_CONNECTION& g = c.gpio;
    g.Class = c.connection_class;
    g.Type = c.type;
    g.Controller = physical_device_at(c.controller);
    g.Pins = c.pins.data();
    g.PinCount = static_cast<USHORT>(c.pins.size());
    g.Restriction = static_cast<GX_IO_RESTRICTION>(resource.restriction);
    g.Shared = resource.sharing == InterruptSharing::shared;
    g.PullConfiguration = resource.pull;
    g.DebounceTimeout = resource.debounce_10us;
    g.DriveStrength = resource.drive_strength_10ua;
    g.FunctionNumber = resource.function;
    g.VendorData = c.vendor_data.empty() ? nullptr : c.vendor_data.data();
    g.VendorDataLength = static_cast<ULONG>(c.vendor_data.size());
}

std::uint64_t add_connection(const GpioIoResource& resource) {
    machine::ArenaScope inside;
    auto& connections = part<Connections>().by_id;
    describe(connections.emplace_back(), resource);
    return connections.size();
}

std::uint64_t add_connection(const SerialBusResource& resource) {
    machine::ArenaScope inside;
    auto& connections = part<Connections>().by_id;
    Connection& c = connections.emplace_back();
    c.connection_class = CM_RESOURCE_CONNECTION_CLASS_SERIAL;
    c.type = resource.bus_type < std::size(serial_types) ? serial_types[resource.bus_type] : 0;
    c.controller = resource.controller;
    c.descriptor = resource.descriptor;
    return connections.size();
}

const Connection* find_connection(std::uint64_t id) {
    const auto& connections = part<Connections>().by_id;
    return id >= 1 && id <= connections.size() ? &connections[id - 1] : nullptr;
}

}  // namespace gpioclx::kernel::io

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

extern "C" {

const GX_GPIO_CONNECTION* GxQueryGpioConnection(ULONG64 ConnectionId) {
    const Connection* c = find_connection(ConnectionId);
    if (c == nullptr || c->connection_class == CM_RESOURCE_CONNECTION_CLASS_SERIAL) return nullptr;
    return &c->gpio;
}
GX_EXPORT_FUNCTION(GxQueryGpioConnection);

NTSTATUS GxQueryConnection(ULONG64 ConnectionId, PGX_CONNECTION Connection) {
    IoCall call;
    *Connection = {};
    const auto* c = find_connection(ConnectionId);
    if (c == nullptr) return STATUS_NOT_FOUND;
    const pnp::DeviceNode* node = pnp::find_node(c->controller);
    Connection->Class = c->connection_class;
    Connection->Type = c->type;
    Connection->Controller = node != nullptr ? node->physical_device : nullptr;
    Connection->ControllerStarted = node != nullptr && node->state == pnp::NodeState::started;
    Connection->Properties = c->descriptor.empty() ? nullptr : c->descriptor.data();
    Connection->PropertiesLength = static_cast<ULONG>(c->descriptor.size());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxQueryConnection);

NTSTATUS GxConnectionIdFromFileName(PCUNICODE_STRING FileName, PULONG64 ConnectionId) {
    constexpr ULONG digits = 16;
    ULONG at = 0;
    const ULONG count = FileName->Length / sizeof(WCHAR);
    const auto text = reinterpret_cast<const char16_t*>(FileName->Buffer);
    if (count != 0 && text[0] == u'\\') at = 1;
    if (count - at != digits) return STATUS_OBJECT_NAME_INVALID;
    ULONG64 id = 0;
    for (; at < count; ++at) {
        const char16_t c = text[at];
        unsigned digit = 0;
        if (c >= u'0' && c <= u'9') {
            digit = c - u'0';
        } else if ((c | 0x20) >= u'a' && (c | 0x20) <= u'f') {
            digit = (c | 0x20) - u'a' + 10u;
        } else {
            return STATUS_OBJECT_NAME_INVALID;
        }
        id = id << 4 | digit;
    }
    *ConnectionId = id;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxConnectionIdFromFileName);

PCSTR GxDevicePath(PDEVICE_OBJECT PhysicalDevice) {
    const pnp::DeviceNode* node = pnp::node_of(PhysicalDevice);
    return node != nullptr ? node->path.c_str() : nullptr;
}
GX_EXPORT_FUNCTION(GxDevicePath);

}  // extern "C"
