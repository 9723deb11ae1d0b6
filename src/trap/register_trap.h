// Serves code that dereferences a pointer to device registers instead of calling an accessor.
//
// The pages of the device window are inaccessible. A fault in there arrives in the process's signal
// handler, which calls divert(): the interrupted code then continues in a thunk on its own stack,
// outside of the handler, so that the access may take time, switch fibers and let interrupts in
// as any call does. The thunk decodes the instruction, does through the Bus what it does to memory,
// and continues behind it.
//
// What is served: loads and stores of 1 to 8 bytes, read-modify-write with and without lock, all
// instructions with one operand in memory that is a device's (mov, movzx, and, or, xor, add, cmp,
// test, xchg, cmpxchg, bit tests, SSE and AVX loads and stores, ...), movs, stos and lods with rep,
// push and pop of a memory operand. Refused, by name: calls and jumps through registers, bit tests
// with the offset in a register, masked, gathering and wider vector accesses, compares of strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gpioclx::trap {

class Bus {
  public:
    virtual ~Bus() = default;
    // 1, 2, 4 or 8 bytes; values are little-endian. May switch fibers.
    virtual std::uint64_t read(std::uintptr_t address, unsigned bytes) = 0;
    virtual void write(std::uintptr_t address, unsigned bytes, std::uint64_t value) = 0;
    // Before each access, but not between the two of a locked instruction.
    virtual void pass_time() = 0;
    // The instruction cannot be served. Does not return.
    [[noreturn]] virtual void refuse(std::uintptr_t address, std::string_view instruction) = 0;
};

// One per process. The window is where the faults of devices are; `bus` must outlive all traps.
void install(Bus& bus, std::uintptr_t window, std::size_t window_size);

// In the signal handler of SIGSEGV: true if the fault is a device's and its context now continues
// in the thunk; the handler then returns at once. `context` is the handler's ucontext_t.
bool divert(void* context, std::uintptr_t fault_address);

}  // namespace gpioclx::trap
