#include "kernel/ke/timer.h"

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/dpc.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/order.h"
#include "kernel/ke/time.h"
#include "kernel/system.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::EventKind;
using machine::Machine;

void require_timer(KTIMER& timer, const char* function) {
    require_initialized(timer.Header, DispatcherType::notification_timer,
                        DispatcherType::synchronization_timer, function);
}

// GxReserved[0] is the SetTimer while the timer is set.
SetTimer* set_timer_of(const KTIMER& timer) {
    return reinterpret_cast<SetTimer*>(timer.GxReserved[0]);
}

void fire(void* context) {
    auto& set = *static_cast<SetTimer*>(context);
    Machine& machine = Machine::current();
    KTIMER& timer = *set.owner;
    machine.emit(EventKind::timer_fired, set.timer.name);
    KDPC* const dpc = set.dpc;
    const ULONG processor = set.processor;
    if (set.period_ns != 0) {
        machine.set_timer(set.timer, set.timer.due_ns + set.period_ns);
    } else {
        timer.GxReserved[0] = 0;
        part<SetTimers>().remove(set);
    }
    timer.Header.SignalState = 1;
    note_order_before(&timer.Header);
    wake_waiters(timer.Header);
    if (dpc == nullptr) return;
    const auto time = static_cast<std::uint64_t>(system_time());
    queue_dpc(*dpc, reinterpret_cast<PVOID>(time & 0xFFFFFFFF), reinterpret_cast<PVOID>(time >> 32),
              processor);
}

}  // namespace

SetTimer& SetTimers::add() {
    machine::ArenaScope inside;
    SetTimer* set = free;
    if (set != nullptr)
        free = set->next;
    else
        set = new SetTimer;
    *set = {};
    set->next = first;
    if (first != nullptr) first->previous = set;
    first = set;
    return *set;
}

void SetTimers::remove(SetTimer& set) {
    (set.previous != nullptr ? set.previous->next : first) = set.next;
    if (set.next != nullptr) set.next->previous = set.previous;
    set.next = free;
    free = &set;
}

bool cancel_timer(KTIMER& timer) {
    SetTimer* set = set_timer_of(timer);
    if (set == nullptr) return false;
    Machine::current().cancel_timer(set->timer);
    part<SetTimers>().remove(*set);
    timer.GxReserved[0] = 0;
    return true;
}

bool set_timer(KTIMER& timer, std::uint64_t due_ns, std::uint64_t period_ns, KDPC* dpc) {
    Machine& machine = Machine::current();
    const bool was_set = cancel_timer(timer);
    timer.Header.SignalState = 0;
    timer.Dpc = dpc;
    timer.Period = static_cast<ULONG>(period_ns / 1'000'000);
    timer.DueTime.QuadPart = due_ns / 100;
    timer.Processor = machine.on_processor() ? machine.processor().index : 0;
    SetTimer& set = part<SetTimers>().add();
    set.owner = &timer;
    set.dpc = dpc;
    set.period_ns = period_ns;
    set.processor = timer.Processor;
    set.timer.fired = &fire;
    set.timer.context = &set;
    set.timer.name = name_of(&timer, ObjectKind::timer).name;
    timer.GxReserved[0] = reinterpret_cast<ULONG_PTR>(&set);
    machine.emit(EventKind::timer_set, set.timer.name, machine::no_name, due_ns, period_ns);
    machine.set_timer(set.timer, due_ns);
    return was_set;
}

}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;
namespace dbg = gpioclx::kernel::dbg;
using gpioclx::kernel::part;
using gpioclx::machine::Machine;

namespace {

// Set again by initializing it: the old alarm would fire into a new object.
void cancel_if_set(PKTIMER timer) {
    for (ke::SetTimer* set = part<ke::SetTimers>().first; set != nullptr; set = set->next) {
        if (set->owner != timer) continue;
        dbg::report_finding(dbg::id::pool_active_object,
                            fmt::format("KeInitializeTimer: the timer '{}' is set",
                                        Machine::current().text(set->timer.name)));
        Machine::current().cancel_timer(set->timer);
        part<ke::SetTimers>().remove(*set);
        return;
    }
}

BOOLEAN set(PKTIMER timer, LARGE_INTEGER due, ULONG period_ms, PKDPC dpc, const char* function) {
    ke::charge();
    ke::require_timer(*timer, function);
    std::uint64_t due_ns = ke::deadline_of(&due);
    if (due_ns < Machine::current().now_ns()) due_ns = Machine::current().now_ns();
    return ke::set_timer(*timer, due_ns, std::uint64_t{period_ms} * 1'000'000, dpc);
}

}  // namespace

VOID KeInitializeTimer(PKTIMER Timer) { KeInitializeTimerEx(Timer, NotificationTimer); }
GX_EXPORT_FUNCTION(KeInitializeTimer);

VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type) {
    ke::charge();
    cancel_if_set(Timer);
    ke::initialize_header(Timer->Header,
                          Type == NotificationTimer ? ke::DispatcherType::notification_timer
                                                    : ke::DispatcherType::synchronization_timer,
                          0);
    Timer->DueTime.QuadPart = 0;
    Timer->Dpc = nullptr;
    Timer->Processor = 0;
    Timer->Period = 0;
    Timer->GxReserved[0] = 0;
}
GX_EXPORT_FUNCTION(KeInitializeTimerEx);

BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc) {
    return set(Timer, DueTime, 0, Dpc, "KeSetTimer");
}
GX_EXPORT_FUNCTION(KeSetTimer);

BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc) {
    return set(Timer, DueTime, Period > 0 ? static_cast<ULONG>(Period) : 0, Dpc, "KeSetTimerEx");
}
GX_EXPORT_FUNCTION(KeSetTimerEx);

// Tolerance is a chance to save power, which this machine does not take.
BOOLEAN KeSetCoalescableTimer(PKTIMER Timer, LARGE_INTEGER DueTime, ULONG Period, ULONG,
                              PKDPC Dpc) {
    return set(Timer, DueTime, Period, Dpc, "KeSetCoalescableTimer");
}
GX_EXPORT_FUNCTION(KeSetCoalescableTimer);

BOOLEAN KeCancelTimer(PKTIMER Timer) {
    ke::charge();
    ke::require_timer(*Timer, "KeCancelTimer");
    return ke::cancel_timer(*Timer);
}
GX_EXPORT_FUNCTION(KeCancelTimer);

BOOLEAN KeReadStateTimer(PKTIMER Timer) {
    ke::charge();
    return Timer->Header.SignalState != 0;
}
GX_EXPORT_FUNCTION(KeReadStateTimer);
