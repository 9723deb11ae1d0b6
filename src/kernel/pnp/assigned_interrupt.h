// The interrupts that a device was assigned, as connecting code looks them up.
#pragma once

#include <ext/gx_interrupt.h>

#include <deque>
#include <vector>

namespace gpioclx::kernel::pnp {

struct AssignedInterrupt {
    ULONG vector = 0;
    KIRQL irql = PASSIVE_LEVEL;  // of service routines, as in the translated resource
    bool secondary = false;
    bool shared = false;
    // Pin, pull, debounce and vendor data only for secondary interrupts.
    GX_LINE_DESCRIPTOR line{};
    std::vector<UCHAR> vendor_data;  // what line.VendorData points to
};

// In the order of the firmware; empty for a device without a node. Addresses stay the same.
const std::deque<AssignedInterrupt>& assigned_interrupts(PDEVICE_OBJECT physical_device);
// The first with this vector, events of a controller's _AEI included; null if the device was not
// assigned it.
const AssignedInterrupt* assigned_interrupt(PDEVICE_OBJECT physical_device, ULONG vector);

}  // namespace gpioclx::kernel::pnp
