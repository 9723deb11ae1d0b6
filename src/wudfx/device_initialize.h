// IWDFDeviceInitialize2: what a driver chooses before its device exists. Of no use afterwards.
#pragma once

#include "wudfx/worlds.h"

namespace wudfx {

class DeviceInitialize final : public um::IWDFDeviceInitialize2 {
  public:
    explicit DeviceInitialize(PWDFDEVICE_INIT init);
    static void* operator new(size_t size) noexcept;
    static void operator delete(void* memory) noexcept;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) override;
    ULONG STDMETHODCALLTYPE AddRef() override;
    ULONG STDMETHODCALLTYPE Release() override;
    void STDMETHODCALLTYPE SetPnpCapability(um::WDF_PNP_CAPABILITY capability,
                                            um::WDF_TRI_STATE value) override;
    um::WDF_TRI_STATE STDMETHODCALLTYPE
    GetPnpCapability(um::WDF_PNP_CAPABILITY capability) override;
    void STDMETHODCALLTYPE SetLockingConstraint(um::WDF_CALLBACK_CONSTRAINT type) override;
    void STDMETHODCALLTYPE SetFilter() override;
    void STDMETHODCALLTYPE SetPowerPolicyOwnership(BOOL owner) override { owner_ = owner; }
    void STDMETHODCALLTYPE AutoForwardCreateCleanupClose(um::WDF_TRI_STATE state) override {
        auto_forward_ = state;
    }
    void STDMETHODCALLTYPE SetIoTypePreference(um::WDF_DEVICE_IO_BUFFER_RETRIEVAL retrieval,
                                               um::WDF_DEVICE_IO_TYPE read_write,
                                               um::WDF_DEVICE_IO_TYPE control) override;

    // What it was made of; null once a device has been made of that.
    PWDFDEVICE_INIT init() const { return init_; }
    void use_up() { init_ = nullptr; }
    bool serializes() const { return constraint_ == um::WdfDeviceLevel; }
    bool owns_power_policy() const { return owner_ != FALSE; }
    um::WDF_TRI_STATE auto_forward() const { return auto_forward_; }
    um::WDF_DEVICE_IO_TYPE io_type() const { return io_type_; }
    void apply_capabilities(WDFDEVICE device) const;

    // The object behind what a driver passed; null for what is none of ours.
    static DeviceInitialize* of(um::IWDFDeviceInitialize* object);

  private:
    ~DeviceInitialize() = default;

    static const IID own_id;
    volatile LONG references_ = 1;
    PWDFDEVICE_INIT init_;
    um::WDF_CALLBACK_CONSTRAINT constraint_ = um::WdfDeviceLevel;
    um::WDF_TRI_STATE auto_forward_ = um::WdfUseDefault;
    um::WDF_DEVICE_IO_TYPE io_type_ = um::WdfDeviceIoBuffered;
    um::WDF_TRI_STATE capabilities_[um::WdfPnpCapMaximum];
    BOOL owner_ = FALSE;
};

}  // namespace wudfx
