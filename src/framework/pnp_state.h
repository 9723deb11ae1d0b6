// A device's way through Plug and Play: start, stop, removal (W30), and the questions of the PnP
// manager in between. PASSIVE_LEVEL, one at a time for each device.
//
// Up:   EvtDevicePrepareHardware, then power_state.h's way to D0, then interfaces are enabled.
// Down: interfaces, the way out of D0, EvtDeviceReleaseHardware (whenever Prepare was called), then
// for
//       removal SelfManagedIoFlush, queues purged, SelfManagedIoCleanup, the objects.
#pragma once

#include <wdf.h>

namespace gpioclx::framework {

class Device;

NTSTATUS dispatch_pnp(Device& device, PIRP irp);

// device_names.cpp
void enable_interfaces(Device& device);
void disable_interfaces(Device& device);

// pnp_query.cpp: IRPs that ask. Returns false if the IRP is not one of them.
bool dispatch_pnp_query(Device& device, PIRP irp, NTSTATUS* status);

}  // namespace gpioclx::framework
