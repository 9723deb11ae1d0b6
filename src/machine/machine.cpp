// The run loop: whose step is next.
#include "machine/machine.h"

#include "machine/witness.h"

#include <cassert>
#include <cstdlib>

#include "machine/arena.h"

namespace gpioclx::machine {

Machine::Machine(const MachineOptions& options, NameTable& names, EventSink& sink, Policy& policy)
    : options_(options), names_(&names), sink_(&sink), window_(&sink.window()), policy_(&policy) {
    assert(options.processors >= 1 && options.processors <= max_processors);
    current_machine = this;
    idle_actor_ = name("idle");
    outside_actor_ = name("outside");
    held_up_ = name("held up");
    timers_.reserve(256);
    for (std::uint32_t i = 0; i < options.processors; ++i) {
        Processor& p = processors_[i];
        p.index = static_cast<std::uint8_t>(i);
        p.actor = idle_actor_;
        void* top = Arena::instance().allocate_stack(&p.idle_fiber.context);
        p.idle_fiber.prepare(top, Arena::stack_size, &Machine::idle_entry, &p);
        p.fiber = &p.idle_fiber;
    }
}

Machine::~Machine() {
    // Stacks of abandoned fibers are dropped with the arena, never unwound.
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        Arena::instance().free_stack(processors_[i].idle_fiber.stack_top);
    }
    while (all_threads_ != nullptr) {
        Thread* thread = all_threads_;
        all_threads_ = thread->next_all;
        Arena::instance().free_stack(thread->fiber.stack_top);
        delete thread;
    }
    if (current_machine == this) current_machine = nullptr;
}

RunResult Machine::run(std::uint64_t until_ns) {
    const RunResult result = run_loop(until_ns);
    if (result == RunResult::idle && until_ns != forever_ns) now_ns_ = std::max(now_ns_, until_ns);
    return result;
}

RunResult Machine::run_until_idle(std::uint64_t until_ns) { return run_loop(until_ns); }

RunResult Machine::run_loop(std::uint64_t until_ns) {
    assert(running_ == nullptr);
    ArenaScope inside;
    until_ns_ = until_ns;
    while (!halted_) {
        Processor* earliest = earliest_runnable();
        if (earliest == nullptr && witness_ != nullptr) witness_->rests(timers_.empty());
        const std::uint64_t timer_ns = next_timer_ns();
        const std::uint64_t next_ns = earliest ? std::max(earliest->clock_ns, now_ns_) : forever_ns;
        if (timer_ns <= next_ns && timer_ns <= until_ns && timer_ns != forever_ns) {
            fire_next_timer();
            continue;
        }
        if (earliest == nullptr) {
            for (std::uint32_t i = 0; i < options_.processors; ++i) {
                if (processors_[i].spinning_on != nullptr && timers_.empty())
                    return RunResult::stuck;
            }
            if (timers_.empty()) {
                // The last step may have ended after the last event.
                for (std::uint32_t i = 0; i < options_.processors; ++i) {
                    now_ns_ = std::max(now_ns_, processors_[i].clock_ns);
                }
                return RunResult::idle;
            }
        }
        if (next_ns > until_ns || earliest == nullptr) {
            now_ns_ = std::max(now_ns_, until_ns);
            return RunResult::deadline;
        }
        resume(choose_processor(*earliest));
    }
    return RunResult::halted;
}

Processor* Machine::earliest_runnable() {
    Processor* best = nullptr;
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        Processor& p = processors_[i];
        if (p.runnable() && (best == nullptr || p.clock_ns < best->clock_ns)) best = &p;
    }
    return best;
}

// Alternative 0 is the processor furthest behind; the others follow by number.
Processor& Machine::choose_processor(Processor& earliest) {
    std::array<Processor*, max_processors> candidates;
    std::size_t count = 0;
    candidates[count++] = &earliest;
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        Processor& p = processors_[i];
        if (&p != &earliest && p.runnable()) candidates[count++] = &p;
    }
    if (count == 1) return earliest;
    return *candidates[policy_->choose({ChoiceKind::processor, earliest.actor}, count)];
}

