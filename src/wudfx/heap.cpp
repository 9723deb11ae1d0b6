// What the C++ compiler expects of a runtime library. A driver may have its own; then that counts.
// What a driver does not give back is reported when it is unloaded, as for any pool. A shortage
// throws nothing: the compiler takes the result of `new` for valid, so the driver faults at the
// null pointer, where on Windows an exception that nobody catches would end its host.
#include "wudfx/worlds.h"

namespace {

constexpr ULONG heap_tag = 'hWDU';

void* allocate_bytes(size_t size) {
    return ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED, size == 0 ? 1 : size,
                           heap_tag);
}

void free_bytes(void* memory) {
    if (memory != nullptr) ExFreePoolWithTag(memory, heap_tag);
}

}  // namespace

#define GX_REPLACEABLE __attribute__((weak))

GX_REPLACEABLE void* operator new(size_t size) { return allocate_bytes(size); }
GX_REPLACEABLE void* operator new[](size_t size) { return allocate_bytes(size); }
GX_REPLACEABLE void operator delete(void* memory) noexcept { free_bytes(memory); }
GX_REPLACEABLE void operator delete[](void* memory) noexcept { free_bytes(memory); }
GX_REPLACEABLE void operator delete(void* memory, size_t) noexcept { free_bytes(memory); }
GX_REPLACEABLE void operator delete[](void* memory, size_t) noexcept { free_bytes(memory); }

// A method that nobody implements was called: before the constructor or after the destructor.
extern "C" GX_REPLACEABLE void __cxa_pure_virtual() {
    GxReportFinding("umdf-107", nullptr, "a pure virtual method was called");
    KeBugCheckEx(0x10D, 0, 0, 0, 0);
}
