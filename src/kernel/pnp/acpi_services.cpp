// wdk/ext/gx_acpi.h over the board's AcpiProvider.
#include <acpiioct.h>
#include <ext/gx_acpi.h>
#include <ext/gx_export.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "kernel/dbg/finding.h"
#include "kernel/io/device_object.h"
#include "kernel/io/io_call.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/resource_assignment.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::pnp;

namespace {

// What GxAcpiGetDevice hands out pointers into.
struct CompatibleIdViews {
    std::vector<std::vector<PCSTR>> by_index;
};

constexpr std::size_t argument_head = offsetof(ACPI_METHOD_ARGUMENT, Data);
constexpr int max_package_depth = 8;

// The argument at `bytes`, or nothing if it does not fit into `size`.
std::optional<AcpiValue> decode(const UCHAR* bytes, std::size_t size, std::size_t& used,
                                int depth) {
    if (size < argument_head || depth > max_package_depth) return std::nullopt;
    ACPI_METHOD_ARGUMENT head;
    std::memcpy(&head, bytes, argument_head);
    const UCHAR* data = bytes + argument_head;
    used = ACPI_METHOD_ARGUMENT_LENGTH(head.DataLength);
    if (size - argument_head < head.DataLength) return std::nullopt;
    used = std::min(used, size);  // the last one may lack its padding
    switch (head.Type) {
        case ACPI_METHOD_ARGUMENT_INTEGER: {
            std::uint64_t value = 0;
            std::memcpy(&value, data, std::min<std::size_t>(head.DataLength, sizeof(value)));
            return AcpiValue{value};
        }
        case ACPI_METHOD_ARGUMENT_STRING: {
            const auto text = reinterpret_cast<const char*>(data);
            return AcpiValue{std::string(text, strnlen(text, head.DataLength))};
        }
        case ACPI_METHOD_ARGUMENT_BUFFER:
            return AcpiValue{std::vector<std::uint8_t>(data, data + head.DataLength)};
        case ACPI_METHOD_ARGUMENT_PACKAGE:
        case ACPI_METHOD_ARGUMENT_PACKAGE_EX: {
            std::vector<AcpiValue> elements;
            for (std::size_t at = 0; at < head.DataLength;) {
                std::size_t step = 0;
                auto element = decode(data + at, head.DataLength - at, step, depth + 1);
                if (!element) return std::nullopt;
                elements.push_back(std::move(*element));
                at += step;
            }
            return AcpiValue{std::move(elements)};
        }
        default: return std::nullopt;
    }
}

using Bytes = std::vector<UCHAR>;

bool encode(const AcpiValue& value, Bytes& out);

bool append(Bytes& out, USHORT type, const void* data, std::size_t length) {
    if (length > 0xffff) return false;
    const std::size_t start = out.size();
    out.resize(start + ACPI_METHOD_ARGUMENT_LENGTH(length));
    const USHORT head[2] = {type, static_cast<USHORT>(length)};
    std::memcpy(&out[start], head, sizeof(head));
    if (length != 0) std::memcpy(&out[start + argument_head], data, length);
    return true;
}

struct Encoder {
    Bytes& out;
    bool operator()(std::monostate) const { return true; }
    bool operator()(std::uint64_t value) const {
        // 32 bits as Windows' first version of the interface has them, unless the value needs more.
        const std::size_t size = value <= 0xffffffffu ? sizeof(ULONG) : sizeof(ULONG64);
        return append(out, ACPI_METHOD_ARGUMENT_INTEGER, &value, size);
    }
    bool operator()(const std::string& text) const {
        return append(out, ACPI_METHOD_ARGUMENT_STRING, text.c_str(), text.size() + 1);
    }
    bool operator()(const std::vector<std::uint8_t>& buffer) const {
        return append(out, ACPI_METHOD_ARGUMENT_BUFFER, buffer.data(), buffer.size());
    }
    bool operator()(const std::vector<AcpiValue>& elements) const {
        Bytes content;
        for (const AcpiValue& element : elements) {
            if (!encode(element, content)) return false;
        }
        return append(out, ACPI_METHOD_ARGUMENT_PACKAGE, content.data(), content.size());
    }
};

bool encode(const AcpiValue& value, Bytes& out) { return std::visit(Encoder{out}, value.content); }

// A method that returns a package gives its elements as the results.
bool encode_result(const AcpiValue& value, Bytes& out, ULONG& count) {
    if (const auto* elements = std::get_if<std::vector<AcpiValue>>(&value.content)) {
        count = static_cast<ULONG>(elements->size());
        return std::all_of(elements->begin(), elements->end(),
                           [&](const AcpiValue& element) { return encode(element, out); });
    }
    count = std::holds_alternative<std::monostate>(value.content) ? 0 : 1;
    return encode(value, out);
}

NTSTATUS write_result(const AcpiValue& value, PVOID output, ULONG length, PULONG_PTR written) {
    constexpr std::size_t head_size = offsetof(ACPI_EVAL_OUTPUT_BUFFER, Argument);
    Bytes arguments;
    ULONG count = 0;
    if (!encode_result(value, arguments, count)) return STATUS_ACPI_INVALID_DATA;
    *written = 0;
    if (output == nullptr || length == 0) return STATUS_SUCCESS;  // the caller wants no result
    if (length < head_size) return STATUS_BUFFER_TOO_SMALL;
    const ULONG head[3] = {
        ACPI_EVAL_OUTPUT_BUFFER_SIGNATURE,
        static_cast<ULONG>(std::max(head_size + arguments.size(), sizeof(ACPI_EVAL_OUTPUT_BUFFER))),
        count};
    static_assert(sizeof(head) == head_size);
    std::memset(output, 0, length);
    std::memcpy(output, head, head_size);
    if (length < head_size + arguments.size()) {
        *written = head_size;
        return STATUS_BUFFER_OVERFLOW;
    }
    if (!arguments.empty()) {
        std::memcpy(static_cast<UCHAR*>(output) + head_size, arguments.data(), arguments.size());
    }
    *written = std::min<ULONG_PTR>(length, head[1]);
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

NTSTATUS GxAcpiGetDevice(ULONG Index, GX_ACPI_DEVICE* Device) {
    io::IoCall call;
    machine::ArenaScope inside;
    const auto& nodes = part<DeviceTree>().nodes;
    if (Index >= nodes.size()) return STATUS_NO_MORE_ENTRIES;
    const AcpiDevice& device = nodes[Index]->firmware;
    auto& views = part<CompatibleIdViews>().by_index;
    views.resize(nodes.size());
    if (views[Index].size() != device.compatible_ids.size()) {
        for (const std::string& id : device.compatible_ids) views[Index].push_back(id.c_str());
    }
    Device->Path = device.path.c_str();
    Device->HardwareId = device.hardware_id.c_str();
    Device->CompatibleIdCount = static_cast<ULONG>(device.compatible_ids.size());
    Device->CompatibleIds = views[Index].data();
    Device->UniqueId = device.unique_id.c_str();
    Device->Address = device.address;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxAcpiGetDevice);

NTSTATUS GxAcpiSetPhysicalDevice(ULONG Index, PDEVICE_OBJECT PhysicalDevice) {
    io::IoCall call;
    const auto& nodes = part<DeviceTree>().nodes;
    if (Index >= nodes.size()) return STATUS_INVALID_PARAMETER;
    DeviceNode& node = *nodes[Index];
    if (node.physical_device != nullptr) io::record_of(node.physical_device).node = nullptr;
    node.physical_device = PhysicalDevice;
    if (PhysicalDevice != nullptr) io::record_of(PhysicalDevice).node = &node;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxAcpiSetPhysicalDevice);

NTSTATUS GxAcpiQueryResources(PDEVICE_OBJECT PhysicalDevice, PCM_RESOURCE_LIST* Resources) {
    io::IoCall call;
    *Resources = nullptr;
    DeviceNode* node = node_of(PhysicalDevice);
    if (node == nullptr) return STATUS_NO_SUCH_DEVICE;
    machine::ArenaScope inside;
    std::string message;
    const NTSTATUS status = assign_resources(*node, message);
    if (!NT_SUCCESS(status) || node->raw.empty()) return status;
    *Resources = make_resource_list(node->raw);
    return *Resources != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
GX_EXPORT_FUNCTION(GxAcpiQueryResources);

NTSTATUS GxAcpiEvaluate(PDEVICE_OBJECT PhysicalDevice, PCSTR Method, ULONG ArgumentCount,
                        const VOID* Arguments, ULONG ArgumentsLength, PVOID Output,
                        ULONG OutputLength, PULONG_PTR Written) {
    io::IoCall call;
    *Written = 0;
    const DeviceNode* node = node_of(PhysicalDevice);
    if (node == nullptr) return STATUS_NO_SUCH_DEVICE;
    machine::ArenaScope inside;
    AcpiProvider& acpi = *part<FirmwareLink>().acpi;
    if (!acpi.has_method(node->path, Method)) return STATUS_OBJECT_NAME_NOT_FOUND;
    std::vector<AcpiValue> values;
    std::size_t at = 0;
    for (ULONG i = 0; i < ArgumentCount; ++i) {
        std::size_t used = 0;
        auto value =
            decode(static_cast<const UCHAR*>(Arguments) + at, ArgumentsLength - at, used, 0);
        if (!value) return STATUS_ACPI_INVALID_ARGTYPE;
        values.push_back(std::move(*value));
        at += used;
    }
    // The caller's output may be its input buffer: everything was read before this point.
    const auto result = acpi.evaluate(node->path, Method, values);
    if (!result) return STATUS_ACPI_FATAL;
    return write_result(*result, Output, OutputLength, Written);
}
GX_EXPORT_FUNCTION(GxAcpiEvaluate);

VOID GxAcpiSetPower(PDEVICE_OBJECT PhysicalDevice, DEVICE_POWER_STATE State) {
    io::IoCall call;
    const DeviceNode* node = node_of(PhysicalDevice);
    if (node == nullptr) return;
    machine::ArenaScope inside;
    AcpiProvider& acpi = *part<FirmwareLink>().acpi;
    const bool on = State == PowerDeviceD0;
    if (on) acpi.set_power(node->path, true);
    const char* method = on                       ? "_PS0"
                         : State == PowerDeviceD1 ? "_PS1"
                         : State == PowerDeviceD2 ? "_PS2"
                                                  : "_PS3";
    if (acpi.has_method(node->path, method)) {
        if (const auto result = acpi.evaluate(node->path, method, {}); !result) {
            dbg::report_finding(
                dbg::id::firmware_power,
                fmt::format("{}.{}: {}", node->path, method, result.error().message));
        }
    }
    if (!on) acpi.set_power(node->path, false);
}
GX_EXPORT_FUNCTION(GxAcpiSetPower);

}  // extern "C"
