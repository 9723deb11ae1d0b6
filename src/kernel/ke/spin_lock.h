// Spin locks. The word in the driver's memory holds the owning processor's number + 1, or 0. Who
// holds what is tracked per processor, so that recursion, release by a stranger and forgotten locks
// are told where they happen. Waiting costs no host time: the machine runs somebody else.
#pragma once

#include <wdm.h>

#include "kernel/ke/object_name.h"

namespace gpioclx::kernel::ke {

// The bare lock at the current IRQL (>= DISPATCH_LEVEL), for interrupt locks too. `irql_before` and
// `raised` are remembered for findings.
void acquire_lock(PKSPIN_LOCK lock, KIRQL irql_before, bool raised, const char* function);
bool try_acquire_lock(PKSPIN_LOCK lock, const char* function);
void release_lock(PKSPIN_LOCK lock, const char* function);

// Whether the running processor holds it.
bool holds_lock(const void* lock);

}  // namespace gpioclx::kernel::ke
