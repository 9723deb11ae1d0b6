//
// The device: its hardware, the button's interrupt, the question to the contact. The lamp is in
// lamp.cpp.
//

#include "device.h"

#include "queue.h"

//
// Two seconds, relative.
//

static const LONGLONG ContactTimeout = -20000000;

//
// ------------------------------------------------------------------------- Creation
//

_Use_decl_annotations_
HRESULT
CDevice::CreateInstance(
    IWDFDriver* FxDriver,
    IWDFDeviceInitialize* FxDeviceInit
    )
{
    CDevice* Device;
    IWDFDevice* FxDevice;
    HRESULT hr;

    Device = new CDevice();
    if (Device == NULL) {
        return E_OUTOFMEMORY;
    }

    FxDevice = NULL;
    FxDeviceInit->SetLockingConstraint(WdfDeviceLevel);
    hr = FxDriver->CreateDevice(
        FxDeviceInit, static_cast<IPnpCallbackHardware2*>(Device), &FxDevice);
    if (SUCCEEDED(hr)) {
        hr = Device->Configure(FxDriver, FxDevice);
    }

    //
    // The framework has references of its own to both.
    //

    SAFE_RELEASE(FxDevice);
    SAFE_RELEASE(Device);
    return hr;
}

_Use_decl_annotations_
HRESULT
CDevice::Configure(
    IWDFDriver* FxDriver,
    IWDFDevice* FxDevice
    )
{
    WUDF_WORKITEM_CONFIG Config;
    IWDFDevice3* FxDevice3;
    HRESULT hr;

    FxDevice3 = NULL;
    hr = FxDevice->QueryInterface(IID_PPV_ARGS(&FxDevice3));
    if (FAILED(hr)) {
        return hr;
    }

    m_FxDriver = FxDriver;
    m_FxDevice = FxDevice3;

    //
    // The service routine finds the device through the context.
    //

    hr = FxDevice3->AssignContext(NULL, this);
    if (SUCCEEDED(hr)) {
        WUDF_WORKITEM_CONFIG_INIT(&Config, OnReportWorkItem);
        hr = FxDevice3->CreateWorkItem(&Config, NULL, &m_FxReport);
    }

    if (SUCCEEDED(hr)) {
        m_FxReport->Release();
        hr = CQueue::CreateInstance(FxDevice3, this);
    }

    FxDevice3->Release();
    return hr;
}

_Use_decl_annotations_
STDMETHODIMP
CDevice::QueryInterface(
    REFIID InterfaceId,
    void** Object
    )
{
    if (IsEqualIID(InterfaceId, __uuidof(IUnknown)) ||
        IsEqualIID(InterfaceId, __uuidof(IPnpCallbackHardware2))) {
        *Object = static_cast<IPnpCallbackHardware2*>(this);
    } else if (IsEqualIID(InterfaceId, __uuidof(IRequestCallbackRequestCompletion))) {
        *Object = static_cast<IRequestCallbackRequestCompletion*>(this);
    } else {
        *Object = NULL;
        return E_NOINTERFACE;
    }

    AddRef();
    return S_OK;
}

_Use_decl_annotations_
CDevice*
CDevice::FromObject(
    IWDFObject* FxObject
    )
{
    void* Context;

    Context = NULL;
    FxObject->RetrieveContext(&Context);
    return static_cast<CDevice*>(Context);
}

//
// ------------------------------------------------------------------------- Hardware
//

