//
// Asks the UMDF 1 framework what a driver may rely on, and answers with the line of the first thing that
// is otherwise. Holds requests, in a queue and by itself, and counts what becomes of files.
//

#include <windows.h>
#include <wudfddi.h>

#define IOCTL_ASK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_HOLD CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_PARK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNPARK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_COUNTS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

static const CLSID SurfaceClass = {
    0x0D5C2B1A, 0x6E7F, 0x4890, {0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07, 0x18}};

#define CHECK(Condition)     \
    if (!(Condition)) {      \
        return __LINE__;     \
    }

//
// The order in which the documentation has them.
//
static_assert(WdfPnpStateFailed == 2 && WdfPnpStateNotDisableable == 6, "WDF_PNP_STATE");
static_assert(WdfDeviceIoBufferRetrievalDeferred == 2, "WDF_DEVICE_IO_BUFFER_RETRIEVAL");
static_assert(WdfPropertyStoreCreateIfMissing == 1, "WDF_PROPERTY_STORE_RETRIEVE_FLAGS");
static_assert(sizeof(UMDF_IO_TARGET_OPEN_PARAMS) == 12, "three DWORDs");

static IWDFDriver* g_Driver;
static IWDFDevice3* g_Device;
static IWDFIoQueue* g_Manual;
static ULONG g_Counts[6]; // attach, create, cleanup, close, work, cleaned contexts

//
// Objects that live as long as the module need no count.
//

#define STATIC_COUNT                                         \
    STDMETHODIMP_(ULONG) AddRef() override { return 1; }     \
    STDMETHODIMP_(ULONG) Release() override { return 1; }

template <class First, class... More>
static HRESULT Find(First* Object, REFIID Id, void** Place)
{
    *Place = NULL;
    if (IsEqualIID(Id, __uuidof(IUnknown)) || IsEqualIID(Id, __uuidof(First))) {
        *Place = Object;
    }
    return *Place != NULL ? S_OK : E_NOINTERFACE;
}

class CCleanup : public IObjectCleanup
{
public:
    STATIC_COUNT
    STDMETHODIMP QueryInterface(REFIID Id, void** Object) override
    {
        return Find(static_cast<IObjectCleanup*>(this), Id, Object);
    }
    STDMETHODIMP_(void) OnCleanup(IWDFObject*) override { g_Counts[5] += 1; }
};
static CCleanup g_Cleanup;

class CCancel : public IRequestCallbackCancel
{
public:
    STATIC_COUNT
    STDMETHODIMP QueryInterface(REFIID Id, void** Object) override
    {
        return Find(static_cast<IRequestCallbackCancel*>(this), Id, Object);
    }
    STDMETHODIMP_(void) OnCancel(IWDFIoRequest* Request) override
    {
        Request->Complete(HRESULT_FROM_WIN32(ERROR_OPERATION_ABORTED));
    }
};
static CCancel g_Cancel;

static ULONG AskInterfaces()
{
    IUnknown* Unknown;
    IWDFDevice* Device;
    IWDFRemoteTarget* Remote;
    IWDFIoTarget* Target;
    IWDFIoTargetStateManagement* State;
    UMDF_VERSION_DATA Version = {1, 11, 0};
    WCHAR Text[8];
    DWORD Length = 2;

    CHECK(SUCCEEDED(g_Device->QueryInterface(IID_PPV_ARGS(&Unknown))));
    CHECK(SUCCEEDED(g_Device->QueryInterface(IID_PPV_ARGS(&Device))));
    CHECK(static_cast<IUnknown*>(Device) == Unknown);
    Unknown->Release();
    Device->Release();
    CHECK(g_Device->QueryInterface(__uuidof(IWDFDriver), (void**)&Device) == E_NOINTERFACE);
    CHECK(Device == NULL);
    CHECK(g_Device->QueryInterface(__uuidof(IWDFDevice), NULL) == E_POINTER);
    CHECK(g_Device->DeleteWdfObject() == HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED));

    g_Device->GetDefaultIoTarget(&Target);
    CHECK(Target != NULL);
    CHECK(Target->QueryInterface(IID_PPV_ARGS(&Remote)) == E_NOINTERFACE);
    CHECK(SUCCEEDED(Target->QueryInterface(IID_PPV_ARGS(&State))));
    CHECK(State->GetState() == WdfIoTargetStarted);
    State->Release();
    Target->Release();

    CHECK(g_Driver->IsVersionAvailable(&Version));
    Version.MinorNumber = 12;
    CHECK(!g_Driver->IsVersionAvailable(&Version));
    CHECK(g_Driver->RetrieveVersionString(Text, &Length) ==
          HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
    CHECK(Length == 7);
    CHECK(SUCCEEDED(g_Driver->RetrieveVersionString(Text, &Length)));
    CHECK(Text[0] == L'1' && Text[6] == 0);
    return 0;
}

