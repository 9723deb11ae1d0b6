#include "kernel/ke/spin_lock.h"

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/held_lock.h"
#include "kernel/ke/irql.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::EventKind;
using machine::Machine;

// What the word holds while this processor owns the lock.
KSPIN_LOCK own_mark(Machine& machine) { return KSPIN_LOCK{machine.processor().index} + 1; }

// The word holds neither 0 nor an owner: nobody initialized it, or somebody wrote over it.
void report_garbage(PKSPIN_LOCK lock, const char* function) {
    dbg::report_finding(
        dbg::id::lock_uninitialized,
        fmt::format("{}: the spin lock '{}' was never initialized or was overwritten "
                    "(its word is {:#x})",
                    function, Machine::current().text(name_of(lock, ObjectKind::lock).name),
                    *lock));
    *lock = 0;
}

void wait_for(PKSPIN_LOCK lock, const ObjectName& name, const char* function) {
    Machine& machine = Machine::current();
    if (*lock > machine.processor_count()) {
        report_garbage(lock, function);
        return;
    }
    if (*lock == own_mark(machine)) {
        bug_check(bug_code::spin_lock_already_owned, reinterpret_cast<ULONG_PTR>(lock), 0, 0, 0,
                  fmt::format("{}: the spin lock '{}' is already held by this processor", function,
                              machine.text(name.name)),
                  dbg::id::lock_recursion);
    }
    machine.emit(EventKind::lock_contended, name.name, machine::no_name, name.instance);
    while (*lock != 0) machine.spin_wait(lock, name.name);
}

void take(PKSPIN_LOCK lock, const ObjectName& name, KIRQL irql_before, bool raised) {
    Machine& machine = Machine::current();
    *lock = own_mark(machine);
    push_held_lock({lock, irql_before, raised, name.name});
    vf::note_acquired(name, vf::LockKind::spinning);
    machine.emit(EventKind::lock_acquired, name.name, machine::no_name, name.instance);
}

}  // namespace

void acquire_lock(PKSPIN_LOCK lock, KIRQL irql_before, bool raised, const char* function) {
    Machine& machine = Machine::current();
    machine.step(cost::lock_ns);
    const ObjectName name = name_of(lock, ObjectKind::lock);
    vf::note_acquire(name, vf::LockKind::spinning);
    if (*lock != 0) [[unlikely]]
        wait_for(lock, name, function);
    take(lock, name, irql_before, raised);
}

bool try_acquire_lock(PKSPIN_LOCK lock, const char* function) {
    Machine& machine = Machine::current();
    machine.step(cost::lock_ns);
    if (*lock > machine.processor_count()) report_garbage(lock, function);
    if (*lock != 0) return false;
    take(lock, name_of(lock, ObjectKind::lock), machine.level(), false);
    return true;
}

void release_lock(PKSPIN_LOCK lock, const char* function) {
    Machine& machine = Machine::current();
    machine.step(cost::lock_ns);
    const ObjectName name = name_of(lock, ObjectKind::lock);
    if (*lock != own_mark(machine)) [[unlikely]] {
        bug_check(bug_code::spin_lock_not_owned, reinterpret_cast<ULONG_PTR>(lock), *lock, 0, 0,
                  fmt::format("{}: the spin lock '{}' is not held by this processor{}", function,
                              machine.text(name.name), *lock == 0 ? " nor by any other" : ""),
                  dbg::id::lock_not_owned);
    }
    *lock = 0;
    pop_held_lock(lock);
    vf::note_released(name, vf::LockKind::spinning);
    machine.emit(EventKind::lock_released, name.name, machine::no_name, name.instance);
    machine.spin_notify(lock);
}

bool holds_lock(const void* lock) { return find_held_lock(lock) != nullptr; }

