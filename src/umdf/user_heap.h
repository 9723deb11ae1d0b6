// Blocks in a slice. The book-keeping stands in the machine's own memory, where the driver cannot
// reach it: a driver that writes over its heap harms nobody else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace gpioclx::umdf {

class UserHeap {
  public:
    UserHeap(std::uintptr_t start, std::uintptr_t end) : next_(start), end_(end) {}

    // 16-byte aligned, zeroed. Null: no room.
    void* allocate(std::size_t size);
    // False: no block begins there.
    bool free(void* block);
    // 0: no block begins there.
    std::size_t size_of(const void* block) const;
    std::size_t live_blocks() const { return blocks_.size(); }

  private:
    std::uintptr_t next_, end_;
    struct Block {
        std::size_t size;      // as asked for
        std::size_t capacity;  // a multiple of 16
    };
    std::map<std::uintptr_t, Block> blocks_;
    std::map<std::size_t, std::vector<std::uintptr_t>> free_;  // by capacity
};

}  // namespace gpioclx::umdf
