#include "framework/lookaside.h"

#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/driver.h"
#include "framework/memory.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {

PVOID Lookaside::take() {
    PVOID buffer = ExAllocatePoolWithTag(pool_, size_, tag_);
    if (buffer != nullptr) reference();
    return buffer;
}

void Lookaside::give_back(PVOID buffer) {
    ExFreePoolWithTag(buffer, tag_);
    release();
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

GX_ASKS_CALLER
NTSTATUS WdfLookasideListCreate(PWDF_OBJECT_ATTRIBUTES LookasideAttributes, size_t BufferSize,
                                POOL_TYPE PoolType, PWDF_OBJECT_ATTRIBUTES MemoryAttributes,
                                ULONG PoolTag, WDFLOOKASIDE* Lookaside) {
    enter("WdfLookasideListCreate", (PoolType & 1) == PagedPool ? APC_LEVEL : DISPATCH_LEVEL);
    require(Lookaside, "WdfLookasideListCreate", "Lookaside");
    *Lookaside = nullptr;
    if (BufferSize == 0) return STATUS_INVALID_PARAMETER;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(LookasideAttributes, ObjectType::lookaside);
    if (NT_SUCCESS(status)) status = check_attributes(MemoryAttributes, ObjectType::memory);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(LookasideAttributes, driver, "WdfLookasideListCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    const ULONG tag = PoolTag != 0 ? PoolTag : make_tag("WLoo");
    auto* list = create_object<gpioclx::framework::Lookaside>(parent, LookasideAttributes, driver,
                                                              PoolType, tag, BufferSize);
    if (list == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    list->has_memory_attributes = MemoryAttributes != nullptr;
    if (MemoryAttributes != nullptr) list->memory_attributes = *MemoryAttributes;
    *Lookaside = static_cast<WDFLOOKASIDE>(list->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfLookasideListCreate);

NTSTATUS WdfMemoryCreateFromLookaside(WDFLOOKASIDE Lookaside, WDFMEMORY* Memory) {
    enter();
    auto& list =
        from_handle<gpioclx::framework::Lookaside>(Lookaside, "WdfMemoryCreateFromLookaside");
    require(Memory, "WdfMemoryCreateFromLookaside", "Memory");
    *Memory = nullptr;
    const WDF_OBJECT_ATTRIBUTES* attributes =
        list.has_memory_attributes ? &list.memory_attributes : nullptr;
    Object* parent = nullptr;
    const NTSTATUS status =
        resolve_parent(attributes, list.driver(), "WdfMemoryCreateFromLookaside", &parent);
    if (!NT_SUCCESS(status)) return status;
    PVOID buffer = list.take();
    if (buffer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    auto* memory = create_object<gpioclx::framework::Memory>(
        parent, attributes, list.driver(), gpioclx::framework::Memory::Kind::lookaside);
    if (memory == nullptr) {
        list.give_back(buffer);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    memory->from(&list);
    memory->assign(buffer, list.size());
    *Memory = static_cast<WDFMEMORY>(memory->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfMemoryCreateFromLookaside);
