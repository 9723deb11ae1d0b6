// Events and semaphores.
#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/order.h"
#include "kernel/ldr/image.h"
#include "kernel/vf/lock_order.h"

namespace ke = gpioclx::kernel::ke;
namespace vf = gpioclx::kernel::vf;
using ke::DispatcherType;

namespace {

void require_event(PRKEVENT event, const char* function) {
    ke::charge();
    ke::require_initialized(event->Header, DispatcherType::notification_event,
                            DispatcherType::synchronization_event, function);
}

// What a driver signals with a lock held needs that lock.
void note_done(DISPATCHER_HEADER& header, const void* caller) {
    if (!vf::on() || gpioclx::kernel::ldr::image_of(caller) == nullptr) return;
    vf::note_done(ke::name_of(&header, ke::kind_of(header)));
}

}  // namespace

VOID KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State) {
    ke::charge();
    ke::initialize_header(Event->Header,
                          Type == NotificationEvent ? DispatcherType::notification_event
                                                    : DispatcherType::synchronization_event,
                          State != FALSE);
}
GX_EXPORT_FUNCTION(KeInitializeEvent);

GX_ASKS_CALLER
LONG KeSetEvent(PRKEVENT Event, KPRIORITY, BOOLEAN) {
    require_event(Event, "KeSetEvent");
    note_done(Event->Header, __builtin_return_address(0));
    const LONG before = Event->Header.SignalState;
    Event->Header.SignalState = 1;
    ke::note_order_before(&Event->Header);
    if (before == 0) ke::wake_waiters(Event->Header);
    return before;
}
GX_EXPORT_FUNCTION(KeSetEvent);

LONG KeResetEvent(PRKEVENT Event) {
    require_event(Event, "KeResetEvent");
    const LONG before = Event->Header.SignalState;
    Event->Header.SignalState = 0;
    return before;
}
GX_EXPORT_FUNCTION(KeResetEvent);

VOID KeClearEvent(PRKEVENT Event) {
    require_event(Event, "KeClearEvent");
    Event->Header.SignalState = 0;
}
GX_EXPORT_FUNCTION(KeClearEvent);

LONG KeReadStateEvent(PRKEVENT Event) {
    ke::charge();
    if (Event->Header.SignalState != 0) ke::note_order_after(&Event->Header);
    return Event->Header.SignalState;
}
GX_EXPORT_FUNCTION(KeReadStateEvent);

// Wakes who waits now and leaves the event reset.
extern "C" LONG KePulseEvent(PRKEVENT Event, KPRIORITY, BOOLEAN) {
    require_event(Event, "KePulseEvent");
    const LONG before = Event->Header.SignalState;
    Event->Header.SignalState = 1;
    ke::note_order_before(&Event->Header);
    if (before == 0) ke::wake_waiters(Event->Header);
    Event->Header.SignalState = 0;
    return before;
}
GX_EXPORT_FUNCTION(KePulseEvent);

VOID KeInitializeSemaphore(PRKSEMAPHORE Semaphore, LONG Count, LONG Limit) {
    ke::charge();
    ke::initialize_header(Semaphore->Header, DispatcherType::semaphore, Count);
    Semaphore->Limit = Limit;
}
GX_EXPORT_FUNCTION(KeInitializeSemaphore);

LONG KeReadStateSemaphore(PRKSEMAPHORE Semaphore) {
    ke::charge();
    return Semaphore->Header.SignalState;
}
GX_EXPORT_FUNCTION(KeReadStateSemaphore);

GX_ASKS_CALLER
LONG KeReleaseSemaphore(PRKSEMAPHORE Semaphore, KPRIORITY, LONG Adjustment, BOOLEAN) {
    ke::charge();
    ke::require_initialized(Semaphore->Header, DispatcherType::semaphore, DispatcherType::semaphore,
                            "KeReleaseSemaphore");
    note_done(Semaphore->Header, __builtin_return_address(0));
    const LONG before = Semaphore->Header.SignalState;
    if (Adjustment <= 0 || before > Semaphore->Limit - Adjustment) {
        ke::bug_check(ke::bug_code::kmode_exception_not_handled,
                      static_cast<ULONG_PTR>(static_cast<ULONG>(STATUS_SEMAPHORE_LIMIT_EXCEEDED)),
                      static_cast<ULONG_PTR>(before), static_cast<ULONG_PTR>(Adjustment), 0,
                      fmt::format("KeReleaseSemaphore by {} exceeds the limit {} (count {})",
                                  Adjustment, Semaphore->Limit, before),
                      gpioclx::kernel::dbg::id::exception);
    }
    Semaphore->Header.SignalState = before + Adjustment;
    ke::note_order_before(&Semaphore->Header);
    ke::wake_waiters(Semaphore->Header);
    return before;
}
GX_EXPORT_FUNCTION(KeReleaseSemaphore);
