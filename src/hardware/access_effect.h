// What an access to a register does to the state behind it: which bits a write determines, whatever
// address it went to. For observers who compare accesses of one state through several registers.
#pragma once

#include <array>
#include <cstdint>

#include "hardware/bank.h"
#include "hardware/role.h"

namespace gpioclx::hardware {

// Of one state: a plane of a bank, or the stored word of a register.
struct StateEffect {
    std::uint32_t state = 0;  // the same for all registers that lead to it
    Role role = Role::reserved;
    bool is_plane = false;
    Plane plane = Plane::latch;
    std::uint16_t bank = 0;  // of a plane
    // A write that names the bits to be set, cleared or toggled and leaves all others alone
    // whatever happens meanwhile: it can lose nothing.
    bool command = false;
    std::uint32_t lanes = 0;     // bits that the write determines, or that the read shows
    std::uint32_t old_bits = 0;  // of the state (planes: in the plane's sense)
    std::uint32_t new_bits = 0;  // after the write; as old_bits of a read

    std::uint32_t changed() const { return (old_bits ^ new_bits) & lanes; }
    // Written back as they were believed to be.
    std::uint32_t kept() const { return command ? 0 : lanes & ~(old_bits ^ new_bits); }
};

struct AccessEffect {
    static constexpr unsigned most = 12;  // states that one access reaches; the rest is left out
    std::array<StateEffect, most> states;
    unsigned count = 0;

    const StateEffect* begin() const { return states.data(); }
    const StateEffect* end() const { return states.data() + count; }
    void add(const StateEffect& effect) {
        if (count < most) states[count++] = effect;
    }
};

}  // namespace gpioclx::hardware
