// How a component comes to rest in the condition and state that it should have.
#pragma once

#include "kernel/po/power_framework.h"

namespace gpioclx::kernel::po {

// Makes the transitions that are due, as far as their callbacks are completed. <= DISPATCH_LEVEL.
void settle(POHANDLE__& device, ULONG index);
void settle_all(POHANDLE__& device);

}  // namespace gpioclx::kernel::po