static ULONG AskContexts()
{
    IWDFObject* Object;
    IWDFObject* Child;
    void* Context;
    ULONG Before = g_Counts[5];

    CHECK(SUCCEEDED(g_Driver->CreateWdfObject(NULL, g_Device, &Object)));
    CHECK(FAILED(Object->RetrieveContext(&Context)));
    CHECK(SUCCEEDED(Object->AssignContext(&g_Cleanup, &Before)));
    CHECK(FAILED(Object->AssignContext(NULL, NULL)));
    CHECK(SUCCEEDED(Object->RetrieveContext(&Context)) && Context == &Before);
    CHECK(SUCCEEDED(g_Driver->CreateWdfObject(&g_Cleanup, Object, &Child)));
    Child->Release();
    CHECK(SUCCEEDED(Object->DeleteWdfObject()));
    CHECK(g_Counts[5] == Before + 2);
    CHECK(FAILED(Object->AssignContext(NULL, NULL)));
    CHECK(Object->Release() == 0);
    CHECK(g_Driver->CreateWdfObject(NULL, (IWDFObject*)&g_Cleanup, &Object) == E_INVALIDARG);
    return 0;
}

static ULONG AskMemory()
{
    BYTE First[4] = {1, 2, 3, 4};
    BYTE Second[8] = {0};
    IWDFMemory* Ours;
    IWDFMemory* Theirs;
    WDFMEMORY_OFFSET Part = {1, 2};
    SIZE_T Size = 0;

    CHECK(SUCCEEDED(g_Driver->CreatePreallocatedWdfMemory(First, 4, NULL, g_Device, &Ours)));
    CHECK(SUCCEEDED(g_Driver->CreateWdfMemory(8, NULL, Ours, &Theirs)));
    CHECK(Ours->GetDataBuffer(&Size) == First && Size == 4);
    CHECK(Theirs->GetSize() == 8);
    CHECK(SUCCEEDED(Theirs->CopyFromMemory(Ours, &Part)));
    CHECK(((BYTE*)Theirs->GetDataBuffer(NULL))[1] == 3);
    Part.BufferLength = 4;
    CHECK(FAILED(Theirs->CopyFromMemory(Ours, &Part)));
    CHECK(FAILED(Ours->CopyFromMemory(Theirs, NULL)));
    CHECK(SUCCEEDED(Ours->CopyToBuffer(2, Second, 2)) && Second[0] == 3);
    CHECK(FAILED(Ours->CopyToBuffer(2, Second, 3)));
    CHECK(SUCCEEDED(Ours->CopyFromBuffer(0, Second, 4)) && First[0] == 3);
    Ours->SetBuffer(Second, 8);
    CHECK(Ours->GetSize() == 8);
    CHECK(SUCCEEDED(Ours->DeleteWdfObject()));
    Theirs->Release();
    Ours->Release();
    return 0;
}

