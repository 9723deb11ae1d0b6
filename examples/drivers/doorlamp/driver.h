//
// The driver's class: the framework makes one and hands it each device.
//

#pragma once

#include "internal.h"

class CDriver : public IDriverEntry, public CReferenceCount
{
public:
    STDMETHODIMP QueryInterface(_In_ REFIID InterfaceId, _COM_Outptr_ void** Object) override;
    STDMETHODIMP_(ULONG) AddRef() override { return Increment(); }
    STDMETHODIMP_(ULONG) Release() override { return Decrement(); }

    STDMETHODIMP OnInitialize(_In_ IWDFDriver* FxDriver) override;
    STDMETHODIMP OnDeviceAdd(
        _In_ IWDFDriver* FxDriver, _In_ IWDFDeviceInitialize* FxDeviceInit) override;
    STDMETHODIMP_(void) OnDeinitialize(_In_ IWDFDriver* FxDriver) override;
};
