// Threads: who is ready, who runs, how a thread leaves a processor.
#include <bit>
#include <cassert>
#include <cstdlib>

#include "machine/arena.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::machine {

Thread& Machine::create_thread(NameId thread_name, void (*start)(void*), void* context,
                               std::uint8_t priority, std::uint32_t affinity) {
    assert(priority < 32 && start != nullptr);
    Thread* thread = new Thread;
    thread->name = thread_name;
    thread->number = ++thread_count_;
    thread->priority = priority;
    thread->affinity = affinity;
    thread->start = start;
    thread->start_context = context;
    thread->timeout.fired = &Machine::block_timeout;
    thread->timeout.context = thread;
    thread->timeout.name = thread_name;
    void* top = Arena::instance().allocate_stack(&thread->fiber.context);
    thread->fiber.prepare(top, Arena::stack_size, &Machine::thread_entry, thread);
    thread->next_all = all_threads_;
    all_threads_ = thread;
    emit(EventKind::thread_created, thread_name);
    make_ready(*thread);
    return *thread;
}

void Machine::forget_thread(Thread& thread) {
    assert(thread.state == ThreadState::ended);
    if (witness_ != nullptr) witness_->thread_ended(thread);
    for (Thread** link = &all_threads_; *link != nullptr; link = &(*link)->next_all) {
        if (*link != &thread) continue;
        *link = thread.next_all;
        Arena::instance().free_stack(thread.fiber.stack_top);
        delete &thread;
        return;
    }
    assert(!"not a thread of this machine");
}

void Machine::thread_entry(void* context) {
    Thread& thread = *static_cast<Thread*>(context);
    thread.start(thread.start_context);
    current().end_thread();
}

void Machine::make_ready(Thread& thread) {
    thread.state = ThreadState::ready;
    thread.next_ready = nullptr;
    Thread*& last = ready_last_[thread.priority];
    if (last != nullptr) {
        last->next_ready = &thread;
    } else {
        ready_first_[thread.priority] = &thread;
    }
    last = &thread;
    ready_mask_ |= 1u << thread.priority;

    // An idle processor takes it; else it displaces the thread of lowest priority below its own.
    Processor* victim = nullptr;
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        Processor& p = processors_[i];
        if ((thread.affinity >> i & 1) == 0) continue;
        if (p.idle) {
            wake_processor(p);
            return;
        }
        if (p.thread == nullptr || p.thread->priority >= thread.priority) continue;
        if (victim == nullptr || p.thread->priority < victim->thread->priority) victim = &p;
    }
    if (victim != nullptr) wake_processor(*victim);
    if (running_ != nullptr) update_attention();  // somebody waits for the quantum to end
}

bool Machine::ready_for(const Processor& p, int at_least_priority) const {
    for (int priority = 31; priority >= at_least_priority; --priority) {
        if ((ready_mask_ >> priority & 1) == 0) continue;
        for (Thread* t = ready_first_[priority]; t != nullptr; t = t->next_ready) {
            if (t->affinity >> p.index & 1) return true;
        }
    }
    return false;
}

Thread* Machine::take_ready(const Processor& p, int at_least_priority) {
    for (std::uint32_t mask = ready_mask_; mask != 0;) {
        const int priority = std::bit_width(mask) - 1;
        if (priority < at_least_priority) return nullptr;
        mask &= ~(1u << priority);
        std::size_t candidates = 0;
        for (Thread* t = ready_first_[priority]; t != nullptr; t = t->next_ready) {
            candidates += t->affinity >> p.index & 1;
        }
        if (candidates == 0) continue;
        std::size_t skip = choose({ChoiceKind::thread, ready_first_[priority]->name}, candidates);
        Thread* before = nullptr;
        for (Thread* t = ready_first_[priority]; t != nullptr; before = t, t = t->next_ready) {
            if ((t->affinity >> p.index & 1) == 0 || skip-- != 0) continue;
            (before != nullptr ? before->next_ready : ready_first_[priority]) = t->next_ready;
            if (ready_last_[priority] == t) ready_last_[priority] = before;
            if (ready_first_[priority] == nullptr) ready_mask_ &= ~(1u << priority);
            t->next_ready = nullptr;
            return t;
        }
    }
    return nullptr;
}

