#include "kernel/ke/thread.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "kernel/dbg/finding.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/mutex.h"
#include "kernel/ke/order.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ob/object.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::Machine;

void delete_thread(void* body) {
    auto* thread = static_cast<PKTHREAD>(body);
    if (thread->MachineThread != nullptr) Machine::current().forget_thread(*thread->MachineThread);
}

}  // namespace

const ob::Type thread_type = {"Thread", &delete_thread, nullptr};

namespace {

PKTHREAD allocate_thread() {
    auto* thread = static_cast<PKTHREAD>(ob::create(thread_type, sizeof(_KTHREAD)));
    initialize_header(thread->Header, DispatcherType::thread, 0);
    InitializeListHead(&thread->MutantListHead);
    return thread;
}

// The machine's thread can be freed only after it has left its stack, so its own reference is
// dropped when the next thread is made.
struct EndedThreads {
    std::vector<PKTHREAD> waiting;
};

void reap_ended_threads() {
    std::vector<PKTHREAD>& waiting = part<EndedThreads>().waiting;
    while (!waiting.empty()) {
        PKTHREAD thread = waiting.back();
        waiting.pop_back();
        ob::dereference(thread);
    }
}

void thread_main(void* context) {
    auto* thread = static_cast<PKTHREAD>(context);
    note_order_after(thread);
    thread->StartRoutine(thread->StartContext);
    exit_thread(STATUS_SUCCESS);
}

}  // namespace

PKTHREAD current_thread() {
    Machine& machine = Machine::current();
    machine::Thread* running = machine.running_thread();
    if (running != nullptr) {
        if (running->owner == nullptr) {  // made by somebody who does not know of us
            PKTHREAD thread = allocate_thread();
            thread->MachineThread = running;
            running->owner = thread;
        }
        return static_cast<PKTHREAD>(running->owner);
    }
    PKTHREAD& idle = current_processor().idle_thread;
    if (idle == nullptr) idle = allocate_thread();
    return idle;
}

PKTHREAD create_thread(std::string_view name, PKSTART_ROUTINE routine, PVOID context,
                       int priority) {
    machine::ArenaScope inside;
    Machine& machine = Machine::current();
    reap_ended_threads();
    PKTHREAD thread = allocate_thread();
    ob::reference(thread);  // its own, until it ends
    thread->StartRoutine = routine;
    thread->StartContext = context;
    note_order_before(thread);
    thread->MachineThread = &machine.create_thread(machine.name(name), &thread_main, thread,
                                                   static_cast<std::uint8_t>(priority));
    thread->MachineThread->owner = thread;
    name_object(thread, name);
    return thread;
}

std::string unused_thread_name(std::string_view prefix) {
    Machine& machine = Machine::current();
    for (int number = 1;; ++number) {
        const std::string name =
            number == 1 ? std::string(prefix) : fmt::format("{} {}", prefix, number);
        bool used = false;
        for (const machine::Thread* t = machine.first_thread(); t != nullptr && !used;
             t = t->next_all) {
            used = machine.text(t->name) == name;
        }
        if (!used) return name;
    }
}

void exit_thread(NTSTATUS status) {
    PKTHREAD thread = current_thread();
    Machine& machine = Machine::current();
    require_no_mutex(*thread);
    vf::forget_thread(thread);
    const ProcessorState& state = current_processor();
    if (machine.level() != PASSIVE_LEVEL) {
        dbg::report_finding(dbg::id::irql_not_restored,
                            fmt::format("the thread '{}' ended at IRQL {}{}",
                                        machine.text(thread->MachineThread->name), machine.level(),
                                        state.held_count > 0 ? " with a spin lock held" : ""));
        if (state.held_count > 0)
            machine.halt(machine.name("a thread ended with a spin lock held"));
        lower_irql(PASSIVE_LEVEL, "the end of a thread");
    }
    thread->ExitStatus = status;
    thread->Header.SignalState = 1;
    note_order_before(&thread->Header);
    wake_waiters(thread->Header);
    part<EndedThreads>().waiting.push_back(thread);
    machine.end_thread();
}

}  // namespace gpioclx::kernel::ke