static ULONG AskTargets()
{
    IWDFRemoteTarget* Remote;
    IWDFIoRequest* Request;
    IWDFFile* File;

    CHECK(SUCCEEDED(g_Device->CreateRemoteTarget(NULL, NULL, &Remote)));
    CHECK(Remote->OpenFileByName(L"\\\\.\\Nothing", GENERIC_READ, NULL) ==
          HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK(Remote->GetState() == WdfIoTargetClosed);
    Remote->GetTargetFile(&File);
    CHECK(File != NULL);
    File->Release();
    CHECK(SUCCEEDED(g_Device->CreateRequest(NULL, Remote, &Request)));
    CHECK(Request->GetType() == WdfRequestTypeNoFormat);
    CHECK(FAILED(Remote->FormatRequestForIoctl(Request, IOCTL_ASK, NULL, NULL, NULL, NULL, NULL)));
    CHECK(Request->Send((IWDFIoTarget*)g_Device, 0, 0) == E_INVALIDARG);
    CHECK(SUCCEEDED(Remote->DeleteWdfObject()));
    Request->Release();
    Remote->Release();
    return 0;
}

static VOID OnWork(IWDFWorkItem* Item)
{
    g_Counts[4] += Item->GetParentObject() == g_Device;
}

static ULONG AskWorkItems()
{
    WUDF_WORKITEM_CONFIG Config;
    IWDFWorkItem* Item;
    ULONG Before = g_Counts[4];

    WUDF_WORKITEM_CONFIG_INIT(&Config, OnWork);
    CHECK(Config.AutomaticSerialization);
    Config.AutomaticSerialization = FALSE; // the caller holds the device's lock
    CHECK(SUCCEEDED(g_Device->CreateWorkItem(&Config, NULL, &Item)));
    Item->Enqueue();
    Item->Flush();
    CHECK(g_Counts[4] == Before + 1);
    CHECK(SUCCEEDED(Item->DeleteWdfObject()));
    Item->Release();
    return 0;
}

static ULONG AskQueues(IWDFIoQueue* Queue, IWDFIoRequest* Request)
{
    IWDFIoQueue* Same;
    IWDFIoQueue* Made;
    IWDFIoRequest* Next;
    IWDFIoRequest2* Request2;
    IWDFFile* File;
    IWDFDevice* Device;
    SIZE_T Input;
    SIZE_T Output;
    ULONG Code;

    g_Device->GetDefaultIoQueue(&Same);
    CHECK(Same == Queue);
    Same->Release();
    Request->GetIoQueue(&Same);
    CHECK(Same == Queue);
    Same->Release();
    Queue->GetDevice(&Device);
    CHECK(Device == g_Device);
    Device->Release();
    CHECK(g_Device->CreateIoQueue(NULL, FALSE, WdfIoQueueDispatchParallel, TRUE, FALSE, &Made) ==
          E_INVALIDARG);
    CHECK(g_Manual->RetrieveNextRequest(&Next) == HRESULT_FROM_WIN32(ERROR_NO_MORE_ITEMS));
    CHECK(Request->GetType() == WdfRequestDeviceIoControl);
    Request->GetDeviceIoControlParameters(&Code, &Input, &Output);
    CHECK(Code == IOCTL_ASK && Input == 0 && Output == 4);
    Request->GetFileObject(&File);
    CHECK(File != NULL);
    File->GetDevice(&Device);
    CHECK(Device == g_Device);
    Device->Release();
    File->Release();
    CHECK(SUCCEEDED(Request->QueryInterface(IID_PPV_ARGS(&Request2))));
    CHECK(!Request2->IsCanceled());
    CHECK(Request2->GetRequestorMode() == WdfUserMode);
    Request2->Release();
    return 0;
}

static ULONG Ask(IWDFIoQueue* Queue, IWDFIoRequest* Request)
{
    ULONG Line = AskInterfaces();

    Line = Line != 0 ? Line : AskContexts();
    Line = Line != 0 ? Line : AskMemory();
    Line = Line != 0 ? Line : AskTargets();
    Line = Line != 0 ? Line : AskWorkItems();
    return Line != 0 ? Line : AskQueues(Queue, Request);
}

class CQueue : public IQueueCallbackDeviceIoControl, public IQueueCallbackCreate
{
public:
    STATIC_COUNT
    STDMETHODIMP QueryInterface(REFIID Id, void** Object) override
    {
        if (IsEqualIID(Id, __uuidof(IQueueCallbackCreate))) {
            *Object = static_cast<IQueueCallbackCreate*>(this);
            return S_OK;
        }
        return Find(static_cast<IQueueCallbackDeviceIoControl*>(this), Id, Object);
    }
    STDMETHODIMP_(void) OnCreateFile(IWDFIoQueue*, IWDFIoRequest* Request, IWDFFile* File) override
    {
        g_Counts[1] += File != NULL && Request->GetType() == WdfRequestCreate;
        Request->Complete(S_OK);
    }
    STDMETHODIMP_(void) OnDeviceIoControl(
        IWDFIoQueue* Queue, IWDFIoRequest* Request, ULONG Code, SIZE_T, SIZE_T) override
    {
        switch (Code) {
        case IOCTL_ASK:
            Answer(Request, Ask(Queue, Request));
            break;
        case IOCTL_HOLD:
            Request->MarkCancelable(&g_Cancel);
            break;
        case IOCTL_PARK:
            Request->ForwardToIoQueue(g_Manual);
            break;
        case IOCTL_UNPARK: {
            IWDFIoRequest* Parked = NULL;
            HRESULT hr = g_Manual->RetrieveNextRequest(&Parked);
            if (SUCCEEDED(hr)) {
                Answer(Parked, 7);
                Parked->Release();
            }
            Request->Complete(hr);
            break;
        }
        case IOCTL_COUNTS: {
            IWDFMemory* Memory;
            Request->GetOutputMemory(&Memory);
            HRESULT hr = Memory->CopyFromBuffer(0, g_Counts, sizeof(ULONG) * 4);
            Memory->Release();
            Request->CompleteWithInformation(hr, sizeof(ULONG) * 4);
            break;
        }
        default:
            Request->Complete(HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED));
            break;
        }
    }

private:
    static void Answer(IWDFIoRequest* Request, ULONG Value)
    {
        IWDFMemory* Memory;
        HRESULT hr;

        Request->GetOutputMemory(&Memory);
        hr = Memory->CopyFromBuffer(0, &Value, sizeof(Value));
        Memory->Release();
        Request->CompleteWithInformation(hr, sizeof(Value));
    }
};
static CQueue g_Queue;

