// Mm services: register mappings, MDLs, contiguous memory. Everything is resident, physical
// addresses of ordinary memory are its virtual ones.
#include <wdm.h>

#include <string>

#include "ext/gx_export.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ldr/image.h"
#include "kernel/mm/device_memory.h"

namespace ex = gpioclx::kernel::ex;
namespace ke = gpioclx::kernel::ke;
namespace ldr = gpioclx::kernel::ldr;
namespace mm = gpioclx::kernel::mm;
using gpioclx::machine::Arena;

namespace {

constexpr ULONG contiguous_tag = 0x6E6F4347;  // "GCon"

bool within(const void* address, std::uintptr_t base, std::size_t size) {
    return reinterpret_cast<std::uintptr_t>(address) - base < size;
}

PVOID map(PHYSICAL_ADDRESS physical, SIZE_T size, const void* caller) {
    ke::charge();
    if (size == 0) return nullptr;
    return mm::map_device(static_cast<std::uint64_t>(physical.QuadPart), size, caller);
}

PVOID allocate_contiguous(SIZE_T size, const void* caller) {
    ke::charge(ke::cost::allocation_ns);
    const SIZE_T rounded = size < PAGE_SIZE ? PAGE_SIZE : size;  // page-aligned
    return ex::allocate_pool({rounded, contiguous_tag, false, false, true, caller});
}

}  // namespace

GX_ASKS_CALLER
PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE) {
    return map(PhysicalAddress, NumberOfBytes, __builtin_return_address(0));
}
GX_EXPORT_FUNCTION(MmMapIoSpace);

GX_ASKS_CALLER
PVOID MmMapIoSpaceEx(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, ULONG Protect) {
    constexpr ULONG protections =
        PAGE_READONLY | PAGE_READWRITE | PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE;
    if ((Protect & protections) == 0) return nullptr;
    return map(PhysicalAddress, NumberOfBytes, __builtin_return_address(0));
}
GX_EXPORT_FUNCTION(MmMapIoSpaceEx);

VOID MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes) {
    ke::charge();
    mm::unmap_device(BaseAddress, NumberOfBytes);
}
GX_EXPORT_FUNCTION(MmUnmapIoSpace);

PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress) {
    ke::charge();
    PHYSICAL_ADDRESS physical;
    physical.QuadPart = reinterpret_cast<LONGLONG>(BaseAddress);
    if (mm::is_device_address(BaseAddress)) {
        const mm::DeviceAccess access = mm::access_of(BaseAddress);
        physical.QuadPart = access.range != nullptr
                                ? static_cast<LONGLONG>(access.range->physical_base + access.offset)
                                : 0;
    }
    return physical;
}
GX_EXPORT_FUNCTION(MmGetPhysicalAddress);

BOOLEAN MmIsAddressValid(PVOID VirtualAddress) {
    ke::charge();
    if (Arena::contains(VirtualAddress)) return TRUE;
    if (mm::is_device_address(VirtualAddress))
        return mm::access_of(VirtualAddress).range != nullptr;
    const ldr::Image* image = ldr::image_of(VirtualAddress);
    if (image != nullptr) return image->loaded();
    return within(VirtualAddress, Arena::stacks_base, Arena::stacks_size) &&
           !Arena::is_stack_guard(VirtualAddress);
}
GX_EXPORT_FUNCTION(MmIsAddressValid);

SIZE_T MmSizeOfMdl(PVOID Base, SIZE_T Length) {
    ke::charge();
    return sizeof(MDL) + sizeof(PFN_NUMBER) * ADDRESS_AND_SIZE_TO_SPAN_PAGES(Base, Length);
}
GX_EXPORT_FUNCTION(MmSizeOfMdl);

VOID MmBuildMdlForNonPagedPool(PMDLX MemoryDescriptorList) {
    ke::charge();
    MemoryDescriptorList->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
    MemoryDescriptorList->MappedSystemVa = MmGetMdlVirtualAddress(MemoryDescriptorList);
}
GX_EXPORT_FUNCTION(MmBuildMdlForNonPagedPool);

VOID MmProbeAndLockPages(PMDLX MemoryDescriptorList, KPROCESSOR_MODE, LOCK_OPERATION Operation) {
    ke::charge();
    MemoryDescriptorList->MdlFlags |= MDL_PAGES_LOCKED;
    if (Operation != IoReadAccess) MemoryDescriptorList->MdlFlags |= MDL_WRITE_OPERATION;
}
GX_EXPORT_FUNCTION(MmProbeAndLockPages);

VOID MmUnlockPages(PMDLX MemoryDescriptorList) {
    ke::charge();
    MemoryDescriptorList->MdlFlags &=
        static_cast<CSHORT>(~(MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA | MDL_WRITE_OPERATION));
}
GX_EXPORT_FUNCTION(MmUnlockPages);

