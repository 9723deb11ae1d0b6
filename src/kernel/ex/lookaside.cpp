// Lookaside lists. Nothing is kept aside: every entry comes from and goes to the pool, where what
// is wrong with it is seen. The driver's own allocate and free routines are honoured.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ex = gpioclx::kernel::ex;
namespace ke = gpioclx::kernel::ke;

namespace {

constexpr ULONG_PTR live_magic = 0x656469736B6F6F4C;

// What stands in GxReserved.
struct Lookaside {
    ULONG_PTR magic;
    SIZE_T size;
    ULONG tag;
    ULONG type;
    PVOID allocate;
    PVOID free;
    ULONG outstanding;
    bool extended;
    bool raise;
};
static_assert(sizeof(Lookaside) <= sizeof(NPAGED_LOOKASIDE_LIST));

Lookaside& checked(void* list, const char* function) {
    auto* lookaside = static_cast<Lookaside*>(list);
    if (lookaside->magic == live_magic) [[likely]]
        return *lookaside;
    ke::bug_check(ke::bug_code::invalid_data_access_trap, reinterpret_cast<ULONG_PTR>(list), 0, 0,
                  0,
                  std::string(function) +
                      " was given a lookaside list that was never initialized or is deleted",
                  dbg::id::object_uninitialized);
}

void initialize(void* list, PVOID allocate, PVOID free, ULONG type, ULONG flags, SIZE_T size,
                ULONG tag, bool extended) {
    ke::charge();
    const bool raise = extended ? (flags & EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL) != 0
                                : (flags & POOL_RAISE_IF_ALLOCATION_FAILURE) != 0;
    *static_cast<Lookaside*>(list) = {live_magic, size, tag,      type, allocate,
                                      free,       0,    extended, raise};
}

PVOID allocate(void* list, const void* caller, const char* function) {
    ke::charge(ke::cost::allocation_ns);
    Lookaside& lookaside = checked(list, function);
    const bool paged = (lookaside.type & 1) != 0;
    ke::require_irql_at_most(paged ? APC_LEVEL : DISPATCH_LEVEL, function);
    PVOID entry = nullptr;
    const auto type = static_cast<POOL_TYPE>(lookaside.type);
    if (lookaside.allocate == nullptr) {
        entry = ex::allocate_pool({lookaside.size, lookaside.tag, false, paged, true, caller});
    } else if (lookaside.extended) {
        entry = reinterpret_cast<PALLOCATE_FUNCTION_EX>(lookaside.allocate)(
            type, lookaside.size, lookaside.tag, static_cast<PLOOKASIDE_LIST_EX>(list));
    } else {
        entry = reinterpret_cast<PALLOCATE_FUNCTION>(lookaside.allocate)(type, lookaside.size,
                                                                         lookaside.tag);
    }
    if (entry != nullptr) ++lookaside.outstanding;
    if (entry == nullptr && lookaside.raise) {
        ke::bug_check(ke::bug_code::kmode_exception_not_handled,
                      static_cast<ULONG>(STATUS_INSUFFICIENT_RESOURCES), 0, 0, 0,
                      "a lookaside list that raises an exception on failure has no memory",
                      dbg::id::exception);
    }
    return entry;
}

void free_entry(void* list, PVOID entry, const char* function) {
    ke::charge(ke::cost::allocation_ns);
    Lookaside& lookaside = checked(list, function);
    ke::require_irql_at_most((lookaside.type & 1) != 0 ? APC_LEVEL : DISPATCH_LEVEL, function);
    --lookaside.outstanding;
    if (lookaside.free == nullptr)
        ex::free_pool(entry, lookaside.tag, function);
    else if (lookaside.extended)
        reinterpret_cast<PFREE_FUNCTION_EX>(lookaside.free)(entry,
                                                            static_cast<PLOOKASIDE_LIST_EX>(list));
    else
        reinterpret_cast<PFREE_FUNCTION>(lookaside.free)(entry);
}

void destroy(void* list, const char* function) {
    ke::charge();
    Lookaside& lookaside = checked(list, function);
    if (lookaside.outstanding != 0) {
        dbg::report_finding(dbg::id::object_misuse,
                            std::string(function) + " of a list with entries still in use (tag '" +
                                ex::tag_text(lookaside.tag) + "')");
    }
    lookaside.magic = 0;
}

template <typename T>
PVOID pointer(T* function) {
    return reinterpret_cast<PVOID>(function);
}

}  // namespace

