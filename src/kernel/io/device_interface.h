// Device interfaces: symbolic links of a class that lead to a device while they are enabled.
#pragma once

#include <wdm.h>

#include <string>
#include <vector>

namespace gpioclx::kernel::io {

// Links of the class, of one device or of all (null); `also_disabled` includes those not enabled.
std::vector<std::u16string> enabled_interfaces(const GUID& interface_class,
                                               PDEVICE_OBJECT physical_device, bool also_disabled);

}  // namespace gpioclx::kernel::io
