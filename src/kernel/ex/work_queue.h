// Work items on the system's worker threads. Three threads to begin with; another one is made
// whenever all of them wait and work is queued (up to 16), so that work that waits for other work
// comes to its end.
#pragma once

#include <wdm.h>

#include <cstddef>
#include <string>

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::ex {

// Any IRQL up to DISPATCH_LEVEL, also outside processors. A queued item is a finding and not queued
// again.
void queue_work(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type);

// Memory or code goes away: queued items in it are reported and dropped. `what` as in dpc.h.
void cancel_work_in(const void* start, std::size_t size, std::string (*what)(const void* start));
void cancel_work_of(const ldr::Image& image);

}  // namespace gpioclx::kernel::ex
