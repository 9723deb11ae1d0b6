// The memory in which a machine lives: one range at a fixed address, so that a machine can be
// copied and put back, and so that addresses are the same in every run.
//
// Layout (sizes are reservations; pages are touched as needed):
//   heap     what drivers get to see: pool, objects, mapped memory; asked for by allocate()
//   own heap every object that is made with operator new while an ArenaScope is open
//   stacks   fiber stacks with a guard page below each
//   images   driver images, by the kernel's image loader
//   devices  register ranges, by the kernel's device memory
//
// Two heaps, because a driver can print an address: what stands in the first is asked for in an
// order and in sizes that follow from the bench alone. Our own strings and tables follow from much
// else too (how long the path of a folder is, what a compiler optimizes away).
//
// One arena per process, single-threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gpioclx::machine {

class Arena {
  public:
    static constexpr std::uintptr_t base = 0x2000'0000'0000;
    static constexpr std::size_t heap_size = std::size_t{1} << 30;
    static constexpr std::uintptr_t own_heap_base = base + heap_size;
    static constexpr std::uintptr_t stacks_base = base + 0x1'0000'0000;
    static constexpr std::size_t stacks_size = std::size_t{1} << 30;
    static constexpr std::uintptr_t images_base = base + 0x2'0000'0000;
    static constexpr std::size_t images_size = std::size_t{1} << 30;
    static constexpr std::uintptr_t devices_base = base + 0x3'0000'0000;
    static constexpr std::size_t devices_size = std::size_t{1} << 32;

    // The process's arena; reserved at first use.
    static Arena& instance() { return instance_ != nullptr ? *instance_ : reserve(); }

    // Memory that drivers may see, 16-byte aligned, never null (exhaustion ends the process with a
    // message). Contents are undefined; the kernel fills pool itself.
    void* allocate(std::size_t size);
    // The same for what they never see; operator new's.
    void* allocate_own(std::size_t size);
    // A block of either.
    void free(void* block);
    // In one of the two heaps.
    static bool contains(const void* address) {
        return reinterpret_cast<std::uintptr_t>(address) - base < 2 * heap_size;
    }

    // A fiber stack of stack_size usable bytes; `top` is its highest address. Reused after release.
    static constexpr std::size_t stack_size = 128 * 1024;
    // `saved_context` is where the fiber's stack pointer stands while it does not run.
    void* allocate_stack(void* const* saved_context);
    void free_stack(void* top);
    // True if the address lies in a guard page: the fiber above it overflowed.
    static bool is_stack_guard(const void* address);

    // Extra ranges that belong to the machine's state: data of driver images, of ACPICA ...
    void add_region(void* start, std::size_t size);
    void remove_region(void* start);

    // Forgets all heap blocks, stacks and regions (a new machine is about to be built).
    void reset();

    // Of both heaps.
    std::size_t heap_used() const {
        return state_->heap.end - base + (state_->own_heap.end - own_heap_base);
    }

    // Whether operator new takes from it. Not state of a machine: it tells tool code from machine
    // code.
    static bool active() { return active_; }

  private:
    friend class Checkpoint;
    friend class ArenaScope;
    friend class OutsideArenaScope;
    static constexpr std::size_t max_stacks = 1024;
    static constexpr std::size_t max_regions = 256;
    static constexpr std::size_t class_count = 96;

    struct Region {
        void* start;
        std::size_t size;
    };
    struct Heap {
        std::uintptr_t end;  // of what was ever given out
        std::uintptr_t limit;
        void* free_blocks[class_count];
    };
    // At the start of the heap, so that it is saved and restored with it.
    struct State {
        Heap heap;
        Heap own_heap;
        std::uint32_t stack_count;
        std::uint32_t region_count;
        void* const* stack_contexts[max_stacks];  // null: free
        Region regions[max_regions];
    };

    Arena();
    static Arena& reserve();
    static void* stack_top(std::uint32_t index);
    static void* allocate_from(Heap& heap, std::size_t size);

    static inline Arena* instance_ = nullptr;
    static inline bool active_ = false;

    State* state_;
};

// For classes whose objects drivers hold pointers to: derive, and `new` takes from their heap.
struct SeenByDrivers {
    static void* operator new(std::size_t size) { return Arena::instance().allocate(size); }
    static void* operator new(std::size_t, void* place) { return place; }
    static void operator delete(void* memory) { Arena::instance().free(memory); }
};

// While one is open, operator new of this process takes memory from the arena.
class ArenaScope {
  public:
    ArenaScope() : before_(Arena::active_) {
        Arena::instance();
        Arena::active_ = true;
    }
    ~ArenaScope() { Arena::active_ = before_; }
    ArenaScope(const ArenaScope&) = delete;
    ArenaScope& operator=(const ArenaScope&) = delete;

  private:
    bool before_;
};

// The reverse: for tool code that runs while the machine is active but must not live in it.
class OutsideArenaScope {
  public:
    OutsideArenaScope() : before_(Arena::active_) { Arena::active_ = false; }
    ~OutsideArenaScope() { Arena::active_ = before_; }
    OutsideArenaScope(const OutsideArenaScope&) = delete;
    OutsideArenaScope& operator=(const OutsideArenaScope&) = delete;

  private:
    bool before_;
};

}  // namespace gpioclx::machine
