// IWDFRemoteTarget and the default target of a device (IWDFIoTarget).
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Device;

class IoTarget final : public ObjectFace<um::IWDFRemoteTarget>,
                       public um::IWDFIoTargetStateManagement {
  public:
    static constexpr const char* type_name = "IWDFIoTarget";
    // `remote`: has a name to open; else it is the next driver of the device's own stack.
    IoTarget(WDFIOTARGET target, Device& device, bool remote)
        : ObjectFace(target, remote ? "IWDFRemoteTarget" : type_name),
          target_(target),
          device_(device),
          remote_(remote) {}

    void STDMETHODCALLTYPE GetTargetFile(um::IWDFFile** file) override;
    HRESULT STDMETHODCALLTYPE FormatRequestForRead(um::IWDFIoRequest* request, um::IWDFFile* file,
                                                   um::IWDFMemory* output,
                                                   um::PWDFMEMORY_OFFSET output_offset,
                                                   PLONGLONG device_offset) override;
    HRESULT STDMETHODCALLTYPE FormatRequestForWrite(um::IWDFIoRequest* request, um::IWDFFile* file,
                                                    um::IWDFMemory* input,
                                                    um::PWDFMEMORY_OFFSET input_offset,
                                                    PLONGLONG device_offset) override;
    HRESULT STDMETHODCALLTYPE FormatRequestForIoctl(um::IWDFIoRequest* request, ULONG code,
                                                    um::IWDFFile* file, um::IWDFMemory* input,
                                                    um::PWDFMEMORY_OFFSET input_offset,
                                                    um::IWDFMemory* output,
                                                    um::PWDFMEMORY_OFFSET output_offset) override;

    HRESULT STDMETHODCALLTYPE OpenFileByName(PCWSTR name, DWORD access,
                                             um::PUMDF_IO_TARGET_OPEN_PARAMS parameters) override;
    HRESULT STDMETHODCALLTYPE Close() override;
    HRESULT STDMETHODCALLTYPE CloseForQueryRemove() override;
    HRESULT STDMETHODCALLTYPE Reopen() override;
    HRESULT STDMETHODCALLTYPE Start() override;
    HRESULT STDMETHODCALLTYPE Stop(um::WDF_IO_TARGET_SENT_IO_ACTION action) override;
    um::WDF_IO_TARGET_STATE STDMETHODCALLTYPE GetState() override;

    // Both bases have these.
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) override {
        return ObjectFace::QueryInterface(id, object);
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return ObjectFace::AddRef(); }
    ULONG STDMETHODCALLTYPE Release() override { return ObjectFace::Release(); }

    WDFIOTARGET target_handle() const { return target_; }
    Device& device() const { return device_; }

    static HRESULT create(Device& device, um::IUnknown* callbacks, WDFOBJECT parent,
                          um::IWDFRemoteTarget** target);

  private:
    void* find_interface(REFIID id) override;
    void add_callbacks(WDF_IO_TARGET_OPEN_PARAMS& parameters) const;
    // What the driver's names for files and dispositions are to the kernel.
    HRESULT open(UNICODE_STRING& name, DWORD access,
                 const um::UMDF_IO_TARGET_OPEN_PARAMS* parameters);

    WDFIOTARGET target_;
    Device& device_;
    bool remote_;
    Reference<um::IRemoteTargetCallbackRemoval> removal_;
};

}  // namespace wudfx
