//
// Prints the addresses that a driver gets to see: of what it allocates, of what it is handed, of
// its code, its data and its stack.
//

//
// Only the frames of the tool above it decide where a local variable stands, so that differs from one
// compiler to the next, and only from there.
//
#define SHOW_STACK 0

#include <ntddk.h>
#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE OnPrepareHardware;
EVT_WDF_DEVICE_D0_ENTRY OnD0Entry;
EVT_WDF_TIMER OnTimer;
EVT_WDF_WORKITEM OnWorkItem;

typedef struct _ADDRESS_CONTEXT {
    WDFTIMER Timer;
    WDFWORKITEM WorkItem;
    ULONG Rounds;
} ADDRESS_CONTEXT, *PADDRESS_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ADDRESS_CONTEXT, AddressContext)

static ULONG Blocks;

#define SHOW(What, Address) \
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "%s %p\n", (What), (const void*)(Address))

//
// Some blocks stay, some go: their places are given out again.
//
static VOID ShowPool(VOID)
{
    static const SIZE_T Sizes[] = {1, 24, 100, 1000, 5000};
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Sizes); ++i) {
        PVOID Block = ExAllocatePool2(POOL_FLAG_NON_PAGED, Sizes[i], 'rddA');

        SHOW("pool block", Block);
        ++Blocks;
        if (Block != NULL) {
            ExFreePoolWithTag(Block, 'rddA');
        }
    }
}

VOID OnWorkItem(_In_ WDFWORKITEM WorkItem)
{
    SHOW("work item", WorkItem);
    SHOW("thread", KeGetCurrentThread());
    ShowPool();
}

VOID OnTimer(_In_ WDFTIMER Timer)
{
    PADDRESS_CONTEXT Context = AddressContext(WdfTimerGetParentObject(Timer));

    SHOW("timer", Timer);
    ShowPool();
    if (++Context->Rounds < 3) {
        WdfTimerStart(Timer, WDF_REL_TIMEOUT_IN_US(50));
        WdfWorkItemEnqueue(Context->WorkItem);
    }
}

NTSTATUS OnPrepareHardware(_In_ WDFDEVICE Device, _In_ WDFCMRESLIST Raw, _In_ WDFCMRESLIST Translated)
{
    int Local = 0;

    SHOW("raw resources", Raw);
    SHOW("translated resources", Translated);
    SHOW("descriptor", WdfCmResourceListGetDescriptor(Translated, 0));
    SHOW("device object", WdfDeviceWdmGetDeviceObject(Device));
    SHOW("physical device object", WdfDeviceWdmGetPhysicalDevice(Device));
#if SHOW_STACK
    SHOW("local variable", &Local);
#else
    UNREFERENCED_PARAMETER(Local);
#endif
    ShowPool();
    return STATUS_SUCCESS;
}

NTSTATUS OnD0Entry(_In_ WDFDEVICE Device, _In_ WDF_POWER_DEVICE_STATE PreviousState)
{
    UNREFERENCED_PARAMETER(PreviousState);
    WdfTimerStart(AddressContext(Device)->Timer, WDF_REL_TIMEOUT_IN_US(50));
    return STATUS_SUCCESS;
}

static NTSTATUS CreateObjects(_In_ WDFDEVICE Device)
{
    PADDRESS_CONTEXT Context = AddressContext(Device);
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_TIMER_CONFIG TimerConfig;
    WDF_WORKITEM_CONFIG WorkItemConfig;
    WDFMEMORY Memory;
    PVOID Buffer;
    NTSTATUS Status;

    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    WDF_TIMER_CONFIG_INIT(&TimerConfig, OnTimer);
    Status = WdfTimerCreate(&TimerConfig, &Attributes, &Context->Timer);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    WDF_WORKITEM_CONFIG_INIT(&WorkItemConfig, OnWorkItem);
    Status = WdfWorkItemCreate(&WorkItemConfig, &Attributes, &Context->WorkItem);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Status = WdfMemoryCreate(&Attributes, NonPagedPoolNx, 0, 64, &Memory, &Buffer);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    SHOW("memory", Memory);
    SHOW("buffer", Buffer);
    return STATUS_SUCCESS;
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDFDEVICE Device;
    NTSTATUS Status;

    SHOW("driver", Driver);
    SHOW("device init", DeviceInit);
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = OnPrepareHardware;
    Callbacks.EvtDeviceD0Entry = OnD0Entry;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, ADDRESS_CONTEXT);
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    SHOW("device", Device);
    SHOW("context", AddressContext(Device));
    ShowPool();
    return CreateObjects(Device);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;

    SHOW("driver object", DriverObject);
    SHOW("globals", WdfDriverGlobals);
    SHOW("code", &DriverEntry);
    SHOW("data", &Blocks);
    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