_Use_decl_annotations_
STDMETHODIMP
CDevice::OnPrepareHardware(
    IWDFDevice3* FxDevice,
    IWDFCmResourceList* FxResourcesRaw,
    IWDFCmResourceList* FxResourcesTranslated
    )
{
    ULONG Count;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Contact;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    HRESULT hr;
    ULONG Index;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Lamp;
    BOOLEAN HasInterrupt;

    UNREFERENCED_PARAMETER(FxDevice);

    Lamp = NULL;
    Contact = NULL;
    HasInterrupt = FALSE;
    hr = S_OK;
    Count = FxResourcesTranslated->GetCount();
    for (Index = 0; (Index < Count) && SUCCEEDED(hr); Index += 1) {
        Descriptor = FxResourcesTranslated->GetDescriptor(Index);
        switch (Descriptor->Type) {
        case CmResourceTypeConnection:
            if ((Descriptor->u.Connection.Class == CM_RESOURCE_CONNECTION_CLASS_GPIO) &&
                (Descriptor->u.Connection.Type == CM_RESOURCE_CONNECTION_TYPE_GPIO_IO)) {
                (Lamp == NULL ? Lamp : Contact) = Descriptor;
            }

            break;

        case CmResourceTypeInterrupt:
            if (!HasInterrupt) {
                HasInterrupt = TRUE;
                hr = CreateInterrupt(FxResourcesRaw->GetDescriptor(Index), Descriptor);
            }

            break;

        default:
            break;
        }
    }

    if (SUCCEEDED(hr) && (!HasInterrupt || (Contact == NULL))) {
        hr = HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    }

    if (SUCCEEDED(hr)) {
        hr = OpenPin(Lamp, GENERIC_WRITE, &m_FxLamp);
    }

    if (SUCCEEDED(hr)) {
        hr = OpenPin(Contact, GENERIC_READ, &m_FxContact);
    }

    if (SUCCEEDED(hr)) {
        hr = CreateLampRequest();
    }

    if (FAILED(hr)) {
        ReleaseTargets();
    }

    return hr;
}

_Use_decl_annotations_
STDMETHODIMP
CDevice::OnReleaseHardware(
    IWDFDevice3* FxDevice,
    IWDFCmResourceList* FxResourcesTranslated
    )
{
    UNREFERENCED_PARAMETER(FxDevice);
    UNREFERENCED_PARAMETER(FxResourcesTranslated);

    //
    // The interrupt is disconnected, so no new press can come. What is still pending is given up;
    // closing the target ends the request that is under way and waits for it.
    //

    InterlockedExchange(&m_Pending, 0);
    ReleaseTargets();
    return S_OK;
}

void
CDevice::ReleaseTargets()
{
    if (m_FxLamp != NULL) {
        m_FxLamp->Close();
    }

    if (m_FxContact != NULL) {
        m_FxContact->Close();
    }

    m_FxReport->Flush();

    //
    // The memory is a child of the request.
    //

    SAFE_RELEASE(m_FxLampMemory);
    SAFE_DELETE(m_FxLampRequest);
    SAFE_DELETE(m_FxLamp);
    SAFE_DELETE(m_FxContact);
}

//
// The name of the pins behind a connection id, as documented for RESOURCE_HUB.
//

_Use_decl_annotations_
HRESULT
CDevice::OpenPin(
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Connection,
    DWORD DesiredAccess,
    IWDFRemoteTarget** FxTarget
    )
{
    HRESULT hr;
    LARGE_INTEGER Id;
    UMDF_IO_TARGET_OPEN_PARAMS OpenParams;
    WCHAR Path[64];

    Id.LowPart = Connection->u.Connection.IdLowPart;
    Id.HighPart = (LONG)Connection->u.Connection.IdHighPart;
    hr = StringCbPrintfW(Path,
                         sizeof(Path),
                         L"\\\\.\\RESOURCE_HUB\\%0*I64x",
                         (int)(sizeof(LARGE_INTEGER) * 2),
                         Id.QuadPart);
    if (FAILED(hr)) {
        return hr;
    }

    hr = m_FxDevice->CreateRemoteTarget(NULL, NULL, FxTarget);
    if (FAILED(hr)) {
        return hr;
    }

    OpenParams.dwShareMode = 0;
    OpenParams.dwCreationDisposition = OPEN_EXISTING;
    OpenParams.dwFlagsAndAttributes = FILE_FLAG_OVERLAPPED;
    return (*FxTarget)->OpenFileByName(Path, DesiredAccess, &OpenParams);
}

