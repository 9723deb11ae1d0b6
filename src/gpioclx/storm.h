// Interrupts that nobody gets under control (I62). A pin that storms is masked until it is
// disconnected.
#pragma once

#include "controller.h"

namespace gpioclx {

// A pin was serviced, and a routine claimed it or not. Passive: by routines at PASSIVE_LEVEL. Needs
// no lock.
void note_service(Bank& bank, PIN_NUMBER number, bool claimed, bool passive);

// The service routine of an edge-triggered primary found active pins in every round that it may
// make: the pins of the last round are masked.
void stop_endless_rounds(PrimaryInterrupt& primary);

KDEFERRED_ROUTINE note_progress;

// A serial controller's interrupt came and no pin was active. True: too often in a row; it must
// stay masked, or it would come for ever.
bool note_spurious_serial(PrimaryInterrupt& primary);

}  // namespace gpioclx
