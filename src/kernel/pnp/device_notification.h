// Notify (device, code) of AML, on its way to the drivers that registered for it
// (wdk/ext/gx_acpi.h).
#pragma once

#include "kernel/acpi_provider.h"

namespace gpioclx::kernel::pnp {

// Takes what the firmware sends; handlers run on a system thread of their own, in the order of the
// notifications.
NotificationSink& notification_sink();

}  // namespace gpioclx::kernel::pnp
