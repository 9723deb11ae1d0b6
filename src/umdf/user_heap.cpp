#include "umdf/user_heap.h"

#include <bit>
#include <cstring>

namespace gpioclx::umdf {
namespace {

// Small ones in steps of 16, then powers of two.
std::size_t capacity_for(std::size_t size) {
    if (size <= 1024) return size == 0 ? 16 : (size + 15) & ~std::size_t{15};
    return std::bit_ceil(size);
}

}  // namespace

void* UserHeap::allocate(std::size_t size) {
    const std::size_t capacity = capacity_for(size);
    std::uintptr_t at;
    auto& kept = free_[capacity];
    if (!kept.empty()) {
        at = kept.back();
        kept.pop_back();
    } else {
        if (capacity > end_ - next_) return nullptr;
        at = next_;
        next_ += capacity;
    }
    blocks_[at] = {size, capacity};
    std::memset(reinterpret_cast<void*>(at), 0, capacity);
    return reinterpret_cast<void*>(at);
}

bool UserHeap::free(void* block) {
    const auto found = blocks_.find(reinterpret_cast<std::uintptr_t>(block));
    if (found == blocks_.end()) return false;
    free_[found->second.capacity].push_back(found->first);
    blocks_.erase(found);
    return true;
}

std::size_t UserHeap::size_of(const void* block) const {
    const auto found = blocks_.find(reinterpret_cast<std::uintptr_t>(block));
    return found != blocks_.end() ? found->second.size : 0;
}

}  // namespace gpioclx::umdf
