#include "kernel/ke/dispatcher.h"

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/dbg/running_callback.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/mutex.h"
#include "kernel/ke/order.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ke/thread.h"
#include "kernel/ke/time.h"
#include "kernel/ldr/image.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::ChoiceKind;
using machine::Machine;
using machine::ThreadState;
using machine::WakeReason;

DispatcherType type_of(const DISPATCHER_HEADER& header) {
    return static_cast<DispatcherType>(header.Type);
}

bool known_type(const DISPATCHER_HEADER& header) {
    switch (type_of(header)) {
        case DispatcherType::notification_event:
        case DispatcherType::synchronization_event:
        case DispatcherType::mutant:
        case DispatcherType::process:
        case DispatcherType::semaphore:
        case DispatcherType::thread:
        case DispatcherType::notification_timer:
        case DispatcherType::synchronization_timer: return true;
    }
    return false;
}

void require_waitable(const DISPATCHER_HEADER& header, const char* function) {
    if (known_type(header) && header.WaitListHead.Flink != nullptr) return;
    bug_check(bug_code::invalid_data_access_trap, reinterpret_cast<ULONG_PTR>(&header), header.Type,
              0, 0,
              fmt::format("{} was given an object that was never initialized or was overwritten",
                          function),
              dbg::id::object_uninitialized);
}

bool signalled_for(const DISPATCHER_HEADER& header, const _KTHREAD* thread) {
    if (header.SignalState > 0) return true;
    return type_of(header) == DispatcherType::mutant &&
           reinterpret_cast<const KMUTANT&>(header).OwnerThread == thread;
}

// Takes from the object what a satisfied wait takes. Returns STATUS_ABANDONED for such a mutex.
NTSTATUS take(DISPATCHER_HEADER& header, PKTHREAD thread) {
    switch (type_of(header)) {
        case DispatcherType::synchronization_event:
        case DispatcherType::synchronization_timer: header.SignalState = 0; break;
        case DispatcherType::semaphore: --header.SignalState; break;
        case DispatcherType::mutant: return take_mutex(reinterpret_cast<KMUTANT&>(header), *thread);
        default: break;
    }
    return STATUS_SUCCESS;
}

bool all_signalled(const KWAIT_BLOCK* blocks, ULONG count, const _KTHREAD* thread) {
    for (ULONG i = 0; i < count; ++i) {
        if (!signalled_for(*static_cast<DISPATCHER_HEADER*>(blocks[i].Object), thread))
            return false;
    }
    return true;
}

void take_all(const KWAIT_BLOCK* blocks, ULONG count, PKTHREAD thread) {
    for (ULONG i = 0; i < count; ++i)
        take(*static_cast<DISPATCHER_HEADER*>(blocks[i].Object), thread);
}

// A thread whose deadline passed is still linked until it runs, but can no longer win.
bool can_go_on(const KWAIT_BLOCK& block) {
    const _KTHREAD* thread = block.Thread;
    if (thread->MachineThread->state != ThreadState::blocked) return false;
    return thread->WaitType == WaitAny ||
           all_signalled(thread->WaitBlocks, thread->WaitCount, thread);
}

void unlink(PKTHREAD thread) {
    for (ULONG i = 0; i < thread->WaitCount; ++i)
        RemoveEntryList(&thread->WaitBlocks[i].WaitListEntry);
    thread->WaitCount = 0;
}

void release(KWAIT_BLOCK& block) {
    PKTHREAD thread = block.Thread;
    if (thread->WaitType == WaitAny) {
        const NTSTATUS taken = take(*static_cast<DISPATCHER_HEADER*>(block.Object), thread);
        thread->WaitStatus = static_cast<NTSTATUS>(block.WaitKey) + taken;
    } else {
        take_all(thread->WaitBlocks, thread->WaitCount, thread);
        thread->WaitStatus = STATUS_SUCCESS;
    }
    unlink(thread);
    Machine::current().wake(*thread->MachineThread, 0);
}

KWAIT_BLOCK& block_at(LIST_ENTRY* entry) {
    return *CONTAINING_RECORD(entry, KWAIT_BLOCK, WaitListEntry);
}

std::size_t count_ready(DISPATCHER_HEADER& header) {
    std::size_t count = 0;
    for (LIST_ENTRY* e = header.WaitListHead.Flink; e != &header.WaitListHead; e = e->Flink) {
        count += can_go_on(block_at(e));
    }
    return count;
}

KWAIT_BLOCK& ready_block(DISPATCHER_HEADER& header, std::size_t skip) {
    LIST_ENTRY* entry = header.WaitListHead.Flink;
    while (!can_go_on(block_at(entry)) || skip-- != 0) entry = entry->Flink;
    return block_at(entry);
}

bool keeps_its_signal(const DISPATCHER_HEADER& header) {
    const DispatcherType type = type_of(header);
    return type == DispatcherType::notification_event ||
           type == DispatcherType::notification_timer || type == DispatcherType::thread ||
           type == DispatcherType::process;
}

