// A stack and where it stands: Boost.Context's fcontext with the sanitizers told about it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gpioclx::machine {

struct Fiber {
    void* context = nullptr;  // fcontext_t
    void* stack_top = nullptr;
    std::size_t stack_size = 0;
    void* fake_stack = nullptr;  // AddressSanitizer's

    // Prepares `entry(argument)` to run on the stack at the first switch. It must never return.
    void prepare(void* top, std::size_t size, void (*entry)(void*), void* argument);

    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
};

// Leaves `from` and continues `to`. Returns when somebody switches back to `from`.
// `from_ends`: `from` will never be continued (its fake stack may go).
void switch_fiber(Fiber& from, Fiber& to, bool from_ends = false);

}  // namespace gpioclx::machine
