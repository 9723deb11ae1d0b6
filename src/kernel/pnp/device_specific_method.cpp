// _DSM for the extension (wdk/ext/gx_acpi_gpio.h).
#include <ext/gx_acpi_gpio.h>
#include <ext/gx_export.h>

#include "kernel/io/io_call.h"
#include "kernel/ke/irql.h"
#include "kernel/pnp/device_node.h"
#include "kernel/system.h"
#include "machine/arena.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::pnp;

namespace {

// A GUID in memory is what ToUUID makes of it.
std::vector<std::uint8_t> bytes_of(const GUID& guid) {
    const auto first = reinterpret_cast<const std::uint8_t*>(&guid);
    return {first, first + sizeof(guid)};
}

Result<AcpiValue> evaluate_dsm(const DeviceNode& node, const GUID& guid, ULONG revision,
                               ULONG function) {
    return part<FirmwareLink>().acpi->evaluate(
        node.path, "_DSM",
        {AcpiValue{bytes_of(guid)}, AcpiValue{std::uint64_t{revision}},
         AcpiValue{std::uint64_t{function}}, AcpiValue{std::vector<AcpiValue>{}}});
}

// Function 0: a bit for each function.
NTSTATUS announced(const DeviceNode& node, const GUID& guid, ULONG revision, ULONG function) {
    const auto answer = evaluate_dsm(node, guid, revision, 0);
    if (!answer) return STATUS_ACPI_FATAL;
    const auto* bits = std::get_if<std::vector<std::uint8_t>>(&answer->content);
    if (bits == nullptr || bits->empty()) return STATUS_ACPI_INVALID_DATA;
    const std::size_t byte = function / 8;
    const bool set = byte < bits->size() && ((*bits)[byte] >> (function % 8) & 1) != 0;
    return set ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

}  // namespace

extern "C" {

NTSTATUS GxAcpiQueryDsmIntegers(PDEVICE_OBJECT PhysicalDevice, const GUID* Interface,
                                ULONG Revision, ULONG Function, PULONG64 Integers, ULONG Capacity,
                                PULONG Count, PULONG FailedFunction) {
    io::IoCall call;
    *Count = 0;
    *FailedFunction = 0;
    const DeviceNode* node = node_of(PhysicalDevice);
    if (node == nullptr || !part<FirmwareLink>().acpi->has_method(node->path, "_DSM")) {
        return STATUS_NOT_SUPPORTED;
    }
    machine::ArenaScope inside;
    if (const NTSTATUS status = announced(*node, *Interface, Revision, Function);
        !NT_SUCCESS(status)) {
        return status;
    }
    *FailedFunction = Function;
    const auto answer = evaluate_dsm(*node, *Interface, Revision, Function);
    if (!answer) return STATUS_ACPI_FATAL;
    const auto* elements = std::get_if<std::vector<AcpiValue>>(&answer->content);
    if (elements == nullptr) return STATUS_ACPI_INVALID_DATA;
    if (elements->size() > Capacity) return STATUS_BUFFER_OVERFLOW;
    for (const AcpiValue& element : *elements) {
        const auto* integer = std::get_if<std::uint64_t>(&element.content);
        if (integer == nullptr) return STATUS_ACPI_INVALID_DATA;
        Integers[(*Count)++] = *integer;
    }
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(GxAcpiQueryDsmIntegers);

}  // extern "C"
