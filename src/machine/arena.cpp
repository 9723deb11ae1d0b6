#include "machine/arena.h"

#include <sys/mman.h>

#include <bit>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "machine/sanitizer.h"

namespace gpioclx::machine {
namespace {

constexpr std::uint32_t live_magic = 0x6C697665;
constexpr std::uint32_t free_magic = 0x66726565;

// Before every block. The size class says to which list it returns.
struct alignas(16) BlockHeader {
    std::uint32_t size_class;
    std::uint32_t magic;
    BlockHeader* next_free;
};

constexpr std::size_t small_limit = 1024;
constexpr std::size_t small_classes = small_limit / 16;

// Up to 1024 bytes in steps of 16, then powers of two.
std::uint32_t class_of(std::size_t size) {
    if (size <= small_limit) return static_cast<std::uint32_t>(size == 0 ? 0 : (size - 1) / 16);
    return static_cast<std::uint32_t>(small_classes + std::bit_width(size - 1) - 11);
}

std::size_t class_size(std::uint32_t size_class) {
    if (size_class < small_classes) return (size_class + std::size_t{1}) * 16;
    return std::size_t{2048} << (size_class - small_classes);
}

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "gpioclx: machine arena: %s\n", what);
    std::abort();
}

void reserve_range(std::uintptr_t at, std::size_t size, int protection) {
    void* wanted = reinterpret_cast<void*>(at);
    void* got = mmap(wanted, size, protection,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != wanted) fail("its fixed address range is taken");
}

}  // namespace

Arena& Arena::reserve() {
    static Arena arena;
    instance_ = &arena;
    return arena;
}

Arena::Arena() {
    reserve_range(base, 2 * heap_size, PROT_READ | PROT_WRITE);
    reserve_range(stacks_base, stacks_size, PROT_NONE);
    reserve_range(images_base, images_size, PROT_NONE);
    reserve_range(devices_base, devices_size, PROT_NONE);
    state_ = reinterpret_cast<State*>(base);
    reset();
}

void Arena::reset() {
    std::memset(static_cast<void*>(state_), 0, sizeof(State));
    state_->heap.end = (base + sizeof(State) + 63) & ~std::uintptr_t{63};
    state_->heap.limit = base + heap_size;
    state_->own_heap.end = own_heap_base;
    state_->own_heap.limit = own_heap_base + heap_size;
}

void* Arena::allocate(std::size_t size) { return allocate_from(state_->heap, size); }

void* Arena::allocate_own(std::size_t size) { return allocate_from(state_->own_heap, size); }

void* Arena::allocate_from(Heap& heap, std::size_t size) {
    const std::uint32_t size_class = class_of(size);
    assert(size_class < class_count);
    BlockHeader* block = static_cast<BlockHeader*>(heap.free_blocks[size_class]);
    if (block != nullptr) {
        heap.free_blocks[size_class] = block->next_free;
    } else {
        const std::size_t total = sizeof(BlockHeader) + class_size(size_class);
        if (heap.end + total > heap.limit) fail("out of memory");
        block = reinterpret_cast<BlockHeader*>(heap.end);
        heap.end += total;
        block->size_class = size_class;
    }
    block->magic = live_magic;
    block->next_free = nullptr;
    return block + 1;
}

void Arena::free(void* memory) {
    if (memory == nullptr) return;
    BlockHeader* block = static_cast<BlockHeader*>(memory) - 1;
    if (block->magic != live_magic) {
        fail(block->magic == free_magic ? "a block was freed twice"
                                        : "the header of a block was overwritten");
    }
    block->magic = free_magic;
    const bool own = reinterpret_cast<std::uintptr_t>(block) >= own_heap_base;
    void*& first_free = (own ? state_->own_heap : state_->heap).free_blocks[block->size_class];
    block->next_free = static_cast<BlockHeader*>(first_free);
    first_free = block;
}

namespace {
constexpr std::size_t guard_size = 64 * 1024;
constexpr std::size_t stack_stride = Arena::stack_size + guard_size;
}  // namespace

void* Arena::stack_top(std::uint32_t index) {
    return reinterpret_cast<void*>(stacks_base + (index + std::size_t{1}) * stack_stride);
}

namespace {

// So many stacks were opened in this process; what a checkpoint brings back closes none.
std::uint32_t opened_stacks = 0;

}  // namespace

void* Arena::allocate_stack(void* const* saved_context) {
    assert(saved_context != nullptr);
    std::uint32_t index = 0;
    while (index < state_->stack_count && state_->stack_contexts[index] != nullptr) ++index;
    if (index == max_stacks) fail("too many threads");
    void* top = stack_top(index);
    if (index == state_->stack_count) {
        ++state_->stack_count;
        // Guard pages stay inaccessible below it.
        if (index >= opened_stacks) {
            if (mprotect(static_cast<char*>(top) - stack_size, stack_size,
                         PROT_READ | PROT_WRITE) != 0)
                fail("cannot open a stack");
            opened_stacks = index + 1;
        }
    }
    state_->stack_contexts[index] = saved_context;
    unpoison(static_cast<char*>(top) - stack_size, stack_size);
    return top;
}

void Arena::free_stack(void* top) {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(top) - stacks_base;
    assert(offset % stack_stride == 0 && offset > 0 &&
           offset / stack_stride <= state_->stack_count);
    state_->stack_contexts[offset / stack_stride - 1] = nullptr;
}

bool Arena::is_stack_guard(const void* address) {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(address) - stacks_base;
    return offset < stacks_size && offset % stack_stride < guard_size;
}

void Arena::add_region(void* start, std::size_t size) {
    if (state_->region_count == max_regions) fail("too many regions");
    state_->regions[state_->region_count++] = {start, size};
}

void Arena::remove_region(void* start) {
    for (std::uint32_t i = 0; i < state_->region_count; ++i) {
        if (state_->regions[i].start != start) continue;
        state_->regions[i] = state_->regions[--state_->region_count];
        return;
    }
    assert(!"not a region");
}

}  // namespace gpioclx::machine

// The process's operator new: the arena while a machine is being built or run, else the ordinary
// heap. Blocks find their way back by their address.
void* operator new(std::size_t size) {
    using gpioclx::machine::Arena;
    if (Arena::active()) return Arena::instance().allocate_own(size);
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) std::abort();
    return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return operator new(size);
}
void operator delete(void* memory) noexcept {
    using gpioclx::machine::Arena;
    if (Arena::contains(memory)) {
        Arena::instance().free(memory);
    } else {
        std::free(memory);
    }
}
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }
