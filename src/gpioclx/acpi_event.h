// GPIO-signaled ACPI events: pins of the controller's _AEI whose interrupts the firmware handles
// (10.3).
#pragma once

#include "controller.h"

namespace gpioclx {

// PASSIVE_LEVEL, when the controller's own interrupts are enabled. An event that cannot be
// connected is a finding; the others are, and the controller starts.
void connect_events(Controller& controller);
// PASSIVE_LEVEL, no lock held: waits for methods that run.
void disconnect_events(Controller& controller);

}  // namespace gpioclx
