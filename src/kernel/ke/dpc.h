// Deferred procedure calls: KDPC objects in drivers' memory on the machine's per-processor queues.
#pragma once

#include <wdm.h>

#include <cstddef>
#include <string>

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::ke {

// Queues it on its target processor, else on `processor`. False if it is queued already. Any level,
// also outside processors.
bool queue_dpc(KDPC& dpc, PVOID argument1, PVOID argument2, ULONG processor);

// The memory [start, start + size) goes away: DPCs queued and timers set in it are reported and
// cancelled. `what(start)` says in findings why it goes; not called if there is nothing to report.
void cancel_active_in(const void* start, std::size_t size, std::string (*what)(const void* start));
// The same for whatever would call code of the image.
void cancel_active_of(const ldr::Image& image);

}  // namespace gpioclx::kernel::ke
