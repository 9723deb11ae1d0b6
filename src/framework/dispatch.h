// Where IRPs enter the framework: the dispatch routine of every driver that uses it.
#pragma once

#include <wdf.h>

namespace gpioclx::framework {

class Device;

NTSTATUS dispatch_irp(PDEVICE_OBJECT wdm, PIRP irp);
// After (or without) the preprocess callbacks of driver and extensions.
NTSTATUS dispatch_by_major(Device& device, PIRP irp);
// Completes the IRP; returns `status`.
NTSTATUS complete_irp(PIRP irp, NTSTATUS status, ULONG_PTR information = 0,
                      CCHAR boost = IO_NO_INCREMENT);
// Hands the IRP to the next lower device as it stands.
NTSTATUS pass_down(Device& device, PIRP irp);
// As pass_down, but waits; the IRP is the caller's again. PASSIVE_LEVEL.
NTSTATUS send_down_and_wait(DEVICE_OBJECT* lower, PIRP irp);

}  // namespace gpioclx::framework