PVOID MmMapLockedPagesSpecifyCache(PMDLX MemoryDescriptorList, KPROCESSOR_MODE, MEMORY_CACHING_TYPE,
                                   PVOID, ULONG, ULONG) {
    ke::charge();
    MemoryDescriptorList->MappedSystemVa = MmGetMdlVirtualAddress(MemoryDescriptorList);
    MemoryDescriptorList->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
    return MemoryDescriptorList->MappedSystemVa;
}
GX_EXPORT_FUNCTION(MmMapLockedPagesSpecifyCache);

PVOID MmMapLockedPages(PMDL MemoryDescriptorList, KPROCESSOR_MODE AccessMode) {
    return MmMapLockedPagesSpecifyCache(MemoryDescriptorList, AccessMode, MmCached, nullptr, TRUE,
                                        NormalPagePriority);
}
GX_EXPORT_FUNCTION(MmMapLockedPages);

VOID MmUnmapLockedPages(PVOID, PMDLX MemoryDescriptorList) {
    ke::charge();
    MemoryDescriptorList->MdlFlags &= static_cast<CSHORT>(~MDL_MAPPED_TO_SYSTEM_VA);
    MemoryDescriptorList->MappedSystemVa = nullptr;
}
GX_EXPORT_FUNCTION(MmUnmapLockedPages);

GX_ASKS_CALLER
PVOID MmAllocateContiguousMemory(SIZE_T NumberOfBytes, PHYSICAL_ADDRESS) {
    return allocate_contiguous(NumberOfBytes, __builtin_return_address(0));
}
GX_EXPORT_FUNCTION(MmAllocateContiguousMemory);

PVOID MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes, PHYSICAL_ADDRESS,
                                             PHYSICAL_ADDRESS, PHYSICAL_ADDRESS,
                                             MEMORY_CACHING_TYPE) {
    return allocate_contiguous(NumberOfBytes, __builtin_return_address(0));
}
GX_EXPORT_FUNCTION(MmAllocateContiguousMemorySpecifyCache);

VOID MmFreeContiguousMemory(PVOID BaseAddress) {
    ke::charge(ke::cost::allocation_ns);
    ex::free_pool(BaseAddress, contiguous_tag, "MmFreeContiguousMemory");
}
GX_EXPORT_FUNCTION(MmFreeContiguousMemory);

VOID MmFreeContiguousMemorySpecifyCache(PVOID BaseAddress, SIZE_T, MEMORY_CACHING_TYPE) {
    MmFreeContiguousMemory(BaseAddress);
}
GX_EXPORT_FUNCTION(MmFreeContiguousMemorySpecifyCache);

// Nothing is ever paged out: a handle that says so is all a driver needs.
PVOID MmLockPagableDataSection(PVOID AddressWithinSection) {
    ke::charge();
    return AddressWithinSection;
}
GX_EXPORT_FUNCTION(MmLockPagableDataSection);

VOID MmUnlockPagableImageSection(PVOID) { ke::charge(); }
GX_EXPORT_FUNCTION(MmUnlockPagableImageSection);

PVOID MmPageEntireDriver(PVOID AddressWithinSection) {
    ke::charge();
    const ldr::Image* image = ldr::image_of(AddressWithinSection);
    return image != nullptr ? reinterpret_cast<PVOID>(image->base()) : nullptr;
}
GX_EXPORT_FUNCTION(MmPageEntireDriver);

VOID MmResetDriverPaging(PVOID) { ke::charge(); }
GX_EXPORT_FUNCTION(MmResetDriverPaging);

PVOID MmGetSystemRoutineAddress(PUNICODE_STRING SystemRoutineName) {
    ke::charge();
    std::string name;
    for (USHORT i = 0; i < SystemRoutineName->Length / sizeof(WCHAR); ++i) {
        name += static_cast<char>(SystemRoutineName->Buffer[i]);
    }
    return ldr::find_export(name);
}
GX_EXPORT_FUNCTION(MmGetSystemRoutineAddress);

// Buffers of user programs are copied by the I/O manager before a driver sees them.
VOID ProbeForRead(const VOID*, SIZE_T, ULONG) { ke::charge(); }
GX_EXPORT_FUNCTION(ProbeForRead);

VOID ProbeForWrite(PVOID, SIZE_T, ULONG) { ke::charge(); }
GX_EXPORT_FUNCTION(ProbeForWrite);

VOID KeFlushIoBuffers(PMDL, BOOLEAN, BOOLEAN) { ke::charge(); }
GX_EXPORT_FUNCTION(KeFlushIoBuffers);
