// IWDFInterrupt. All callbacks of a driver run at PASSIVE_LEVEL (I94): the service routine under
// the interrupt lock, the work item without it.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class Device;

class Interrupt final : public ObjectFace<um::IWDFInterrupt> {
  public:
    static constexpr const char* type_name = "IWDFInterrupt";
    Interrupt(WDFINTERRUPT interrupt, Device& device, const um::WUDF_INTERRUPT_CONFIG& config);

    void STDMETHODCALLTYPE AcquireInterruptLock() override { WdfInterruptAcquireLock(interrupt_); }
    void STDMETHODCALLTYPE ReleaseInterruptLock() override { WdfInterruptReleaseLock(interrupt_); }
    BOOLEAN STDMETHODCALLTYPE TryToAcquireInterruptLock() override {
        return WdfInterruptTryToAcquireLock(interrupt_);
    }
    void STDMETHODCALLTYPE Enable() override { WdfInterruptEnable(interrupt_); }
    void STDMETHODCALLTYPE Disable() override { WdfInterruptDisable(interrupt_); }
    um::IWDFDevice3* STDMETHODCALLTYPE GetDevice() override;
    void STDMETHODCALLTYPE GetInfo(um::WDF_INTERRUPT_INFO* info) override;
    BOOLEAN STDMETHODCALLTYPE QueueWorkItemForIsr() override {
        return WdfInterruptQueueWorkItemForIsr(interrupt_);
    }
    void STDMETHODCALLTYPE SetPolicy(um::WDF_INTERRUPT_POLICY policy,
                                     um::WDF_INTERRUPT_PRIORITY priority,
                                     KAFFINITY processors) override;
    void STDMETHODCALLTYPE SetExtendedPolicy(um::WDF_INTERRUPT_EXTENDED_POLICY* policy) override;

    // `preparing`: inside OnPrepareHardware, so the configuration has its descriptors.
    static HRESULT create(Device& device, const um::WUDF_INTERRUPT_CONFIG* config, bool preparing,
                          um::IWDFInterrupt** interrupt);
    // Whether ShareVector fits the line (specification 11.4); if not, a finding.
    static bool may_use(Device& device, um::WDF_TRI_STATE share_vector,
                        const CM_PARTIAL_RESOURCE_DESCRIPTOR& line);
    // Those created before the resources were known take them in order: the device asks at its
    // start.
    bool waits_for_resource() const { return waits_for_resource_; }
    um::WDF_TRI_STATE share_vector() const { return config_.ShareVector; }
    Interrupt* next = nullptr;  // of the device, in the order of creation

    ~Interrupt();

  private:
    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFInterrupt) ? this : nullptr;
    }
    static WDF_INTERRUPT_CONFIG settings_for(const um::WUDF_INTERRUPT_CONFIG& config);

    WDFINTERRUPT interrupt_;
    Device& device_;
    um::WUDF_INTERRUPT_CONFIG config_;
    bool waits_for_resource_;
};

}  // namespace wudfx
