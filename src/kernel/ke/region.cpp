// Critical and guarded regions. No asynchronous procedure calls exist here, so a region is a count
// that must balance.
#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/thread.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::Machine;

namespace {

void enter(ULONG _KTHREAD::*count) {
    ke::charge(ke::cost::lock_ns);
    ++(ke::current_thread()->*count);
}

void leave(ULONG _KTHREAD::*count, const char* function) {
    ke::charge(ke::cost::lock_ns);
    ULONG& depth = ke::current_thread()->*count;
    if (depth == 0) {
        dbg::report_finding(dbg::id::object_misuse,
                            std::string(function) + " without the matching enter");
        return;
    }
    --depth;
}

}  // namespace

VOID KeEnterCriticalRegion(VOID) { enter(&_KTHREAD::CriticalRegions); }
GX_EXPORT_FUNCTION(KeEnterCriticalRegion);

VOID KeLeaveCriticalRegion(VOID) { leave(&_KTHREAD::CriticalRegions, "KeLeaveCriticalRegion"); }
GX_EXPORT_FUNCTION(KeLeaveCriticalRegion);

VOID KeEnterGuardedRegion(VOID) { enter(&_KTHREAD::GuardedRegions); }
GX_EXPORT_FUNCTION(KeEnterGuardedRegion);

VOID KeLeaveGuardedRegion(VOID) { leave(&_KTHREAD::GuardedRegions, "KeLeaveGuardedRegion"); }
GX_EXPORT_FUNCTION(KeLeaveGuardedRegion);

BOOLEAN KeAreApcsDisabled(VOID) {
    ke::charge(ke::cost::lock_ns);
    const _KTHREAD* thread = ke::current_thread();
    return thread->CriticalRegions != 0 || thread->GuardedRegions != 0;
}
GX_EXPORT_FUNCTION(KeAreApcsDisabled);

BOOLEAN KeAreAllApcsDisabled(VOID) {
    ke::charge(ke::cost::lock_ns);
    return ke::current_thread()->GuardedRegions != 0 || Machine::current().level() >= APC_LEVEL;
}
GX_EXPORT_FUNCTION(KeAreAllApcsDisabled);
