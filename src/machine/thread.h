// A thread of the machine: a fiber with a name, a priority and a place in the scheduler.
#pragma once

#include <cstdint>

#include "machine/fiber.h"
#include "machine/name_table.h"
#include "machine/timer.h"

namespace gpioclx::machine {

class Processor;

enum class ThreadState : std::uint8_t { ready, running, blocked, ended };

enum class WakeReason : std::uint8_t { woken, timeout };

struct Thread {
    NameId name = no_name;
    std::uint32_t number = 0;   // in order of creation; never reused
    std::uint8_t priority = 8;  // 0..31, higher runs first
    ThreadState state = ThreadState::ready;
    std::uint32_t affinity = ~0u;    // processors that may run it
    Processor* processor = nullptr;  // while running
    Fiber fiber;

    // Set by wake(): which of the objects waited for was signalled, or whatever the waker says.
    std::uint64_t wake_code = 0;
    std::uint64_t deadline_ns = 0;  // of the current block(); 0 = none
    WakeReason wake_reason = WakeReason::woken;
    NameId waiting_for = no_name;

    // For the layer above (its own thread structure). The machine does not look at it.
    void* owner = nullptr;
    void (*start)(void*) = nullptr;
    void* start_context = nullptr;

    Thread* next_ready = nullptr;
    Thread* next_all = nullptr;
    std::uint64_t ran_since_ns = 0;
    Timer timeout;
};

}  // namespace gpioclx::machine
