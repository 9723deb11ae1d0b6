//
// A driver that works as long as nothing fails.
//

#include <ntddk.h>
#include <wdf.h>

#define IOCTL_BUFFER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_MEMORY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_CAREFUL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define CARELESS_TAG 'eraC'

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL OnDeviceControl;
EVT_WDF_TIMER OnTimer;
EVT_WDF_OBJECT_CONTEXT_CLEANUP OnCleanup;

typedef struct _DEVICE_CONTEXT {
    PULONG Table;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)

VOID OnTimer(_In_ WDFTIMER Timer)
{
    UNREFERENCED_PARAMETER(Timer);
}

static VOID UseBuffer(VOID)
{
    PULONG Buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, CARELESS_TAG);

    Buffer[0] = 1; // MISTAKE nobody asked whether it is there
    ExFreePoolWithTag(Buffer, CARELESS_TAG);
}

VOID OnDeviceControl(_In_ WDFQUEUE Queue, _In_ WDFREQUEST Request, _In_ size_t OutputBufferLength,
                     _In_ size_t InputBufferLength, _In_ ULONG IoControlCode)
{
    WDFMEMORY Memory;
    NTSTATUS Status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);
    if (IoControlCode == IOCTL_BUFFER) {
        UseBuffer();
    } else {
        Status = WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, CARELESS_TAG, 32, &Memory,
                                 NULL);
        if (NT_SUCCESS(Status)) {
            WdfObjectDelete(Memory);
        } else if (IoControlCode == IOCTL_MEMORY) {
            return; // MISTAKE the request is never completed
        }
    }
    WdfRequestComplete(Request, Status);
}

VOID OnCleanup(_In_ WDFOBJECT Object)
{
    PDEVICE_CONTEXT Context = GetContext(Object);

    if (Context->Table != NULL) {
        ExFreePoolWithTag(Context->Table, CARELESS_TAG);
    }
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_IO_QUEUE_CONFIG Queue;
    WDF_TIMER_CONFIG TimerConfig;
    WDFDEVICE Device;
    WDFTIMER Timer;
    PULONG Table;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, DEVICE_CONTEXT);
    Attributes.EvtCleanupCallback = OnCleanup;
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Table = ExAllocatePool2(POOL_FLAG_NON_PAGED, 256, CARELESS_TAG);
    if (Table == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    WDF_TIMER_CONFIG_INIT(&TimerConfig, OnTimer);
    Status = WdfTimerCreate(&TimerConfig, &Attributes, &Timer);
    if (!NT_SUCCESS(Status)) {
        return Status; // MISTAKE the table is nobody's yet
    }
    GetContext(Device)->Table = Table;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&Queue, WdfIoQueueDispatchParallel);
    Queue.EvtIoDeviceControl = OnDeviceControl;
    return WdfIoQueueCreate(Device, &Queue, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config,
                           WDF_NO_HANDLE);
}
