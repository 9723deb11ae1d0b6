#include "kernel/ke/dpc.h"

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/order.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ke/queued_dpc.h"
#include "kernel/ldr/image.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::Machine;

constexpr UCHAR dpc_object = 0x13;
constexpr UCHAR threaded_dpc_object = 0x18;
constexpr USHORT target_base = 0x500;  // KDPC::Number: a target processor is stored above this

void run_dpc(void* context) {
    auto& queued = *static_cast<QueuedDpc*>(context);
    const QueuedDpc call = queued;
    QueuedDpcs& all = part<QueuedDpcs>();
    all.remove(queued);
    call.dpc->DpcData = nullptr;  // from here on the driver may queue it again, or free it
    note_order_after(call.dpc);
    {
        RoutineScope scope(DISPATCH_LEVEL, "DPC", call.call.name, false);
        call.routine(call.dpc, call.context, call.argument1, call.argument2);
    }
    note_order_before(&all);  // for who flushes the queues
}

// The routine says more than the object: "led!OnTimer".
machine::NameId dpc_name(const KDPC& dpc) {
    if (const machine::NameId known = known_name(&dpc)) return known;
    const std::string code = dbg::function_name(reinterpret_cast<const void*>(dpc.DeferredRoutine));
    if (!code.empty()) return Machine::current().name(code);
    return name_of(&dpc, ObjectKind::dpc).name;
}

void require_dpc(const KDPC& dpc, const char* function) {
    if (dpc.Type == dpc_object || dpc.Type == threaded_dpc_object) [[likely]]
        return;
    bug_check(
        bug_code::invalid_data_access_trap, reinterpret_cast<ULONG_PTR>(&dpc), dpc.Type, 0, 0,
        fmt::format("{} was given a DPC that was never initialized or was overwritten", function),
        dbg::id::object_uninitialized);
}

void initialize(PRKDPC dpc, UCHAR type, PKDEFERRED_ROUTINE routine, PVOID context) {
    charge();
    dpc->TargetInfoAsUlong = 0;
    dpc->Type = type;
    dpc->Importance = MediumImportance;
    dpc->DeferredRoutine = routine;
    dpc->DeferredContext = context;
    dpc->DpcData = nullptr;
}

ULONG current_index() {
    Machine& machine = Machine::current();
    return machine.on_processor() ? machine.processor().index : 0;
}

// Runs when everything queued before it on its processor has run.
struct Marker {
    machine::DeferredCall call;
    LONG* remaining;
    KEVENT* done;
};

void marker_reached(void* context) {
    const auto& marker = *static_cast<Marker*>(context);
    note_order_after(&part<QueuedDpcs>());
    if (--*marker.remaining == 0) KeSetEvent(marker.done, 0, FALSE);
}

}  // namespace

bool queue_dpc(KDPC& dpc, PVOID argument1, PVOID argument2, ULONG processor) {
    require_dpc(dpc, "KeInsertQueueDpc");
    note_order_before(&dpc);
    if (dpc.DpcData != nullptr) return false;
    Machine& machine = Machine::current();
    if (dpc.Number >= target_base) processor = dpc.Number - target_base;
    QueuedDpc& queued = part<QueuedDpcs>().add();
    queued.dpc = &dpc;
    queued.routine = dpc.DeferredRoutine;
    queued.context = dpc.DeferredContext;
    queued.argument1 = dpc.SystemArgument1 = argument1;
    queued.argument2 = dpc.SystemArgument2 = argument2;
    queued.call = {};
    queued.call.run = &run_dpc;
    queued.call.context = &queued;
    queued.call.name = dpc_name(dpc);
    dpc.DpcData = &queued;
    machine.queue_deferred(queued.call,
                           static_cast<std::uint8_t>(processor % machine.processor_count()),
                           dpc.Importance == HighImportance);
    return true;
}

}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;
using gpioclx::kernel::part;
using gpioclx::machine::Machine;

VOID KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext) {
    ke::initialize(Dpc, ke::dpc_object, DeferredRoutine, DeferredContext);
}
GX_EXPORT_FUNCTION(KeInitializeDpc);

// Runs at DISPATCH_LEVEL, as Windows does where threaded DPCs are switched off.
VOID KeInitializeThreadedDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine,
                             PVOID DeferredContext) {
    ke::initialize(Dpc, ke::threaded_dpc_object, DeferredRoutine, DeferredContext);
}
GX_EXPORT_FUNCTION(KeInitializeThreadedDpc);

BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2) {
    ke::charge();
    return ke::queue_dpc(*Dpc, SystemArgument1, SystemArgument2, ke::current_index());
}
GX_EXPORT_FUNCTION(KeInsertQueueDpc);

BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc) {
    ke::charge();
    ke::require_dpc(*Dpc, "KeRemoveQueueDpc");
    auto* queued = static_cast<ke::QueuedDpc*>(Dpc->DpcData);
    if (queued == nullptr) return FALSE;
    Machine::current().cancel_deferred(queued->call);
    part<ke::QueuedDpcs>().remove(*queued);
    Dpc->DpcData = nullptr;
    return TRUE;
}
GX_EXPORT_FUNCTION(KeRemoveQueueDpc);

VOID KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance) {
    ke::charge();
    Dpc->Importance = static_cast<UCHAR>(Importance);
}
GX_EXPORT_FUNCTION(KeSetImportanceDpc);

VOID KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number) {
    ke::charge();
    Dpc->Number = static_cast<USHORT>(ke::target_base + static_cast<UCHAR>(Number));
}
GX_EXPORT_FUNCTION(KeSetTargetProcessorDpc);

NTSTATUS KeSetTargetProcessorDpcEx(PKDPC Dpc, PPROCESSOR_NUMBER ProcNumber) {
    ke::charge();
    if (ProcNumber->Group != 0 || ProcNumber->Number >= Machine::current().processor_count()) {
        return STATUS_INVALID_PARAMETER;
    }
    Dpc->Number = static_cast<USHORT>(ke::target_base + ProcNumber->Number);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(KeSetTargetProcessorDpcEx);

VOID KeFlushQueuedDpcs(VOID) {
    ke::charge();
    ke::require_may_block("KeFlushQueuedDpcs");
    Machine& machine = Machine::current();
    KEVENT done;
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    LONG remaining = static_cast<LONG>(machine.processor_count());
    ke::Marker markers[gpioclx::machine::max_processors];
    const auto name = machine.name("flush of deferred calls");
    for (std::uint32_t i = 0; i < machine.processor_count(); ++i) {
        markers[i] = {{}, &remaining, &done};
        markers[i].call.run = &ke::marker_reached;
        markers[i].call.context = &markers[i];
        markers[i].call.name = name;
        machine.queue_deferred(markers[i].call, static_cast<std::uint8_t>(i));
    }
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
}
GX_EXPORT_FUNCTION(KeFlushQueuedDpcs);
