// Pins that wake: while the controllers have no power, the platform itself watches the pins whose
// resources say "AndWake", and gives back the edges that the controllers could not see.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpioclx::kernel::po {

// The pad of a pin changed. Outside of processors or inside, any level.
void pin_moved(std::string_view controller, std::uint32_t pin, bool high);

// True: something has woken the system already while it fell asleep.
bool wake_is_wanted();
// The system is awake: lost edges come again.
void replay_lost_edges();

}  // namespace gpioclx::kernel::po
