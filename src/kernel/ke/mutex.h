// Mutexes (KMUTANT): owned by a thread, recursive, released by their owner only.
#pragma once

#include <wdm.h>

namespace gpioclx::kernel::ke {

// The thread takes a mutex that is free or its own. STATUS_ABANDONED if its last owner died.
NTSTATUS take_mutex(KMUTANT& mutex, _KTHREAD& thread);

// Bug check if a thread that ends owns one.
void require_no_mutex(_KTHREAD& thread);

}  // namespace gpioclx::kernel::ke
