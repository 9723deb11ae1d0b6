// The virtual clock's alarms: a binary heap by due time, then by order of setting.
#include <cassert>

#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::machine {

bool Machine::timer_before(std::size_t left, std::size_t right) const {
    const Timer& a = *timers_[left];
    const Timer& b = *timers_[right];
    return a.due_ns != b.due_ns ? a.due_ns < b.due_ns : a.order < b.order;
}

void Machine::timer_up(std::size_t index) {
    while (index > 0) {
        const std::size_t parent = (index - 1) / 2;
        if (!timer_before(index, parent)) break;
        std::swap(timers_[index], timers_[parent]);
        timers_[index]->heap_index = index;
        index = parent;
    }
    timers_[index]->heap_index = index;
}

void Machine::timer_down(std::size_t index) {
    for (;;) {
        std::size_t least = index;
        for (std::size_t child = 2 * index + 1; child <= 2 * index + 2; ++child) {
            if (child < timers_.size() && timer_before(child, least)) least = child;
        }
        if (least == index) break;
        std::swap(timers_[index], timers_[least]);
        timers_[index]->heap_index = index;
        index = least;
    }
    timers_[index]->heap_index = index;
}

void Machine::timer_remove(std::size_t index) {
    Timer* gone = timers_[index];
    Timer* last = timers_.back();
    timers_.pop_back();
    gone->heap_index = static_cast<std::size_t>(-1);
    if (gone == last) return;
    timers_[index] = last;
    last->heap_index = index;
    timer_up(index);
    timer_down(last->heap_index);
}

void Machine::set_timer(Timer& timer, std::uint64_t due_ns) {
    assert(timer.fired != nullptr);
    if (witness_ != nullptr) witness_->release(&timer);
    if (timer.is_set()) timer_remove(timer.heap_index);
    timer.due_ns = due_ns;
    timer.order = ++timer_order_;
    timer.heap_index = timers_.size();
    timers_.push_back(&timer);
    timer_up(timer.heap_index);
    if (running_ != nullptr) attention_ns_ = std::min(attention_ns_, due_ns);
}

bool Machine::cancel_timer(Timer& timer) {
    if (!timer.is_set()) return false;
    timer_remove(timer.heap_index);
    return true;
}

void Machine::fire_next_timer() {
    Timer* timer = timers_.front();
    // Several at the same instant: the order is a choice. Alternative n = n-th in order of setting.
    if (timers_.size() > 1) {
        std::vector<Timer*> tied;
        for (Timer* other : timers_) {
            if (other->due_ns == timer->due_ns) tied.push_back(other);
        }
        if (tied.size() > 1) {
            std::sort(tied.begin(), tied.end(),
                      [](const Timer* a, const Timer* b) { return a->order < b->order; });
            timer = tied[choose({ChoiceKind::timer_order, no_name, timer->name}, tied.size())];
        }
    }
    now_ns_ = std::max(now_ns_, timer->due_ns);
    timer_remove(timer->heap_index);
    // It happens to the machine, not on the processor that happens to run.
    Processor* const interrupted = running_;
    running_ = nullptr;
    if (witness_ != nullptr) {
        witness_->routine_begins(Routine::timer, timer->name);
        witness_->acquire(timer);
    }
    timer->fired(timer->context);
    if (witness_ != nullptr) witness_->routine_ends(Routine::timer);
    running_ = interrupted;
}

}  // namespace gpioclx::machine