class CDevice : public IFileCallbackCleanup, public IFileCallbackClose
{
public:
    STATIC_COUNT
    STDMETHODIMP QueryInterface(REFIID Id, void** Object) override
    {
        if (IsEqualIID(Id, __uuidof(IFileCallbackClose))) {
            *Object = static_cast<IFileCallbackClose*>(this);
            return S_OK;
        }
        return Find(static_cast<IFileCallbackCleanup*>(this), Id, Object);
    }
    STDMETHODIMP_(void) OnCleanupFile(IWDFFile*) override { g_Counts[2] += 1; }
    STDMETHODIMP_(void) OnCloseFile(IWDFFile*) override { g_Counts[3] += 1; }
};
static CDevice g_DeviceCallbacks;

class CDriver : public IDriverEntry, public IClassFactory
{
public:
    STATIC_COUNT
    STDMETHODIMP QueryInterface(REFIID Id, void** Object) override
    {
        if (IsEqualIID(Id, __uuidof(IClassFactory))) {
            *Object = static_cast<IClassFactory*>(this);
            return S_OK;
        }
        return Find(static_cast<IDriverEntry*>(this), Id, Object);
    }
    STDMETHODIMP CreateInstance(IUnknown*, REFIID Id, void** Object) override
    {
        return QueryInterface(Id, Object);
    }
    STDMETHODIMP LockServer(BOOL) override { return S_OK; }

    STDMETHODIMP OnInitialize(IWDFDriver* Driver) override
    {
        g_Driver = Driver;
        return S_OK;
    }
    STDMETHODIMP OnDeviceAdd(IWDFDriver* Driver, IWDFDeviceInitialize* Init) override
    {
        IWDFDevice* Device;
        IWDFIoQueue* Queue;
        HRESULT hr = Driver->CreateDevice(
            Init, static_cast<IFileCallbackCleanup*>(&g_DeviceCallbacks), &Device);

        if (FAILED(hr)) {
            return hr;
        }
        if (SUCCEEDED(Driver->CreateDevice(Init, NULL, &g_NoDevice))) {
            return E_UNEXPECTED; // the initialization is used up
        }
        hr = Device->QueryInterface(IID_PPV_ARGS(&g_Device));
        g_Device->Release();
        hr = Device->CreateIoQueue(static_cast<IQueueCallbackCreate*>(&g_Queue), TRUE,
                                   WdfIoQueueDispatchParallel, TRUE, FALSE, &Queue);
        if (SUCCEEDED(hr)) {
            Queue->Release();
            hr = Device->CreateIoQueue(
                NULL, FALSE, WdfIoQueueDispatchManual, FALSE, FALSE, &g_Manual);
        }
        if (SUCCEEDED(hr)) {
            g_Manual->Release();
        }
        Device->Release();
        return hr;
    }
    STDMETHODIMP_(void) OnDeinitialize(IWDFDriver*) override {}

private:
    static IWDFDevice* g_NoDevice;
};
IWDFDevice* CDriver::g_NoDevice;
static CDriver g_Class;

STDAPI DllGetClassObject(REFCLSID ClassId, REFIID InterfaceId, LPVOID* Object)
{
    *Object = NULL;
    return IsEqualCLSID(ClassId, SurfaceClass) ? g_Class.QueryInterface(InterfaceId, Object)
                                               : CLASS_E_CLASSNOTAVAILABLE;
}

BOOL WINAPI DllMain(HINSTANCE, DWORD Reason, LPVOID)
{
    g_Counts[0] += Reason == DLL_PROCESS_ATTACH;
    return TRUE;
}
