// What is different for a driver in user mode: which hardware and which requests its .inx lets it
// have (H11, "Specifying WDF Directives in INF Files"), and how it opens targets.
#pragma once

#include <wdf.h>

namespace gpioclx::framework {

class Device;
class Driver;

// Whether the driver may use its interrupts and connections; a driver of the kernel always may.
bool may_touch_hardware(const Driver& driver);
// Takes what the driver may not have out of the device's resource lists (F190).
void withhold_resources(Device& device);
// Where WdfInterruptCreate is allowed: from 2.15 on in EvtDevicePrepareHardware also without the
// directive, if the device has connections.
bool may_create_interrupt(const Device& device);

// STATUS_SUCCESS: the request may reach the driver.
NTSTATUS check_requestor(const Device& device, PIRP irp);

// The I/O target's parameters in words of the kernel: user mode says OPEN_EXISTING for FILE_OPEN.
// STATUS_ACCESS_DENIED for a connection that the driver may not have.
NTSTATUS translate_open(const Driver& driver, WDF_IO_TARGET_OPEN_PARAMS& params);

}  // namespace gpioclx::framework
