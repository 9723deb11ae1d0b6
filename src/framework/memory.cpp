#include "framework/memory.h"

#include "ext/gx_export.h"

#include <cstring>

#include "framework/attributes.h"
#include "framework/driver.h"
#include "framework/lookaside.h"
#include "framework/pool_tag.h"

namespace gpioclx::framework {
namespace {
constexpr ULONG default_tag = make_tag("WMem");
}

Memory::~Memory() {
    if (pool_ != nullptr) ExFreePoolWithTag(pool_, tag_);
    if (kind_ == Kind::lookaside && buffer_ != nullptr) lookaside_->give_back(buffer_);
}

bool Memory::own(PVOID pool, ULONG tag) {
    pool_ = pool;
    tag_ = tag;
    buffer_ = view_.show(process_of(driver()), pool, size_);
    return buffer_ != nullptr;
}

void Memory::last_release() {
    if (owner_ == nullptr) {
        delete this;
        return;
    }
    Object* owner = owner_;
    this->~Memory();
    owner->release();
}

NTSTATUS Memory::part(const WDFMEMORY_OFFSET* offset, PVOID* start, size_t* length) const {
    *start = buffer_;
    *length = size_;
    if (offset == nullptr) return STATUS_SUCCESS;
    if (offset->BufferOffset > size_) return STATUS_INTEGER_OVERFLOW;
    *start = static_cast<char*>(buffer_) + offset->BufferOffset;
    *length = offset->BufferLength != 0 ? offset->BufferLength : size_ - offset->BufferOffset;
    // A part beyond the end: the transfer is longer than the buffer.
    return *length <= size_ - offset->BufferOffset ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST;
}

NTSTATUS create_pool_memory(Driver* driver, Object* fallback_parent,
                            const WDF_OBJECT_ATTRIBUTES* attributes, POOL_TYPE pool, ULONG tag,
                            size_t size, const char* function, Memory** memory) {
    *memory = nullptr;
    if (size == 0) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = check_attributes(attributes, ObjectType::memory);
    Object* parent = nullptr;
    if (NT_SUCCESS(status)) status = resolve_parent(attributes, fallback_parent, function, &parent);
    if (!NT_SUCCESS(status)) return status;
    if (tag == 0)
        tag = driver->config().DriverPoolTag != 0 ? driver->config().DriverPoolTag : default_tag;
    PVOID buffer = ExAllocatePoolWithTag(pool, size, tag);
    if (buffer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    Memory* object = create_object<Memory>(parent, attributes, driver, Memory::Kind::pool);
    if (object == nullptr) {
        ExFreePoolWithTag(buffer, tag);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    object->assign(buffer, size);
    if (!object->own(buffer, tag)) {
        object->delete_object();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *memory = object;
    return STATUS_SUCCESS;
}

static NTSTATUS create_memory_object(Driver* driver, const WDF_OBJECT_ATTRIBUTES* attributes,
                                     Memory::Kind kind, const char* function, Memory** memory) {
    NTSTATUS status = check_attributes(attributes, ObjectType::memory);
    Object* parent = nullptr;
    if (NT_SUCCESS(status)) status = resolve_parent(attributes, driver, function, &parent);
    if (!NT_SUCCESS(status)) return status;
    *memory = create_object<Memory>(parent, attributes, driver, kind);
    return *memory != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

GX_ASKS_CALLER
NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES Attributes, POOL_TYPE PoolType, ULONG PoolTag,
                         size_t BufferSize, WDFMEMORY* Memory, PVOID* Buffer) {
    const bool paged = (PoolType & 1) == PagedPool;
    enter("WdfMemoryCreate", paged ? APC_LEVEL : DISPATCH_LEVEL);
    require(Memory, "WdfMemoryCreate", "Memory");
    *Memory = nullptr;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    gpioclx::framework::Memory* memory = nullptr;
    const NTSTATUS status = create_pool_memory(driver, driver, Attributes, PoolType, PoolTag,
                                               BufferSize, "WdfMemoryCreate", &memory);
    if (!NT_SUCCESS(status)) return status;
    *Memory = static_cast<WDFMEMORY>(memory->handle());
    if (Buffer != nullptr) *Buffer = memory->buffer();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfMemoryCreate);

GX_ASKS_CALLER
NTSTATUS WdfMemoryCreatePreallocated(PWDF_OBJECT_ATTRIBUTES Attributes, PVOID Buffer,
                                     size_t BufferSize, WDFMEMORY* Memory) {
    enter();
    require(Memory, "WdfMemoryCreatePreallocated", "Memory");
    *Memory = nullptr;
    if (Buffer == nullptr || BufferSize == 0) return STATUS_INVALID_PARAMETER;
    gpioclx::framework::Memory* memory = nullptr;
    const NTSTATUS status = create_memory_object(
        Driver::calling(__builtin_return_address(0)), Attributes,
        gpioclx::framework::Memory::Kind::preallocated, "WdfMemoryCreatePreallocated", &memory);
    if (!NT_SUCCESS(status)) return status;
    memory->assign(Buffer, BufferSize);
    *Memory = static_cast<WDFMEMORY>(memory->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfMemoryCreatePreallocated);

PVOID WdfMemoryGetBuffer(WDFMEMORY Memory, size_t* BufferSize) {
    enter();
    auto& memory = from_handle<gpioclx::framework::Memory>(Memory, "WdfMemoryGetBuffer");
    if (BufferSize != nullptr) *BufferSize = memory.size();
    return memory.buffer();
}
GX_EXPORT_FUNCTION(WdfMemoryGetBuffer);

NTSTATUS WdfMemoryAssignBuffer(WDFMEMORY Memory, PVOID Buffer, size_t BufferSize) {
    enter();
    auto& memory = from_handle<gpioclx::framework::Memory>(Memory, "WdfMemoryAssignBuffer");
    if (memory.kind() != gpioclx::framework::Memory::Kind::preallocated || Buffer == nullptr ||
        BufferSize == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    memory.assign(Buffer, BufferSize);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfMemoryAssignBuffer);

NTSTATUS WdfMemoryCopyToBuffer(WDFMEMORY SourceMemory, size_t SourceOffset, PVOID Buffer,
                               size_t NumBytesToCopyTo) {
    enter();
    auto& memory = from_handle<gpioclx::framework::Memory>(SourceMemory, "WdfMemoryCopyToBuffer");
    if (Buffer == nullptr || NumBytesToCopyTo == 0) return STATUS_INVALID_PARAMETER;
    if (SourceOffset > memory.size() || NumBytesToCopyTo > memory.size() - SourceOffset)
        return STATUS_BUFFER_TOO_SMALL;
    std::memcpy(Buffer, static_cast<const char*>(memory.buffer()) + SourceOffset, NumBytesToCopyTo);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfMemoryCopyToBuffer);

NTSTATUS WdfMemoryCopyFromBuffer(WDFMEMORY DestinationMemory, size_t DestinationOffset,
                                 PVOID Buffer, size_t NumBytesToCopyFrom) {
    enter();
    auto& memory =
        from_handle<gpioclx::framework::Memory>(DestinationMemory, "WdfMemoryCopyFromBuffer");
    if (Buffer == nullptr || NumBytesToCopyFrom == 0) return STATUS_INVALID_PARAMETER;
    if (DestinationOffset > memory.size() ||
        NumBytesToCopyFrom > memory.size() - DestinationOffset) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    std::memcpy(static_cast<char*>(memory.buffer()) + DestinationOffset, Buffer,
                NumBytesToCopyFrom);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfMemoryCopyFromBuffer);
