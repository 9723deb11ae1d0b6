// GeneralPurposeIo operation regions of one controller, while somebody serves them.
#pragma once

namespace gpioclx::firmware {

struct PinRegion;

// Forgets all connections without running _REG, when ACPICA is about to end.
void free_pin_regions();

}  // namespace gpioclx::firmware
