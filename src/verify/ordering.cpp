#include "verify/ordering.h"

#include <algorithm>

namespace gpioclx::verify {

using machine::Routine;

const HeldLock* LockSet::find(std::uint32_t instance) const {
    return std::find_if(begin(), end(),
                        [=](const HeldLock& lock) { return lock.instance == instance; });
}

void LockSet::add(const HeldLock& lock) {
    if (count < most) locks[count++] = lock;
}

bool LockSet::remove(std::uint32_t instance) {
    for (std::uint8_t i = count; i-- > 0;) {
        if (locks[i].instance != instance) continue;
        std::copy(locks.begin() + i + 1, locks.begin() + count, locks.begin() + i);
        --count;
        return true;
    }
    return false;
}

bool LockSet::meets(const LockSet& other) const {
    return std::any_of(begin(), end(), [&other](const HeldLock& lock) {
        return other.find(lock.instance) != other.end();
    });
}

LockSet LockSet::since(const LockSet& earlier) const {
    LockSet kept;
    for (const HeldLock& lock : *this) {
        const HeldLock* then = earlier.find(lock.instance);
        if (then != earlier.end() && then->acquisition == lock.acquisition) kept.add(lock);
    }
    return kept;
}

std::unique_ptr<Context> Ordering::make(machine::NameId name, const void* frame) {
    std::unique_ptr<Context> context;
    if (spare_.empty()) {
        context = std::make_unique<Context>();
    } else {
        context = std::move(spare_.back());
        spare_.pop_back();
        context->clock = {};
        if (of_memory_) context->memory = {};
        context->locks.count = 0;
        context->section = 0;
        context->callbacks.clear();
        context->setups.clear();
        context->transfer.count = 0;
    }
    // The next slot that nobody has; a used one if all are.
    std::size_t slot = next_slot_;
    for (std::size_t i = 0; i < VectorClock::slots && users_[slot] != 0; ++i)
        slot = (slot + 1) % VectorClock::slots;
    next_slot_ = (slot + 1) % VectorClock::slots;
    ++users_[slot];
    context->name = name;
    context->slot = static_cast<std::uint8_t>(slot);
    context->number = ++contexts_;
    context->frame = frame;
    context->clock = barrier_;
    context->barrier = barriers_;
    if (of_memory_) {
        context->memory = memory_barrier_;
        context->memory_barrier = memory_barriers_;
    }
    advance(*context);
    return context;
}

Ordering::Stack& Ordering::stack_of(const machine::Thread& thread) {
    if (latest_stack_ != nullptr && latest_thread_ == thread.number) return *latest_stack_;
    Stack& stack = threads_[thread.number];
    if (stack.empty()) stack.push_back(make(thread.name, nullptr));
    latest_thread_ = thread.number;
    latest_stack_ = &stack;
    return stack;
}

Ordering::Stack& Ordering::running() {
    if (machine_.on_processor()) {
        const machine::Processor& processor = machine_.processor();
        Stack& routines = routines_[processor.index];
        if (!routines.empty()) return routines;
        if (processor.thread != nullptr) return stack_of(*processor.thread);
    }
    if (outside_.empty()) outside_.push_back(make(machine::no_name, nullptr));
    return outside_;
}

Context& Ordering::current() {
    Context& context = *running().back();
    know_barrier(context);
    return context;
}

void Ordering::know_barrier(Context& context) {
    if (context.barrier != barriers_) {
        context.barrier = barriers_;
        context.clock.join(barrier_);
    }
    if (context.memory_barrier != memory_barriers_) {
        context.memory_barrier = memory_barriers_;
        context.memory.join(memory_barrier_);
    }
}

void Ordering::begins(Routine kind, machine::NameId name, const void* frame) {
    if (kind == Routine::timer || kind == Routine::work_item || !machine_.on_processor()) {
        running().push_back(make(name, frame));
    } else {
        routines_[machine_.processor().index].push_back(make(name, frame));
    }
}

void Ordering::ends(Routine) {
    Stack& stack = running();
    std::unique_ptr<Context> ended = std::move(stack.back());
    stack.pop_back();
    // What it forgot to give back is held on.
    if (!stack.empty()) {
        for (const HeldLock& lock : ended->locks) stack.back()->locks.add(lock);
    }
    spare(std::move(ended));
}

void Ordering::spare(std::unique_ptr<Context> context) {
    --users_[context->slot];
    spare_.push_back(std::move(context));
}

void Ordering::thread_ended(const machine::Thread& thread) {
    const auto ended = threads_.find(thread.number);
    if (ended == threads_.end()) return;
    for (std::unique_ptr<Context>& context : ended->second) spare(std::move(context));
    if (latest_stack_ == &ended->second) latest_stack_ = nullptr;
    threads_.erase(ended);
}

void Ordering::release(const void* token) {
    if (tokens_.size() >= tokens_most && !tokens_.contains(token)) tokens_.erase(tokens_.begin());
    Token& released = tokens_[token];
    if (released.lock) return;
    Context& context = current();
    released.clock.join(context.clock);
    if (of_memory_) join_word(token, context.memory);
    advance(context);
}

void Ordering::acquire(const void* token) {
    const auto released = tokens_.find(token);
    if (released == tokens_.end() || released->second.lock) return;
    Context& context = current();
    context.clock.join(released->second.clock);
    if (of_memory_) acquire_word(token);
}

void Ordering::acquire_word(const void* word) {
    if (const auto released = words_.find(word); released != words_.end())
        current().memory.join(released->second);
}

void Ordering::release_word(const void* word) {
    Context& context = current();
    join_word(word, context.memory);
    advance(context);
}

void Ordering::join_word(const void* word, const VectorClock& clock) {
    if (words_.size() >= tokens_most && !words_.contains(word)) words_.erase(words_.begin());
    words_[word].join(clock);
}

void Ordering::is_lock(const void* token) { tokens_[token].lock = true; }

void Ordering::lock_acquired(machine::NameId name, std::uint32_t instance, const void* thread) {
    Context& context = thread != nullptr
                           ? *stack_of(*static_cast<const machine::Thread*>(thread)).back()
                           : current();
    context.locks.add({name, instance, ++acquisitions_});
    if (!of_memory_) return;
    if (const auto released = locks_.find(instance); released != locks_.end())
        context.memory.join(released->second);
}

// A blocking lock may be given back by another thread than its holder.
void Ordering::lock_released(std::uint32_t instance) {
    if (of_memory_) {
        if (locks_.size() >= tokens_most && !locks_.contains(instance))
            locks_.erase(locks_.begin());
        Context& context = current();
        locks_[instance].join(context.memory);
        advance(context);
    }
    if (current().locks.remove(instance)) return;
    for (auto& [number, stack] : threads_) {
        for (const auto& context : stack) {
            if (context->locks.remove(instance)) return;
        }
    }
}

void Ordering::after_everything() {
    Context& context = current();
    const std::uint32_t own = context.clock.at[context.slot];
    context.clock.at = epochs_;
    context.clock.at[context.slot] = own;
    context.memory.at = epochs_;
    context.memory.at[context.slot] = own;
}

void Ordering::memory_before_everything() {
    Context& context = current();
    memory_barrier_.join(context.memory);
    ++memory_barriers_;
    advance(context);
}

void Ordering::before_everything() {
    Context& context = current();
    barrier_.join(context.clock);
    ++barriers_;
    if (of_memory_) {
        memory_barrier_.join(context.memory);
        ++memory_barriers_;
    }
    advance(context);
}

}  // namespace gpioclx::verify
