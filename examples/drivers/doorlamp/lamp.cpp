//
// Telling the lamp. One request is used again and again; presses that come while it is under way
// are counted.
//

#include "device.h"

HRESULT
CDevice::CreateLampRequest()
{
    IWDFIoRequest* FxRequest;
    HRESULT hr;

    FxRequest = NULL;
    hr = m_FxDevice->CreateRequest(NULL, NULL, &FxRequest);
    if (FAILED(hr)) {
        return hr;
    }

    hr = FxRequest->QueryInterface(IID_PPV_ARGS(&m_FxLampRequest));
    FxRequest->Release();
    if (FAILED(hr)) {
        return hr;
    }

    return m_FxDriver->CreatePreallocatedWdfMemory(
        &m_Level, sizeof(m_Level), NULL, m_FxLampRequest, &m_FxLampMemory);
}

//
// Sends one pending press, if the request is free. Called whenever there may be something to send.
//

void
CDevice::ReportPresses()
{
    while (m_Pending > 0) {
        if (InterlockedCompareExchange(&m_RequestBusy, TRUE, FALSE) != FALSE) {

            //
            // Its completion comes here again.
            //

            return;
        }

        //
        // Only the owner of the request takes presses away.
        //

        if (m_Pending > 0) {
            InterlockedDecrement(&m_Pending);
            if (SUCCEEDED(SendLamp(m_LampOn ^ 1))) {
                return;
            }
        }

        InterlockedExchange(&m_RequestBusy, FALSE);
    }
}

_Use_decl_annotations_
HRESULT
CDevice::SendLamp(
    BYTE Level
    )
{
    HRESULT hr;

    m_Level = Level;
    m_FxLampRequest->Reuse(S_OK);
    hr = m_FxLamp->FormatRequestForIoctl(
        m_FxLampRequest, IOCTL_GPIO_WRITE_PINS, NULL, m_FxLampMemory, NULL, NULL, NULL);
    if (SUCCEEDED(hr)) {
        m_FxLampRequest->SetCompletionCallback(this, NULL);
        hr = m_FxLampRequest->Send(m_FxLamp, 0, 0);
    }

    return hr;
}

_Use_decl_annotations_
STDMETHODIMP_(void)
CDevice::OnCompletion(
    IWDFIoRequest* FxRequest,
    IWDFIoTarget* FxTarget,
    IWDFRequestCompletionParams* Params,
    void* Context
    )
{
    UNREFERENCED_PARAMETER(FxRequest);
    UNREFERENCED_PARAMETER(FxTarget);
    UNREFERENCED_PARAMETER(Context);

    if (SUCCEEDED(Params->GetCompletionStatus())) {
        m_LampOn = m_Level;
    }

    //
    // A request may complete inside of its Send, so the next one is left to a work item.
    //

    InterlockedExchange(&m_RequestBusy, FALSE);
    if (m_Pending > 0) {
        m_FxReport->Enqueue();
    }
}
