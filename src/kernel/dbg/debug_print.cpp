// What drivers print: one `message` event a line. Its subject is the driver, its severity 0 error,
// 1 warning, 2 information, 3 detail.
#include <wdm.h>

#include <cstdarg>
#include <string>
#include <string_view>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/rtl/format.h"
#include "machine/machine.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
namespace rtl = gpioclx::kernel::rtl;
using gpioclx::machine::EventKind;
using gpioclx::machine::Machine;

namespace {

constexpr ULONG error = 0, warning = 1, information = 2, detail = 3;

void spend(std::uint64_t cost_ns) {
    Machine& machine = Machine::current();
    if (machine.on_processor()) machine.spend(cost_ns);
}

void emit(std::string_view text, ULONG severity) {
    Machine& machine = Machine::current();
    const auto driver = machine.name(dbg::running_driver());
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (!line.empty()) machine.emit(EventKind::message, driver, machine.name(line), severity);
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

ULONG print(std::string text, ULONG severity, const char* format, va_list arguments) {
    spend(ke::cost::print_ns);
    rtl::format(text, format, arguments);
    emit(text, severity);
    return STATUS_SUCCESS;
}

ULONG severity_of(ULONG level) {
    return level == DPFLTR_ERROR_LEVEL     ? error
           : level == DPFLTR_WARNING_LEVEL ? warning
                                           : information;
}

// TRACE_LEVEL_*: 1 fatal, 2 error, 3 warning, 4 information, 5 verbose.
ULONG severity_of_trace(ULONG level) {
    return level <= 2 ? error : level == 3 ? warning : level == 4 ? information : detail;
}

}  // namespace

ULONG DbgPrint(PCSTR Format, ...) {
    va_list arguments;
    va_start(arguments, Format);
    const ULONG status = print({}, information, Format, arguments);
    va_end(arguments);
    return status;
}
GX_EXPORT_FUNCTION(DbgPrint);

ULONG DbgPrintEx(ULONG, ULONG Level, PCSTR Format, ...) {
    va_list arguments;
    va_start(arguments, Format);
    const ULONG status = print({}, severity_of(Level), Format, arguments);
    va_end(arguments);
    return status;
}
GX_EXPORT_FUNCTION(DbgPrintEx);

ULONG vDbgPrintEx(ULONG, ULONG Level, PCCH Format, va_list Arguments) {
    return print({}, severity_of(Level), Format, Arguments);
}
GX_EXPORT_FUNCTION(vDbgPrintEx);

ULONG vDbgPrintExWithPrefix(PCCH Prefix, ULONG, ULONG Level, PCCH Format, va_list Arguments) {
    return print(Prefix, severity_of(Level), Format, Arguments);
}
GX_EXPORT_FUNCTION(vDbgPrintExWithPrefix);

// Trace statements, as the driver kit's WPP generates them.
extern "C" void GxWppTrace(unsigned level, const char* level_name, const char* flag,
                           const char* file, unsigned line, const char* function,
                           const char* format, ...) {
    spend(ke::cost::print_ns);
    const rtl::TraceContext context{function, file, line, level_name, flag};
    std::string text;
    va_list arguments;
    va_start(arguments, format);
    rtl::format(text, format, arguments, &context);
    va_end(arguments);
    emit(text, severity_of_trace(level));
}
GX_EXPORT_FUNCTION(GxWppTrace);

VOID DbgBreakPoint(VOID) {
    ke::charge();
    dbg::report_finding(dbg::id::breakpoint, "the driver ran into a breakpoint (DbgBreakPoint)");
}
GX_EXPORT_FUNCTION(DbgBreakPoint);

VOID DbgBreakPointWithStatus(ULONG) { DbgBreakPoint(); }
GX_EXPORT_FUNCTION(DbgBreakPointWithStatus);

BOOLEAN KdRefreshDebuggerNotPresent(VOID) {
    ke::charge();
    return TRUE;
}
GX_EXPORT_FUNCTION(KdRefreshDebuggerNotPresent);

NTSTATUS KdDisableDebugger(VOID) { return STATUS_ACCESS_DENIED; }
GX_EXPORT_FUNCTION(KdDisableDebugger);

NTSTATUS KdEnableDebugger(VOID) { return STATUS_ACCESS_DENIED; }
GX_EXPORT_FUNCTION(KdEnableDebugger);
