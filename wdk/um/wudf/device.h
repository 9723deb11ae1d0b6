/* The device and what belongs to its hardware: resources, interrupts, work items. */
#pragma once

#include "wudf/request.h"
#include "wudfdevice.h"
#include "wudfinterrupt.h"
#include "wudfworkitem.h"

GX_WUDF_INTERFACE(IWDFCmResourceList, IWDFObject, 37)
{
    virtual ULONG STDMETHODCALLTYPE GetCount() = 0;
    virtual PCM_PARTIAL_RESOURCE_DESCRIPTOR STDMETHODCALLTYPE GetDescriptor(_In_ ULONG Index) = 0;
};

GX_WUDF_INTERFACE(IWDFDevice, IWDFObject, 38)
{
    virtual void STDMETHODCALLTYPE GetDriver(_Out_ IWDFDriver** ppWdfDriver) = 0;
    virtual void STDMETHODCALLTYPE GetDefaultIoTarget(_Out_ IWDFIoTarget** ppWdfIoTarget) = 0;
    virtual void STDMETHODCALLTYPE GetDefaultIoQueue(_Out_ IWDFIoQueue** ppWdfIoQueue) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateIoQueue(
        _In_opt_ IUnknown* pCallbackInterface, _In_ BOOL bDefaultQueue,
        _In_ WDF_IO_QUEUE_DISPATCH_TYPE DispatchType, _In_ BOOL bPowerManaged,
        _In_ BOOL bAllowZeroLengthRequests, _Out_ IWDFIoQueue** ppIoQueue) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateDeviceInterface(
        _In_ LPCGUID pDeviceInterfaceGuid, _In_opt_ PCWSTR pReferenceString) = 0;
    virtual HRESULT STDMETHODCALLTYPE AssignDeviceInterfaceState(
        _In_ LPCGUID pDeviceInterfaceGuid, _In_opt_ PCWSTR pReferenceString, _In_ BOOL Enable) = 0;
    virtual HRESULT STDMETHODCALLTYPE ConfigureRequestDispatching(
        _In_ IWDFIoQueue* pQueue, _In_ WDF_REQUEST_TYPE RequestType, _In_ BOOL Forward) = 0;
    virtual void STDMETHODCALLTYPE SetPnpState(
        _In_ WDF_PNP_STATE State, _In_ WDF_TRI_STATE Value) = 0;
    virtual WDF_TRI_STATE STDMETHODCALLTYPE GetPnpState(_In_ WDF_PNP_STATE State) = 0;
    virtual void STDMETHODCALLTYPE CommitPnpState() = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateRequest(
        _In_opt_ IUnknown* pCallbackInterface, _In_opt_ IWDFObject* pParentObject,
        _Out_ IWDFIoRequest** ppRequest) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateSymbolicLink(_In_ PCWSTR pSymbolicLink) = 0;
};

GX_WUDF_INTERFACE(IWDFDevice2, IWDFDevice, 39)
{
    virtual HRESULT STDMETHODCALLTYPE CreateRemoteTarget(
        _In_opt_ IUnknown* pCallbackInterface, _In_opt_ IWDFObject* pParentObject,
        _Out_ IWDFRemoteTarget** ppRemoteTarget) = 0;
    virtual HRESULT STDMETHODCALLTYPE AssignS0IdleSettings(
        _In_ WDF_POWER_POLICY_S0_IDLE_CAPABILITIES IdleCaps, _In_ DEVICE_POWER_STATE DxState,
        _In_ ULONG IdleTimeout,
        _In_ WDF_POWER_POLICY_S0_IDLE_USER_CONTROL UserControlOfIdleSettings,
        _In_ WDF_TRI_STATE Enabled) = 0;
    virtual HRESULT STDMETHODCALLTYPE AssignSxWakeSettings(
        _In_ DEVICE_POWER_STATE DxState,
        _In_ WDF_POWER_POLICY_SX_WAKE_USER_CONTROL UserControlOfWakeSettings,
        _In_ WDF_TRI_STATE Enabled) = 0;
    virtual HRESULT STDMETHODCALLTYPE StopIdle(_In_ BOOL WaitForD0) = 0;
    virtual void STDMETHODCALLTYPE ResumeIdle() = 0;
    virtual POWER_ACTION STDMETHODCALLTYPE GetSystemPowerAction() = 0;
};

GX_WUDF_INTERFACE(IWDFDevice3, IWDFDevice2, 3A)
{
    virtual HRESULT STDMETHODCALLTYPE CreateInterrupt(
        _In_ PWUDF_INTERRUPT_CONFIG Configuration, _Out_ IWDFInterrupt** ppInterrupt) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateWorkItem(
        _In_ PWUDF_WORKITEM_CONFIG pConfig, _In_opt_ IWDFObject* pParentObject,
        _Out_ IWDFWorkItem** ppWorkItem) = 0;
    virtual HRESULT STDMETHODCALLTYPE AssignS0IdleSettingsEx(
        _In_ PWUDF_DEVICE_POWER_POLICY_IDLE_SETTINGS IdleSettings) = 0;
};

GX_WUDF_INTERFACE(IWDFInterrupt, IWDFObject, 3B)
{
    virtual void STDMETHODCALLTYPE AcquireInterruptLock() = 0;
    virtual void STDMETHODCALLTYPE ReleaseInterruptLock() = 0;
    virtual BOOLEAN STDMETHODCALLTYPE TryToAcquireInterruptLock() = 0;
    virtual void STDMETHODCALLTYPE Enable() = 0;
    virtual void STDMETHODCALLTYPE Disable() = 0;
    virtual IWDFDevice3* STDMETHODCALLTYPE GetDevice() = 0;
    virtual void STDMETHODCALLTYPE GetInfo(_In_ WDF_INTERRUPT_INFO* Info) = 0;
    virtual BOOLEAN STDMETHODCALLTYPE QueueWorkItemForIsr() = 0;
    virtual void STDMETHODCALLTYPE SetPolicy(
        _In_ WDF_INTERRUPT_POLICY Policy, _In_ WDF_INTERRUPT_PRIORITY Priority,
        _In_ KAFFINITY TargetProcessorSet) = 0;
    virtual void STDMETHODCALLTYPE SetExtendedPolicy(
        _In_ WDF_INTERRUPT_EXTENDED_POLICY* PolicyAndGroup) = 0;
};

GX_WUDF_INTERFACE(IWDFWorkItem, IWDFObject, 3C)
{
    virtual void STDMETHODCALLTYPE Enqueue() = 0;
    virtual void STDMETHODCALLTYPE Flush() = 0;
    virtual IWDFObject* STDMETHODCALLTYPE GetParentObject() = 0;
};
