#include "wudfx/memory.h"

#include "wudfx/hresult.h"

namespace wudfx {
namespace {

constexpr ULONG memory_tag = 'mWDU';

}  // namespace

WDFMEMORY Memory::handle_of(um::IWDFMemory* memory) {
    Memory* face = behind<Memory>(memory);
    return face != nullptr ? face->memory_ : nullptr;
}

HRESULT Memory::create(void* buffer, SIZE_T size, um::IUnknown* callbacks, WDFOBJECT parent,
                       um::IWDFMemory** memory) {
    if (memory == nullptr) return E_POINTER;
    *memory = nullptr;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<Memory>(parent);
    WDFMEMORY handle = nullptr;
    const NTSTATUS status =
        buffer != nullptr
            ? WdfMemoryCreatePreallocated(&attributes, buffer, size, &handle)
            : WdfMemoryCreate(&attributes, NonPagedPoolNx, memory_tag, size, &handle, nullptr);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    Memory* face = build_face<Memory>(handle);
    face->watch(callbacks);
    hand_out(face, memory);
    return S_OK;
}

HRESULT Memory::CopyFromMemory(um::IWDFMemory* source, um::PWDFMEMORY_OFFSET source_offset) {
    const WDFMEMORY from = handle_of(source);
    if (from == nullptr) return E_INVALIDARG;
    size_t available = 0;
    auto* start = static_cast<UCHAR*>(WdfMemoryGetBuffer(from, &available));
    size_t length = available;
    if (source_offset != nullptr) {
        if (source_offset->BufferOffset > available ||
            source_offset->BufferLength > available - source_offset->BufferOffset) {
            return HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
        }
        start += source_offset->BufferOffset;
        length = source_offset->BufferLength;
    }
    return hresult_from(WdfMemoryCopyFromBuffer(memory_, 0, start, length));
}

HRESULT Memory::CopyToBuffer(ULONG_PTR offset, void* buffer, SIZE_T size) {
    return hresult_from(WdfMemoryCopyToBuffer(memory_, offset, buffer, size));
}

HRESULT Memory::CopyFromBuffer(ULONG_PTR offset, void* buffer, SIZE_T size) {
    return hresult_from(WdfMemoryCopyFromBuffer(memory_, offset, buffer, size));
}

SIZE_T Memory::GetSize() {
    size_t size = 0;
    WdfMemoryGetBuffer(memory_, &size);
    return size;
}

void* Memory::GetDataBuffer(SIZE_T* size) {
    size_t length = 0;
    void* buffer = WdfMemoryGetBuffer(memory_, &length);
    if (size != nullptr) *size = length;
    return buffer;
}

// Has no result: a buffer that is refused leaves the old one.
void Memory::SetBuffer(void* buffer, SIZE_T size) {
    if (NT_SUCCESS(WdfMemoryAssignBuffer(memory_, buffer, size))) return;
    GxReportFinding("umdf-104", nullptr,
                    "IWDFMemory::SetBuffer of %u bytes is refused: the memory was not made by "
                    "CreatePreallocatedWdfMemory, or there is no buffer",
                    static_cast<unsigned>(size));
}

}  // namespace wudfx
