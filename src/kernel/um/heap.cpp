// The heap of a driver's process. Each block is one of the machine's pool, so that it is named,
// counted and may fail as any other; a driver in a process of its own sees a block there instead.
#include <um/parts/um_heap.h>
#include <wdm.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/cost.h"
#include "kernel/um/user_process.h"
#include "kernel/um/user_resources.h"
#include "machine/arena.h"

namespace gpioclx::kernel::um {
namespace {

constexpr UCHAR fill_freed = 0xDD;

// There is one heap in a process; its handle is no handle of an object.
const HANDLE process_heap = reinterpret_cast<HANDLE>(std::uintptr_t{0x10000});

// In the process of a driver that has one: as the pool's block is, with the guard behind it.
void* show(UserProcess& process, const void* pool, std::size_t size) {
    void* block = process.allocate(size + ex::guard_size);
    if (block != nullptr) std::memcpy(block, pool, size + ex::guard_size);
    return block;
}

std::string describe(const HeapBlock& block) {
    const std::string caller = dbg::function_name(block.caller);
    return fmt::format("the heap block of {} bytes{}{}", block.size,
                       caller.empty() ? "" : ", allocated in ", caller);
}

bool known_heap(HANDLE heap, const char* function) {
    if (heap == process_heap) return true;
    dbg::report_finding(dbg::id::object_misuse,
                        fmt::format("{}: the handle {} is not that of the heap", function, heap));
    return false;
}

void* allocate(UserResources& resources, DWORD flags, std::size_t size, const void* caller,
               const char* function) {
    machine::ArenaScope inside;
    const bool zeroed = (flags & HEAP_ZERO_MEMORY) != 0;
    void* pool = resources.gone
                     ? nullptr
                     : ex::allocate_pool({size, ex::heap_tag, zeroed, false, true, caller});
    void* block = pool;
    if (pool != nullptr && resources.process() != nullptr) {
        block = show(*resources.process(), pool, size);
        if (block == nullptr) ex::free_pool(pool, 0, function);
    }
    if (block != nullptr) {
        resources.heap[block] = {pool, size, caller};
    } else if ((flags & HEAP_GENERATE_EXCEPTIONS) != 0) {
        dbg::report_finding(dbg::id::exception,
                            fmt::format("{}: there is no memory, and the driver asked for an "
                                        "exception then",
                                        function));
    }
    return block;
}

// Null, and told, unless a live block begins there.
HeapBlock* block_at(UserResources& resources, const void* block, const char* function) {
    const auto found = resources.heap.find(block);
    if (found != resources.heap.end()) return &found->second;
    dbg::report_finding(
        dbg::id::pool_bad_free,
        fmt::format("{} was given an address where no block of the heap begins, or one that is "
                    "freed already",
                    function));
    return nullptr;
}

void release(UserResources& resources, void* block, const char* function) {
    const HeapBlock known = resources.heap.at(block);
    forget_locks_in(resources, block, known.size, describe(known));
    if (block != known.pool) {
        // What was written behind the end is for the pool to see.
        std::memcpy(static_cast<UCHAR*>(known.pool) + known.size,
                    static_cast<UCHAR*>(block) + known.size, ex::guard_size);
        std::memset(block, fill_freed, known.size);
        resources.process()->free(block);
    }
    resources.heap.erase(block);
    ex::free_pool(known.pool, 0, function);
}

}  // namespace
}  // namespace gpioclx::kernel::um

namespace ke = gpioclx::kernel::ke;
using namespace gpioclx::kernel::um;

#define GX_CALLER __builtin_return_address(0)

HANDLE GetProcessHeap(VOID) {
    ke::charge(ke::cost::lock_ns);
    return process_heap;
}
GX_EXPORT_FUNCTION(GetProcessHeap);

GX_ASKS_CALLER
LPVOID HeapAlloc(HANDLE Heap, DWORD Flags, SIZE_T Bytes) {
    ke::charge(ke::cost::allocation_ns);
    if (!known_heap(Heap, "HeapAlloc")) return nullptr;
    return allocate(resources_of_caller(GX_CALLER), Flags, Bytes, call_of(GX_CALLER), "HeapAlloc");
}
GX_EXPORT_FUNCTION(HeapAlloc);

// A block that grows moves.
GX_ASKS_CALLER
LPVOID HeapReAlloc(HANDLE Heap, DWORD Flags, LPVOID Block, SIZE_T Bytes) {
    constexpr const char* function = "HeapReAlloc";
    ke::charge(ke::cost::allocation_ns);
    UserResources& resources = resources_of_caller(GX_CALLER);
    if (!known_heap(Heap, function)) return nullptr;
    const HeapBlock* known = block_at(resources, Block, function);
    if (known == nullptr || (Flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0) return nullptr;
    const std::size_t kept = std::min(known->size, std::size_t{Bytes});
    void* block = allocate(resources, Flags, Bytes, call_of(GX_CALLER), function);
    if (block == nullptr) return nullptr;
    std::memcpy(block, Block, kept);
    release(resources, Block, function);
    return block;
}
GX_EXPORT_FUNCTION(HeapReAlloc);

GX_ASKS_CALLER
BOOL HeapFree(HANDLE Heap, DWORD, LPVOID Block) {
    constexpr const char* function = "HeapFree";
    ke::charge(ke::cost::allocation_ns);
    if (Block == nullptr) return TRUE;
    UserResources& resources = resources_of_caller(GX_CALLER);
    if (!known_heap(Heap, function) || block_at(resources, Block, function) == nullptr)
        return FALSE;
    release(resources, Block, function);
    return TRUE;
}
GX_EXPORT_FUNCTION(HeapFree);

GX_ASKS_CALLER
SIZE_T HeapSize(HANDLE Heap, DWORD, LPCVOID Block) {
    constexpr const char* function = "HeapSize";
    ke::charge(ke::cost::lock_ns);
    if (!known_heap(Heap, function)) return ~SIZE_T{0};
    const HeapBlock* known = block_at(resources_of_caller(GX_CALLER), Block, function);
    return known != nullptr ? known->size : ~SIZE_T{0};
}
GX_EXPORT_FUNCTION(HeapSize);
