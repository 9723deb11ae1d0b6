//
// A driver with a race that the plainest schedule does not show: two routines count without a
// common lock, usually one after the other.
//

#include <ntddk.h>
#include <wdf.h>

#define IOCTL_COUNT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_CHECK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_ASK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_USE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_LOOP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_WAIT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL OnDeviceControl;
EVT_WDF_TIMER OnTimer;
EVT_WDF_WORKITEM OnWorkItem;

static WDFTIMER Timer;
static WDFWORKITEM WorkItem;
static WDFSPINLOCK StatisticsLock;
static KEVENT Counted;
static volatile ULONG Count;
static ULONG Statistics;

static VOID CountOne(VOID)
{
    ULONG Before;

    Before = Count;
    WdfSpinLockAcquire(StatisticsLock);
    Statistics += 1;
    WdfSpinLockRelease(StatisticsLock);
    Count = Before + 1; // the lock is given back already
}

VOID OnTimer(_In_ WDFTIMER Object)
{
    UNREFERENCED_PARAMETER(Object);
    CountOne();
    KeSetEvent(&Counted, IO_NO_INCREMENT, FALSE);
}

VOID OnWorkItem(_In_ WDFWORKITEM Object)
{
    UNREFERENCED_PARAMETER(Object);
    CountOne();
}

VOID OnDeviceControl(_In_ WDFQUEUE Queue, _In_ WDFREQUEST Request, _In_ size_t OutputBufferLength,
                     _In_ size_t InputBufferLength, _In_ ULONG IoControlCode)
{
    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);
    if (IoControlCode == IOCTL_COUNT) {
        WdfTimerStart(Timer, WDF_REL_TIMEOUT_IN_US(20));
        WdfWorkItemEnqueue(WorkItem);
    } else if (IoControlCode == IOCTL_CHECK) {
        NT_ASSERT(Count == 2); // MISTAKE a count was lost
    } else if (IoControlCode == IOCTL_ASK && Count != 2) {
        WdfRequestComplete(Request, STATUS_DATA_ERROR);
        return;
    } else if (IoControlCode == IOCTL_USE && Count != 2) {
        *(volatile ULONG *)NULL = Count; // MISTAKE only if a count was lost
    } else if (IoControlCode == IOCTL_LOOP) {
        while (Count != 2) { // MISTAKE forever if a count was lost
        }
    } else if (IoControlCode == IOCTL_WAIT) {
        WdfTimerStart(Timer, WDF_REL_TIMEOUT_IN_US(20));
        WdfSpinLockAcquire(StatisticsLock);
        WdfSpinLockRelease(StatisticsLock);
        KeClearEvent(&Counted); // too late, if the timer was quick
        KeWaitForSingleObject(&Counted, Executive, KernelMode, FALSE, NULL);
    }
    WdfRequestComplete(Request, STATUS_SUCCESS);
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_IO_QUEUE_CONFIG Queue;
    WDF_TIMER_CONFIG TimerConfig;
    WDF_WORKITEM_CONFIG WorkItemConfig;
    WDFDEVICE Device;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);
    KeInitializeEvent(&Counted, NotificationEvent, FALSE);
    Status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    WDF_TIMER_CONFIG_INIT(&TimerConfig, OnTimer);
    TimerConfig.AutomaticSerialization = FALSE;
    WDF_WORKITEM_CONFIG_INIT(&WorkItemConfig, OnWorkItem);
    WorkItemConfig.AutomaticSerialization = FALSE;
    Status = WdfSpinLockCreate(&Attributes, &StatisticsLock);
    if (NT_SUCCESS(Status)) {
        Status = WdfTimerCreate(&TimerConfig, &Attributes, &Timer);
    }
    if (NT_SUCCESS(Status)) {
        Status = WdfWorkItemCreate(&WorkItemConfig, &Attributes, &WorkItem);
    }
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
