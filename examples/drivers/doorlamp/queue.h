//
// The queue of what clients ask.
//

#pragma once

#include "device.h"

class CQueue : public IQueueCallbackDeviceIoControl, public CReferenceCount
{
public:
    //
    // Makes the default queue of the device.
    //

    static HRESULT CreateInstance(_In_ IWDFDevice* FxDevice, _In_ CDevice* Device);

    STDMETHODIMP QueryInterface(_In_ REFIID InterfaceId, _COM_Outptr_ void** Object) override;
    STDMETHODIMP_(ULONG) AddRef() override { return Increment(); }
    STDMETHODIMP_(ULONG) Release() override { return Decrement(); }

    STDMETHODIMP_(void) OnDeviceIoControl(
        _In_ IWDFIoQueue* FxQueue, _In_ IWDFIoRequest* FxRequest, _In_ ULONG ControlCode,
        _In_ SIZE_T InputBufferSize, _In_ SIZE_T OutputBufferSize) override;

private:
    explicit CQueue(_In_ CDevice* Device) : m_Device(Device) {}

    //
    // Not counted: the queue goes before the device.
    //

    CDevice* m_Device;
};
