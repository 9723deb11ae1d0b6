// Debouncing of interrupt pins in software (I83-I90): a level counts when it has been stable for
// the time that the firmware asks for.
#pragma once

#include "bank.h"

namespace gpioclx {

// PASSIVE_LEVEL, under the wait lock, before the pin is enabled. Gives the pin a debouncer and the
// programming to start with, if its controller emulates debouncing and the line asks for it.
NTSTATUS create_debouncer(Bank& bank, PIN_NUMBER number, const GX_LINE_DESCRIPTOR& line);
// PASSIVE_LEVEL, under the wait lock, when the pin is disabled: the debouncer does nothing more.
Debouncer* take_debouncer(Bank& bank, PIN_NUMBER number);
// PASSIVE_LEVEL, no lock held. nullptr is allowed.
void destroy_debouncer(Debouncer* debouncer);

// In a pass, under the service lock: the pin is active. False if there is nothing to deliver (yet).
bool take_debounced_interrupt(Bank& bank, PIN_NUMBER number);
// Under the service lock: the passive routines of a pin that was masked for them have returned.
void finish_debounced_service(Bank& bank, PIN_NUMBER number);

// The same in a low-power state: nothing of the hardware is touched, and time begins again with
// power.
void finish_debounced_service_without_power(Bank& bank, PIN_NUMBER number);
// Under the service lock, when the controller is back in D0: timers that expired meanwhile are made
// up for.
void resume_debouncer(Bank& bank, PIN_NUMBER number);

}  // namespace gpioclx
