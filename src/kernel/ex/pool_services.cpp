// The pool as drivers see it.
#include "ext/gx_export.h"

#include <algorithm>

#include "kernel/dbg/finding.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"

namespace ex = gpioclx::kernel::ex;
namespace ke = gpioclx::kernel::ke;
namespace ldr = gpioclx::kernel::ldr;
using gpioclx::kernel::part;

namespace {

constexpr ULONG no_tag = 0x656E6F4E;  // 'enoN': what ExAllocatePool uses

// Drivers that asked for zeroed memory from the older functions (ExInitializeDriverRuntime).
struct RuntimeOptions {
    std::vector<const ldr::Image*> zeroes;
};

PVOID allocate(ex::PoolRequest request, bool raise, const char* function) {
    ke::charge(ke::cost::allocation_ns);
    ke::require_irql_at_most(request.paged ? APC_LEVEL : DISPATCH_LEVEL, function);
    void* block = ex::allocate_pool(request);
    if (block == nullptr && raise) {
        ke::bug_check(ke::bug_code::kmode_exception_not_handled,
                      static_cast<ULONG>(STATUS_INSUFFICIENT_RESOURCES), 0, 0, 0,
                      "a pool allocation that raises an exception on failure failed",
                      gpioclx::kernel::dbg::id::exception);
    }
    return block;
}

PVOID allocate_typed(ULONG type, SIZE_T size, ULONG tag, bool zeroed, const void* caller,
                     const char* function) {
    const auto& zeroes = part<RuntimeOptions>().zeroes;
    if (!zeroed && !zeroes.empty()) {
        zeroed = std::find(zeroes.begin(), zeroes.end(), ldr::image_of(caller)) != zeroes.end();
    }
    ex::PoolRequest request{
        size, tag, zeroed || (type & POOL_ZERO_ALLOCATION) != 0, (type & 1) != 0, true, caller};
    return allocate(request, (type & POOL_RAISE_IF_ALLOCATION_FAILURE) != 0, function);
}

}  // namespace

void* gpioclx::kernel::ex::allocate_for(const void* caller, std::size_t size, ULONG tag) {
    return allocate({size, tag, true, false, true, caller}, false, "ExAllocatePool2");
}

#define GX_CALLER __builtin_return_address(0)

#undef ExAllocatePool
GX_ASKS_CALLER
PVOID ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes) {
    return allocate_typed(PoolType, NumberOfBytes, no_tag, false, GX_CALLER, "ExAllocatePool");
}
GX_EXPORT_FUNCTION(ExAllocatePool);

GX_ASKS_CALLER
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag) {
    return allocate_typed(PoolType, NumberOfBytes, Tag, false, GX_CALLER, "ExAllocatePoolWithTag");
}
GX_EXPORT_FUNCTION(ExAllocatePoolWithTag);

GX_ASKS_CALLER
PVOID ExAllocatePoolWithTagPriority(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
                                    EX_POOL_PRIORITY) {
    return allocate_typed(PoolType, NumberOfBytes, Tag, false, GX_CALLER,
                          "ExAllocatePoolWithTagPriority");
}
GX_EXPORT_FUNCTION(ExAllocatePoolWithTagPriority);

// Raises on failure unless POOL_QUOTA_FAIL_INSTEAD_OF_RAISE.
GX_ASKS_CALLER
PVOID ExAllocatePoolWithQuotaTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag) {
    ULONG type = PoolType;
    if ((type & POOL_QUOTA_FAIL_INSTEAD_OF_RAISE) == 0) type |= POOL_RAISE_IF_ALLOCATION_FAILURE;
    return allocate_typed(type, NumberOfBytes, Tag, false, GX_CALLER, "ExAllocatePoolWithQuotaTag");
}
GX_EXPORT_FUNCTION(ExAllocatePoolWithQuotaTag);

GX_ASKS_CALLER
PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag) {
    return allocate_typed(PoolType, NumberOfBytes, Tag, true, GX_CALLER, "ExAllocatePoolZero");
}
GX_EXPORT_FUNCTION(ExAllocatePoolZero);

GX_ASKS_CALLER
PVOID ExAllocatePoolUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag) {
    return allocate_typed(PoolType, NumberOfBytes, Tag, false, GX_CALLER,
                          "ExAllocatePoolUninitialized");
}
GX_EXPORT_FUNCTION(ExAllocatePoolUninitialized);

GX_ASKS_CALLER
PVOID ExAllocatePoolQuotaZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag) {
    return allocate_typed(PoolType, NumberOfBytes, Tag, true, GX_CALLER, "ExAllocatePoolQuotaZero");
}
GX_EXPORT_FUNCTION(ExAllocatePoolQuotaZero);

GX_ASKS_CALLER
PVOID ExAllocatePoolPriorityZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
                                 EX_POOL_PRIORITY) {
    return allocate_typed(PoolType, NumberOfBytes, Tag, true, GX_CALLER,
                          "ExAllocatePoolPriorityZero");
}
GX_EXPORT_FUNCTION(ExAllocatePoolPriorityZero);

GX_ASKS_CALLER
PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag) {
    ex::PoolRequest request{NumberOfBytes,
                            Tag,
                            (Flags & POOL_FLAG_UNINITIALIZED) == 0,
                            (Flags & POOL_FLAG_PAGED) != 0,
                            true,
                            GX_CALLER};
    if (Tag == 0 || NumberOfBytes == 0 ||
        (Flags & (POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED)) == 0) {
        return nullptr;  // invalid parameters, as documented
    }
    return allocate(request, (Flags & POOL_FLAG_RAISE_ON_FAILURE) != 0, "ExAllocatePool2");
}
GX_EXPORT_FUNCTION(ExAllocatePool2);

#undef ExFreePool
VOID ExFreePool(PVOID P) {
    ke::charge(ke::cost::allocation_ns);
    ex::free_pool(P, 0, "ExFreePool");
}
GX_EXPORT_FUNCTION(ExFreePool);

#undef ExFreePoolWithTag
VOID ExFreePoolWithTag(PVOID P, ULONG Tag) {
    ke::charge(ke::cost::allocation_ns);
    ex::free_pool(P, Tag, "ExFreePoolWithTag");
}
GX_EXPORT_FUNCTION(ExFreePoolWithTag);

VOID ExFreePool2(PVOID P, ULONG Tag, PVOID, ULONG) {
    ke::charge(ke::cost::allocation_ns);
    ex::free_pool(P, Tag, "ExFreePool2");
}
GX_EXPORT_FUNCTION(ExFreePool2);

GX_ASKS_CALLER
VOID ExInitializeDriverRuntime(ULONG RuntimeFlags) {
    ke::charge();
    const ldr::Image* image = ldr::image_of(GX_CALLER);
    if (image != nullptr && (RuntimeFlags & DrvRtPoolZeroMemoryOptIn) != 0) {
        part<RuntimeOptions>().zeroes.push_back(image);
    }
}
GX_EXPORT_FUNCTION(ExInitializeDriverRuntime);
