// Run levels of a virtual processor. A level is a number on the processor, never a priority of
// the host. Work of a higher level interrupts work of a lower one, on top of the same stack.
#pragma once

#include <cstdint>

namespace gpioclx::machine {

using Level = std::uint8_t;

constexpr Level level_thread = 0;    // threads; may block
constexpr Level level_deferred = 2;  // deferred calls; no thread is switched at or above it
constexpr Level level_device_lowest = 3;
constexpr Level level_device_highest = 12;
constexpr Level level_clock = 13;
constexpr Level level_high = 15;  // nothing interrupts

}  // namespace gpioclx::machine
