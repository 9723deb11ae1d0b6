// IWDFDevice3.
#pragma once

#include "wudfx/device_callbacks.h"
#include "wudfx/object.h"

namespace wudfx {

class DeviceInitialize;
class Interrupt;
class IoTarget;

class Device final : public ObjectFace<um::IWDFDevice3> {
  public:
    static constexpr const char* type_name = "IWDFDevice";
    Device(WDFDEVICE device, const DeviceInitialize& init);

    void STDMETHODCALLTYPE AcquireLock() override;
    void STDMETHODCALLTYPE ReleaseLock() override;
    HRESULT STDMETHODCALLTYPE DeleteWdfObject() override {
        return HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);  // it is the framework's
    }

    void STDMETHODCALLTYPE GetDriver(um::IWDFDriver** driver) override;
    void STDMETHODCALLTYPE GetDefaultIoTarget(um::IWDFIoTarget** target) override;
    void STDMETHODCALLTYPE GetDefaultIoQueue(um::IWDFIoQueue** queue) override;
    HRESULT STDMETHODCALLTYPE CreateIoQueue(um::IUnknown* callbacks, BOOL is_default,
                                            um::WDF_IO_QUEUE_DISPATCH_TYPE dispatch,
                                            BOOL power_managed, BOOL zero_length,
                                            um::IWDFIoQueue** queue) override;
    HRESULT STDMETHODCALLTYPE CreateDeviceInterface(LPCGUID interface_class,
                                                    PCWSTR reference) override;
    HRESULT STDMETHODCALLTYPE AssignDeviceInterfaceState(LPCGUID interface_class, PCWSTR reference,
                                                         BOOL enable) override;
    HRESULT STDMETHODCALLTYPE ConfigureRequestDispatching(um::IWDFIoQueue* queue,
                                                          um::WDF_REQUEST_TYPE type,
                                                          BOOL forward) override;
    void STDMETHODCALLTYPE SetPnpState(um::WDF_PNP_STATE state, um::WDF_TRI_STATE value) override;
    um::WDF_TRI_STATE STDMETHODCALLTYPE GetPnpState(um::WDF_PNP_STATE state) override;
    void STDMETHODCALLTYPE CommitPnpState() override;
    HRESULT STDMETHODCALLTYPE CreateRequest(um::IUnknown* callbacks, um::IWDFObject* parent,
                                            um::IWDFIoRequest** request) override;
    HRESULT STDMETHODCALLTYPE CreateSymbolicLink(PCWSTR name) override;

    HRESULT STDMETHODCALLTYPE CreateRemoteTarget(um::IUnknown* callbacks, um::IWDFObject* parent,
                                                 um::IWDFRemoteTarget** target) override;
    HRESULT STDMETHODCALLTYPE AssignS0IdleSettings(
        um::WDF_POWER_POLICY_S0_IDLE_CAPABILITIES capabilities, DEVICE_POWER_STATE state,
        ULONG timeout, um::WDF_POWER_POLICY_S0_IDLE_USER_CONTROL user_control,
        um::WDF_TRI_STATE enabled) override;
    HRESULT STDMETHODCALLTYPE AssignSxWakeSettings(
        DEVICE_POWER_STATE state, um::WDF_POWER_POLICY_SX_WAKE_USER_CONTROL user_control,
        um::WDF_TRI_STATE enabled) override;
    HRESULT STDMETHODCALLTYPE StopIdle(BOOL wait_for_d0) override;
    void STDMETHODCALLTYPE ResumeIdle() override;
    POWER_ACTION STDMETHODCALLTYPE GetSystemPowerAction() override;

    HRESULT STDMETHODCALLTYPE CreateInterrupt(um::PWUDF_INTERRUPT_CONFIG configuration,
                                              um::IWDFInterrupt** interrupt) override;
    HRESULT STDMETHODCALLTYPE CreateWorkItem(um::PWUDF_WORKITEM_CONFIG configuration,
                                             um::IWDFObject* parent,
                                             um::IWDFWorkItem** item) override;
    HRESULT STDMETHODCALLTYPE
    AssignS0IdleSettingsEx(um::PWUDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings) override;

    WDFDEVICE device_handle() const { return device_; }
    PDEVICE_OBJECT physical_device() const { return WdfDeviceWdmGetPhysicalDevice(device_); }
    // Whether the driver's queue and file callbacks take turns.
    bool serializes() const { return serializes_; }
    um::WDF_DEVICE_IO_TYPE io_type() const { return io_type_; }
    const DeviceCallbacks& callbacks() const { return callbacks_; }
    NTSTATUS prepare(WDFCMRESLIST raw, WDFCMRESLIST translated);
    NTSTATUS release(WDFCMRESLIST translated);

    Interrupt* first_interrupt = nullptr;

    static HRESULT create(DeviceInitialize& init, um::IUnknown* callbacks, um::IWDFDevice** device);

  private:
    void* find_interface(REFIID id) override;
    // The object that a driver named as parent, or the device; null if it is none of ours.
    WDFOBJECT parent_of(um::IWDFObject* parent);
    bool check_sharing(WDFCMRESLIST translated);

    WDFDEVICE device_;
    bool serializes_;
    bool owns_power_policy_;
    bool preparing_ = false;
    um::WDF_DEVICE_IO_TYPE io_type_;
    DeviceCallbacks callbacks_;
    WDF_DEVICE_STATE pnp_state_;  // what CommitPnpState will tell
};

}  // namespace wudfx
