// An input of the machine's interrupt controller.
#pragma once

#include <cstdint>

#include "machine/level.h"
#include "machine/name_table.h"

namespace gpioclx::machine {

enum class Trigger : std::uint8_t { level, edge };

struct InterruptLine {
    NameId name = no_name;
    std::uint32_t number = 0;  // global interrupt number
    Level level = level_device_lowest;
    Trigger trigger = Trigger::level;
    std::uint32_t affinity = ~0u;

    // Runs at `level` on the processor that takes the interrupt. Returns true if it was claimed.
    bool (*handler)(void* context) = nullptr;
    void* context = nullptr;

    bool asserted = false;      // the wire, as the device drives it (after polarity)
    bool latched = false;       // edge: seen, not yet delivered
    bool enabled = false;       // connected and not silenced; see Machine::enable_line
    std::uint32_t sources = 0;  // devices that hold the (shared) wire asserted

    bool pending = false;     // in some processor's pending list
    bool in_service = false;  // its handler runs
    std::uint8_t target = 0;  // processor in whose list it is
    InterruptLine* next_pending = nullptr;
};

}  // namespace gpioclx::machine
