#include "kernel/ke/bug_check.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "ext/gx_export.h"
#include "machine/machine.h"

namespace gpioclx::kernel::ke {
namespace {

struct CodeName {
    ULONG code;
    std::string_view name;
};

constexpr CodeName code_names[] = {
    {0x01, "APC_INDEX_MISMATCH"},
    {0x04, "INVALID_DATA_ACCESS_TRAP"},
    {0x09, "IRQL_NOT_GREATER_OR_EQUAL"},
    {0x0A, "IRQL_NOT_LESS_OR_EQUAL"},
    {0x0C, "MAXIMUM_WAIT_OBJECTS_EXCEEDED"},
    {0x0F, "SPIN_LOCK_ALREADY_OWNED"},
    {0x10, "SPIN_LOCK_NOT_OWNED"},
    {0x18, "REFERENCE_BY_POINTER"},
    {0x19, "BAD_POOL_HEADER"},
    {0x1E, "KMODE_EXCEPTION_NOT_HANDLED"},
    {0x44, "MULTIPLE_IRP_COMPLETE_REQUESTS"},
    {0x50, "PAGE_FAULT_IN_NONPAGED_AREA"},
    {0x9F, "DRIVER_POWER_STATE_FAILURE"},
    {0xB8, "ATTEMPTED_SWITCH_FROM_DPC"},
    {0xC2, "BAD_POOL_CALLER"},
    {0xC4, "DRIVER_VERIFIER_DETECTED_VIOLATION"},
    {0xC9, "DRIVER_VERIFIER_IOMANAGER_VIOLATION"},
    {0xCE, "DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS"},
    {0xD1, "DRIVER_IRQL_NOT_LESS_OR_EQUAL"},
    {0xE2, "MANUALLY_INITIATED_CRASH"},
    {0xE3, "RESOURCE_NOT_OWNED"},
    {0x10D, "WDF_VIOLATION"},
    {0x138, "GPIO_CONTROLLER_DRIVER_ERROR"},
    {0x4000008A, "THREAD_TERMINATE_HELD_MUTEX"},
};

}  // namespace

std::string_view bug_check_name(ULONG code) {
    for (const CodeName& known : code_names) {
        if (known.code == code) return known.name;
    }
    return {};
}

void bug_check(ULONG code, ULONG_PTR p1, ULONG_PTR p2, ULONG_PTR p3, ULONG_PTR p4,
               std::string_view sentence, std::string_view finding_id) {
    machine::Machine& machine = machine::Machine::current();
    const std::string_view name = bug_check_name(code);
    std::string reason = fmt::format("bug check {:#010x}", code);
    if (!name.empty()) reason += fmt::format(" {}", name);
    std::string text = sentence.empty() ? reason : fmt::format("{} ({})", sentence, reason);
    text += fmt::format(" ({:#x}, {:#x}, {:#x}, {:#x})", p1, p2, p3, p4);
    dbg::report_finding(finding_id, text);
    const bool on_processor = machine.on_processor();
    machine.halt(machine.name(reason), code, p1, p2);
    std::fprintf(stderr, "gpioclx: %s %s\n", text.c_str(),
                 on_processor ? "returned from halt" : "outside of any processor");
    std::abort();
}

}  // namespace gpioclx::kernel::ke

VOID KeBugCheckEx(ULONG BugCheckCode, ULONG_PTR P1, ULONG_PTR P2, ULONG_PTR P3, ULONG_PTR P4) {
    gpioclx::kernel::ke::bug_check(BugCheckCode, P1, P2, P3, P4);
}
GX_EXPORT_FUNCTION(KeBugCheckEx);

VOID KeBugCheck(ULONG BugCheckCode) { gpioclx::kernel::ke::bug_check(BugCheckCode); }
GX_EXPORT_FUNCTION(KeBugCheck);
