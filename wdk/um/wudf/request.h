/* Requests, their queues, files, and the targets that they are sent to. */
#pragma once

#include "wudf/object.h"

GX_WUDF_INTERFACE(IWDFFile, IWDFObject, 2C)
{
    virtual void STDMETHODCALLTYPE GetDevice(_Out_ IWDFDevice** ppWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveFileName(
        _Out_ PWSTR pFileName, _Inout_ DWORD* pdwFileNameLengthInChars) = 0;
};

GX_WUDF_INTERFACE(IWDFRequestCompletionParams, IUnknown, 2D)
{
    virtual HRESULT STDMETHODCALLTYPE GetCompletionStatus() = 0;
    virtual ULONG_PTR STDMETHODCALLTYPE GetInformation() = 0;
    virtual WDF_REQUEST_TYPE STDMETHODCALLTYPE GetCompletedRequestType() = 0;
};

GX_WUDF_INTERFACE(IWDFIoRequestCompletionParams, IWDFRequestCompletionParams, 2E)
{
    virtual void STDMETHODCALLTYPE GetWriteParameters(
        _Out_opt_ IWDFMemory** ppWriteMemory, _Out_opt_ SIZE_T* pBytesWritten,
        _Out_opt_ SIZE_T* pWriteMemoryOffset) = 0;
    virtual void STDMETHODCALLTYPE GetReadParameters(
        _Out_opt_ IWDFMemory** ppReadMemory, _Out_opt_ SIZE_T* pBytesRead,
        _Out_opt_ SIZE_T* pReadMemoryOffset) = 0;
    virtual void STDMETHODCALLTYPE GetIoctlParameters(
        _Out_opt_ ULONG* pIoControlCode, _Out_opt_ IWDFMemory** ppInputMemory,
        _Out_opt_ SIZE_T* pInputMemoryOffset, _Out_opt_ IWDFMemory** ppOutputMemory,
        _Out_opt_ SIZE_T* pOutputMemoryOffset, _Out_opt_ SIZE_T* pOutBytes) = 0;
};

GX_WUDF_INTERFACE(IWDFIoRequest, IWDFObject, 2F)
{
    virtual void STDMETHODCALLTYPE CompleteWithInformation(
        _In_ HRESULT CompletionStatus, _In_ SIZE_T Information) = 0;
    virtual void STDMETHODCALLTYPE SetInformation(_In_ ULONG_PTR Information) = 0;
    virtual void STDMETHODCALLTYPE Complete(_In_ HRESULT CompletionStatus) = 0;
    virtual void STDMETHODCALLTYPE SetCompletionCallback(
        _In_ IRequestCallbackRequestCompletion* pCompletionCallback, _In_opt_ void* pContext) = 0;
    virtual WDF_REQUEST_TYPE STDMETHODCALLTYPE GetType() = 0;
    virtual void STDMETHODCALLTYPE GetCreateParameters(
        _Out_opt_ ULONG* pOptions, _Out_opt_ USHORT* pFileAttributes,
        _Out_opt_ USHORT* pShareAccess) = 0;
    virtual void STDMETHODCALLTYPE GetReadParameters(
        _Out_ SIZE_T* pSizeInBytes, _Out_ LONGLONG* pllOffset, _Out_ ULONG* pulKey) = 0;
    virtual void STDMETHODCALLTYPE GetWriteParameters(
        _Out_ SIZE_T* pSizeInBytes, _Out_ LONGLONG* pllOffset, _Out_ ULONG* pulKey) = 0;
    virtual void STDMETHODCALLTYPE GetDeviceIoControlParameters(
        _Out_ ULONG* pControlCode, _Out_ SIZE_T* pInBufferSize, _Out_ SIZE_T* pOutBufferSize) = 0;
    virtual void STDMETHODCALLTYPE GetOutputMemory(_Out_ IWDFMemory** ppWdfMemory) = 0;
    virtual void STDMETHODCALLTYPE GetInputMemory(_Out_ IWDFMemory** ppWdfMemory) = 0;
    virtual void STDMETHODCALLTYPE MarkCancelable(_In_ IRequestCallbackCancel* pCancelCallback) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnmarkCancelable() = 0;
    virtual HRESULT STDMETHODCALLTYPE ForwardToIoQueue(_In_ IWDFIoQueue* pDestination) = 0;
    virtual HRESULT STDMETHODCALLTYPE Send(
        _In_ IWDFIoTarget* pIoTarget, _In_ ULONG Flags, _In_ LONGLONG Timeout) = 0;
    virtual void STDMETHODCALLTYPE GetFileObject(_Out_ IWDFFile** ppFileObject) = 0;
    virtual void STDMETHODCALLTYPE FormatUsingCurrentType() = 0;
    virtual ULONG STDMETHODCALLTYPE GetRequestorProcessId() = 0;
    virtual void STDMETHODCALLTYPE GetIoQueue(_Out_ IWDFIoQueue** ppWdfIoQueue) = 0;
    virtual BOOL STDMETHODCALLTYPE IsFrom32BitProcess() = 0;
    virtual BOOL STDMETHODCALLTYPE CancelSentRequest() = 0;
    virtual void STDMETHODCALLTYPE GetCompletionParams(
        _Out_ IWDFRequestCompletionParams** ppCompletionParams) = 0;
};

GX_WUDF_INTERFACE(IWDFIoRequest2, IWDFIoRequest, 30)
{
    virtual void STDMETHODCALLTYPE Reuse(_In_ HRESULT hrNewStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetStatus() = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveInputMemory(_Out_ IWDFMemory** Memory) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveInputBuffer(
        _In_ SIZE_T MinimumRequiredCb, _Out_ PVOID* Buffer, _Out_opt_ SIZE_T* BufferCb) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveOutputMemory(_Out_ IWDFMemory** Memory) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveOutputBuffer(
        _In_ SIZE_T MinimumRequiredCb, _Out_ PVOID* Buffer, _Out_opt_ SIZE_T* BufferCb) = 0;
    virtual BOOL STDMETHODCALLTYPE IsCanceled() = 0;
    virtual void STDMETHODCALLTYPE StopAcknowledge(_In_ BOOL Requeue) = 0;
    virtual HRESULT STDMETHODCALLTYPE Requeue() = 0;
    virtual WDF_KPROCESSOR_MODE STDMETHODCALLTYPE GetRequestorMode() = 0;
    virtual WDF_DEVICE_IO_TYPE STDMETHODCALLTYPE GetEffectiveIoType() = 0;
};

GX_WUDF_INTERFACE(IWDFIoRequest3, IWDFIoRequest2, 31)
{
    virtual void STDMETHODCALLTYPE SetUserModeDriverInitiatedIo(
        _In_ BOOL IsUserModeDriverInitiated) = 0;
    virtual BOOL STDMETHODCALLTYPE GetUserModeDriverInitiatedIo() = 0;
    virtual void STDMETHODCALLTYPE SetActivityId(_In_ LPGUID ActivityId) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveActivityId(_Out_ LPGUID ActivityId) = 0;
};

GX_WUDF_INTERFACE(IWDFIoQueue, IWDFObject, 32)
{
    virtual void STDMETHODCALLTYPE GetDevice(_Out_ IWDFDevice** ppWdfDevice) = 0;
    virtual HRESULT STDMETHODCALLTYPE ConfigureRequestDispatching(
        _In_ WDF_REQUEST_TYPE RequestType, _In_ BOOL Forward) = 0;
    virtual WDF_IO_QUEUE_STATE STDMETHODCALLTYPE GetState(
        _Out_ ULONG* pulNumOfRequestsInQueue, _Out_ ULONG* pulNumOfRequestsInDriver) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveNextRequest(_Out_ IWDFIoRequest** ppRequest) = 0;
    virtual HRESULT STDMETHODCALLTYPE RetrieveNextRequestByFileObject(
        _In_ IWDFFile* pFileObject, _Out_ IWDFIoRequest** ppRequest) = 0;
    virtual void STDMETHODCALLTYPE Start() = 0;
    virtual void STDMETHODCALLTYPE Stop(_In_opt_ IQueueCallbackStateChange* pStopComplete) = 0;
    virtual void STDMETHODCALLTYPE StopSynchronously() = 0;
    virtual void STDMETHODCALLTYPE Drain(_In_opt_ IQueueCallbackStateChange* pDrainComplete) = 0;
    virtual void STDMETHODCALLTYPE DrainSynchronously() = 0;
    virtual void STDMETHODCALLTYPE Purge(_In_opt_ IQueueCallbackStateChange* pPurgeComplete) = 0;
    virtual void STDMETHODCALLTYPE PurgeSynchronously() = 0;
};

GX_WUDF_INTERFACE(IWDFIoTarget, IWDFObject, 33)
{
    virtual void STDMETHODCALLTYPE GetTargetFile(_Out_ IWDFFile** ppFileObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE FormatRequestForRead(
        _In_ IWDFIoRequest* pRequest, _In_opt_ IWDFFile* pFile, _In_opt_ IWDFMemory* pOutputMemory,
        _In_opt_ PWDFMEMORY_OFFSET pOutputMemoryOffset, _In_opt_ PLONGLONG DeviceOffset) = 0;
    virtual HRESULT STDMETHODCALLTYPE FormatRequestForWrite(
        _In_ IWDFIoRequest* pRequest, _In_opt_ IWDFFile* pFile, _In_opt_ IWDFMemory* pInputMemory,
        _In_opt_ PWDFMEMORY_OFFSET pInputMemoryOffset, _In_opt_ PLONGLONG DeviceOffset) = 0;
    virtual HRESULT STDMETHODCALLTYPE FormatRequestForIoctl(
        _In_ IWDFIoRequest* pRequest, _In_ ULONG IoctlCode, _In_opt_ IWDFFile* pFile,
        _In_opt_ IWDFMemory* pInputMemory, _In_opt_ PWDFMEMORY_OFFSET pInputMemoryOffset,
        _In_opt_ IWDFMemory* pOutputMemory, _In_opt_ PWDFMEMORY_OFFSET pOutputMemoryOffset) = 0;
};

GX_WUDF_INTERFACE(IWDFIoTarget2, IWDFIoTarget, 34)
{
};

GX_WUDF_INTERFACE(IWDFIoTargetStateManagement, IUnknown, 35)
{
    virtual WDF_IO_TARGET_STATE STDMETHODCALLTYPE GetState() = 0;
    virtual HRESULT STDMETHODCALLTYPE Start() = 0;
    virtual HRESULT STDMETHODCALLTYPE Stop(_In_ WDF_IO_TARGET_SENT_IO_ACTION Action) = 0;
};

GX_WUDF_INTERFACE(IWDFRemoteTarget, IWDFIoTarget2, 36)
{
    virtual HRESULT STDMETHODCALLTYPE OpenFileByName(
        _In_ PCWSTR pszFileName, _In_ DWORD DesiredAccess,
        _In_opt_ PUMDF_IO_TARGET_OPEN_PARAMS pOpenParams) = 0;
    virtual HRESULT STDMETHODCALLTYPE Close() = 0;
    virtual HRESULT STDMETHODCALLTYPE CloseForQueryRemove() = 0;
    virtual HRESULT STDMETHODCALLTYPE Reopen() = 0;
    virtual HRESULT STDMETHODCALLTYPE Start() = 0;
    virtual HRESULT STDMETHODCALLTYPE Stop(_In_ WDF_IO_TARGET_SENT_IO_ACTION Action) = 0;
    virtual WDF_IO_TARGET_STATE STDMETHODCALLTYPE GetState() = 0;
};
