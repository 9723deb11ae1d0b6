// Pool memory: from the machine's arena, filled with 0xA5 unless zeroed, 0xDD after it is freed,
// with a guard behind each block. What drivers do to it is checked at free, when a freed block is
// recycled (the last 64 stay aside for that), and by check_pool().
#pragma once

#include <wdm.h>

#include <cstddef>
#include <string>
#include <vector>

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::ex {

struct PoolRequest {
    std::size_t size = 0;
    ULONG tag = 0;
    bool zeroed = true;
    bool paged = false;
    bool may_fail = true;          // false: a fault choice is not offered
    const void* caller = nullptr;  // code on whose behalf; names the driver of a leak
};

// Behind each block.
constexpr std::size_t guard_size = 16;
// Of blocks that are the heap of a driver in user mode.
constexpr ULONG heap_tag = 0x70616548;  // "Heap"

// nullptr only if the policy chose to let it fail (ChoiceKind::fault).
void* allocate_pool(const PoolRequest& request);
// What ExAllocatePool2 gives, zeroed and non-paged, for what a function of the kernel hands to its
// caller.
void* allocate_for(const void* caller, std::size_t size, ULONG tag);
// `tag` 0: any. `function` for findings.
void free_pool(void* block, ULONG tag, const char* function);

std::string tag_text(ULONG tag);
// Tag of the live block that contains the address, "" if none does. Slow.
std::string pool_tag_text(const void* address);

struct PoolBlock {
    std::string tag;
    std::size_t size = 0;
    std::uint64_t number = 0;  // in order of allocation
    const void* caller = nullptr;
    const void* address = nullptr;
};
// The live block that contains the address; without a tag if none does. Slow.
PoolBlock pool_block_at(const void* address);
// In order of allocation.
std::vector<PoolBlock> live_blocks();
// Reports what the image allocated and did not free, one finding a tag.
void report_leaks_of(const ldr::Image& image);
// Looks at all guards and at the blocks set aside.
void check_pool();

}  // namespace gpioclx::kernel::ex
