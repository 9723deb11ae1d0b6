// Into D0 and out of it (W14). PASSIVE_LEVEL, with the device's power lock held.
//
// Up:   EvtDeviceD0Entry, interrupts connected and EvtInterruptEnable,
// EvtDeviceD0EntryPostInterruptsEnabled,
//       child list scan, power-managed queues start, EvtDeviceSelfManagedIoInit or Restart.
// Down: the mirror.
#pragma once

#include <wdf.h>

namespace gpioclx::framework {

class Device;

// `previous` as EvtDeviceD0Entry gets it: WdfPowerDeviceD3Final at the first start (P5).
NTSTATUS power_up(Device& device, WDF_POWER_DEVICE_STATE previous);
// `target` as EvtDeviceD0Exit gets it. Goes all the way even if a callback fails; the first failure
// is returned.
NTSTATUS power_down(Device& device, WDF_POWER_DEVICE_STATE target);

NTSTATUS dispatch_power(Device& device, PIRP irp);

}  // namespace gpioclx::framework
