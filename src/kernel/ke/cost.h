// What calls cost in virtual time. Every entry of the kernel steps the machine by one of these, so
// that polling loops end and other processors, timers and interrupts come in between.
#pragma once

#include <cstdint>

#include "machine/machine.h"

namespace gpioclx::kernel::ke {

namespace cost {
constexpr std::uint64_t call_ns = 100;        // any service without a price of its own
constexpr std::uint64_t lock_ns = 50;         // acquiring or releasing a spin lock, changing IRQL
constexpr std::uint64_t register_ns = 150;    // one access to a device register or port
constexpr std::uint64_t allocation_ns = 150;  // pool, lookaside lists
constexpr std::uint64_t print_ns = 1000;      // formatting a message
constexpr std::uint64_t stall_slice_ns =
    1000;  // KeStallExecutionProcessor lets others in this often
}  // namespace cost

// Consumes time if the caller runs on a processor (the board calls some services from outside).
inline void charge(std::uint64_t cost_ns = cost::call_ns) {
    machine::Machine& machine = machine::Machine::current();
    if (machine.on_processor()) machine.step(cost_ns);
}

}  // namespace gpioclx::kernel::ke
