// Who wants to know of device interfaces that come and go, and of devices that are about to go.
#pragma once

#include <wdm.h>

#include <string>

namespace gpioclx::kernel::io {

// Both PASSIVE_LEVEL; callbacks run in the calling thread, in the order of registration.
void notify_interface_change(const GUID& interface_class, const std::u16string& link, bool arrival);

enum class RemovalPhase { query, cancelled, complete };
// False if somebody refuses the query.
bool notify_device_removal(PDEVICE_OBJECT physical_device, RemovalPhase phase);

}  // namespace gpioclx::kernel::io
