// IWDFMemory: bytes of the framework's, of the driver's, or of a request.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Memory final : public ObjectFace<um::IWDFMemory> {
  public:
    static constexpr const char* type_name = "IWDFMemory";
    explicit Memory(WDFMEMORY memory) : ObjectFace(memory, type_name), memory_(memory) {}

    HRESULT STDMETHODCALLTYPE CopyFromMemory(um::IWDFMemory* source,
                                             um::PWDFMEMORY_OFFSET source_offset) override;
    HRESULT STDMETHODCALLTYPE CopyToBuffer(ULONG_PTR offset, void* buffer, SIZE_T size) override;
    HRESULT STDMETHODCALLTYPE CopyFromBuffer(ULONG_PTR offset, void* buffer, SIZE_T size) override;
    SIZE_T STDMETHODCALLTYPE GetSize() override;
    void* STDMETHODCALLTYPE GetDataBuffer(SIZE_T* size) override;
    void STDMETHODCALLTYPE SetBuffer(void* buffer, SIZE_T size) override;

    // The handle behind what a driver passed; null for null and for what is no memory.
    static WDFMEMORY handle_of(um::IWDFMemory* memory);
    // With a null `buffer` the framework allocates. `parent` is null or ours.
    static HRESULT create(void* buffer, SIZE_T size, um::IUnknown* callbacks, WDFOBJECT parent,
                          um::IWDFMemory** memory);

  private:
    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFMemory) ? this : nullptr;
    }
    WDFMEMORY memory_;
};

}  // namespace wudfx
