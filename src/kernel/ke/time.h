// Clocks: all of them are views of the machine's virtual time.
#pragma once

#include <wdm.h>

#include <cstdint>

#include "machine/machine.h"

namespace gpioclx::kernel::ke {

// The machine starts at 2024-01-01 00:00:00 UTC, always: 100 ns units since 1601.
constexpr std::int64_t start_of_system_time = 133485408000000000;
constexpr ULONG time_increment = 156250;  // 15.625 ms per tick
constexpr LONGLONG performance_frequency = 10'000'000;

// System time <-> nanoseconds of the machine. Times before the start become 0.
inline std::int64_t system_time() {
    return start_of_system_time +
           static_cast<std::int64_t>(machine::Machine::current().now_ns() / 100);
}
inline std::uint64_t machine_time_of(std::int64_t system_time) {
    if (system_time <= start_of_system_time) return 0;
    const auto ticks = static_cast<std::uint64_t>(system_time - start_of_system_time);
    return ticks < machine::forever_ns / 200 ? ticks * 100 : machine::forever_ns / 2;
}

}  // namespace gpioclx::kernel::ke
