//
// A driver in user mode (UMDF 2) that calls the functions of Win32, rightly and wrongly.
//

#include <windows.h>
#include <winternl.h>
#include <wdf.h>

#include "umwin32ioctl.h"

typedef struct _UMWIN32_CONTEXT {
    CRITICAL_SECTION Section;
    CRITICAL_SECTION Other;
    SRWLOCK Slim;

    //
    // From D0Entry to D0Exit: a thread that adds up what it is given.
    //

    HANDLE Stop;
    HANDLE Work;
    HANDLE Done;
    HANDLE Thread;
    ULONG Given;
    ULONG Sum;
} UMWIN32_CONTEXT, *PUMWIN32_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(UMWIN32_CONTEXT, UmWin32GetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD UmWin32EvtDeviceAdd;
EVT_WDF_OBJECT_CONTEXT_CLEANUP UmWin32EvtDeviceCleanup;
EVT_WDF_DEVICE_D0_ENTRY UmWin32EvtD0Entry;
EVT_WDF_DEVICE_D0_EXIT UmWin32EvtD0Exit;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL UmWin32EvtDeviceControl;

#define CHECK(Condition) \
    if (!(Condition))    \
    return __LINE__

static CRITICAL_SECTION UmWin32Never;

//
// ---------------------------------------------------------------------- What goes well
//

static ULONG
UmWin32Heap(
    VOID
    )
{
    PUCHAR Block;
    PUCHAR Larger;
    ULONG Index;

    Block = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 24);
    CHECK(Block != NULL);
    CHECK(((ULONG_PTR)Block & 15) == 0);
    CHECK(HeapSize(GetProcessHeap(), 0, Block) == 24);
    for (Index = 0; Index < 24; Index += 1) {
        CHECK(Block[Index] == 0);
        Block[Index] = (UCHAR)Index;
    }

    CHECK(HeapReAlloc(GetProcessHeap(), HEAP_REALLOC_IN_PLACE_ONLY, Block, 4000) == NULL);
    Larger = HeapReAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, Block, 4000);
    CHECK(Larger != NULL);
    CHECK(HeapSize(GetProcessHeap(), 0, Larger) == 4000);
    CHECK(Larger[23] == 23);
    CHECK(Larger[24] == 0);
    CHECK(HeapFree(GetProcessHeap(), 0, Larger));
    CHECK(HeapFree(GetProcessHeap(), 0, NULL));

    Block = HeapAlloc(GetProcessHeap(), 0, 8);
    CHECK(Block != NULL);
    CHECK(Block[0] == 0xA5);
    CHECK(HeapFree(GetProcessHeap(), 0, Block));
    return 0;
}

static ULONG
UmWin32Section(
    _In_ PUMWIN32_CONTEXT Context
    )
{
    CRITICAL_SECTION Local;

    CHECK(InitializeCriticalSectionAndSpinCount(&Local, 4000));
    CHECK(Local.LockCount == -1);
    EnterCriticalSection(&Local);
    EnterCriticalSection(&Local);
    CHECK(Local.RecursionCount == 2);
    CHECK(HandleToUlong(Local.OwningThread) == GetCurrentThreadId());
    CHECK(TryEnterCriticalSection(&Local));
    LeaveCriticalSection(&Local);
    LeaveCriticalSection(&Local);
    LeaveCriticalSection(&Local);
    CHECK(Local.LockCount == -1);
    CHECK(Local.SpinCount == 4000);
    DeleteCriticalSection(&Local);

    EnterCriticalSection(&Context->Section);
    EnterCriticalSection(&Context->Other);
    LeaveCriticalSection(&Context->Other);
    LeaveCriticalSection(&Context->Section);
    return 0;
}

static ULONG
UmWin32Slim(
    _In_ PUMWIN32_CONTEXT Context
    )
{
    SRWLOCK Local = SRWLOCK_INIT;

    AcquireSRWLockExclusive(&Local);
    ReleaseSRWLockExclusive(&Local);
    AcquireSRWLockShared(&Local);
    CHECK(!TryAcquireSRWLockExclusive(&Local));
    ReleaseSRWLockShared(&Local);
    CHECK(TryAcquireSRWLockExclusive(&Local));
    CHECK(!TryAcquireSRWLockShared(&Local));
    ReleaseSRWLockExclusive(&Local);

    AcquireSRWLockShared(&Context->Slim);
    ReleaseSRWLockShared(&Context->Slim);
    return 0;
}

