// Plug-and-play requests from the PnP manager to a device stack.
#pragma once

#include <wdm.h>

#include <string>
#include <vector>

namespace gpioclx::kernel::pnp {

struct PnpRequest {
    UCHAR minor = 0;
    IO_STACK_LOCATION stack{};  // parameters
    ULONG_PTR information = 0;  // in and out
};

// To the top of the stack of `physical_device`, PASSIVE_LEVEL, waits for the end.
NTSTATUS send_pnp(PDEVICE_OBJECT physical_device, PnpRequest& request);
NTSTATUS send_pnp(PDEVICE_OBJECT physical_device, UCHAR minor);

// IRP_MN_QUERY_ID; the parts of a list, or the one string. Empty if the device has none.
std::vector<std::string> query_id(PDEVICE_OBJECT physical_device, BUS_QUERY_ID_TYPE type);

}  // namespace gpioclx::kernel::pnp
