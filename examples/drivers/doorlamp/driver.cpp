//
// The entry points of the module, and the driver's class.
//

#include "device.h"
#include "driver.h"

//
// Makes CDriver objects. There is one, and nobody counts its references.
//

class CDriverFactory : public IClassFactory
{
public:
    STDMETHODIMP QueryInterface(_In_ REFIID InterfaceId, _COM_Outptr_ void** Object) override
    {
        if (IsEqualIID(InterfaceId, __uuidof(IUnknown)) ||
            IsEqualIID(InterfaceId, __uuidof(IClassFactory))) {
            *Object = this;
            return S_OK;
        }

        *Object = NULL;
        return E_NOINTERFACE;
    }

    STDMETHODIMP_(ULONG) AddRef() override { return 1; }
    STDMETHODIMP_(ULONG) Release() override { return 1; }

    STDMETHODIMP CreateInstance(
        _In_opt_ IUnknown* OuterUnknown, _In_ REFIID InterfaceId, _COM_Outptr_ void** Object) override
    {
        CDriver* Driver;
        HRESULT hr;

        *Object = NULL;
        if (OuterUnknown != NULL) {
            return CLASS_E_NOAGGREGATION;
        }

        Driver = new CDriver();
        if (Driver == NULL) {
            return E_OUTOFMEMORY;
        }

        hr = Driver->QueryInterface(InterfaceId, Object);
        Driver->Release();
        return hr;
    }

    STDMETHODIMP LockServer(_In_ BOOL Lock) override
    {
        UNREFERENCED_PARAMETER(Lock);
        return S_OK;
    }
};

static CDriverFactory g_Factory;

_Use_decl_annotations_
STDAPI
DllGetClassObject(
    REFCLSID ClassId,
    REFIID InterfaceId,
    LPVOID* Object
    )
{
    *Object = NULL;
    if (!IsEqualCLSID(ClassId, CLSID_DoorLamp)) {
        return CLASS_E_CLASSNOTAVAILABLE;
    }

    return g_Factory.QueryInterface(InterfaceId, Object);
}

_Use_decl_annotations_
STDMETHODIMP
CDriver::QueryInterface(
    REFIID InterfaceId,
    void** Object
    )
{
    if (IsEqualIID(InterfaceId, __uuidof(IUnknown)) ||
        IsEqualIID(InterfaceId, __uuidof(IDriverEntry))) {
        *Object = static_cast<IDriverEntry*>(this);
        AddRef();
        return S_OK;
    }

    *Object = NULL;
    return E_NOINTERFACE;
}

_Use_decl_annotations_
STDMETHODIMP
CDriver::OnInitialize(
    IWDFDriver* FxDriver
    )
{
    UNREFERENCED_PARAMETER(FxDriver);
    return S_OK;
}

_Use_decl_annotations_
STDMETHODIMP
CDriver::OnDeviceAdd(
    IWDFDriver* FxDriver,
    IWDFDeviceInitialize* FxDeviceInit
    )
{
    return CDevice::CreateInstance(FxDriver, FxDeviceInit);
}

_Use_decl_annotations_
STDMETHODIMP_(void)
CDriver::OnDeinitialize(
    IWDFDriver* FxDriver
    )
{
    UNREFERENCED_PARAMETER(FxDriver);
}
