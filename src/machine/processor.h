// A virtual processor: its level, its clock, what it runs and what waits for it.
#pragma once

#include <cstdint>

#include "machine/deferred_call.h"
#include "machine/fiber.h"
#include "machine/interrupt_line.h"
#include "machine/level.h"
#include "machine/thread.h"

namespace gpioclx::machine {

class Processor {
  public:
    std::uint8_t index = 0;
    Level level = level_thread;
    std::uint64_t clock_ns = 0;  // how far this processor has come

    Thread* thread = nullptr;  // running thread; null while idle
    NameId actor = no_name;    // what runs now: thread, service routine or deferred call

    Fiber idle_fiber;
    Fiber* fiber = nullptr;  // what to continue when this processor is chosen

    InterruptLine* pending = nullptr;  // sorted by level, highest first
    DeferredCall* deferred = nullptr;  // queue, first in first out
    DeferredCall* deferred_last = nullptr;
    bool in_deferred = false;
    unsigned services = 0;  // interrupts that it is serving, one on top of the other

    bool idle = true;         // nothing to run; woken by interrupts, deferred calls, threads
    bool reschedule = false;  // a thread of higher priority is ready
    const void* spinning_on = nullptr;  // waits for a lock word to change
    NameId spinning_name = no_name;

    bool has_deliverable_interrupt() const { return pending != nullptr && pending->level > level; }
    bool runnable() const {
        if (has_deliverable_interrupt()) return true;
        if (spinning_on != nullptr) return false;
        return !idle;
    }
};

}  // namespace gpioclx::machine
