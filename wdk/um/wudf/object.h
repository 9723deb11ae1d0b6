/* What all framework objects of UMDF 1 share, the driver, memory, and the device before its creation. */
#pragma once

#include "wudf/forward.h"

GX_WUDF_INTERFACE(IObjectCleanup, IUnknown, 10)
{
    virtual void STDMETHODCALLTYPE OnCleanup(_In_ IWDFObject* pWdfObject) = 0;
};

GX_WUDF_INTERFACE(IWDFObject, IUnknown, 11)
{
    virtual HRESULT STDMETHODCALLTYPE DeleteWdfObject() = 0;
    virtual HRESULT STDMETHODCALLTYPE AssignContext(
        _In_opt_ IObjectCleanup* pCleanupCallback, _In_opt_ void* pContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveContext(_Out_ void** ppvContext) = 0;
    virtual void STDMETHODCALLTYPE AcquireLock() = 0;
    virtual void STDMETHODCALLTYPE ReleaseLock() = 0;
};

GX_WUDF_INTERFACE(IWDFMemory, IWDFObject, 12)
{
    virtual HRESULT STDMETHODCALLTYPE CopyFromMemory(
        _In_ IWDFMemory* pSource, _In_opt_ PWDFMEMORY_OFFSET pSourceOffset) = 0;
    virtual HRESULT STDMETHODCALLTYPE CopyToBuffer(
        _In_ ULONG_PTR SourceOffset, _Out_ void* pTargetBuffer, _In_ SIZE_T NumOfBytesToCopyTo) = 0;
    virtual HRESULT STDMETHODCALLTYPE CopyFromBuffer(
        _In_ ULONG_PTR DestOffset, _In_ void* pSourceBuffer, _In_ SIZE_T NumOfBytesToCopyFrom) = 0;
    virtual SIZE_T STDMETHODCALLTYPE GetSize() = 0;
    virtual void* STDMETHODCALLTYPE GetDataBuffer(_Out_opt_ SIZE_T* pBufferSize) = 0;
    virtual void STDMETHODCALLTYPE SetBuffer(_In_ void* Buffer, _In_ SIZE_T BufferSize) = 0;
};

GX_WUDF_INTERFACE(IWDFDeviceInitialize, IUnknown, 13)
{
    virtual void STDMETHODCALLTYPE SetPnpCapability(
        _In_ WDF_PNP_CAPABILITY Capability, _In_ WDF_TRI_STATE Value) = 0;
    virtual WDF_TRI_STATE STDMETHODCALLTYPE GetPnpCapability(
        _In_ WDF_PNP_CAPABILITY Capability) = 0;
    virtual void STDMETHODCALLTYPE SetLockingConstraint(_In_ WDF_CALLBACK_CONSTRAINT LockType) = 0;
    virtual void STDMETHODCALLTYPE SetFilter() = 0;
    virtual void STDMETHODCALLTYPE SetPowerPolicyOwnership(_In_ BOOL fTrue) = 0;
    virtual void STDMETHODCALLTYPE AutoForwardCreateCleanupClose(_In_ WDF_TRI_STATE State) = 0;
};

GX_WUDF_INTERFACE(IWDFDeviceInitialize2, IWDFDeviceInitialize, 14)
{
    virtual void STDMETHODCALLTYPE SetIoTypePreference(
        _In_ WDF_DEVICE_IO_BUFFER_RETRIEVAL RetrievalMode,
        _In_ WDF_DEVICE_IO_TYPE ReadWritePreference,
        _In_ WDF_DEVICE_IO_TYPE IoControlPreference) = 0;
};

GX_WUDF_INTERFACE(IWDFDriver, IWDFObject, 15)
{
    virtual HRESULT STDMETHODCALLTYPE CreateDevice(
        _In_ IWDFDeviceInitialize* pDeviceInit, _In_opt_ IUnknown* pCallbackInterface,
        _Out_ IWDFDevice** ppDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateWdfObject(
        _In_opt_ IUnknown* pCallbackInterface, _In_opt_ IWDFObject* pParentObject,
        _Out_ IWDFObject** ppWdfObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreatePreallocatedWdfMemory(
        _In_ BYTE* pBuff, _In_ SIZE_T BufferSize, _In_opt_ IUnknown* pCallbackInterface,
        _In_opt_ IWDFObject* pParentObject, _Out_ IWDFMemory** ppWdfMemory) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateWdfMemory(
        _In_ SIZE_T BufferSize, _In_opt_ IUnknown* pCallbackInterface,
        _In_opt_ IWDFObject* pParentObject, _Out_ IWDFMemory** ppWdfMemory) = 0;
    virtual BOOL STDMETHODCALLTYPE IsVersionAvailable(_In_ UMDF_VERSION_DATA* pMinimumVersion) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveVersionString(
        _Out_ PWSTR pVersion, _Inout_ DWORD* pdwVersionLength) = 0;
};

GX_WUDF_INTERFACE(IDriverEntry, IUnknown, 16)
{
    virtual HRESULT STDMETHODCALLTYPE OnInitialize(_In_ IWDFDriver* pWdfDriver) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnDeviceAdd(
        _In_ IWDFDriver* pWdfDriver, _In_ IWDFDeviceInitialize* pWdfDeviceInit) = 0;
    virtual void STDMETHODCALLTYPE OnDeinitialize(_In_ IWDFDriver* pWdfDriver) = 0;
};