static ULONG
UmWin32Event(
    VOID
    )
{
    HANDLE Both[2];
    HANDLE Named;
    HANDLE Again;

    Both[0] = CreateEventW(NULL, FALSE, FALSE, NULL);
    Both[1] = CreateEvent(NULL, TRUE, TRUE, NULL);
    CHECK(Both[0] != NULL && Both[1] != NULL);
    CHECK(GetLastError() == ERROR_SUCCESS);
    CHECK(WaitForSingleObject(Both[0], 0) == WAIT_TIMEOUT);
    CHECK(WaitForMultipleObjects(2, Both, FALSE, INFINITE) == WAIT_OBJECT_0 + 1);
    CHECK(WaitForMultipleObjects(2, Both, TRUE, 1) == WAIT_TIMEOUT);
    CHECK(SetEvent(Both[0]));
    CHECK(WaitForMultipleObjects(2, Both, TRUE, INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(Both[0], 0) == WAIT_TIMEOUT);
    CHECK(ResetEvent(Both[1]));
    CHECK(WaitForSingleObjectEx(Both[1], 1, FALSE) == WAIT_TIMEOUT);
    CHECK(CloseHandle(Both[0]));
    CHECK(NT_SUCCESS(NtClose(Both[1])));

    Named = CreateEventW(NULL, TRUE, FALSE, L"UmWin32Named");
    CHECK(GetLastError() == ERROR_SUCCESS);
    Again = CreateEventA(NULL, TRUE, FALSE, "umwin32named");
    CHECK(Again != NULL && GetLastError() == ERROR_ALREADY_EXISTS);
    CHECK(SetEvent(Again));
    CHECK(WaitForSingleObject(Named, 0) == WAIT_OBJECT_0);
    CHECK(CloseHandle(Again));
    CHECK(CloseHandle(Named));
    return 0;
}

static ULONG
UmWin32Time(
    VOID
    )
{
    LARGE_INTEGER Before;
    LARGE_INTEGER After;
    LARGE_INTEGER Frequency;
    FILETIME Now;
    ULONGLONG Ticks;

    CHECK(QueryPerformanceFrequency(&Frequency));
    CHECK(QueryPerformanceCounter(&Before));
    Ticks = GetTickCount64();
    Sleep(50);
    CHECK(QueryPerformanceCounter(&After));
    CHECK(After.QuadPart - Before.QuadPart >= Frequency.QuadPart / 20);
    CHECK(After.QuadPart - Before.QuadPart < Frequency.QuadPart / 10);
    Ticks = GetTickCount64() - Ticks;
    CHECK(Ticks >= 30 && Ticks < 100);
    Sleep(0);
    SwitchToThread();
    CHECK(SleepEx(1, TRUE) == 0);

    GetSystemTimeAsFileTime(&Now);
    CHECK(Now.dwHighDateTime != 0);
    SetLastError(ERROR_BUSY);
    CHECK(GetLastError() == ERROR_BUSY);
    SetLastError(ERROR_SUCCESS);
    CHECK(GetCurrentProcessId() != 0);
    CHECK(GetCurrentThreadId() != 0);
    CHECK(!IsDebuggerPresent());
    OutputDebugStringA("told as bytes\n");
    OutputDebugStringW(L"told as words\n");
    return 0;
}

//
// Adds up; what it is given is guarded by the section.
//

static DWORD WINAPI
UmWin32Adder(
    LPVOID Parameter
    )
{
    HANDLE Either[2];
    PUMWIN32_CONTEXT Context = Parameter;

    Either[0] = Context->Stop;
    Either[1] = Context->Work;
    while (WaitForMultipleObjects(2, Either, FALSE, INFINITE) == WAIT_OBJECT_0 + 1) {
        EnterCriticalSection(&Context->Section);
        Context->Sum += Context->Given;
        LeaveCriticalSection(&Context->Section);
        SetEvent(Context->Done);
    }

    return 17;
}

static ULONG
UmWin32Thread(
    _In_ PUMWIN32_CONTEXT Context
    )
{
    DWORD Code;
    ULONG Sum;

    EnterCriticalSection(&Context->Section);
    Sum = Context->Sum;
    Context->Given = 5;
    LeaveCriticalSection(&Context->Section);
    CHECK(SetEvent(Context->Work));
    CHECK(WaitForSingleObject(Context->Done, 1000) == WAIT_OBJECT_0);

    EnterCriticalSection(&Context->Section);
    Sum = Context->Sum - Sum;
    LeaveCriticalSection(&Context->Section);
    CHECK(Sum == 5);

    CHECK(GetExitCodeThread(Context->Thread, &Code) && Code == STILL_ACTIVE);
    CHECK(WaitForSingleObject(Context->Thread, 1) == WAIT_TIMEOUT);
    CHECK(CreateThread(NULL, 0, UmWin32Adder, Context, CREATE_SUSPENDED, NULL) == NULL);
    CHECK(GetLastError() == ERROR_NOT_SUPPORTED);
    return 0;
}

static ULONG
UmWin32Hold(
    _In_ PUMWIN32_CONTEXT Context
    )
{
    EnterCriticalSection(&Context->Section);
    Sleep(10);
    LeaveCriticalSection(&Context->Section);
    return 0;
}

static ULONG
UmWin32WaitForEver(
    VOID
    )
{
    HANDLE Event;

    Event = CreateEventW(NULL, TRUE, FALSE, NULL);
    WaitForSingleObject(Event, INFINITE);
    CloseHandle(Event);
    return 0;
}

//
// ------------------------------------------------------------------------ What is wrong
//

static DWORD WINAPI
UmWin32Sleeper(
    LPVOID Parameter
    )
{
    UNREFERENCED_PARAMETER(Parameter);

    Sleep(INFINITE);
    return 0;
}

static ULONG
UmWin32Wrong(
    _In_ PUMWIN32_CONTEXT Context,
    _In_ ULONG Code
    )
{
    HANDLE Handle;
    PUCHAR Block;

    switch (Code) {
    case IOCTL_UMWIN32_LEAK_BLOCK:
        CHECK(HeapAlloc(GetProcessHeap(), 0, 40) != NULL);
        break;

    case IOCTL_UMWIN32_LEAK_HANDLE:
        CHECK(CreateEventW(NULL, FALSE, FALSE, NULL) != NULL);
        break;

    case IOCTL_UMWIN32_LEAK_SECTION:
        InitializeCriticalSection(&UmWin32Never);
        break;

    case IOCTL_UMWIN32_FREE_TWICE:
        Block = HeapAlloc(GetProcessHeap(), 0, 40);
        CHECK(HeapFree(GetProcessHeap(), 0, Block));
        CHECK(!HeapFree(GetProcessHeap(), 0, Block));
        break;

    case IOCTL_UMWIN32_OVERRUN:
        Block = HeapAlloc(GetProcessHeap(), 0, 40);
        Block[40] = 1;
        CHECK(HeapFree(GetProcessHeap(), 0, Block));
        break;

    case IOCTL_UMWIN32_LEAVE_UNENTERED:
        LeaveCriticalSection(&Context->Section);
        break;

    case IOCTL_UMWIN32_ENTER_UNINITIALIZED:
        EnterCriticalSection(&UmWin32Never);
        LeaveCriticalSection(&UmWin32Never);
        DeleteCriticalSection(&UmWin32Never);
        break;

    case IOCTL_UMWIN32_KEEP_SECTION:
        EnterCriticalSection(&Context->Other);
        break;

    case IOCTL_UMWIN32_WAIT_CLOSED:
        Handle = CreateEventW(NULL, FALSE, FALSE, NULL);
        CloseHandle(Handle);
        CHECK(WaitForSingleObject(Handle, 10) == WAIT_FAILED);
        CHECK(GetLastError() == ERROR_INVALID_HANDLE);
        break;

    case IOCTL_UMWIN32_FREE_WITH_SECTION:
        Block = HeapAlloc(GetProcessHeap(), 0, sizeof(CRITICAL_SECTION));
        InitializeCriticalSection((LPCRITICAL_SECTION)Block);
        HeapFree(GetProcessHeap(), 0, Block);
        break;

    case IOCTL_UMWIN32_OPPOSITE_ORDERS:
        EnterCriticalSection(&Context->Section);
        EnterCriticalSection(&Context->Other);
        LeaveCriticalSection(&Context->Other);
        LeaveCriticalSection(&Context->Section);
        EnterCriticalSection(&Context->Other);
        EnterCriticalSection(&Context->Section);
        LeaveCriticalSection(&Context->Section);
        LeaveCriticalSection(&Context->Other);
        break;

    case IOCTL_UMWIN32_SLIM_TWICE:
        AcquireSRWLockExclusive(&Context->Slim);
        AcquireSRWLockExclusive(&Context->Slim);
        ReleaseSRWLockExclusive(&Context->Slim);
        ReleaseSRWLockExclusive(&Context->Slim);
        ReleaseSRWLockShared(&Context->Slim);
        break;

    case IOCTL_UMWIN32_LEAK_THREAD:
        Handle = CreateThread(NULL, 0, UmWin32Sleeper, NULL, 0, NULL);
        CHECK(CloseHandle(Handle));
        break;

    default:
        return __LINE__;
    }

    return 0;
}

_Use_decl_annotations_
VOID
UmWin32EvtDeviceControl(
    WDFQUEUE Queue,
    WDFREQUEST Request,
    size_t OutputBufferLength,
    size_t InputBufferLength,
    ULONG IoControlCode
    )
{
    PUMWIN32_CONTEXT Context;
    PULONG Output;
    ULONG Result;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);

    Context = UmWin32GetContext(WdfIoQueueGetDevice(Queue));
    switch (IoControlCode) {
    case IOCTL_UMWIN32_HEAP:
        Result = UmWin32Heap();
        break;

    case IOCTL_UMWIN32_SECTION:
        Result = UmWin32Section(Context);
        break;

    case IOCTL_UMWIN32_SLIM:
        Result = UmWin32Slim(Context);
        break;

    case IOCTL_UMWIN32_EVENT:
        Result = UmWin32Event();
        break;

    case IOCTL_UMWIN32_TIME:
        Result = UmWin32Time();
        break;

    case IOCTL_UMWIN32_THREAD:
        Result = UmWin32Thread(Context);
        break;

    case IOCTL_UMWIN32_HOLD:
        Result = UmWin32Hold(Context);
        break;

    case IOCTL_UMWIN32_WAIT_FOR_EVER:
        Result = UmWin32WaitForEver();
        break;

    default:
        Result = UmWin32Wrong(Context, IoControlCode);
        break;
    }

    Status = WdfRequestRetrieveOutputBuffer(Request, sizeof(ULONG), (PVOID*)&Output, NULL);
    if (!NT_SUCCESS(Status)) {
        WdfRequestComplete(Request, Status);
        return;
    }

    *Output = Result;
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, sizeof(ULONG));
}

