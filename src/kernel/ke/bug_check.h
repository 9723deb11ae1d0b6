// Bug checks: the machine stops for good, and the stream says why.
#pragma once

#include <wdm.h>

#include <string_view>

#include "kernel/dbg/finding.h"

namespace gpioclx::kernel::ke {

// The documented codes that the kernel itself uses.
namespace bug_code {
constexpr ULONG invalid_data_access_trap = 0x04;
constexpr ULONG irql_not_greater_or_equal = 0x09;
constexpr ULONG irql_not_less_or_equal = 0x0A;
constexpr ULONG maximum_wait_objects_exceeded = 0x0C;
constexpr ULONG spin_lock_already_owned = 0x0F;
constexpr ULONG spin_lock_not_owned = 0x10;
constexpr ULONG reference_by_pointer = 0x18;
constexpr ULONG bad_pool_header = 0x19;
constexpr ULONG kmode_exception_not_handled = 0x1E;
constexpr ULONG attempted_switch_from_dpc = 0xB8;
constexpr ULONG bad_pool_caller = 0xC2;
constexpr ULONG driver_unloaded_without_cancelling = 0xCE;
constexpr ULONG resource_not_owned = 0xE3;
constexpr ULONG thread_terminate_held_mutex = 0x4000008A;
}  // namespace bug_code

// "IRQL_NOT_LESS_OR_EQUAL", or "" for a code without a name here.
std::string_view bug_check_name(ULONG code);

// Emits a finding with the call stack, then EventKind::halt (subject "bug check 0x0000000A
// IRQL_NOT_LESS_OR_EQUAL", a code, b and c the first two parameters), and halts the machine. From
// any level. Outside processors there is nobody to stop: the process ends, as for a fault of ours.
[[noreturn]] void bug_check(ULONG code, ULONG_PTR p1 = 0, ULONG_PTR p2 = 0, ULONG_PTR p3 = 0,
                            ULONG_PTR p4 = 0, std::string_view sentence = {},
                            std::string_view finding_id = dbg::id::bug_check);

}  // namespace gpioclx::kernel::ke
