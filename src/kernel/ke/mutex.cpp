#include "kernel/ke/mutex.h"

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/thread.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::ke {

NTSTATUS take_mutex(KMUTANT& mutex, _KTHREAD& thread) {
    if (--mutex.Header.SignalState != 0) return STATUS_SUCCESS;  // once more by its owner
    vf::note_acquired(name_of(&mutex, ObjectKind::mutex), vf::LockKind::blocking, &thread);
    mutex.OwnerThread = &thread;
    InsertHeadList(&thread.MutantListHead, &mutex.MutantListEntry);
    thread.CriticalRegions += mutex.ApcDisable;
    if (!mutex.Abandoned) return STATUS_SUCCESS;
    mutex.Abandoned = FALSE;
    return STATUS_ABANDONED;
}

void require_no_mutex(_KTHREAD& thread) {
    if (IsListEmpty(&thread.MutantListHead)) return;
    const auto* mutex = CONTAINING_RECORD(thread.MutantListHead.Flink, KMUTANT, MutantListEntry);
    machine::Machine& machine = machine::Machine::current();
    bug_check(bug_code::thread_terminate_held_mutex, reinterpret_cast<ULONG_PTR>(&thread),
              reinterpret_cast<ULONG_PTR>(mutex), 0, 0,
              fmt::format("the thread '{}' ended while it owned the mutex '{}'",
                          machine.text(thread.MachineThread->name),
                          machine.text(name_of(mutex, ObjectKind::mutex).name)),
              dbg::id::lock_mutex_misuse);
}

}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;

VOID KeInitializeMutex(PRKMUTEX Mutex, ULONG) {
    ke::charge();
    ke::initialize_header(Mutex->Header, ke::DispatcherType::mutant, 1);
    Mutex->OwnerThread = nullptr;
    Mutex->Abandoned = FALSE;
    Mutex->ApcDisable = 1;
}
GX_EXPORT_FUNCTION(KeInitializeMutex);

LONG KeReadStateMutex(PRKMUTEX Mutex) {
    ke::charge();
    return Mutex->Header.SignalState;
}
GX_EXPORT_FUNCTION(KeReadStateMutex);

LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN) {
    ke::charge();
    ke::require_initialized(Mutex->Header, ke::DispatcherType::mutant, ke::DispatcherType::mutant,
                            "KeReleaseMutex");
    PKTHREAD thread = ke::current_thread();
    if (Mutex->OwnerThread != thread) {
        ke::bug_check(ke::bug_code::kmode_exception_not_handled,
                      static_cast<ULONG_PTR>(static_cast<ULONG>(STATUS_MUTANT_NOT_OWNED)), 0, 0, 0,
                      "KeReleaseMutex was called by a thread that does not own the mutex",
                      gpioclx::kernel::dbg::id::lock_mutex_misuse);
    }
    const LONG before = Mutex->Header.SignalState++;
    if (Mutex->Header.SignalState == 1) {
        RemoveEntryList(&Mutex->MutantListEntry);
        Mutex->OwnerThread = nullptr;
        gpioclx::kernel::vf::note_released(ke::name_of(Mutex, ke::ObjectKind::mutex),
                                           gpioclx::kernel::vf::LockKind::blocking);
        thread->CriticalRegions -= Mutex->ApcDisable;
        ke::wake_waiters(Mutex->Header);
    }
    return before;
}
GX_EXPORT_FUNCTION(KeReleaseMutex);
