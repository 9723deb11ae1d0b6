// What an instruction that touched a device's address does with memory, and the same instruction
// made over so that it can run on ordinary memory: any instruction of one memory operand is served
// by reading the device, running the copy, and writing the device. So the processor itself does
// the arithmetic and the flags, and no table of instructions has to be kept here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "trap/guest.h"

namespace gpioclx::trap {

struct Instruction {
    enum class Kind : std::uint8_t {
        operand,       // one memory operand, of `size` bytes
        string_move,   // movs
        string_store,  // stos
        string_load,   // lods
        push,          // push [memory]
        pop,           // pop [memory]
        refused,
    };
    Kind kind = Kind::refused;
    bool reads = false, writes = false;
    bool locked = false;      // nothing comes between reading and writing
    bool vector = false;      // uses x87, SSE or AVX state
    bool repeated = false;    // string instructions
    std::uint8_t length = 0;  // of the original
    std::uint8_t size = 0;    // bytes of memory
    Gpr scratch = Gpr::rax;   // in the copy: holds the address of the operand
    std::uint8_t copy_length = 0;
    std::array<std::uint8_t, 16> copy{};
    // The address of the operand.
    std::int8_t base = -1, index = -1;  // registers by number; -1: none
    std::uint8_t scale = 0;
    bool relative = false;  // to the next instruction
    bool address32 = false;
    std::int64_t displacement = 0;

    std::uint64_t address(const Guest& guest) const;
};

// The instruction at `rip`; kept in a small cache, since drivers come back to the same places.
Instruction decode(std::uint64_t rip);

// For messages: "call [rax+0x08]". No memory is allocated: who is told may not come back.
using InstructionText = std::array<char, 96>;
InstructionText text_of(std::uint64_t rip);

// Runs the copy with the guest's registers, `operand` in place of the device (64-byte aligned).
void run_copy(const Instruction& instruction, Guest& guest, void* operand);

}  // namespace gpioclx::trap
