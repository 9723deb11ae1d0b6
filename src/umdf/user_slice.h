// The memory that a host process shares with the machine, at the same address in both: what the
// driver in the host sees of the machine's memory is in here, or not visible to it at all.
//
// Layout of a slice: the channel, the host's own stack, one stack for each thread of the machine
// that is inside the driver, the heap.
#pragma once

#include <cstddef>
#include <cstdint>

#include "machine/arena.h"

namespace gpioclx::umdf {

class UserSlice {
  public:
    static constexpr std::uintptr_t slices_base = machine::Arena::base + 0x5'0000'0000;
    static constexpr std::size_t size = std::size_t{64} << 20;
    static constexpr unsigned count = 64;

    static constexpr std::size_t channel_size = 64 * 1024;
    static constexpr std::size_t stack_size = 128 * 1024;
    static constexpr std::size_t stack_stride = stack_size + 64 * 1024;  // with its guard
    static constexpr unsigned stack_count = 65;                          // the first is the host's
    static constexpr std::size_t heap_offset = std::size_t{32} << 20;

    explicit UserSlice(unsigned index) : base_(slices_base + index * size) {}

    // Maps it anew, all zeros. False: no memory.
    bool map() const;
    void unmap() const;

    std::uintptr_t base() const { return base_; }
    bool contains(const void* address) const {
        return reinterpret_cast<std::uintptr_t>(address) - base_ < size;
    }
    void* channel() const { return reinterpret_cast<void*>(base_); }
    void* stack_top(unsigned index) const {
        return reinterpret_cast<void*>(base_ + channel_size + (index + 1) * stack_stride);
    }
    std::uintptr_t heap_start() const { return base_ + heap_offset; }
    std::uintptr_t heap_end() const { return base_ + size; }
    // On one of its stacks, above the guard.
    bool on_stack(std::uintptr_t address) const;

    // In any slice.
    static bool in_any(std::uintptr_t address) { return address - slices_base < count * size; }

  private:
    std::uintptr_t base_;
};

}  // namespace gpioclx::umdf
