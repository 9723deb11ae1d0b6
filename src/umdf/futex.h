// Waiting for a word of memory that two processes share.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace gpioclx::umdf {

// Until somebody wakes, or at most so long (0: for ever); may return early.
inline void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t while_it_is, unsigned ms) {
    timespec limit{};
    limit.tv_sec = ms / 1000;
    limit.tv_nsec = static_cast<long>(ms % 1000) * 1'000'000;
    syscall(SYS_futex, &word, FUTEX_WAIT, while_it_is, ms == 0 ? nullptr : &limit, nullptr, 0);
}

inline void futex_wake(std::atomic<std::uint32_t>& word) {
    syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

}  // namespace gpioclx::umdf