NTSTATUS block_thread(PKTHREAD thread, DISPATCHER_HEADER& first, std::uint64_t deadline_ns) {
    const machine::NameId name = name_of(&first, kind_of(first)).name;
    if (thread->Blocks != nullptr) thread->Blocks(thread);
    if (Machine::current().block(name, deadline_ns) == WakeReason::timeout) {
        unlink(thread);
        return STATUS_TIMEOUT;
    }
    return thread->WaitStatus;
}

// What the objects waited for were signalled for is over.
void note_satisfied(ULONG count, PVOID* objects, WAIT_TYPE type, NTSTATUS status) {
    for (ULONG i = 0; i < count; ++i) {
        if (type == WaitAll ? status == STATUS_SUCCESS : status == static_cast<NTSTATUS>(i))
            note_order_after(objects[i]);
    }
}

NTSTATUS wait_any_or_all(ULONG count, PVOID* objects, WAIT_TYPE type, std::uint64_t deadline_ns,
                         KWAIT_BLOCK* blocks, const char* function) {
    PKTHREAD thread = current_thread();
    for (ULONG i = 0; i < count; ++i) {
        auto& header = *static_cast<DISPATCHER_HEADER*>(objects[i]);
        require_waitable(header, function);
        blocks[i].Object = &header;
        blocks[i].Thread = thread;
        blocks[i].WaitKey = static_cast<USHORT>(i);
        blocks[i].WaitType = static_cast<UCHAR>(type);
        if (type != WaitAny || !signalled_for(header, thread)) continue;
        note_order_after(&header);
        return static_cast<NTSTATUS>(i) + take(header, thread);
    }
    if (type == WaitAll && all_signalled(blocks, count, thread)) {
        note_satisfied(count, objects, type, STATUS_SUCCESS);
        take_all(blocks, count, thread);
        return STATUS_SUCCESS;
    }
    if (deadline_ns <= Machine::current().now_ns()) return STATUS_TIMEOUT;
    require_may_block(function);
    thread->WaitBlocks = blocks;
    thread->WaitCount = count;
    thread->WaitType = type;
    for (ULONG i = 0; i < count; ++i) {
        InsertTailList(&static_cast<DISPATCHER_HEADER*>(objects[i])->WaitListHead,
                       &blocks[i].WaitListEntry);
    }
    const NTSTATUS status =
        block_thread(thread, *static_cast<DISPATCHER_HEADER*>(objects[0]), deadline_ns);
    note_satisfied(count, objects, type, status);
    return status;
}

}  // namespace

void initialize_header(DISPATCHER_HEADER& header, DispatcherType type, LONG signal_state) {
    header.Lock = 0;
    header.Type = static_cast<UCHAR>(type);
    header.Size = sizeof(DISPATCHER_HEADER) / sizeof(LONG);
    header.SignalState = signal_state;
    InitializeListHead(&header.WaitListHead);
}

void require_initialized(const DISPATCHER_HEADER& header, DispatcherType type, DispatcherType other,
                         const char* function) {
    const bool right = type_of(header) == type || type_of(header) == other;
    if (right && header.WaitListHead.Flink != nullptr) [[likely]]
        return;
    require_waitable(header, function);
    bug_check(bug_code::invalid_data_access_trap, reinterpret_cast<ULONG_PTR>(&header), header.Type,
              0, 0,
              fmt::format("{} was given an object of another kind ({})", function,
                          kind_text(kind_of(header))),
              dbg::id::object_misuse);
}

namespace {

// For the verifier's order of locks and waits; what the kernel and the framework wait for inside
// they tell themselves.
void note_wait(DISPATCHER_HEADER& header, const void* caller) {
    const ObjectName name = name_of(&header, kind_of(header));
    if (type_of(header) == DispatcherType::mutant) {
        vf::note_acquire(name, vf::LockKind::blocking);
    } else if (ldr::image_of(caller) != nullptr) {
        vf::note_wait(name);
    }
}

}  // namespace

ObjectKind kind_of(const DISPATCHER_HEADER& header) {
    switch (type_of(header)) {
        case DispatcherType::notification_event:
        case DispatcherType::synchronization_event: return ObjectKind::event;
        case DispatcherType::mutant: return ObjectKind::mutex;
        case DispatcherType::semaphore: return ObjectKind::semaphore;
        case DispatcherType::thread: return ObjectKind::thread;
        case DispatcherType::notification_timer:
        case DispatcherType::synchronization_timer: return ObjectKind::timer;
        default: return ObjectKind::other;
    }
}

void require_may_block(const char* function) {
    Machine& machine = Machine::current();
    const KIRQL irql = machine.level();
    const ProcessorState& state = current_processor();
    if (irql < DISPATCH_LEVEL && state.floor < DISPATCH_LEVEL &&
        machine.running_thread() != nullptr)
        return;
    const bool in_routine = state.floor >= DISPATCH_LEVEL;
    bug_check(
        in_routine ? bug_code::attempted_switch_from_dpc : bug_code::irql_not_less_or_equal, irql,
        state.floor, 0, 0,
        fmt::format(
            "{} would wait at IRQL {}; a thread may wait at IRQL <= 1 only (at DISPATCH_LEVEL "
            "only with a timeout of zero){}",
            function, irql, dbg::in_raised_callback()),
        dbg::id::irql_blocking);
}

