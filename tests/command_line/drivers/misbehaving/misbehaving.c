//
// A driver that does what it is asked to: each control code is one mistake. The tests look for the
// lines that say MISTAKE.
//

#include <ntddk.h>
#include <wdf.h>

#define MISTAKE(Number) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (Number), METHOD_BUFFERED, FILE_ANY_ACCESS)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL OnDeviceControl;
EVT_WDF_TIMER OnTimer;

typedef VOID (*ROUTINE)(VOID);

static volatile ULONG * volatile Pointer;
static volatile ROUTINE Routine;
static volatile ULONG Divisor;
static volatile ULONG Result;

static ULONG Recurse(_In_ ULONG Depth)
{
    volatile UCHAR Room[512];

    Room[0] = (UCHAR)Depth;
    return Recurse(Depth + 1) + Room[0]; // MISTAKE stack overflow
}

static VOID OverrunPool(VOID)
{
    PUCHAR Block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, 'siMG');

    if (Block != NULL) {
        RtlFillMemory(Block, 28, 0x5A);
        ExFreePoolWithTag(Block, 'siMG'); // MISTAKE pool overrun
    }
}

VOID OnTimer(_In_ WDFTIMER Timer)
{
    UNREFERENCED_PARAMETER(Timer);
    *Pointer = 1; // MISTAKE null write in a DPC
}

static VOID StartTimer(_In_ WDFDEVICE Device)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_TIMER_CONFIG Config;
    WDFTIMER Timer;

    WDF_TIMER_CONFIG_INIT(&Config, OnTimer);
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    if (NT_SUCCESS(WdfTimerCreate(&Config, &Attributes, &Timer))) {
        WdfTimerStart(Timer, WDF_REL_TIMEOUT_IN_MS(1));
    }
}

static VOID LockInBothOrders(_In_ WDFDEVICE Device)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDFWAITLOCK Pins;
    WDFWAITLOCK State;

    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    if (!NT_SUCCESS(WdfWaitLockCreate(&Attributes, &Pins)) || !NT_SUCCESS(WdfWaitLockCreate(&Attributes, &State))) {
        return;
    }
    WdfWaitLockAcquire(Pins, NULL);
    WdfWaitLockAcquire(State, NULL); // MISTAKE one order
    WdfWaitLockRelease(State);
    WdfWaitLockRelease(Pins);
    WdfWaitLockAcquire(State, NULL);
    WdfWaitLockAcquire(Pins, NULL); // MISTAKE the other order
    WdfWaitLockRelease(Pins);
    WdfWaitLockRelease(State);
}

VOID OnDeviceControl(_In_ WDFQUEUE Queue, _In_ WDFREQUEST Request, _In_ size_t OutputBufferLength,
                     _In_ size_t InputBufferLength, _In_ ULONG IoControlCode)
{
    ULONG Value = 0;

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);
    switch (IoControlCode) {
    case MISTAKE(0):
        Value = *Pointer; // MISTAKE null read
        break;
    case MISTAKE(1):
        Pointer = (volatile ULONG *)0x123456789000;
        *Pointer = 1; // MISTAKE wild write
        break;
    case MISTAKE(2):
        OverrunPool();
        break;
    case MISTAKE(3):
        Value = Recurse(0);
        break;
    case MISTAKE(4):
        for (;;) { // MISTAKE endless loop
            Divisor += 1;
        }
    case MISTAKE(5):
        Routine(); // MISTAKE null call
        break;
    case MISTAKE(6):
        Value = 7 / Divisor; // MISTAKE division by zero
        break;
    case MISTAKE(7):
        StartTimer(WdfIoQueueGetDevice(Queue));
        break;
    case MISTAKE(8):
        return; // MISTAKE the request is never completed
    case MISTAKE(9):
        Pointer = (volatile ULONG *)0xDDDDDDDDDDDDDDDD;
        Value = *Pointer; // MISTAKE pointer from freed memory
        break;
    case MISTAKE(10):
        for (;;) { // MISTAKE endless polling
            KeStallExecutionProcessor(50);
        }
    case MISTAKE(11):
        NT_ASSERT(Divisor == 1); // MISTAKE assertion
        break;
    case MISTAKE(12): {
        PUCHAR Block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, 'siMG');

        if (Block != NULL) {
            Block[24] = 1; // and never freed
        }
        break;
    }
    case MISTAKE(13):
        LockInBothOrders(WdfIoQueueGetDevice(Queue));
        break;
    default:
        WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
        return;
    }
    Result = Value;
    WdfRequestComplete(Request, STATUS_SUCCESS);
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDFDEVICE Device;
    WDF_IO_QUEUE_CONFIG Queue;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);
    Status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&Queue, WdfIoQueueDispatchSequential);
    Queue.EvtIoDeviceControl = OnDeviceControl;
    return WdfIoQueueCreate(Device, &Queue, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
