#include "framework/call.h"

#include "ext/gx_observe.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "framework/device.h"
#include "kernel/ke/irql.h"
#include "kernel/system.h"
#include "machine/machine.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG wdf_violation = 0x10D;

void report_text(const char* id, const Device* device, const char* text) {
    GxReportFinding(id, device != nullptr ? device->pdo() : nullptr, "%s", text);
}

}  // namespace

void enter() {
    machine::Machine& machine = machine::Machine::current();
    if (machine.on_processor()) machine.step(call_cost_ns);
}

void enter(const char* function, KIRQL highest) {
    kernel::ke::require_irql_at_most(highest, function);
    enter();
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

void wrong_size(const char* function, const char* name, ULONG size, std::size_t right) {
    violation("lifetime-214", nullptr, WDF_VERIFIER_FATAL_ERROR, size, right,
              "%s: %s has Size %u; it is %zu bytes", function, name, static_cast<unsigned>(size),
              right);
}

}  // namespace gpioclx::framework
