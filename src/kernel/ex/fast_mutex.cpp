// Fast mutexes (raise to APC_LEVEL) and guarded mutexes (do not): one owner, no recursion.
#include <wdm.h>

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/thread.h"
#include "kernel/vf/lock_order.h"
#include "machine/witness.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::EventKind;
using gpioclx::machine::Machine;
namespace vf = gpioclx::kernel::vf;

namespace {

constexpr LONG free_count = 1;
enum class Raise { to_apc, no };

void emit(EventKind kind, PFAST_MUTEX mutex) {
    const ke::ObjectName name = ke::name_of(mutex, ke::ObjectKind::mutex);
    Machine::current().emit(kind, name.name, gpioclx::machine::no_name, name.instance);
}

void initialize(PFAST_MUTEX mutex) {
    ke::charge();
    mutex->Count = free_count;
    mutex->Owner = nullptr;
    mutex->Contention = 0;
    mutex->OldIrql = 0;
    KeInitializeEvent(&mutex->Event, SynchronizationEvent, FALSE);
}

void acquire(PFAST_MUTEX mutex, Raise raise, const char* function) {
    ke::charge(ke::cost::lock_ns);
    PKTHREAD thread = ke::current_thread();
    if (mutex->Count != free_count && mutex->Owner == thread) {
        ke::bug_check(
            ke::bug_code::kmode_exception_not_handled, reinterpret_cast<ULONG_PTR>(mutex), 0, 0, 0,
            fmt::format(
                "{}: the mutex '{}' is already owned by this thread, which would wait for itself",
                function, Machine::current().text(ke::name_of(mutex, ke::ObjectKind::mutex).name)),
            dbg::id::lock_recursion);
    }
    const ke::ObjectName name = ke::name_of(mutex, ke::ObjectKind::mutex);
    const KIRQL before = Machine::current().level();
    if (raise == Raise::to_apc && before < APC_LEVEL) ke::raise_irql(APC_LEVEL, function);
    vf::note_acquire(name, vf::LockKind::blocking);
    if (mutex->Count != free_count) emit(EventKind::lock_contended, mutex);
    while (mutex->Count != free_count) {
        ++mutex->Contention;
        ke::require_may_block(function);
        ke::wait(mutex->Event.Header, gpioclx::machine::forever_ns, function);
    }
    mutex->Count = 0;
    mutex->Owner = thread;
    mutex->OldIrql = before;
    vf::note_acquired(name, vf::LockKind::blocking);
    if (gpioclx::machine::Witness* witness = Machine::current().witness())
        witness->is_lock(&mutex->Event.Header);
    emit(EventKind::lock_acquired, mutex);
}

bool try_acquire(PFAST_MUTEX mutex, Raise raise, const char* function) {
    ke::charge(ke::cost::lock_ns);
    if (mutex->Count != free_count) return false;
    acquire(mutex, raise, function);
    return true;
}

void release(PFAST_MUTEX mutex, Raise raise, const char* function) {
    ke::charge(ke::cost::lock_ns);
    if (mutex->Count == free_count || mutex->Owner != ke::current_thread()) {
        ke::bug_check(
            ke::bug_code::kmode_exception_not_handled, reinterpret_cast<ULONG_PTR>(mutex), 0, 0, 0,
            fmt::format("{}: the mutex '{}' is not owned by this thread", function,
                        Machine::current().text(ke::name_of(mutex, ke::ObjectKind::mutex).name)),
            dbg::id::lock_not_owned);
    }
    const auto irql = static_cast<KIRQL>(mutex->OldIrql);
    mutex->Owner = nullptr;
    mutex->Count = free_count;
    vf::note_released(ke::name_of(mutex, ke::ObjectKind::mutex), vf::LockKind::blocking);
    emit(EventKind::lock_released, mutex);
    if (!IsListEmpty(&mutex->Event.Header.WaitListHead)) KeSetEvent(&mutex->Event, 0, FALSE);
    if (raise == Raise::to_apc && irql < Machine::current().level()) ke::lower_irql(irql, function);
}

}  // namespace

#undef ExInitializeFastMutex
VOID ExInitializeFastMutex(PFAST_MUTEX FastMutex) { initialize(FastMutex); }
GX_EXPORT_FUNCTION(ExInitializeFastMutex);

VOID ExAcquireFastMutex(PFAST_MUTEX FastMutex) {
    acquire(FastMutex, Raise::to_apc, "ExAcquireFastMutex");
}
GX_EXPORT_FUNCTION(ExAcquireFastMutex);

VOID ExReleaseFastMutex(PFAST_MUTEX FastMutex) {
    release(FastMutex, Raise::to_apc, "ExReleaseFastMutex");
}
GX_EXPORT_FUNCTION(ExReleaseFastMutex);

BOOLEAN ExTryToAcquireFastMutex(PFAST_MUTEX FastMutex) {
    return try_acquire(FastMutex, Raise::to_apc, "ExTryToAcquireFastMutex");
}
GX_EXPORT_FUNCTION(ExTryToAcquireFastMutex);

VOID ExAcquireFastMutexUnsafe(PFAST_MUTEX FastMutex) {
    acquire(FastMutex, Raise::no, "ExAcquireFastMutexUnsafe");
}
GX_EXPORT_FUNCTION(ExAcquireFastMutexUnsafe);

VOID ExReleaseFastMutexUnsafe(PFAST_MUTEX FastMutex) {
    release(FastMutex, Raise::no, "ExReleaseFastMutexUnsafe");
}
GX_EXPORT_FUNCTION(ExReleaseFastMutexUnsafe);

VOID KeInitializeGuardedMutex(PKGUARDED_MUTEX Mutex) { initialize(Mutex); }
GX_EXPORT_FUNCTION(KeInitializeGuardedMutex);

VOID KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex) {
    KeEnterGuardedRegion();
    acquire(Mutex, Raise::no, "KeAcquireGuardedMutex");
}
GX_EXPORT_FUNCTION(KeAcquireGuardedMutex);

VOID KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex) {
    release(Mutex, Raise::no, "KeReleaseGuardedMutex");
    KeLeaveGuardedRegion();
}
GX_EXPORT_FUNCTION(KeReleaseGuardedMutex);

BOOLEAN KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex) {
    KeEnterGuardedRegion();
    if (try_acquire(Mutex, Raise::no, "KeTryToAcquireGuardedMutex")) return TRUE;
    KeLeaveGuardedRegion();
    return FALSE;
}
GX_EXPORT_FUNCTION(KeTryToAcquireGuardedMutex);
