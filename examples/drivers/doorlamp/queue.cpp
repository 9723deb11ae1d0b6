#include "queue.h"

_Use_decl_annotations_
HRESULT
CQueue::CreateInstance(
    IWDFDevice* FxDevice,
    CDevice* Device
    )
{
    IWDFIoQueue* FxQueue;
    HRESULT hr;
    CQueue* Queue;

    Queue = new CQueue(Device);
    if (Queue == NULL) {
        return E_OUTOFMEMORY;
    }

    FxQueue = NULL;
    hr = FxDevice->CreateIoQueue(
        Queue, TRUE, WdfIoQueueDispatchSequential, TRUE, FALSE, &FxQueue);
    SAFE_RELEASE(FxQueue);
    SAFE_RELEASE(Queue);
    return hr;
}

_Use_decl_annotations_
STDMETHODIMP
CQueue::QueryInterface(
    REFIID InterfaceId,
    void** Object
    )
{
    if (IsEqualIID(InterfaceId, __uuidof(IUnknown)) ||
        IsEqualIID(InterfaceId, __uuidof(IQueueCallbackDeviceIoControl))) {
        *Object = static_cast<IQueueCallbackDeviceIoControl*>(this);
        AddRef();
        return S_OK;
    }

    *Object = NULL;
    return E_NOINTERFACE;
}

_Use_decl_annotations_
STDMETHODIMP_(void)
CQueue::OnDeviceIoControl(
    IWDFIoQueue* FxQueue,
    IWDFIoRequest* FxRequest,
    ULONG ControlCode,
    SIZE_T InputBufferSize,
    SIZE_T OutputBufferSize
    )
{
    IWDFMemory* FxMemory;
    HRESULT hr;
    DOORLAMP_STATE State;

    UNREFERENCED_PARAMETER(FxQueue);
    UNREFERENCED_PARAMETER(InputBufferSize);

    if (ControlCode != IOCTL_DOORLAMP_GET_STATE) {
        FxRequest->Complete(HRESULT_FROM_WIN32(ERROR_INVALID_FUNCTION));
        return;
    }

    if (OutputBufferSize < sizeof(State)) {
        FxRequest->Complete(HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
        return;
    }

    hr = m_Device->GetState(&State);
    if (SUCCEEDED(hr)) {
        FxMemory = NULL;
        FxRequest->GetOutputMemory(&FxMemory);
        hr = E_OUTOFMEMORY;
        if (FxMemory != NULL) {
            hr = FxMemory->CopyFromBuffer(0, &State, sizeof(State));
            SAFE_RELEASE(FxMemory);
        }
    }

    FxRequest->CompleteWithInformation(hr, SUCCEEDED(hr) ? sizeof(State) : 0);
}