std::uint64_t deadline_of(const LARGE_INTEGER* timeout) {
    if (timeout == nullptr) return machine::forever_ns;
    const LONGLONG value = timeout->QuadPart;
    if (value == 0) return 0;
    const std::uint64_t now_ns = Machine::current().now_ns();
    if (value > 0) return machine_time_of(value);
    const auto ticks = static_cast<std::uint64_t>(-(value + 1)) + 1;
    constexpr std::uint64_t longest = machine::forever_ns / 200;
    return now_ns + (ticks < longest ? ticks : longest) * 100;
}

void wake_waiters(DISPATCHER_HEADER& header) {
    while (header.SignalState > 0 && !IsListEmpty(&header.WaitListHead)) {
        const std::size_t ready = count_ready(header);
        if (ready == 0) return;
        std::size_t taken = 0;
        if (ready > 1 && !keeps_its_signal(header)) {
            Machine& machine = Machine::current();
            const machine::NameId actor =
                machine.on_processor() ? machine.processor().actor : machine::no_name;
            const machine::NameId operation = machine.name("wake");
            const machine::NameId name = name_of(&header, kind_of(header)).name;
            taken = machine.choose({ChoiceKind::waiter, actor, operation, name}, ready);
        }
        release(ready_block(header, taken));
    }
}

NTSTATUS wait(DISPATCHER_HEADER& header, std::uint64_t deadline_ns, const char* function) {
    KWAIT_BLOCK block;
    PVOID object = &header;
    return wait_any_or_all(1, &object, WaitAny, deadline_ns, &block, function);
}

NTSTATUS wait(ULONG count, PVOID* objects, WAIT_TYPE type, std::uint64_t deadline_ns,
              KWAIT_BLOCK* blocks, const char* function) {
    return wait_any_or_all(count, objects, type, deadline_ns, blocks, function);
}

void delay(std::uint64_t deadline_ns) {
    Machine& machine = Machine::current();
    if (deadline_ns <= machine.now_ns()) return machine.yield();
    PKTHREAD thread = current_thread();
    if (thread->Blocks != nullptr) thread->Blocks(thread);
    machine.block(machine.name("delay"), deadline_ns);
}

void break_wait(PKTHREAD thread) {
    if (thread->MachineThread->state != ThreadState::blocked) return;
    unlink(thread);
    thread->WaitStatus = STATUS_ALERTED;
    Machine::current().wake(*thread->MachineThread, 0);
}

}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;

GX_ASKS_CALLER
NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON, KPROCESSOR_MODE, BOOLEAN,
                               PLARGE_INTEGER Timeout) {
    ke::charge();
    auto& header = *static_cast<DISPATCHER_HEADER*>(Object);
    if (Timeout == nullptr || Timeout->QuadPart != 0)
        ke::require_may_block("KeWaitForSingleObject");
    if (Timeout == nullptr && gpioclx::kernel::vf::on())
        ke::note_wait(header, __builtin_return_address(0));
    return ke::wait(header, ke::deadline_of(Timeout), "KeWaitForSingleObject");
}
GX_EXPORT_FUNCTION(KeWaitForSingleObject);

NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Object[], WAIT_TYPE WaitType, KWAIT_REASON,
                                  KPROCESSOR_MODE, BOOLEAN, PLARGE_INTEGER Timeout,
                                  PKWAIT_BLOCK WaitBlockArray) {
    constexpr const char* function = "KeWaitForMultipleObjects";
    ke::charge();
    if (Count == 0 || Count > MAXIMUM_WAIT_OBJECTS ||
        (Count > THREAD_WAIT_OBJECTS && WaitBlockArray == nullptr)) {
        ke::bug_check(
            ke::bug_code::maximum_wait_objects_exceeded, Count, 0, 0, 0,
            "KeWaitForMultipleObjects takes 1 to 64 objects, more than 3 only with wait blocks",
            gpioclx::kernel::dbg::id::object_misuse);
    }
    if (Timeout == nullptr || Timeout->QuadPart != 0) ke::require_may_block(function);
    KWAIT_BLOCK own[THREAD_WAIT_OBJECTS];
    return ke::wait_any_or_all(Count, Object, WaitType, ke::deadline_of(Timeout),
                               WaitBlockArray != nullptr ? WaitBlockArray : own, function);
}
GX_EXPORT_FUNCTION(KeWaitForMultipleObjects);

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE, BOOLEAN, PLARGE_INTEGER Interval) {
    ke::charge();
    ke::require_may_block("KeDelayExecutionThread");
    ke::delay(ke::deadline_of(Interval));
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(KeDelayExecutionThread);
