// What AddressSanitizer must be told about memory that is copied behind its back.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define GX_WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GX_WITH_ASAN 1
#endif
#endif

#ifdef GX_WITH_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace gpioclx::machine {

inline void unpoison([[maybe_unused]] const void* start, [[maybe_unused]] std::size_t size) {
#ifdef GX_WITH_ASAN
    __asan_unpoison_memory_region(start, size);
#endif
}

// memcpy that no sanitizer intercepts: stacks contain poisoned gaps.
inline void copy_bytes(void* to, const void* from, std::size_t size) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

}  // namespace gpioclx::machine
