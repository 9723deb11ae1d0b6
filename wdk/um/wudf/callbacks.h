/* What a driver's device and queue objects may implement; the framework asks them by QueryInterface. */
#pragma once

#include "wudf/forward.h"

GX_WUDF_INTERFACE(IPnpCallback, IUnknown, 17)
{
    virtual HRESULT STDMETHODCALLTYPE OnD0Entry(
        _In_ IWDFDevice* pWdfDevice, _In_ WDF_POWER_DEVICE_STATE previousState) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnD0Exit(
        _In_ IWDFDevice* pWdfDevice, _In_ WDF_POWER_DEVICE_STATE newState) = 0;
    virtual void STDMETHODCALLTYPE OnSurpriseRemoval(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnQueryRemove(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnQueryStop(_In_ IWDFDevice* pWdfDevice) = 0;
};

GX_WUDF_INTERFACE(IPnpCallbackHardware, IUnknown, 18)
{
    virtual HRESULT STDMETHODCALLTYPE OnPrepareHardware(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnReleaseHardware(_In_ IWDFDevice* pWdfDevice) = 0;
};

GX_WUDF_INTERFACE(IPnpCallbackHardware2, IUnknown, 19)
{
    virtual HRESULT STDMETHODCALLTYPE OnPrepareHardware(
        _In_ IWDFDevice3* pWdfDevice, _In_ IWDFCmResourceList* pWdfResourcesRaw,
        _In_ IWDFCmResourceList* pWdfResourcesTranslated) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnReleaseHardware(
        _In_ IWDFDevice3* pWdfDevice, _In_ IWDFCmResourceList* pWdfResourcesTranslated) = 0;
};

GX_WUDF_INTERFACE(IPnpCallbackHardwareInterrupt, IUnknown, 1A)
{
    virtual HRESULT STDMETHODCALLTYPE OnD0EntryPostInterruptsEnabled(
        _In_ IWDFDevice3* pWdfDevice, _In_ WDF_POWER_DEVICE_STATE PreviousState) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnD0ExitPreInterruptsDisabled(
        _In_ IWDFDevice3* pWdfDevice, _In_ WDF_POWER_DEVICE_STATE TargetState) = 0;
};

GX_WUDF_INTERFACE(IPnpCallbackSelfManagedIo, IUnknown, 1B)
{
    virtual void STDMETHODCALLTYPE OnSelfManagedIoCleanup(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual void STDMETHODCALLTYPE OnSelfManagedIoFlush(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnSelfManagedIoInit(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnSelfManagedIoSuspend(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnSelfManagedIoRestart(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnSelfManagedIoStop(_In_ IWDFDevice* pWdfDevice) = 0;
};

GX_WUDF_INTERFACE(IPowerPolicyCallbackWakeFromS0, IUnknown, 1C)
{
    virtual HRESULT STDMETHODCALLTYPE OnArmWakeFromS0(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual void STDMETHODCALLTYPE OnDisarmWakeFromS0(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual void STDMETHODCALLTYPE OnWakeFromS0Triggered(_In_ IWDFDevice* pWdfDevice) = 0;
};

GX_WUDF_INTERFACE(IPowerPolicyCallbackWakeFromSx, IUnknown, 1D)
{
    virtual HRESULT STDMETHODCALLTYPE OnArmWakeFromSx(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual void STDMETHODCALLTYPE OnDisarmWakeFromSx(_In_ IWDFDevice* pWdfDevice) = 0;
    virtual void STDMETHODCALLTYPE OnWakeFromSxTriggered(_In_ IWDFDevice* pWdfDevice) = 0;
};

GX_WUDF_INTERFACE(IFileCallbackCleanup, IUnknown, 1E)
{
    virtual void STDMETHODCALLTYPE OnCleanupFile(_In_ IWDFFile* pWdfFileObject) = 0;
};

GX_WUDF_INTERFACE(IFileCallbackClose, IUnknown, 1F)
{
    virtual void STDMETHODCALLTYPE OnCloseFile(_In_ IWDFFile* pWdfFileObject) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackCreate, IUnknown, 20)
{
    virtual void STDMETHODCALLTYPE OnCreateFile(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest,
        _In_ IWDFFile* pWdfFileObject) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackDefaultIoHandler, IUnknown, 21)
{
    virtual void STDMETHODCALLTYPE OnDefaultIoHandler(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackDeviceIoControl, IUnknown, 22)
{
    virtual void STDMETHODCALLTYPE OnDeviceIoControl(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest, _In_ ULONG ControlCode,
        _In_ SIZE_T InBufferSize, _In_ SIZE_T OutBufferSize) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackRead, IUnknown, 23)
{
    virtual void STDMETHODCALLTYPE OnRead(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest,
        _In_ SIZE_T NumOfBytesToRead) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackWrite, IUnknown, 24)
{
    virtual void STDMETHODCALLTYPE OnWrite(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest,
        _In_ SIZE_T NumOfBytesToWrite) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackIoStop, IUnknown, 25)
{
    virtual void STDMETHODCALLTYPE OnIoStop(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest, _In_ ULONG ActionFlags) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackIoResume, IUnknown, 26)
{
    virtual void STDMETHODCALLTYPE OnIoResume(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackIoCanceledOnQueue, IUnknown, 27)
{
    virtual void STDMETHODCALLTYPE OnIoCanceledOnQueue(
        _In_ IWDFIoQueue* pWdfQueue, _In_ IWDFIoRequest* pWdfRequest) = 0;
};

GX_WUDF_INTERFACE(IQueueCallbackStateChange, IUnknown, 28)
{
    virtual void STDMETHODCALLTYPE OnStateChange(
        _In_ IWDFIoQueue* pWdfQueue, _In_ WDF_IO_QUEUE_STATE QueueState) = 0;
};

GX_WUDF_INTERFACE(IRequestCallbackCancel, IUnknown, 29)
{
    virtual void STDMETHODCALLTYPE OnCancel(_In_ IWDFIoRequest* pWdfRequest) = 0;
};

GX_WUDF_INTERFACE(IRequestCallbackRequestCompletion, IUnknown, 2A)
{
    virtual void STDMETHODCALLTYPE OnCompletion(
        _In_ IWDFIoRequest* pWdfRequest, _In_ IWDFIoTarget* pIoTarget,
        _In_ IWDFRequestCompletionParams* pParams, _In_ void* pContext) = 0;
};

GX_WUDF_INTERFACE(IRemoteTargetCallbackRemoval, IUnknown, 2B)
{
    virtual BOOL STDMETHODCALLTYPE OnRemoteTargetQueryRemove(
        _In_ IWDFRemoteTarget* pWdfRemoteTarget) = 0;
    virtual void STDMETHODCALLTYPE OnRemoteTargetRemoveCanceled(
        _In_ IWDFRemoteTarget* pWdfRemoteTarget) = 0;
    virtual void STDMETHODCALLTYPE OnRemoteTargetRemoveComplete(
        _In_ IWDFRemoteTarget* pWdfRemoteTarget) = 0;
};