#define GX_CALLER __builtin_return_address(0)

VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PALLOCATE_FUNCTION Allocate,
                                     PFREE_FUNCTION Free, ULONG Flags, SIZE_T Size, ULONG Tag,
                                     USHORT) {
    initialize(Lookaside, pointer(Allocate), pointer(Free), NonPagedPoolNx, Flags, Size, Tag,
               false);
}
GX_EXPORT_FUNCTION(ExInitializeNPagedLookasideList);

VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside) {
    destroy(Lookaside, "ExDeleteNPagedLookasideList");
}
GX_EXPORT_FUNCTION(ExDeleteNPagedLookasideList);

GX_ASKS_CALLER
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside) {
    return allocate(Lookaside, GX_CALLER, "ExAllocateFromNPagedLookasideList");
}
GX_EXPORT_FUNCTION(ExAllocateFromNPagedLookasideList);

VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry) {
    free_entry(Lookaside, Entry, "ExFreeToNPagedLookasideList");
}
GX_EXPORT_FUNCTION(ExFreeToNPagedLookasideList);

VOID ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside, PALLOCATE_FUNCTION Allocate,
                                    PFREE_FUNCTION Free, ULONG Flags, SIZE_T Size, ULONG Tag,
                                    USHORT) {
    initialize(Lookaside, pointer(Allocate), pointer(Free), PagedPool, Flags, Size, Tag, false);
}
GX_EXPORT_FUNCTION(ExInitializePagedLookasideList);

VOID ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside) {
    destroy(Lookaside, "ExDeletePagedLookasideList");
}
GX_EXPORT_FUNCTION(ExDeletePagedLookasideList);

GX_ASKS_CALLER
PVOID ExAllocateFromPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside) {
    return allocate(Lookaside, GX_CALLER, "ExAllocateFromPagedLookasideList");
}
GX_EXPORT_FUNCTION(ExAllocateFromPagedLookasideList);

VOID ExFreeToPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry) {
    free_entry(Lookaside, Entry, "ExFreeToPagedLookasideList");
}
GX_EXPORT_FUNCTION(ExFreeToPagedLookasideList);

NTSTATUS ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PALLOCATE_FUNCTION_EX Allocate,
                                     PFREE_FUNCTION_EX Free, POOL_TYPE PoolType, ULONG Flags,
                                     SIZE_T Size, ULONG Tag, USHORT) {
    initialize(Lookaside, pointer(Allocate), pointer(Free), PoolType, Flags, Size, Tag, true);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ExInitializeLookasideListEx);

VOID ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside) {
    destroy(Lookaside, "ExDeleteLookasideListEx");
}
GX_EXPORT_FUNCTION(ExDeleteLookasideListEx);

VOID ExFlushLookasideListEx(PLOOKASIDE_LIST_EX) { ke::charge(); }
GX_EXPORT_FUNCTION(ExFlushLookasideListEx);

GX_ASKS_CALLER
PVOID ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX Lookaside) {
    return allocate(Lookaside, GX_CALLER, "ExAllocateFromLookasideListEx");
}
GX_EXPORT_FUNCTION(ExAllocateFromLookasideListEx);

VOID ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Entry) {
    free_entry(Lookaside, Entry, "ExFreeToLookasideListEx");
}
GX_EXPORT_FUNCTION(ExFreeToLookasideListEx);
