#include "framework/call.h"

#include "ext/gx_observe.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "framework/device.h"
#include "kernel/system.h"
#include "machine/machine.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG wdf_violation = 0x10D;

struct KnownStatus {
    NTSTATUS value;
    const char* name;
};
#define GX_STATUS(name) {name, #name}
constexpr KnownStatus known_statuses[] = {
    GX_STATUS(STATUS_SUCCESS), GX_STATUS(STATUS_PENDING), GX_STATUS(STATUS_TIMEOUT),
    GX_STATUS(STATUS_UNSUCCESSFUL), GX_STATUS(STATUS_NOT_IMPLEMENTED),
    GX_STATUS(STATUS_INFO_LENGTH_MISMATCH), GX_STATUS(STATUS_INVALID_PARAMETER),
    GX_STATUS(STATUS_NO_SUCH_DEVICE), GX_STATUS(STATUS_INVALID_DEVICE_REQUEST),
    GX_STATUS(STATUS_ACCESS_DENIED), GX_STATUS(STATUS_BUFFER_TOO_SMALL),
    GX_STATUS(STATUS_OBJECT_NAME_INVALID), GX_STATUS(STATUS_OBJECT_NAME_NOT_FOUND),
    GX_STATUS(STATUS_OBJECT_NAME_COLLISION), GX_STATUS(STATUS_INSUFFICIENT_RESOURCES),
    GX_STATUS(STATUS_DEVICE_NOT_READY), GX_STATUS(STATUS_NOT_SUPPORTED),
    GX_STATUS(STATUS_CANCELLED), GX_STATUS(STATUS_IO_TIMEOUT), GX_STATUS(STATUS_NOT_FOUND),
    GX_STATUS(STATUS_DELETE_PENDING), GX_STATUS(STATUS_INVALID_DEVICE_STATE),
    GX_STATUS(STATUS_DEVICE_CONFIGURATION_ERROR), GX_STATUS(STATUS_DEVICE_POWER_FAILURE),
    GX_STATUS(STATUS_IO_DEVICE_ERROR), GX_STATUS(STATUS_NO_MORE_ENTRIES),
};
#undef GX_STATUS

void report_text(const char* id, const Device* device, const char* text) {
    GxReportFinding(id, device != nullptr ? device->pdo() : nullptr, "%s", text);
}

}  // namespace

void enter(const char* function, KIRQL max_irql) {
    machine::Machine& machine = machine::Machine::current();
    if (machine.on_processor()) {
        if (machine.level() > max_irql) {
            report("irql-201", nullptr, "%s was called at IRQL %u; it may be called at IRQL %u at most",
                   function, machine.level(), max_irql);
        }
        machine.step(call_cost_ns);
    }
}

void report(const char* id, const Device* device, const char* format, ...) {
    std::array<char, 384> text;
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text.data(), text.size(), format, arguments);
    va_end(arguments);
    report_text(id, device, text.data());
}

void violation(const char* id, const Device* device, ULONG code, ULONG_PTR parameter2,
               ULONG_PTR parameter3, const char* format, ...) {
    std::array<char, 384> text;
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text.data(), text.size(), format, arguments);
    va_end(arguments);
    report_text(id, device, text.data());
    KeBugCheckEx(wdf_violation, code, parameter2, parameter3, 0);
    std::abort();  // a bug check does not return; outside the machine there is nothing to stop
}

void require(const void* pointer, const char* function, const char* parameter) {
    if (pointer != nullptr) return;
    violation("lifetime-210", nullptr, WDF_REQUIRED_PARAMETER_IS_NULL, 0, 0,
              "%s was called with NULL for %s, which is required", function, parameter);
}

const char* status_text(NTSTATUS status) {
    for (const KnownStatus& known : known_statuses) {
        if (known.value == status) return known.name;
    }
    // Four at a time are enough for one sentence; text only, no state of the machine.
    static std::array<std::array<char, 16>, 4> buffers;
    static unsigned next = 0;
    std::array<char, 16>& buffer = buffers[next++ % buffers.size()];
    std::snprintf(buffer.data(), buffer.size(), "0x%08X", static_cast<unsigned>(status));
    return buffer.data();
}

}  // namespace gpioclx::framework
