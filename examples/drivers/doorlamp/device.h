//
// A lamp at a door. Its button toggles the lamp; a contact says whether the door is open.
//
// Resources, in the order of the firmware: the button's interrupt, the lamp's pin (output), the
// contact's pin (input).
//
// The button interrupts on both edges, and an interrupt does not say which edge it was. The driver
// counts: the button is up when the device starts, and each edge turns "up" into "down" and back.
//

#pragma once

#include "internal.h"

class CDevice : public IPnpCallbackHardware2,
                public IRequestCallbackRequestCompletion,
                public CReferenceCount
{
public:
    static HRESULT CreateInstance(
        _In_ IWDFDriver* FxDriver, _In_ IWDFDeviceInitialize* FxDeviceInit);

    //
    // Asks the contact, so it waits for the GPIO controller.
    //

    HRESULT GetState(_Out_ PDOORLAMP_STATE State);

    STDMETHODIMP QueryInterface(_In_ REFIID InterfaceId, _COM_Outptr_ void** Object) override;
    STDMETHODIMP_(ULONG) AddRef() override { return Increment(); }
    STDMETHODIMP_(ULONG) Release() override { return Decrement(); }

    STDMETHODIMP OnPrepareHardware(
        _In_ IWDFDevice3* FxDevice, _In_ IWDFCmResourceList* FxResourcesRaw,
        _In_ IWDFCmResourceList* FxResourcesTranslated) override;
    STDMETHODIMP OnReleaseHardware(
        _In_ IWDFDevice3* FxDevice, _In_ IWDFCmResourceList* FxResourcesTranslated) override;

    STDMETHODIMP_(void) OnCompletion(
        _In_ IWDFIoRequest* FxRequest, _In_ IWDFIoTarget* FxTarget,
        _In_ IWDFRequestCompletionParams* Params, _In_ void* Context) override;

private:
    HRESULT Configure(_In_ IWDFDriver* FxDriver, _In_ IWDFDevice* FxDevice);
    HRESULT CreateInterrupt(
        _In_ PCM_PARTIAL_RESOURCE_DESCRIPTOR Raw, _In_ PCM_PARTIAL_RESOURCE_DESCRIPTOR Translated);
    HRESULT OpenPin(
        _In_ PCM_PARTIAL_RESOURCE_DESCRIPTOR Connection, _In_ DWORD DesiredAccess,
        _Out_ IWDFRemoteTarget** FxTarget);
    HRESULT CreateLampRequest();
    HRESULT ReadContact(_Out_ BYTE* Level);
    void ReportPresses();
    HRESULT SendLamp(_In_ BYTE Level);
    void ReleaseTargets();

    static WUDF_INTERRUPT_ISR OnInterruptIsr;
    static WUDF_INTERRUPT_WORKITEM OnInterruptWorkItem;
    static WUDF_WORKITEM_FUNCTION OnReportWorkItem;
    static CDevice* FromObject(_In_ IWDFObject* FxObject);

    //
    // Not counted: the tree of framework objects keeps both for as long as there is a device.
    //

    IWDFDriver* m_FxDriver = NULL;
    IWDFDevice3* m_FxDevice = NULL;
    IWDFWorkItem* m_FxReport = NULL;

    //
    // From OnPrepareHardware to OnReleaseHardware. The one request to the lamp is used again and
    // again; m_Level is its buffer.
    //

    IWDFRemoteTarget* m_FxLamp = NULL;
    IWDFRemoteTarget* m_FxContact = NULL;
    IWDFIoRequest2* m_FxLampRequest = NULL;
    IWDFMemory* m_FxLampMemory = NULL;
    BYTE m_Level = 0;

    //
    // Belongs to the service routine.
    //

    BOOLEAN m_Down = FALSE;

    //
    // Presses since the start, and those that the lamp has not been told yet, so that none is lost
    // while the request is under way.
    //

    volatile LONG m_Presses = 0;
    volatile LONG m_Pending = 0;

    //
    // Whoever turns it to TRUE owns the request and what the lamp shows, until the request has come
    // back.
    //

    volatile LONG m_RequestBusy = FALSE;
    volatile BYTE m_LampOn = 0;
};
