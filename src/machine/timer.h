// A one-shot alarm of the virtual clock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "machine/name_table.h"

namespace gpioclx::machine {

// `fired` runs outside any processor, instantaneously: it may move wires, assert interrupt lines,
// queue deferred calls, wake threads and set timers; it must not step, block or switch.
struct Timer {
    void (*fired)(void* context) = nullptr;
    void* context = nullptr;
    NameId name = no_name;
    std::uint64_t due_ns = 0;
    std::uint64_t order = 0;                                // ties are fired in order of setting
    std::size_t heap_index = static_cast<std::size_t>(-1);  // not set: -1

    bool is_set() const { return heap_index != static_cast<std::size_t>(-1); }
};

}  // namespace gpioclx::machine
