// Vector clocks over a fixed number of slots. A context of the machine (ordering.h) has a slot;
// contexts that share one, because there are more than slots, count as ordered: what is missed is
// never what is told wrongly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gpioclx::verify {

struct VectorClock {
    static constexpr std::size_t slots = 64;
    std::array<std::uint32_t, slots> at{};

    void join(const VectorClock& other) {
        for (std::size_t i = 0; i < slots; ++i) {
            if (other.at[i] > at[i]) at[i] = other.at[i];
        }
    }
};

// A moment of a context.
struct Moment {
    std::uint8_t slot = 0;
    std::uint32_t epoch = 0;

    bool before(const VectorClock& clock) const { return epoch <= clock.at[slot]; }
};

}  // namespace gpioclx::verify
