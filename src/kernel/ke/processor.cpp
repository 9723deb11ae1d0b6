// Which processor, how many, and where a thread may run. One processor group.
#include <algorithm>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ke/thread.h"

namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::Machine;

namespace {

ULONG count() {
    ke::charge();
    return Machine::current().processor_count();
}

ULONG index() {
    ke::charge(ke::cost::lock_ns);
    Machine& machine = Machine::current();
    return machine.on_processor() ? machine.processor().index : 0;
}

KAFFINITY all_processors() { return (KAFFINITY{1} << count()) - 1; }

// Takes effect at once: the thread yields until it stands on an allowed processor.
void run_on(KAFFINITY affinity) {
    Machine& machine = Machine::current();
    gpioclx::machine::Thread* thread = machine.running_thread();
    if (thread == nullptr) return;
    thread->affinity = static_cast<std::uint32_t>(affinity);
    for (int turn = 0; turn < 64 && (affinity >> machine.processor().index & 1) == 0; ++turn) {
        if (machine.level() >= DISPATCH_LEVEL) return;
        machine.block(machine.name("processor"), machine.now_ns() + 100);
    }
}

}  // namespace

#undef KeGetCurrentProcessorNumber
ULONG KeGetCurrentProcessorNumber(VOID) { return index(); }
GX_EXPORT_FUNCTION(KeGetCurrentProcessorNumber);

ULONG KeGetCurrentProcessorIndex(VOID) { return index(); }
GX_EXPORT_FUNCTION(KeGetCurrentProcessorIndex);

ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber) {
    const ULONG number = index();
    if (ProcNumber != nullptr) *ProcNumber = {0, static_cast<UCHAR>(number), 0};
    return number;
}
GX_EXPORT_FUNCTION(KeGetCurrentProcessorNumberEx);

KAFFINITY KeQueryActiveProcessors(VOID) { return all_processors(); }
GX_EXPORT_FUNCTION(KeQueryActiveProcessors);

ULONG KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors) {
    if (ActiveProcessors != nullptr) *ActiveProcessors = all_processors();
    return count();
}
GX_EXPORT_FUNCTION(KeQueryActiveProcessorCount);

ULONG KeQueryActiveProcessorCountEx(USHORT GroupNumber) {
    return GroupNumber == 0 || GroupNumber == ALL_PROCESSOR_GROUPS ? count() : 0;
}
GX_EXPORT_FUNCTION(KeQueryActiveProcessorCountEx);

ULONG KeQueryMaximumProcessorCount(VOID) { return count(); }
GX_EXPORT_FUNCTION(KeQueryMaximumProcessorCount);

ULONG KeQueryMaximumProcessorCountEx(USHORT GroupNumber) {
    return KeQueryActiveProcessorCountEx(GroupNumber);
}
GX_EXPORT_FUNCTION(KeQueryMaximumProcessorCountEx);

USHORT KeQueryActiveGroupCount(VOID) {
    ke::charge();
    return 1;
}
GX_EXPORT_FUNCTION(KeQueryActiveGroupCount);

KAFFINITY KeQueryGroupAffinity(USHORT GroupNumber) {
    return GroupNumber == 0 ? all_processors() : 0;
}
GX_EXPORT_FUNCTION(KeQueryGroupAffinity);

NTSTATUS KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber) {
    if (ProcIndex >= count()) return STATUS_INVALID_PARAMETER;
    *ProcNumber = {0, static_cast<UCHAR>(ProcIndex), 0};
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(KeGetProcessorNumberFromIndex);

ULONG KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber) {
    constexpr ULONG invalid = 0xFFFFFFFF;
    return ProcNumber->Group == 0 && ProcNumber->Number < count() ? ProcNumber->Number : invalid;
}
GX_EXPORT_FUNCTION(KeGetProcessorIndexFromNumber);

KAFFINITY KeSetSystemAffinityThreadEx(KAFFINITY Affinity) {
    const KAFFINITY wanted = Affinity & all_processors();
    PKTHREAD thread = ke::current_thread();
    if (wanted == 0 || thread->MachineThread == nullptr) return 0;
    const KAFFINITY before =
        thread->AffinityChanged ? thread->MachineThread->affinity & all_processors() : 0;
    thread->AffinityChanged = true;
    run_on(wanted);
    return before;
}
GX_EXPORT_FUNCTION(KeSetSystemAffinityThreadEx);

VOID KeRevertToUserAffinityThreadEx(KAFFINITY Affinity) {
    ke::charge();
    PKTHREAD thread = ke::current_thread();
    if (thread->MachineThread == nullptr) return;
    thread->AffinityChanged = Affinity != 0;
    run_on(Affinity != 0 ? Affinity : 0xFFFFFFFFu);
}
GX_EXPORT_FUNCTION(KeRevertToUserAffinityThreadEx);

VOID KeSetSystemAffinityThread(KAFFINITY Affinity) { KeSetSystemAffinityThreadEx(Affinity); }
GX_EXPORT_FUNCTION(KeSetSystemAffinityThread);

VOID KeRevertToUserAffinityThread(VOID) { KeRevertToUserAffinityThreadEx(0); }
GX_EXPORT_FUNCTION(KeRevertToUserAffinityThread);

VOID KeSetSystemGroupAffinityThread(PGROUP_AFFINITY Affinity, PGROUP_AFFINITY PreviousAffinity) {
    const KAFFINITY before = KeSetSystemAffinityThreadEx(Affinity->Mask);
    if (PreviousAffinity != nullptr) *PreviousAffinity = {before, 0, {0, 0, 0}};
}
GX_EXPORT_FUNCTION(KeSetSystemGroupAffinityThread);

VOID KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY PreviousAffinity) {
    KeRevertToUserAffinityThreadEx(PreviousAffinity->Mask);
}
GX_EXPORT_FUNCTION(KeRevertToUserGroupAffinityThread);
