// Requests of user programs (the stimulus script), carried out by system threads.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include <wdm.h>

#include "kernel/io/irp.h"
#include "kernel/io/waiters.h"
#include "kernel/kernel.h"

namespace gpioclx::kernel::pnp {

// A request that a driver may hold, and that a program may cancel.
struct HeldRequest {
    io::Cancellable cancellable;
    bool left =
        false;  // its thread has gone on while it was being cancelled: the canceller forgets it
};

struct UserPrograms {
    std::deque<Kernel::UserRequest*> queue;
    io::Waiters work;
    std::map<std::uint64_t, PFILE_OBJECT> files;
    std::map<const Kernel::UserRequest*, HeldRequest> held;
    std::uint64_t last_handle = 0;
    std::uint32_t threads = 0;
    std::uint32_t idle_threads = 0;
};

// From anywhere. A request that waits does not hold up the next ones.
void submit_user_request(Kernel::UserRequest& request);

}  // namespace gpioclx::kernel::pnp
