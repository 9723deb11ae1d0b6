// What orders what, told to the machine's witness (machine/witness.h). No cost in time, no event.
#pragma once

#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::kernel::ke {

// What came before is over for whoever says note_order_after of the same object later.
inline void note_order_before(const void* token) {
    if (machine::Witness* witness = machine::Machine::current().witness()) [[unlikely]]
        witness->release(token);
}
inline void note_order_after(const void* token) {
    if (machine::Witness* witness = machine::Machine::current().witness()) [[unlikely]]
        witness->acquire(token);
}

// A lock with several holders, or a count that is waited for, was acquired or released.
inline void note_memory_order(const void* word) {
    if (machine::Witness* witness = machine::Machine::current().witness()) [[unlikely]]
        witness->memory_ordered_by(word);
}

}  // namespace gpioclx::kernel::ke