void Machine::resume(Processor& p) {
    // A processor that was passed over did not run meanwhile: it was held up, not in the past.
    p.clock_ns = std::max(p.clock_ns, now_ns_);
    now_ns_ = p.clock_ns;
    running_ = &p;
    update_attention();
    switch_fiber(host_fiber_, *p.fiber);
    running_ = nullptr;
}

void Machine::leave_processor() {
    Processor& p = *running_;
    p.fiber = p.thread != nullptr ? &p.thread->fiber : &p.idle_fiber;
    switch_fiber(*p.fiber, host_fiber_);
}

void Machine::update_attention() {
    attention_ns_ = std::min(next_timer_ns(), until_ns_);
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        Processor& p = processors_[i];
        if (&p != running_ && p.runnable()) attention_ns_ = std::min(attention_ns_, p.clock_ns);
    }
    if (ready_mask_ != 0 && running_ != nullptr && running_->thread != nullptr) {
        attention_ns_ =
            std::min(attention_ns_, running_->thread->ran_since_ns + options_.quantum_ns);
    }
}

void Machine::slow_step() {
    Processor& p = *running_;
    while (next_timer_ns() <= p.clock_ns && next_timer_ns() <= until_ns_) fire_next_timer();
    update_attention();
    if (p.clock_ns >= attention_ns_ || halted_) {
        now_ns_ = std::max(now_ns_, std::min(p.clock_ns, attention_ns_));
        leave_processor();
    }
    // Here the thread may continue on another processor only if it was below level_deferred, and
    // leave_processor() alone never moves it.
    if (p.has_deliverable_interrupt()) deliver_interrupts();
    if (p.level < level_deferred) lower(p.level);
}

void Machine::ask_for_delay(const Event& event) {
    const std::uint64_t delay_ns = policy_->delay_ns(event);
    if (delay_ns == 0) return;
    emit(EventKind::choice, held_up_, no_name, 0, delay_ns);
    running_->clock_ns += delay_ns;
}

void Machine::may_be_held_up(NameId operation, NameId object) {
    if ((delay_kinds_ & 1) == 0 || running_ == nullptr) return;
    const std::uint64_t delay_ns = policy_->delay_ns({.time_ns = now_ns(),
                                                      .sequence = sequence_,
                                                      .kind = EventKind::none,
                                                      .processor = running_->index,
                                                      .level = running_->level,
                                                      .actor = running_->actor,
                                                      .subject = operation,
                                                      .detail = object,
                                                      .reserved = 0,
                                                      .a = 0,
                                                      .b = 0,
                                                      .c = 0});
    if (delay_ns == 0) return;
    emit(EventKind::choice, held_up_, operation, 0, delay_ns);
    step(delay_ns);
}

void Machine::halt(NameId reason, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    if (!halted_) {
        halted_ = true;
        emit(EventKind::halt, reason, no_name, a, b, c);
    }
    if (running_ == nullptr) return;
    for (;;) leave_processor();
}

std::size_t Machine::choose(const ChoicePoint& point, std::size_t alternatives) {
    if (alternatives < 2) return 0;
    const std::size_t taken = policy_->choose(point, alternatives);
    assert(taken < alternatives);
    if (taken != 0) emit(EventKind::choice, point.operation, point.object, alternatives, taken);
    return taken;
}

void Machine::wake_processor(Processor& p) {
    if (p.idle) {
        p.idle = false;
        p.clock_ns = std::max(p.clock_ns, now_ns());
    } else {
        p.reschedule = true;
    }
    if (running_ != nullptr && &p != running_) attention_ns_ = std::min(attention_ns_, p.clock_ns);
}

void Machine::spin_wait(const void* word, NameId lock_name) {
    Processor& p = *running_;
    p.spinning_on = word;
    p.spinning_name = lock_name;
    while (p.spinning_on != nullptr) {
        leave_processor();
        if (p.has_deliverable_interrupt()) deliver_interrupts();
    }
    p.spinning_name = no_name;
}

void Machine::spin_notify(const void* word) {
    for (std::uint32_t i = 0; i < options_.processors; ++i) {
        Processor& p = processors_[i];
        if (p.spinning_on != word) continue;
        p.spinning_on = nullptr;
        p.clock_ns = std::max(p.clock_ns, now_ns());
        if (running_ != nullptr) attention_ns_ = std::min(attention_ns_, p.clock_ns);
    }
}

}  // namespace gpioclx::machine
