// IWDFFile: an open handle of a device, or what a target has open.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Device;

class File final : public ObjectFace<um::IWDFFile> {
  public:
    static constexpr const char* type_name = "IWDFFile";
    explicit File(WDFFILEOBJECT file)
        : ObjectFace(file, type_name), device_(WdfFileObjectGetDevice(file)), file_(file) {}
    // The file of a target; it has no name that a driver could ask for.
    File(WDFOBJECT object, WDFDEVICE device) : ObjectFace(object, type_name), device_(device) {}

    void STDMETHODCALLTYPE GetDevice(um::IWDFDevice** device) override;
    HRESULT STDMETHODCALLTYPE RetrieveFileName(PWSTR name, DWORD* length) override;
    HRESULT STDMETHODCALLTYPE DeleteWdfObject() override {
        return HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);
    }

    WDFFILEOBJECT file_handle() const { return file_; }  // null for the file of a target

  private:
    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFFile) ? this : nullptr;
    }
    WDFDEVICE device_;
    WDFFILEOBJECT file_ = nullptr;
};

}  // namespace wudfx
