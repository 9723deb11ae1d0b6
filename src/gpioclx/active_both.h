// Both edges from a controller that can only tell levels (I70-I81): the pin waits for the level that
// the line does not have.
#pragma once

#include "bank.h"

namespace gpioclx {

inline KINTERRUPT_POLARITY opposite(KINTERRUPT_POLARITY polarity) {
    return polarity == InterruptActiveHigh ? InterruptActiveLow : InterruptActiveHigh;
}

// The level that the first interrupt stands for (I73, I74).
KINTERRUPT_POLARITY asserted_polarity(const Bank& bank, PIN_NUMBER number);

// I75, under the service lock: the pin now waits for the other level. It stays masked for `reason`.
void turn_around(Bank& bank, PIN_NUMBER number, MaskReason reason);

// PASSIVE_LEVEL, once the banks exist: asks the firmware which pins are asserted high (A30-A33).
// Malformed answers are bug check 0x138, cause 7.
NTSTATUS query_asserted_levels(Controller& controller);

}  // namespace gpioclx
