#include "kernel/io/interrupt_object.h"

#include <ext/gx_export.h>

#include "kernel/dbg/finding.h"
#include "kernel/io/io_call.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/order.h"
#include "kernel/ke/processor_state.h"
#include "kernel/system.h"

using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;
using gpioclx::machine::EventKind;
using gpioclx::machine::Machine;
using gpioclx::machine::NameId;

namespace gpioclx::kernel::io {
namespace {

// The lock that keeps the service routine and KeSynchronizeExecution apart, at its IRQL.
class RoutineLock {
  public:
    explicit RoutineLock(_KINTERRUPT& interrupt) : interrupt_(interrupt) {
        interrupt.has_spin_lock() ? acquire_spin_lock() : acquire_passive_lock();
    }
    ~RoutineLock() {
        if (interrupt_.has_spin_lock()) {
            KeReleaseSpinLockFromDpcLevel(interrupt_.lock);
            if (raised_) KeLowerIrql(old_irql_);
        } else if (taken_) {
            interrupt_.passive_lock->holder = nullptr;
            KeSetEvent(&interrupt_.passive_lock->free, IO_NO_INCREMENT, FALSE);
        }
    }

  private:
    void acquire_spin_lock() {
        raised_ = interrupt_.synchronize_irql > KeGetCurrentIrql();
        if (raised_) KeRaiseIrql(interrupt_.synchronize_irql, &old_irql_);
        KeAcquireSpinLockAtDpcLevel(interrupt_.lock);
    }
    void acquire_passive_lock() {
        PassiveLock& lock = *interrupt_.passive_lock;
        if (lock.holder == KeGetCurrentThread()) {
            dbg::report_finding(dbg::id::lock_recursion,
                                "KeSynchronizeExecution for a passive interrupt by the thread that "
                                "holds its lock already: on Windows it waits for ever");
            return;
        }
        KeWaitForSingleObject(&lock.free, Executive, KernelMode, FALSE, nullptr);
        lock.holder = KeGetCurrentThread();
        taken_ = true;
    }

    _KINTERRUPT& interrupt_;
    bool raised_ = false;
    bool taken_ = false;
    KIRQL old_irql_ = PASSIVE_LEVEL;
};

// The detail of events about service routines.
struct ServiceRoutineName {
    NameId name = Machine::current().name("ISR");
};

}  // namespace

bool run_service_routine(_KINTERRUPT& interrupt) {
    Machine& m = Machine::current();
    const NameId detail = part<ServiceRoutineName>().name;
    ++interrupt.running;
    const NameId actor = m.set_actor(interrupt.actor);
    bool claimed = false;
    {
        RoutineLock lock(interrupt);
        ke::note_order_after(&interrupt);  // it was connected
        m.emit(EventKind::interrupt_enter, interrupt.device_name, detail, interrupt.vector);
        {
            ke::RoutineScope scope(interrupt.synchronize_irql, "interrupt service routine",
                                   interrupt.actor, !interrupt.passive);
            claimed = interrupt.routine(&interrupt, interrupt.context) != FALSE;
        }
        m.emit(EventKind::interrupt_exit, interrupt.device_name, detail, claimed);
    }
    m.set_actor(actor);
    ke::note_order_before(&interrupt.drained);
    if (--interrupt.running == 0) interrupt.drained.notify_all();
    return claimed;
}

}  // namespace gpioclx::kernel::io

namespace {

void refuse_passive(const _KINTERRUPT& interrupt, const char* function) {
    if (interrupt.has_spin_lock()) return;
    ke::bug_check(ke::bug_code::irql_not_less_or_equal, interrupt.vector, DISPATCH_LEVEL, 0, 0,
                  std::string(function) +
                      ": the interrupt object is passive-level and has no spin "
                      "lock; KeSynchronizeExecution works for it",
                  "irql-020");
}

}  // namespace

extern "C" {

BOOLEAN KeSynchronizeExecution(PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE SynchronizeRoutine,
                               PVOID SynchronizeContext) {
    IoCall call;
    ke::require_irql_at_most(Interrupt->synchronize_irql, "KeSynchronizeExecution");
    RoutineLock lock(*Interrupt);
    ke::RoutineScope scope(Interrupt->synchronize_irql, "routine of KeSynchronizeExecution for",
                           Interrupt->actor, false);
    return SynchronizeRoutine(SynchronizeContext);
}
GX_EXPORT_FUNCTION(KeSynchronizeExecution);

KIRQL KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt) {
    refuse_passive(*Interrupt, "KeAcquireInterruptSpinLock");
    KIRQL old_irql;
    KeRaiseIrql(Interrupt->synchronize_irql, &old_irql);
    KeAcquireSpinLockAtDpcLevel(Interrupt->lock);
    return old_irql;
}
GX_EXPORT_FUNCTION(KeAcquireInterruptSpinLock);

VOID KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql) {
    refuse_passive(*Interrupt, "KeReleaseInterruptSpinLock");
    KeReleaseSpinLockFromDpcLevel(Interrupt->lock);
    KeLowerIrql(OldIrql);
}
GX_EXPORT_FUNCTION(KeReleaseInterruptSpinLock);

}  // extern "C"
