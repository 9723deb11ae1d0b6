//
// Driver of an LED on a GPIO output pin. Firmware gives it one GPIO I/O resource; clients open the
// device by name and switch the LED with the requests of ledioctl.h.
//

#include <ntddk.h>
#include <wdf.h>

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <gpio.h>

#include "ledioctl.h"

typedef struct _LED_CONTEXT {
    WDFIOTARGET Pin;
    LARGE_INTEGER ConnectionId;

    //
    // What the LED was last told. Needs no lock: the queue presents one request at a time, and
    // none during the power callbacks.
    //

    BOOLEAN On;
} LED_CONTEXT, *PLED_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(LED_CONTEXT, LedGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD LedEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE LedEvtPrepareHardware;
EVT_WDF_DEVICE_D0_ENTRY LedEvtD0Entry;
EVT_WDF_DEVICE_D0_EXIT LedEvtD0Exit;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL LedEvtIoDeviceControl;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, LedEvtDeviceAdd)
#pragma alloc_text(PAGE, LedEvtPrepareHardware)

//
// ------------------------------------------------------------------------------- Pin
//

static NTSTATUS
LedWritePin(
    _In_ PLED_CONTEXT Led,
    _In_ BOOLEAN On
    )
{
    WDF_MEMORY_DESCRIPTOR Memory;
    NTSTATUS Status;
    UCHAR Value;

    //
    // One pin, so one bit. A buffered request hands the input back as output.
    //

    Value = On ? 1 : 0;
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, &Value, sizeof(Value));
    Status = WdfIoTargetSendIoctlSynchronously(Led->Pin,
                                               NULL,
                                               IOCTL_GPIO_WRITE_PINS,
                                               &Memory,
                                               &Memory,
                                               NULL,
                                               NULL);

    if (NT_SUCCESS(Status)) {
        Led->On = On;
    } else {
        KdPrint(("led: writing the pin failed, status 0x%08x\n", Status));
    }

    return Status;
}

static NTSTATUS
LedReadPin(
    _In_ PLED_CONTEXT Led,
    _Out_ PBOOLEAN On
    )
{
    WDF_MEMORY_DESCRIPTOR Memory;
    NTSTATUS Status;
    UCHAR Value;

    Value = 0;
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, &Value, sizeof(Value));
    Status = WdfIoTargetSendIoctlSynchronously(Led->Pin,
                                               NULL,
                                               IOCTL_GPIO_READ_PINS,
                                               NULL,
                                               &Memory,
                                               NULL,
                                               NULL);

    *On = (BOOLEAN)((Value & 1) != 0);
    return Status;
}

//
// -------------------------------------------------------------------- Plug and power
//

_Use_decl_annotations_
NTSTATUS
LedEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    ULONG Count;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;
    PLED_CONTEXT Led;

    UNREFERENCED_PARAMETER(ResourcesRaw);
    PAGED_CODE();

    Led = LedGetContext(Device);
    Count = WdfCmResourceListGetCount(ResourcesTranslated);
    for (Index = 0; Index < Count; Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if ((Descriptor->Type == CmResourceTypeConnection) &&
            (Descriptor->u.Connection.Class == CM_RESOURCE_CONNECTION_CLASS_GPIO) &&
            (Descriptor->u.Connection.Type == CM_RESOURCE_CONNECTION_TYPE_GPIO_IO)) {

            Led->ConnectionId.LowPart = Descriptor->u.Connection.IdLowPart;
            Led->ConnectionId.HighPart = (LONG)Descriptor->u.Connection.IdHighPart;
            return STATUS_SUCCESS;
        }
    }

    KdPrint(("led: the firmware lists no GPIO I/O resource\n"));
    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
LedEvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    PLED_CONTEXT Led;
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    DECLARE_UNICODE_STRING_SIZE(Path, RESOURCE_HUB_PATH_SIZE);

    UNREFERENCED_PARAMETER(PreviousState);

    Led = LedGetContext(Device);
    Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Path,
                                              Led->ConnectionId.LowPart,
                                              (ULONG)Led->ConnectionId.HighPart);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &Path, GENERIC_WRITE);
    Status = WdfIoTargetOpen(Led->Pin, &OpenParams);
    if (!NT_SUCCESS(Status)) {
        KdPrint(("led: opening %wZ failed, status 0x%08x\n", &Path, Status));
        return Status;
    }

    //
    // The pin comes up as the controller left it. Show what was last asked for: off, or what it
    // was before a low-power state.
    //

    Status = LedWritePin(Led, Led->On);
    if (!NT_SUCCESS(Status)) {
        WdfIoTargetClose(Led->Pin);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
LedEvtD0Exit(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    UNREFERENCED_PARAMETER(TargetState);

    WdfIoTargetClose(LedGetContext(Device)->Pin);
    return STATUS_SUCCESS;
}

//
// -------------------------------------------------------------------------- Requests
//

_Use_decl_annotations_
VOID
LedEvtIoDeviceControl(
    WDFQUEUE Queue,
    WDFREQUEST Request,
    size_t OutputBufferLength,
    size_t InputBufferLength,
    ULONG IoControlCode
    )
{
    PVOID Buffer;
    ULONG_PTR Information;
    PLED_CONTEXT Led;
    BOOLEAN On;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);

    Led = LedGetContext(WdfIoQueueGetDevice(Queue));
    Information = 0;

    switch (IoControlCode) {
    case IOCTL_LED_SET:
        Status = WdfRequestRetrieveInputBuffer(Request, sizeof(UCHAR), &Buffer, NULL);
        if (NT_SUCCESS(Status)) {
            Status = LedWritePin(Led, (BOOLEAN)(*(PUCHAR)Buffer != 0));
        }

        break;

    case IOCTL_LED_TOGGLE:
        Status = LedWritePin(Led, !Led->On);
        break;

    case IOCTL_LED_GET:
        Status = WdfRequestRetrieveOutputBuffer(Request, sizeof(UCHAR), &Buffer, NULL);
        if (NT_SUCCESS(Status)) {
            Status = LedReadPin(Led, &On);
        }

        if (NT_SUCCESS(Status)) {
            *(PUCHAR)Buffer = On ? 1 : 0;
            Information = sizeof(UCHAR);
        }

        break;

    default:
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    WdfRequestCompleteWithInformation(Request, Status, Information);
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
NTSTATUS
LedEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;
    WDF_IO_QUEUE_CONFIG QueueConfig;
    NTSTATUS Status;

    DECLARE_CONST_UNICODE_STRING(DeviceName, LED_DEVICE_NAME);
    DECLARE_CONST_UNICODE_STRING(LinkName, LED_LINK_NAME);

    UNREFERENCED_PARAMETER(Driver);
    PAGED_CODE();

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = LedEvtPrepareHardware;
    Callbacks.EvtDeviceD0Entry = LedEvtD0Entry;
    Callbacks.EvtDeviceD0Exit = LedEvtD0Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    Status = WdfDeviceInitAssignName(DeviceInit, &DeviceName);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    //
    // Requests may arrive at DISPATCH_LEVEL, but switching the pin waits for the controller. The
    // framework takes them to PASSIVE_LEVEL first.
    //

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, LED_CONTEXT);
    Attributes.ExecutionLevel = WdfExecutionLevelPassive;
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Status = WdfDeviceCreateSymbolicLink(Device, &LinkName);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Status = WdfIoTargetCreate(Device, WDF_NO_OBJECT_ATTRIBUTES, &LedGetContext(Device)->Pin);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&QueueConfig, WdfIoQueueDispatchSequential);
    QueueConfig.EvtIoDeviceControl = LedEvtIoDeviceControl;
    return WdfIoQueueCreate(Device, &QueueConfig, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, LedEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
