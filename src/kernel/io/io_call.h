// What every call into the I/O manager begins with.
#pragma once

#include "kernel/ke/cost.h"
#include "kernel/system.h"

namespace gpioclx::kernel::io {

// One on the frame of each exported function: consumes the time of a kernel call, so that other
// processors and interrupts may come in between.
struct IoCall {
    IoCall() { ke::charge(); }
};

}  // namespace gpioclx::kernel::io
