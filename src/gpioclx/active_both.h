// Both edges from a controller that can only tell levels (I70-I81): the pin waits for the level
// that the line does not have.
#pragma once

#include "bank.h"

namespace gpioclx {

inline KINTERRUPT_POLARITY opposite(KINTERRUPT_POLARITY polarity) {
    return polarity == InterruptActiveHigh ? InterruptActiveLow : InterruptActiveHigh;
}

// The level that the first interrupt stands for (I73, I74).
inline KINTERRUPT_POLARITY asserted_polarity(const Pin& pin) {
    return pin.asserted_high ? InterruptActiveHigh : InterruptActiveLow;
}

// I75, under the service lock: the pin now waits for the other level. It stays masked for `reason`.
void turn_around(Bank& bank, PIN_NUMBER number, MaskReason reason);

}  // namespace gpioclx
