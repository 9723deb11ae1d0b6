// What may still point into a driver image when it is unloaded.
#pragma once

#include <string_view>

#include "kernel/ldr/image.h"

namespace gpioclx::kernel::ldr {

// A routine of a driver was handed to somebody who will call it, until `key` is taken back: "a
// callback of ExRegisterCallback". Nothing for routines that are in no image.
void note_registration(const void* key, std::string_view what, const void* routine);
void forget_registration(const void* key);

// Reports timers, queued deferred calls, work items, pool blocks, mappings and dumps of an image
// that goes away; and registrations, handles that were left open.
void report_uses_of(const Image& image);

}  // namespace gpioclx::kernel::ldr
