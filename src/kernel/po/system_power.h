// The system's sleep and wake (S3), as a set-power request to every device stack: users of a device
// before the device itself, and the other way round on the way back (P9).
#pragma once

#include <cstdint>

namespace gpioclx::kernel::po {

enum class SystemState : std::uint8_t { working, falling_asleep, asleep, waking };

SystemState system_state();

// On the PnP thread, PASSIVE_LEVEL. Return when all devices have followed.
void sleep_system();
void wake_system();

}  // namespace gpioclx::kernel::po
