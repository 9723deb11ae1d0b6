// What may still point into a driver image when it is unloaded.
#pragma once

#include "kernel/ldr/image.h"

namespace gpioclx::kernel::ldr {

// Reports timers, queued deferred calls, work items, pool blocks, mappings and dumps of an image
// that goes away.
void report_uses_of(const Image& image);

}  // namespace gpioclx::kernel::ldr
