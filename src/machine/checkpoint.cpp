#include "machine/checkpoint.h"

#include <sys/mman.h>

#include "machine/arena.h"
#include "machine/sanitizer.h"

namespace gpioclx::machine {

Checkpoint Checkpoint::take() {
    OutsideArenaScope outside;
    Checkpoint result;
    const auto save = [&result](const void* start, std::size_t size) {
        Range range{reinterpret_cast<std::uintptr_t>(start), std::vector<std::byte>(size)};
        copy_bytes(range.bytes.data(), start, size);
        result.ranges_.push_back(std::move(range));
    };
    const Arena::State& state = *Arena::instance().state_;
    save(&state, state.heap.end - Arena::base);
    save(reinterpret_cast<const void*>(Arena::own_heap_base),
         state.own_heap.end - Arena::own_heap_base);
    for (std::uint32_t i = 0; i < state.stack_count; ++i) {
        if (state.stack_contexts[i] == nullptr) continue;
        const char* top = static_cast<const char*>(Arena::stack_top(i));
        const char* live = static_cast<const char*>(*state.stack_contexts[i]);
        save(live, static_cast<std::size_t>(top - live));
    }
    for (std::uint32_t i = 0; i < state.region_count; ++i) {
        save(state.regions[i].start, state.regions[i].size);
    }
    return result;
}

void Checkpoint::restore() const {
    for (const Range& range : ranges_) {
        copy_bytes(reinterpret_cast<void*>(range.start), range.bytes.data(), range.bytes.size());
    }
    // Frames that were left in the meantime had poisoned gaps where live data stands now.
    const Arena::State& state = *Arena::instance().state_;
    for (std::uint32_t i = 0; i < state.stack_count; ++i) {
        unpoison(static_cast<char*>(Arena::stack_top(i)) - Arena::stack_size, Arena::stack_size);
    }
}

std::size_t Checkpoint::size() const {
    std::size_t sum = 0;
    for (const Range& range : ranges_) sum += range.bytes.size();
    return sum;
}

}  // namespace gpioclx::machine