namespace {

KIRQL acquire_raising(PKSPIN_LOCK lock, const char* function) {
    const KIRQL before = raise_irql(DISPATCH_LEVEL, function);
    acquire_lock(lock, before, true, function);
    return before;
}

void release_lowering(PKSPIN_LOCK lock, KIRQL irql, const char* function) {
    if (const HeldLock* held = find_held_lock(lock); held != nullptr && held->irql_before != irql) {
        dbg::report_finding(
            dbg::id::lock_wrong_irql,
            fmt::format("{}: the spin lock '{}' was acquired at IRQL {} and is released to "
                        "IRQL {}",
                        function, Machine::current().text(held->name), held->irql_before, irql));
    }
    release_lock(lock, function);
    lower_irql(irql, function);
}

void acquire_at_dpc(PKSPIN_LOCK lock, const char* function) {
    acquire_lock(lock, Machine::current().level(), false, function);
}

}  // namespace
}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;

#undef KeInitializeSpinLock
VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock) {
    ke::charge(ke::cost::lock_ns);
    *SpinLock = 0;
}
GX_EXPORT_FUNCTION(KeInitializeSpinLock);

KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock) {
    return ke::acquire_raising(SpinLock, "KeAcquireSpinLock");
}
GX_EXPORT_FUNCTION(KeAcquireSpinLockRaiseToDpc);

#undef KeAcquireSpinLock
VOID KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql) {
    *OldIrql = ke::acquire_raising(SpinLock, "KeAcquireSpinLock");
}
GX_EXPORT_FUNCTION(KeAcquireSpinLock);

VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql) {
    ke::release_lowering(SpinLock, NewIrql, "KeReleaseSpinLock");
}
GX_EXPORT_FUNCTION(KeReleaseSpinLock);

VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) {
    ke::acquire_at_dpc(SpinLock, "KeAcquireSpinLockAtDpcLevel");
}
GX_EXPORT_FUNCTION(KeAcquireSpinLockAtDpcLevel);

VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock) {
    ke::release_lock(SpinLock, "KeReleaseSpinLockFromDpcLevel");
}
GX_EXPORT_FUNCTION(KeReleaseSpinLockFromDpcLevel);

BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) {
    return ke::try_acquire_lock(SpinLock, "KeTryToAcquireSpinLockAtDpcLevel");
}
GX_EXPORT_FUNCTION(KeTryToAcquireSpinLockAtDpcLevel);

BOOLEAN KeTestSpinLock(PKSPIN_LOCK SpinLock) {
    ke::charge(ke::cost::lock_ns);
    return *SpinLock == 0;
}
GX_EXPORT_FUNCTION(KeTestSpinLock);

// In a threaded DPC (which runs as an ordinary one here) or in a thread.
KIRQL KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock) {
    return ke::acquire_raising(SpinLock, "KeAcquireSpinLockForDpc");
}
GX_EXPORT_FUNCTION(KeAcquireSpinLockForDpc);

VOID KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql) {
    ke::release_lowering(SpinLock, OldIrql, "KeReleaseSpinLockForDpc");
}
GX_EXPORT_FUNCTION(KeReleaseSpinLockForDpc);

VOID KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
    LockHandle->LockQueue.Next = nullptr;
    LockHandle->LockQueue.Lock = SpinLock;
    LockHandle->OldIrql = ke::acquire_raising(SpinLock, "KeAcquireInStackQueuedSpinLock");
}
GX_EXPORT_FUNCTION(KeAcquireInStackQueuedSpinLock);

VOID KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle) {
    ke::release_lowering(LockHandle->LockQueue.Lock, LockHandle->OldIrql,
                         "KeReleaseInStackQueuedSpinLock");
}
GX_EXPORT_FUNCTION(KeReleaseInStackQueuedSpinLock);

VOID KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock,
                                              PKLOCK_QUEUE_HANDLE LockHandle) {
    LockHandle->LockQueue.Next = nullptr;
    LockHandle->LockQueue.Lock = SpinLock;
    ke::acquire_at_dpc(SpinLock, "KeAcquireInStackQueuedSpinLockAtDpcLevel");
}
GX_EXPORT_FUNCTION(KeAcquireInStackQueuedSpinLockAtDpcLevel);

VOID KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE LockHandle) {
    ke::release_lock(LockHandle->LockQueue.Lock, "KeReleaseInStackQueuedSpinLockFromDpcLevel");
}
GX_EXPORT_FUNCTION(KeReleaseInStackQueuedSpinLockFromDpcLevel);
