// What the kernel knows about each processor: the locks it holds and how low its IRQL may go.
#pragma once

#include <wdm.h>

#include <array>
#include <cstdint>

#include "kernel/system.h"
#include "machine/machine.h"

namespace gpioclx::kernel::ke {

struct HeldLock {
    const void* lock = nullptr;
    KIRQL irql_before = 0;
    bool raised = false;  // acquiring it raised the IRQL
    machine::NameId name = machine::no_name;
};

struct ProcessorState {
    static constexpr std::uint32_t max_held = 32;
    std::array<HeldLock, max_held> held{};
    std::uint32_t held_count = 0;
    KIRQL floor = PASSIVE_LEVEL;  // IRQL of the interrupt or deferred routine that runs
    std::uint32_t interrupt_depth = 0;
    struct _KTHREAD* idle_thread = nullptr;
};

struct ProcessorStates {
    std::array<ProcessorState, machine::max_processors> states{};
};

inline ProcessorState& current_processor() {
    return part<ProcessorStates>().states[machine::Machine::current().processor().index];
}

// Brackets every routine of a driver that runs because of an interrupt (floor = its DIRQL) or as a
// deferred call (DISPATCH_LEVEL): the IRQL may not go below, nothing may block, and when it
// returns, IRQL and held locks must be as before. Findings say so; the machine goes on repaired.
class RoutineScope {
  public:
    // `what`: "interrupt service routine", "DPC"; `name` for findings. `interrupt` = counts as an
    // ISR.
    RoutineScope(KIRQL floor, const char* what, machine::NameId name, bool interrupt);
    ~RoutineScope();
    RoutineScope(const RoutineScope&) = delete;
    RoutineScope& operator=(const RoutineScope&) = delete;

  private:
    KIRQL floor_before_;
    KIRQL irql_before_;
    std::uint32_t held_before_;
    const char* what_;
    machine::NameId name_;
    bool interrupt_;
};

}  // namespace gpioclx::kernel::ke
