// The stack of spin locks that the running processor holds, of every kind.
#pragma once

#include "kernel/ke/processor_state.h"

namespace gpioclx::kernel::ke {

void report_too_many_locks();

inline void push_held_lock(const HeldLock& held) {
    ProcessorState& state = current_processor();
    if (state.held_count == ProcessorState::max_held) [[unlikely]]
        report_too_many_locks();
    state.held[state.held_count++] = held;
}

inline HeldLock* find_held_lock(const void* lock) {
    ProcessorState& state = current_processor();
    for (std::uint32_t i = state.held_count; i-- > 0;) {
        if (state.held[i].lock == lock) return &state.held[i];
    }
    return nullptr;
}

// Usually the top one; drivers may release in any order.
inline void pop_held_lock(const void* lock) {
    HeldLock* held = find_held_lock(lock);
    if (held == nullptr) return;
    ProcessorState& state = current_processor();
    for (HeldLock* end = &state.held[--state.held_count]; held != end; ++held) *held = held[1];
}

}  // namespace gpioclx::kernel::ke
