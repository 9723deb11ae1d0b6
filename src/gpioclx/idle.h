// The controller's own power: D3 while nobody uses it, and interrupts that stay connected over a
// low-power state (P3, 8.2).
#pragma once

#include "controller.h"

namespace gpioclx {

// P20, P21: lets the framework take the device to D3 when nobody holds its power. PASSIVE_LEVEL,
// when the basic information is known.
NTSTATUS allow_idle(Controller& controller);

// P22: one for each open handle, connected interrupt and running access of the firmware. Returns
// when the controller is in D0 (P23). PASSIVE_LEVEL, no lock held.
NTSTATUS hold_power(Controller& controller);
void let_power_go(Controller& controller);

// P24: before CLIENT_StopController and after CLIENT_StartController of a low-power state.
// PASSIVE_LEVEL.
void mask_for_low_power(Controller& controller);
void unmask_after_low_power(Controller& controller);

}  // namespace gpioclx
