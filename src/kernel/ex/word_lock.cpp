// Locks that are a single word in the driver's memory and need no deletion: push locks and rundown
// protection. Whoever waits for any of them waits on one event and looks again.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/order.h"
#include "kernel/system.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
using gpioclx::kernel::part;

namespace {

struct WordWaits {
    WordWaits() {
        ke::initialize_header(changed.Header, ke::DispatcherType::notification_event, 0);
        ke::name_object(&changed, "push lock or rundown protection");
    }
    KEVENT changed{};
};

template <typename Blocked>
void wait_while(Blocked blocked, const char* function) {
    while (blocked()) {
        ke::require_may_block(function);
        KEVENT& changed = part<WordWaits>().changed;
        changed.Header.SignalState = 0;  // no time passes until the wait
        ke::wait(changed.Header, gpioclx::machine::forever_ns, function);
    }
}

void tell() {
    KEVENT& changed = part<WordWaits>().changed;
    changed.Header.SignalState = 1;
    ke::wake_waiters(changed.Header);
}

void begin() { ke::charge(ke::cost::lock_ns); }

constexpr ULONG_PTR exclusive = 1;     // EX_PUSH_LOCK: bit 0, else readers * 2
constexpr ULONG_PTR running_down = 1;  // EX_RUNDOWN_REF: bit 0, holders * 2

}  // namespace

VOID ExInitializePushLock(PEX_PUSH_LOCK PushLock) { PushLock->Value = 0; }
GX_EXPORT_FUNCTION(ExInitializePushLock);

VOID ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG) {
    begin();
    wait_while([&] { return PushLock->Value != 0; }, "ExAcquirePushLockExclusive");
    PushLock->Value = exclusive;
    ke::note_memory_order(PushLock);
}
GX_EXPORT_FUNCTION(ExAcquirePushLockExclusiveEx);

VOID ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG) {
    begin();
    if (PushLock->Value != exclusive) {
        dbg::report_finding(dbg::id::lock_not_owned,
                            "ExReleasePushLockExclusive of a lock that nobody holds so");
    }
    ke::note_memory_order(PushLock);
    PushLock->Value = 0;
    tell();
}
GX_EXPORT_FUNCTION(ExReleasePushLockExclusiveEx);

VOID ExAcquirePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG) {
    begin();
    wait_while([&] { return (PushLock->Value & exclusive) != 0; }, "ExAcquirePushLockShared");
    PushLock->Value += 2;
    ke::note_memory_order(PushLock);
}
GX_EXPORT_FUNCTION(ExAcquirePushLockSharedEx);

VOID ExReleasePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG) {
    begin();
    if (PushLock->Value < 2) {
        dbg::report_finding(dbg::id::lock_not_owned,
                            "ExReleasePushLockShared of a lock that nobody holds so");
        return;
    }
    ke::note_memory_order(PushLock);
    PushLock->Value -= 2;
    tell();
}
GX_EXPORT_FUNCTION(ExReleasePushLockSharedEx);

VOID ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef) { RunRef->Count = 0; }
GX_EXPORT_FUNCTION(ExInitializeRundownProtection);

VOID ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef) { RunRef->Count = 0; }
GX_EXPORT_FUNCTION(ExReInitializeRundownProtection);

BOOLEAN ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count) {
    ke::charge(ke::cost::lock_ns);
    if ((RunRef->Count & running_down) != 0) return FALSE;
    RunRef->Count += ULONG_PTR{Count} * 2;
    ke::note_memory_order(RunRef);
    return TRUE;
}
GX_EXPORT_FUNCTION(ExAcquireRundownProtectionEx);

BOOLEAN ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef) {
    return ExAcquireRundownProtectionEx(RunRef, 1);
}
GX_EXPORT_FUNCTION(ExAcquireRundownProtection);

VOID ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count) {
    ke::charge(ke::cost::lock_ns);
    if (RunRef->Count / 2 < Count) {
        dbg::report_finding(dbg::id::object_reference,
                            "ExReleaseRundownProtection without the matching acquire");
        return;
    }
    ke::note_memory_order(RunRef);
    RunRef->Count -= ULONG_PTR{Count} * 2;
    tell();
}
GX_EXPORT_FUNCTION(ExReleaseRundownProtectionEx);

VOID ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef) { ExReleaseRundownProtectionEx(RunRef, 1); }
GX_EXPORT_FUNCTION(ExReleaseRundownProtection);

VOID ExRundownCompleted(PEX_RUNDOWN_REF RunRef) { RunRef->Count = running_down; }
GX_EXPORT_FUNCTION(ExRundownCompleted);

VOID ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef) {
    begin();
    RunRef->Count |= running_down;
    wait_while([&] { return RunRef->Count != running_down; }, "ExWaitForRundownProtectionRelease");
    ke::note_memory_order(RunRef);
}
GX_EXPORT_FUNCTION(ExWaitForRundownProtectionRelease);
