// The rest of the executive's small services.
#include <wdm.h>

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/rtl/format.h"
#include "machine/machine.h"

namespace ke = gpioclx::kernel::ke;
namespace rtl = gpioclx::kernel::rtl;
using gpioclx::machine::Machine;

NTSTATUS ExUuidCreate(GUID* Uuid) {
    ke::charge();
    const std::uint64_t values[2] = {Machine::current().random_value(),
                                     Machine::current().random_value()};
    static_assert(sizeof values == sizeof *Uuid);
    __builtin_memcpy(Uuid, values, sizeof values);
    Uuid->Data3 = static_cast<USHORT>((Uuid->Data3 & 0x0FFF) | 0x4000);  // version 4: random
    Uuid->Data4[0] = static_cast<UCHAR>((Uuid->Data4[0] & 0x3F) | 0x80);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ExUuidCreate);

// Structured exception handling is refused when a driver is built, so nobody catches this.
VOID ExRaiseStatus(NTSTATUS Status) {
    ke::bug_check(ke::bug_code::kmode_exception_not_handled, static_cast<ULONG>(Status), 0, 0, 0,
                  fmt::format("the driver raised the exception {:#x} {}",
                              static_cast<ULONG>(Status), rtl::status_name(Status)),
                  gpioclx::kernel::dbg::id::exception);
}
GX_EXPORT_FUNCTION(ExRaiseStatus);
