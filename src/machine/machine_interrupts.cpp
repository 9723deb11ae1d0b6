// Interrupt lines, levels and deferred calls: what runs on top of what.
#include <cassert>

#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::machine {
namespace {

// From the wire to the first instruction of the handler, and the way back.
constexpr std::uint64_t interrupt_entry_ns = 400;
constexpr std::uint64_t interrupt_exit_ns = 200;
constexpr std::uint64_t deferred_entry_ns = 200;

bool wants_service(const InterruptLine& line) {
    return line.enabled && !line.in_service &&
           (line.trigger == Trigger::edge ? line.latched : line.asserted);
}

bool better_target(const Processor& left, const Processor& right) {
    return left.level != right.level ? left.level < right.level : left.idle && !right.idle;
}

}  // namespace

Level Machine::raise(Level level) {
    const Level before = running_->level;
    assert(level >= before);
    running_->level = level;
    return before;
}

void Machine::lower(Level level) {
    Processor& p = *running_;
    assert(level <= p.level);
    p.level = level;
    if (p.has_deliverable_interrupt()) deliver_interrupts();
    if (level >= level_deferred) return;
    if (p.deferred != nullptr && !p.in_deferred) run_deferred();
    if (p.thread == nullptr || p.in_deferred) return;
    const bool used_up = p.clock_ns - p.thread->ran_since_ns >= options_.quantum_ns;
    if (!p.reschedule && !(used_up && ready_mask_ != 0)) return;
    p.reschedule = false;
    if (ready_for(p, p.thread->priority + (used_up ? 0 : 1))) {
        dispatch(true);
    } else if (used_up) {
        p.thread->ran_since_ns = p.clock_ns;
    }
}

void Machine::assert_line(InterruptLine& line) {
    ++line.sources;
    if (line.asserted) return;
    line.asserted = true;
    line.latched = true;
    emit(EventKind::line_asserted, line.name);
    pend(line);
}

void Machine::deassert_line(InterruptLine& line) {
    assert(line.sources > 0);
    if (--line.sources > 0) return;
    line.asserted = false;
    emit(EventKind::line_deasserted, line.name);
    if (line.trigger == Trigger::level && line.pending) unpend(line);
}

void Machine::enable_line(InterruptLine& line) {
    line.enabled = true;
    pend(line);
}

void Machine::disable_line(InterruptLine& line) {
    line.enabled = false;
    if (line.pending) unpend(line);
}

void Machine::clear_line(InterruptLine& line) {
    line.latched = false;
    if (line.trigger == Trigger::edge && line.pending) unpend(line);
}

void Machine::pend(InterruptLine& line) {
    if (line.pending || !wants_service(line)) return;
    // Alternative 0: the processor with the lowest level, the idle one first. Sorted by insertion:
    // they are few, and std::stable_sort would allocate at each interrupt.
    std::array<Processor*, max_processors> candidates;
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        if ((line.affinity >> i & 1) == 0) continue;
        std::size_t place = count++;
        for (; place > 0 && better_target(processors_[i], *candidates[place - 1]); --place) {
            candidates[place] = candidates[place - 1];
        }
        candidates[place] = &processors_[i];
    }
    assert(count > 0);
    Processor& p = *candidates[choose({ChoiceKind::interrupt_target, line.name}, count)];

    InterruptLine** link = &p.pending;
    while (*link != nullptr && (*link)->level >= line.level) link = &(*link)->next_pending;
    line.next_pending = *link;
    *link = &line;
    line.pending = true;
    line.target = p.index;
    if (&p == running_) return;  // seen by the next step
    if (p.idle || p.spinning_on != nullptr) p.clock_ns = std::max(p.clock_ns, now_ns());
    if (running_ != nullptr && p.runnable()) attention_ns_ = std::min(attention_ns_, p.clock_ns);
}

void Machine::unpend(InterruptLine& line) {
    InterruptLine** link = &processors_[line.target].pending;
    while (*link != &line) link = &(*link)->next_pending;
    *link = line.next_pending;
    line.pending = false;
}

void Machine::deliver_interrupts() {
    Processor& p = *running_;
    while (p.has_deliverable_interrupt()) {
        InterruptLine& line = *p.pending;
        p.pending = line.next_pending;
        line.pending = false;
        service(line);
    }
}

void Machine::service(InterruptLine& line) {
    if (!wants_service(line)) return;
    Processor& p = *running_;
    const Level level = p.level;
    const NameId actor = set_actor(line.name);
    p.spinning_on = nullptr;  // spin_wait returns after an interrupt: the lock may be free by then
    p.level = line.level;
    line.latched = false;
    line.in_service = true;
    ++p.services;
    p.clock_ns += interrupt_entry_ns;
    emit(EventKind::interrupt_enter, line.name, no_name, line.number);
    if (witness_ != nullptr) witness_->routine_begins(Routine::interrupt, line.name);
    const bool claimed = line.handler(line.context);
    if (witness_ != nullptr) witness_->routine_ends(Routine::interrupt);
    emit(EventKind::interrupt_exit, line.name, no_name, claimed);
    p.clock_ns += interrupt_exit_ns;
    --p.services;
    line.in_service = false;
    p.level = level;
    p.actor = actor;
    pend(line);
}

bool Machine::queue_deferred(DeferredCall& call, std::uint8_t processor, bool front) {
    assert(processor < options_.processors && call.run != nullptr);
    if (call.queued) return false;
    Processor& p = processors_[processor];
    call.queued = true;
    call.processor = processor;
    call.next = nullptr;
    if (p.deferred == nullptr) {
        p.deferred = p.deferred_last = &call;
    } else if (front) {
        call.next = p.deferred;
        p.deferred = &call;
    } else {
        p.deferred_last->next = &call;
        p.deferred_last = &call;
    }
    emit(EventKind::deferred_queued, call.name, no_name, processor);
    wake_processor(p);
    return true;
}

bool Machine::cancel_deferred(DeferredCall& call) {
    if (!call.queued) return false;
    Processor& p = processors_[call.processor];
    DeferredCall* before = nullptr;
    for (DeferredCall* c = p.deferred; c != &call; c = c->next) before = c;
    (before != nullptr ? before->next : p.deferred) = call.next;
    if (p.deferred_last == &call) p.deferred_last = before;
    call.queued = false;
    return true;
}

void Machine::run_deferred() {
    Processor& p = *running_;
    if (p.deferred == nullptr || p.in_deferred) return;
    const Level level = p.level;
    const NameId actor = p.actor;
    p.in_deferred = true;
    p.level = level_deferred;
    while (p.deferred != nullptr) {
        DeferredCall& call = *p.deferred;
        p.deferred = call.next;
        if (p.deferred == nullptr) p.deferred_last = nullptr;
        call.queued = false;
        p.actor = call.name;
        p.clock_ns += deferred_entry_ns;
        const NameId call_name = call.name;
        emit(EventKind::deferred_enter, call_name);
        if (witness_ != nullptr) witness_->routine_begins(Routine::deferred, call_name);
        call.run(call.context);  // may free or queue itself again
        if (witness_ != nullptr) witness_->routine_ends(Routine::deferred);
        emit(EventKind::deferred_exit, call_name);
        deliver_interrupts();
    }
    p.in_deferred = false;
    p.level = level;
    p.actor = actor;
    deliver_interrupts();
}

}  // namespace gpioclx::machine
