//
// A driver that forgets: each control code is one thing that is not given back, or one wait that can
// become a deadlock. The tests look for the lines that say MISTAKE.
//

#include <ntddk.h>
#include <wdf.h>

#define MISTAKE(Number) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (Number), METHOD_BUFFERED, FILE_ANY_ACCESS)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL OnDeviceControl;
EVT_WDF_WORKITEM OnWork;
KSTART_ROUTINE OnThread;
CALLBACK_FUNCTION OnCallback;

static WDFWAITLOCK Lock;
static KEVENT Event;

VOID OnWork(_In_ WDFWORKITEM WorkItem)
{
    UNREFERENCED_PARAMETER(WorkItem);
    WdfWaitLockAcquire(Lock, NULL); // MISTAKE the work item takes it
    WdfWaitLockRelease(Lock);
}

VOID OnThread(_In_ PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    WdfWaitLockAcquire(Lock, NULL);
    WdfWaitLockRelease(Lock);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID OnCallback(_In_ PVOID Context, _In_ PVOID Argument1, _In_ PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
}

static VOID FlushUnderLock(_In_ PWDF_OBJECT_ATTRIBUTES Attributes)
{
    WDF_WORKITEM_CONFIG Config;
    WDFWORKITEM Work;

    WDF_WORKITEM_CONFIG_INIT(&Config, OnWork);
    if (!NT_SUCCESS(WdfWorkItemCreate(&Config, Attributes, &Work))) {
        return;
    }
    WdfWorkItemEnqueue(Work);
    WdfWorkItemFlush(Work);
    WdfWaitLockAcquire(Lock, NULL);
    WdfWorkItemFlush(Work); // MISTAKE flushed under the lock
    WdfWaitLockRelease(Lock);
}

static VOID WaitForThreadUnderLock(VOID)
{
    LARGE_INTEGER Delay;
    HANDLE Handle;
    PVOID Thread;

    if (!NT_SUCCESS(PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, OnThread, NULL))) {
        return;
    }
    ObReferenceObjectByHandle(Handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, &Thread, NULL);
    ZwClose(Handle);
    Delay.QuadPart = -10000;
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    WdfWaitLockAcquire(Lock, NULL);
    KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
    WdfWaitLockRelease(Lock);
    ObDereferenceObject(Thread);
}

static VOID RegisterCallback(VOID)
{
    DECLARE_CONST_UNICODE_STRING(Name, L"\\Callback\\Leaking");
    OBJECT_ATTRIBUTES Attributes;
    PCALLBACK_OBJECT Callback;

    InitializeObjectAttributes(&Attributes, (PUNICODE_STRING)&Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (NT_SUCCESS(ExCreateCallback(&Callback, &Attributes, TRUE, TRUE))) {
        (VOID)ExRegisterCallback(Callback, OnCallback, NULL); // and never unregistered
        ObDereferenceObject(Callback);
    }
}

static VOID SetEventsAtDirql(VOID)
{
    KIRQL Irql;
    ULONG i;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    for (i = 0; i < 20; ++i) {
        KeRaiseIrql(5, &Irql);
        KeSetEvent(&Event, IO_NO_INCREMENT, FALSE); // MISTAKE at DIRQL
        KeLowerIrql(Irql);
    }
}

VOID OnDeviceControl(_In_ WDFQUEUE Queue, _In_ WDFREQUEST Request, _In_ size_t OutputBufferLength,
                     _In_ size_t InputBufferLength, _In_ ULONG IoControlCode)
{
    WDFDEVICE Device = WdfIoQueueGetDevice(Queue);
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDFSPINLOCK SpinLock;
    WDFMEMORY Memory;
    WDFSTRING String;
    PUCHAR Buffer;
    size_t Length;
    HANDLE Handle;

    UNREFERENCED_PARAMETER(InputBufferLength);
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    if (Lock == NULL) {
        (VOID)WdfWaitLockCreate(&Attributes, &Lock);
    }
    switch (IoControlCode) {
    case MISTAKE(0):
        FlushUnderLock(&Attributes);
        break;
    case MISTAKE(1):
        WaitForThreadUnderLock();
        break;
    case MISTAKE(2):
        if (NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, 1, (PVOID*)&Buffer, &Length))) {
            Buffer[Length] = 0x77;
        }
        WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, OutputBufferLength);
        return;
    case MISTAKE(3):
        if (NT_SUCCESS(WdfMemoryCreate(&Attributes, NonPagedPoolNx, 'kaeL', 20, &Memory, (PVOID*)&Buffer))) {
            Buffer[20] = 1;
        }
        break;
    case MISTAKE(4):
        if (NT_SUCCESS(WdfMemoryCreate(&Attributes, NonPagedPoolNx, 'kaeL', 20, &Memory, (PVOID*)&Buffer))) {
            WdfObjectReference(Memory); // and never dereferenced
        }
        break;
    case MISTAKE(5):
        (VOID)IoAllocateWorkItem(WdfDeviceWdmGetDeviceObject(Device)); // and never freed
        break;
    case MISTAKE(6):
        (VOID)IoAllocateIrp(2, FALSE); // and never freed
        break;
    case MISTAKE(7):
        (VOID)IoAllocateMdl(&Event, sizeof(Event), FALSE, FALSE, NULL); // and never freed
        break;
    case MISTAKE(8):
        (VOID)PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, OnThread, NULL); // and never closed
        break;
    case MISTAKE(9):
        RegisterCallback();
        break;
    case MISTAKE(10):
        SetEventsAtDirql();
        break;
    case MISTAKE(11):
        return; // MISTAKE never completed
    case MISTAKE(12):
        if (NT_SUCCESS(WdfSpinLockCreate(&Attributes, &SpinLock))) {
            WdfSpinLockAcquire(SpinLock);
            (VOID)WdfStringCreate(NULL, NULL, &String); // MISTAKE with a spin lock held
            WdfSpinLockRelease(SpinLock);
        }
        break;
    default:
        WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
        return;
    }
    WdfRequestComplete(Request, STATUS_SUCCESS);
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_IO_QUEUE_CONFIG Config;
    WDFDEVICE Device;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);
    Lock = NULL;
    Status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&Config, WdfIoQueueDispatchSequential);
    Config.EvtIoDeviceControl = OnDeviceControl;
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ExecutionLevel = WdfExecutionLevelPassive;
    return WdfIoQueueCreate(Device, &Config, &Attributes, WDF_NO_HANDLE);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
