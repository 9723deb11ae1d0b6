// From what the firmware says to what a driver gets: raw and translated descriptors in firmware
// order, secondary interrupt numbers and connection ids (rules I11-I14, A10, A11).
#pragma once

#include <wdm.h>

#include <string>

#include "kernel/pnp/device_node.h"

namespace gpioclx::kernel::pnp {

// Raw descriptors, once per node; a later call changes nothing. On failure `message` says which
// resource is wrong.
NTSTATUS assign_resources(DeviceNode& node, std::string& message);
// Translated ones, for a start: the IRQL of secondary interrupts comes from their controller, which
// has started by then.
void translate_resources(DeviceNode& node);

// From paged pool; null for no descriptors.
PCM_RESOURCE_LIST make_resource_list(
    const std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR>& descriptors);

}  // namespace gpioclx::kernel::pnp
