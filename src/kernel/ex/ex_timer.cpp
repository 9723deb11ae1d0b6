// ExAllocateTimer and family: timers that the kernel owns, with times in 100 ns and a callback at
// DISPATCH_LEVEL.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/dpc.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/timer.h"
#include "machine/arena.h"

namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::Machine;

// Starts with a dispatcher object, so that drivers can wait for it.
struct _EX_TIMER : gpioclx::machine::SeenByDrivers {
    KTIMER timer;
    KDPC dpc;
    PEXT_CALLBACK callback;
    PVOID context;
    PEXT_DELETE_CALLBACK deleted;
    PVOID deleted_context;
    bool in_callback;
    bool delete_after;
};

namespace {

void destroy(PEX_TIMER timer) {
    const PEXT_DELETE_CALLBACK deleted = timer->deleted;
    PVOID context = timer->deleted_context;
    delete timer;
    if (deleted != nullptr) deleted(context);
}

void expired(PKDPC, PVOID context, PVOID, PVOID) {
    auto* timer = static_cast<PEX_TIMER>(context);
    timer->in_callback = true;
    if (timer->callback != nullptr) timer->callback(timer, timer->context);
    timer->in_callback = false;
    if (timer->delete_after) destroy(timer);
}

}  // namespace

PEX_TIMER ExAllocateTimer(PEXT_CALLBACK Callback, PVOID CallbackContext, ULONG Attributes) {
    ke::charge(ke::cost::allocation_ns);
    gpioclx::machine::ArenaScope inside;
    auto* timer = new _EX_TIMER{};
    KeInitializeTimerEx(&timer->timer, (Attributes & EX_TIMER_NOTIFICATION) != 0
                                           ? NotificationTimer
                                           : SynchronizationTimer);
    KeInitializeDpc(&timer->dpc, &expired, timer);
    timer->callback = Callback;
    timer->context = CallbackContext;
    return timer;
}
GX_EXPORT_FUNCTION(ExAllocateTimer);

BOOLEAN ExSetTimer(PEX_TIMER Timer, LONGLONG DueTime, LONGLONG Period, PEXT_SET_PARAMETERS) {
    ke::charge();
    LARGE_INTEGER due;
    due.QuadPart = DueTime;
    std::uint64_t due_ns = ke::deadline_of(&due);
    if (due_ns < Machine::current().now_ns()) due_ns = Machine::current().now_ns();
    const std::uint64_t period_ns = Period > 0 ? static_cast<std::uint64_t>(Period) * 100 : 0;
    return ke::set_timer(Timer->timer, due_ns, period_ns, &Timer->dpc);
}
GX_EXPORT_FUNCTION(ExSetTimer);

BOOLEAN ExCancelTimer(PEX_TIMER Timer, PVOID) {
    ke::charge();
    return ke::cancel_timer(Timer->timer);
}
GX_EXPORT_FUNCTION(ExCancelTimer);

BOOLEAN ExDeleteTimer(PEX_TIMER Timer, BOOLEAN Cancel, BOOLEAN Wait,
                      PEXT_DELETE_PARAMETERS Parameters) {
    ke::charge();
    ke::require_irql_at_most(Wait ? APC_LEVEL : DISPATCH_LEVEL, "ExDeleteTimer");
    const BOOLEAN cancelled = Cancel && ke::cancel_timer(Timer->timer);
    if (Parameters != nullptr) {
        Timer->deleted = Parameters->DeleteCallback;
        Timer->deleted_context = Parameters->DeleteContext;
    }
    if (Wait) KeFlushQueuedDpcs();
    if (Timer->in_callback || Timer->dpc.DpcData != nullptr || Timer->timer.GxReserved[0] != 0) {
        Timer->delete_after = true;
        Timer->timer.Period = 0;
        return cancelled;
    }
    destroy(Timer);
    return cancelled;
}
GX_EXPORT_FUNCTION(ExDeleteTimer);
