// What is still in use when memory or code goes away.
#include <fmt/format.h>

#include "kernel/dbg/finding.h"
#include "kernel/ex/work_queue.h"
#include "kernel/ke/dpc.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ke/queued_dpc.h"
#include "kernel/ke/thread.h"
#include "kernel/ke/timer.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::Machine;

template <typename TimerTest, typename DpcTest, typename What>
void cancel_where(TimerTest timer_goes, DpcTest dpc_goes, What what, std::string_view id) {
    Machine& machine = Machine::current();
    SetTimers& timers = part<SetTimers>();
    for (SetTimer* set = timers.first; set != nullptr;) {
        SetTimer* const next = set->next;
        if (timer_goes(*set)) {
            dbg::report_finding(id, fmt::format("{} while the timer '{}' is set", what(),
                                                machine.text(set->timer.name)));
            machine.cancel_timer(set->timer);
            timers.remove(*set);
        }
        set = next;
    }
    QueuedDpcs& dpcs = part<QueuedDpcs>();
    for (QueuedDpc* queued = dpcs.first; queued != nullptr;) {
        QueuedDpc* const next = queued->next;
        if (dpc_goes(*queued)) {
            dbg::report_finding(id, fmt::format("{} while '{}' is queued", what(),
                                                machine.text(queued->call.name)));
            machine.cancel_deferred(queued->call);
            dpcs.remove(*queued);
        }
        queued = next;
    }
}

// A thread that waits for an object in memory that is freed will never be found again.
template <typename Test, typename What>
void report_waits(Test inside, What what) {
    Machine& machine = Machine::current();
    for (const machine::Thread* t = machine.first_thread(); t != nullptr; t = t->next_all) {
        const auto* thread = static_cast<const _KTHREAD*>(t->owner);
        if (thread == nullptr || t->state != machine::ThreadState::blocked) continue;
        for (ULONG i = 0; i < thread->WaitCount; ++i) {
            if (!inside(thread->WaitBlocks[i].Object)) continue;
            dbg::report_finding(dbg::id::pool_active_object,
                                fmt::format("{} while the thread '{}' waits for '{}' in it", what(),
                                            machine.text(t->name), machine.text(t->waiting_for)));
        }
    }
}

template <typename Test, typename What>
void report_held_locks(Test inside, What what) {
    Machine& machine = Machine::current();
    const auto& states = part<ProcessorStates>().states;
    for (std::uint32_t p = 0; p < machine.processor_count(); ++p) {
        const ProcessorState& state = states[p];
        for (std::uint32_t i = 0; i < state.held_count; ++i) {
            if (!inside(state.held[i].lock)) continue;
            dbg::report_finding(dbg::id::pool_active_object,
                                fmt::format("{} while the spin lock '{}' in it is held", what(),
                                            machine.text(state.held[i].name)));
        }
    }
}

}  // namespace

void cancel_active_in(const void* start, std::size_t size, std::string (*what)(const void* start)) {
    const auto text = [what, start] { return what(start); };
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    const auto inside = [&](const void* p) {
        return reinterpret_cast<std::uintptr_t>(p) - first < size;
    };
    ex::cancel_work_in(start, size, what);
    report_waits(inside, text);
    report_held_locks(inside, text);
    cancel_where(
        [&](const SetTimer& set) { return inside(set.owner) || (set.dpc && inside(set.dpc)); },
        [&](const QueuedDpc& queued) { return inside(queued.dpc); }, text,
        dbg::id::pool_active_object);
}

void cancel_active_of(const ldr::Image& image) {
    ex::cancel_work_of(image);
    const auto code = [&](PKDEFERRED_ROUTINE routine) {
        return image.contains(reinterpret_cast<const void*>(routine));
    };
    cancel_where(
        [&](const SetTimer& set) {
            return image.contains(set.owner) ||
                   (set.dpc && (image.contains(set.dpc) || code(set.dpc->DeferredRoutine)));
        },
        [&](const QueuedDpc& queued) { return image.contains(queued.dpc) || code(queued.routine); },
        [&] { return fmt::format("the driver '{}' was unloaded", image.name()); },
        dbg::id::image_in_use);
}

}  // namespace gpioclx::kernel::ke