//
// -------------------------------------------------------------------- Plug and power
//

static VOID
UmWin32CloseAll(
    _In_ PUMWIN32_CONTEXT Context
    )
{
    HANDLE* All[] = {&Context->Thread, &Context->Stop, &Context->Work, &Context->Done};
    ULONG Index;

    for (Index = 0; Index < ARRAYSIZE(All); Index += 1) {
        if (*All[Index] != NULL) {
            CloseHandle(*All[Index]);
            *All[Index] = NULL;
        }
    }
}

_Use_decl_annotations_
NTSTATUS
UmWin32EvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    PUMWIN32_CONTEXT Context;

    UNREFERENCED_PARAMETER(PreviousState);

    Context = UmWin32GetContext(Device);
    Context->Stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    Context->Work = CreateEventW(NULL, FALSE, FALSE, NULL);
    Context->Done = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (Context->Stop != NULL && Context->Work != NULL && Context->Done != NULL) {
        Context->Thread = CreateThread(NULL, 0, UmWin32Adder, Context, 0, NULL);
    }

    if (Context->Thread == NULL) {
        UmWin32CloseAll(Context);
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
UmWin32EvtD0Exit(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    DWORD Code;
    PUMWIN32_CONTEXT Context;

    UNREFERENCED_PARAMETER(TargetState);

    Context = UmWin32GetContext(Device);
    SetEvent(Context->Stop);
    WaitForSingleObject(Context->Thread, INFINITE);
    if (!GetExitCodeThread(Context->Thread, &Code) || Code != 17) {
        return STATUS_UNSUCCESSFUL;
    }

    UmWin32CloseAll(Context);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
VOID
UmWin32EvtDeviceCleanup(
    WDFOBJECT Object
    )
{
    PUMWIN32_CONTEXT Context;

    Context = UmWin32GetContext(Object);
    DeleteCriticalSection(&Context->Section);
    DeleteCriticalSection(&Context->Other);
}

_Use_decl_annotations_
NTSTATUS
UmWin32EvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    PUMWIN32_CONTEXT Context;
    WDFDEVICE Device;
    WDF_IO_QUEUE_CONFIG QueueConfig;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDeviceD0Entry = UmWin32EvtD0Entry;
    Callbacks.EvtDeviceD0Exit = UmWin32EvtD0Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, UMWIN32_CONTEXT);
    Attributes.EvtCleanupCallback = UmWin32EvtDeviceCleanup;
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Context = UmWin32GetContext(Device);
    InitializeCriticalSection(&Context->Section);
    InitializeCriticalSectionEx(&Context->Other, 0, CRITICAL_SECTION_NO_DEBUG_INFO);
    InitializeSRWLock(&Context->Slim);

    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&QueueConfig, WdfIoQueueDispatchParallel);
    QueueConfig.EvtIoDeviceControl = UmWin32EvtDeviceControl;
    return WdfIoQueueCreate(Device, &QueueConfig, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, UmWin32EvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