_Use_decl_annotations_
HRESULT
CDevice::CreateInterrupt(
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Raw,
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Translated
    )
{
    WUDF_INTERRUPT_CONFIG Config;
    IWDFInterrupt* FxInterrupt;
    HRESULT hr;

    m_Down = FALSE;
    WUDF_INTERRUPT_CONFIG_INIT(&Config, OnInterruptIsr, OnInterruptWorkItem);
    Config.InterruptRaw = Raw;
    Config.InterruptTranslated = Translated;
    FxInterrupt = NULL;
    hr = m_FxDevice->CreateInterrupt(&Config, &FxInterrupt);
    SAFE_RELEASE(FxInterrupt);
    return hr;
}

//
// ------------------------------------------------------------------------ Interrupt
//

_Use_decl_annotations_
BOOLEAN
CDevice::OnInterruptIsr(
    IWDFInterrupt* Interrupt,
    ULONG MessageID,
    ULONG Reserved
    )
{
    CDevice* Device;

    UNREFERENCED_PARAMETER(MessageID);
    UNREFERENCED_PARAMETER(Reserved);

    Device = FromObject(Interrupt->GetDevice());
    Device->m_Down = !Device->m_Down;
    if (Device->m_Down) {
        InterlockedIncrement(&Device->m_Presses);
        InterlockedIncrement(&Device->m_Pending);
        Interrupt->QueueWorkItemForIsr();
    }

    return TRUE;
}

_Use_decl_annotations_
void
CDevice::OnInterruptWorkItem(
    IWDFInterrupt* Interrupt,
    IWDFObject* AssociatedObject
    )
{
    UNREFERENCED_PARAMETER(Interrupt);
    FromObject(AssociatedObject)->ReportPresses();
}

_Use_decl_annotations_
void
CDevice::OnReportWorkItem(
    IWDFWorkItem* WorkItem
    )
{
    FromObject(WorkItem->GetParentObject())->ReportPresses();
}

//
// ------------------------------------------------------------------------- Questions
//

_Use_decl_annotations_
HRESULT
CDevice::GetState(
    PDOORLAMP_STATE State
    )
{
    HRESULT hr;
    BYTE Level;

    hr = ReadContact(&Level);
    if (FAILED(hr)) {
        return hr;
    }

    State->Presses = (ULONG)m_Presses;
    State->LampOn = m_LampOn;
    State->DoorOpen = Level;
    return S_OK;
}

_Use_decl_annotations_
HRESULT
CDevice::ReadContact(
    BYTE* Level
    )
{
    IWDFMemory* FxMemory;
    IWDFIoRequest* FxRequest;
    HRESULT hr;
    IWDFRequestCompletionParams* Params;

    *Level = 0;
    FxMemory = NULL;
    FxRequest = NULL;
    hr = m_FxDevice->CreateRequest(NULL, NULL, &FxRequest);
    if (FAILED(hr)) {
        return hr;
    }

    hr = m_FxDriver->CreatePreallocatedWdfMemory(
        Level, sizeof(*Level), NULL, FxRequest, &FxMemory);
    if (SUCCEEDED(hr)) {
        hr = m_FxContact->FormatRequestForIoctl(
            FxRequest, IOCTL_GPIO_READ_PINS, NULL, NULL, NULL, FxMemory, NULL);
    }

    if (SUCCEEDED(hr)) {
        hr = FxRequest->Send(m_FxContact,
                             WDF_REQUEST_SEND_OPTION_SYNCHRONOUS | WDF_REQUEST_SEND_OPTION_TIMEOUT,
                             ContactTimeout);
    }

    if (SUCCEEDED(hr)) {
        Params = NULL;
        FxRequest->GetCompletionParams(&Params);
        hr = Params->GetCompletionStatus();
        SAFE_RELEASE(Params);
    }

    SAFE_RELEASE(FxMemory);
    SAFE_DELETE(FxRequest);
    return hr;
}