// Puts `next` (or the idle loop) on the running processor; `from` continues when it is taken again.
void Machine::run_thread(Fiber& from, Thread* next, bool from_ends) {
    Processor& p = *running_;
    p.thread = next;
    if (next != nullptr) {
        next->state = ThreadState::running;
        next->processor = &p;
        next->ran_since_ns = p.clock_ns;
        p.actor = next->name;
    } else {
        p.actor = idle_actor_;
    }
    emit(EventKind::thread_switch, next != nullptr ? next->name : no_name);
    update_attention();
    switch_fiber(from, next != nullptr ? next->fiber : p.idle_fiber, from_ends);
}

void Machine::dispatch(bool current_stays_ready) {
    Processor& p = *running_;
    Thread* thread = p.thread;
    assert(thread != nullptr && p.level < level_deferred);
    p.reschedule = false;
    if (current_stays_ready) {
        Thread* next = take_ready(p, thread->priority);
        if (next == nullptr) return;
        const Level level = p.level;
        make_ready(*thread);
        thread->processor = nullptr;
        p.level = level_thread;
        run_thread(thread->fiber, next, false);
        running_->level = level;
        return;
    }
    thread->processor = nullptr;
    Thread* next = take_ready(p, 0);
    const Level level = p.level;
    p.level = level_thread;
    run_thread(thread->fiber, next, thread->state == ThreadState::ended);
    running_->level = level;
}

WakeReason Machine::block(NameId waiting_for, std::uint64_t deadline_ns) {
    Thread& thread = *running_->thread;
    assert(running_->level < level_deferred && !running_->in_deferred);
    thread.state = ThreadState::blocked;
    thread.waiting_for = waiting_for;
    thread.deadline_ns = deadline_ns;
    thread.wake_reason = WakeReason::woken;
    emit(EventKind::wait_begin, waiting_for, no_name, deadline_ns == forever_ns ? 0 : deadline_ns);
    if (deadline_ns != forever_ns) set_timer(thread.timeout, deadline_ns);
    dispatch(false);
    emit(EventKind::wait_end, waiting_for, no_name, thread.wake_reason == WakeReason::timeout);
    thread.waiting_for = no_name;
    return thread.wake_reason;
}

void Machine::block_timeout(void* context) {
    Thread& thread = *static_cast<Thread*>(context);
    if (thread.state != ThreadState::blocked) return;
    thread.wake_reason = WakeReason::timeout;
    current().make_ready(thread);
}

bool Machine::wake(Thread& thread, std::uint64_t code) {
    if (thread.state != ThreadState::blocked) return false;
    cancel_timer(thread.timeout);
    thread.wake_code = code;
    thread.wake_reason = WakeReason::woken;
    make_ready(thread);
    return true;
}

void Machine::yield() {
    assert(running_->level < level_deferred);
    if (running_->thread != nullptr) dispatch(true);
}

void Machine::end_thread() {
    Thread& thread = *running_->thread;
    thread.state = ThreadState::ended;
    emit(EventKind::thread_ended, thread.name);
    dispatch(false);
    std::abort();  // an ended thread is never taken again
}

void Machine::idle_entry(void* processor) {
    current().idle_loop(*static_cast<Processor*>(processor));
}

void Machine::idle_loop(Processor& p) {
    for (;;) {
        p.idle = false;  // also in the first round: a service routine may have to spin
        p.reschedule = false;
        deliver_interrupts();
        run_deferred();
        if (Thread* next = take_ready(p, 0)) {
            run_thread(p.idle_fiber, next, false);
            continue;
        }
        if (p.has_deliverable_interrupt() || p.deferred != nullptr) continue;
        p.idle = true;
        p.actor = idle_actor_;
        leave_processor();
        p.idle = false;
    }
}

}  // namespace gpioclx::machine
