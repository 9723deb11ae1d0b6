// IWDFDriver, and the driver's own class behind it.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Driver final : public ObjectFace<um::IWDFDriver> {
  public:
    static constexpr const char* type_name = "IWDFDriver";
    explicit Driver(WDFDRIVER driver) : ObjectFace(driver, type_name), driver_(driver) {}

    HRESULT STDMETHODCALLTYPE DeleteWdfObject() override {
        return HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);
    }
    HRESULT STDMETHODCALLTYPE CreateDevice(um::IWDFDeviceInitialize* init, um::IUnknown* callbacks,
                                           um::IWDFDevice** device) override;
    HRESULT STDMETHODCALLTYPE CreateWdfObject(um::IUnknown* callbacks, um::IWDFObject* parent,
                                              um::IWDFObject** object) override;
    HRESULT STDMETHODCALLTYPE CreatePreallocatedWdfMemory(BYTE* buffer, SIZE_T size,
                                                          um::IUnknown* callbacks,
                                                          um::IWDFObject* parent,
                                                          um::IWDFMemory** memory) override;
    HRESULT STDMETHODCALLTYPE CreateWdfMemory(SIZE_T size, um::IUnknown* callbacks,
                                              um::IWDFObject* parent,
                                              um::IWDFMemory** memory) override;
    BOOL STDMETHODCALLTYPE IsVersionAvailable(um::UMDF_VERSION_DATA* minimum) override;
    HRESULT STDMETHODCALLTYPE RetrieveVersionString(PWSTR version, DWORD* length) override;

    // Makes the driver's class and initializes it. When it fails, nothing of the driver remains.
    NTSTATUS load();
    void unload();
    NTSTATUS add_device(PWDFDEVICE_INIT init);

  private:
    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFDriver) ? this : nullptr;
    }
    // Null for what is none of ours; the driver itself for null.
    WDFOBJECT parent_of(um::IWDFObject* parent);

    WDFDRIVER driver_;
    Reference<um::IDriverEntry> entry_;
};

}  // namespace wudfx
