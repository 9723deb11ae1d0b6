// Requests of user programs (the stimulus script), carried out by system threads.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include <wdm.h>

#include "kernel/io/waiters.h"
#include "kernel/kernel.h"

namespace gpioclx::kernel::pnp {

struct UserPrograms {
    std::deque<Kernel::UserRequest*> queue;
    io::Waiters work;
    std::map<std::uint64_t, PFILE_OBJECT> files;
    std::uint64_t last_handle = 0;
    std::uint32_t threads = 0;
    std::uint32_t idle_threads = 0;
};

// From anywhere. A request that waits does not hold up the next ones.
void submit_user_request(Kernel::UserRequest& request);

}  // namespace gpioclx::kernel::pnp
