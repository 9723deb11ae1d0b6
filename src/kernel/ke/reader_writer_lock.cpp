// Reader/writer spin locks (EX_SPIN_LOCK): 0 free, n > 0 readers, top bit = a writer.
#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/held_lock.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/order.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::EventKind;
using machine::Machine;

constexpr LONG writer = static_cast<LONG>(0x80000000u);

void acquire(PEX_SPIN_LOCK lock, bool exclusive, KIRQL irql_before, bool raised,
             const char* function) {
    Machine& machine = Machine::current();
    machine.step(cost::lock_ns);
    const ObjectName name = name_of(lock, ObjectKind::lock);
    // Readers do not exclude each other, so they are in no order.
    if (exclusive) vf::note_acquire(name, vf::LockKind::spinning);
    const auto blocked = [&] { return exclusive ? *lock != 0 : *lock < 0; };
    if (blocked()) {
        if (find_held_lock(lock) != nullptr) {
            bug_check(bug_code::spin_lock_already_owned, reinterpret_cast<ULONG_PTR>(lock), 0, 0, 0,
                      fmt::format("{}: this processor already holds the lock '{}'", function,
                                  machine.text(name.name)),
                      dbg::id::lock_recursion);
        }
        machine.emit(EventKind::lock_contended, name.name, machine::no_name, name.instance);
        while (blocked()) machine.spin_wait(lock, name.name);
    }
    *lock = exclusive ? writer : *lock + 1;
    push_held_lock({lock, irql_before, raised, name.name});
    if (exclusive) vf::note_acquired(name, vf::LockKind::spinning);
    note_memory_order(lock);
    machine.emit(EventKind::lock_acquired, name.name, machine::no_name, name.instance);
}

void release(PEX_SPIN_LOCK lock, bool exclusive, const char* function) {
    Machine& machine = Machine::current();
    machine.step(cost::lock_ns);
    const ObjectName name = name_of(lock, ObjectKind::lock);
    if (find_held_lock(lock) == nullptr || (exclusive ? *lock != writer : *lock <= 0)) {
        bug_check(bug_code::spin_lock_not_owned, reinterpret_cast<ULONG_PTR>(lock),
                  static_cast<ULONG>(*lock), 0, 0,
                  fmt::format("{}: the lock '{}' is not held in that way by this processor",
                              function, machine.text(name.name)),
                  dbg::id::lock_not_owned);
    }
    note_memory_order(lock);
    *lock = exclusive ? 0 : *lock - 1;
    pop_held_lock(lock);
    if (exclusive) vf::note_released(name, vf::LockKind::spinning);
    machine.emit(EventKind::lock_released, name.name, machine::no_name, name.instance);
    machine.spin_notify(lock);
}

KIRQL acquire_raising(PEX_SPIN_LOCK lock, bool exclusive, const char* function) {
    const KIRQL before = raise_irql(DISPATCH_LEVEL, function);
    acquire(lock, exclusive, before, true, function);
    return before;
}

}  // namespace
}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::Machine;

KIRQL ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock) {
    return ke::acquire_raising(SpinLock, true, "ExAcquireSpinLockExclusive");
}
GX_EXPORT_FUNCTION(ExAcquireSpinLockExclusive);

VOID ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql) {
    ke::release(SpinLock, true, "ExReleaseSpinLockExclusive");
    ke::lower_irql(OldIrql, "ExReleaseSpinLockExclusive");
}
GX_EXPORT_FUNCTION(ExReleaseSpinLockExclusive);

KIRQL ExAcquireSpinLockShared(PEX_SPIN_LOCK SpinLock) {
    return ke::acquire_raising(SpinLock, false, "ExAcquireSpinLockShared");
}
GX_EXPORT_FUNCTION(ExAcquireSpinLockShared);

VOID ExReleaseSpinLockShared(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql) {
    ke::release(SpinLock, false, "ExReleaseSpinLockShared");
    ke::lower_irql(OldIrql, "ExReleaseSpinLockShared");
}
GX_EXPORT_FUNCTION(ExReleaseSpinLockShared);

VOID ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock) {
    ke::acquire(SpinLock, true, Machine::current().level(), false,
                "ExAcquireSpinLockExclusiveAtDpcLevel");
}
GX_EXPORT_FUNCTION(ExAcquireSpinLockExclusiveAtDpcLevel);

VOID ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock) {
    ke::release(SpinLock, true, "ExReleaseSpinLockExclusiveFromDpcLevel");
}
GX_EXPORT_FUNCTION(ExReleaseSpinLockExclusiveFromDpcLevel);

VOID ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock) {
    ke::acquire(SpinLock, false, Machine::current().level(), false,
                "ExAcquireSpinLockSharedAtDpcLevel");
}
GX_EXPORT_FUNCTION(ExAcquireSpinLockSharedAtDpcLevel);

VOID ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock) {
    ke::release(SpinLock, false, "ExReleaseSpinLockSharedFromDpcLevel");
}
GX_EXPORT_FUNCTION(ExReleaseSpinLockSharedFromDpcLevel);

// Succeeds only for the single reader.
LOGICAL ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK SpinLock) {
    ke::charge(ke::cost::lock_ns);
    if (*SpinLock != 1) return FALSE;
    *SpinLock = ke::writer;
    return TRUE;
}
GX_EXPORT_FUNCTION(ExTryConvertSharedSpinLockExclusive);
