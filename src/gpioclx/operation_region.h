// GeneralPurposeIo operation regions: pins that AML reads and writes as fields (10.4).
#pragma once

#include "controller.h"

namespace gpioclx {

// Notes which pins are for the firmware only (C55). After the banks exist.
void reserve_region_pins(Controller& controller);

// PASSIVE_LEVEL. Methods may access the pins from now on; _REG has run (A25). A refusal by the
// firmware is a finding and no reason to fail.
void connect_region(Controller& controller);
// PASSIVE_LEVEL, no lock held. Waits for accesses under way, runs _REG, closes what was opened.
void disconnect_region(Controller& controller);

}  // namespace gpioclx
