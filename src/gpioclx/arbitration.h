// Who may have a pin (C50-C55, I18, I22). The caller holds the wait lock of the pin's bank.
#pragma once

#include "connection.h"

namespace gpioclx {

// A pin is wanted as an interrupt input for the first routine.
NTSTATUS may_become_interrupt(const Pin& pin, const GX_LINE_DESCRIPTOR& line);
// A pin is wanted for I/O.
NTSTATUS may_be_opened(const Pin& pin, const GX_GPIO_CONNECTION& resource,
                       GPIO_CONNECT_IO_PINS_MODE mode);

// Whether the pin may be reserved for an alternate function (C73).
NTSTATUS may_be_reserved(const Pin& pin, const GX_GPIO_CONNECTION& resource);

}  // namespace gpioclx
