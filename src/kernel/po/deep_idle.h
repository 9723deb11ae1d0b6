// The platform's deepest idle: all processors stop, the last one makes the critical transitions at
// HIGH_LEVEL (P44, P62).
#pragma once

#include <cstdint>

namespace gpioclx::kernel::po {

// On a system thread, PASSIVE_LEVEL. Returns when the processors run again: after `ns`, or earlier
// because an interrupt wants to be served.
void deep_idle(std::uint64_t ns);

// How often all processors have stopped, and whether they do.
std::uint64_t deep_idles();
bool in_deep_idle();

}  // namespace gpioclx::kernel::po
