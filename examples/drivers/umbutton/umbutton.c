//
// Driver of a push button with a lamp, in user mode (UMDF 2). The button is a GPIO interrupt, the
// lamp a GPIO output behind a connection of the resource hub. Each press changes the lamp, counts,
// and completes the requests that wait for a press.
//
// In user mode every interrupt is handled at PASSIVE_LEVEL, so the service routine may wait; the lamp
// is still left to the work item, because a request to another driver takes its time.
//

#include <windows.h>
#include <wdf.h>
#include <gpio.h>
#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>

#include "umbuttonioctl.h"

typedef struct _UMBUTTON_CONTEXT {
    LARGE_INTEGER LampId;

    //
    // Open from D0Entry to D0Exit.
    //

    WDFIOTARGET Lamp;
    WDFQUEUE Waiters;

    //
    // The interrupt's lock guards them.
    //

    WDFINTERRUPT Interrupt;
    ULONG Presses;
    BOOLEAN Down;
} UMBUTTON_CONTEXT, *PUMBUTTON_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(UMBUTTON_CONTEXT, UmButtonGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD UmButtonEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE UmButtonEvtPrepareHardware;
EVT_WDF_DEVICE_D0_ENTRY UmButtonEvtD0Entry;
EVT_WDF_DEVICE_D0_EXIT UmButtonEvtD0Exit;
EVT_WDF_INTERRUPT_ISR UmButtonEvtInterruptIsr;
EVT_WDF_INTERRUPT_WORKITEM UmButtonEvtInterruptWorkItem;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL UmButtonEvtDeviceControl;

//
// ------------------------------------------------------------------------- Requests
//

static VOID
UmButtonAnswer(
    _In_ WDFREQUEST Request,
    _In_ ULONG Presses
    )
{
    PULONG Output;
    NTSTATUS Status;

    Status = WdfRequestRetrieveOutputBuffer(Request, sizeof(ULONG), (PVOID*)&Output, NULL);
    if (!NT_SUCCESS(Status)) {
        WdfRequestComplete(Request, Status);
        return;
    }

    *Output = Presses;
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, sizeof(ULONG));
}

static ULONG
UmButtonGetPresses(
    _In_ PUMBUTTON_CONTEXT Button
    )
{
    ULONG Presses;

    WdfInterruptAcquireLock(Button->Interrupt);
    Presses = Button->Presses;
    WdfInterruptReleaseLock(Button->Interrupt);
    return Presses;
}

_Use_decl_annotations_
VOID
UmButtonEvtDeviceControl(
    WDFQUEUE Queue,
    WDFREQUEST Request,
    size_t OutputBufferLength,
    size_t InputBufferLength,
    ULONG IoControlCode
    )
{
    PUMBUTTON_CONTEXT Button;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);

    Button = UmButtonGetContext(WdfIoQueueGetDevice(Queue));
    switch (IoControlCode) {
    case IOCTL_UMBUTTON_GET_PRESSES:
        UmButtonAnswer(Request, UmButtonGetPresses(Button));
        return;

    case IOCTL_UMBUTTON_WAIT_PRESS:
        Status = WdfRequestForwardToIoQueue(Request, Button->Waiters);
        break;

    default:
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    if (!NT_SUCCESS(Status)) {
        WdfRequestComplete(Request, Status);
    }
}

//
// ------------------------------------------------------------------------- Interrupt
//

_Use_decl_annotations_
BOOLEAN
UmButtonEvtInterruptIsr(
    WDFINTERRUPT Interrupt,
    ULONG MessageID
    )
{
    PUMBUTTON_CONTEXT Button;

    UNREFERENCED_PARAMETER(MessageID);

    Button = UmButtonGetContext(WdfInterruptGetDevice(Interrupt));
    Button->Down = !Button->Down;
    if (Button->Down) {
        Button->Presses += 1;
        WdfInterruptQueueWorkItemForIsr(Interrupt);
    }

    return TRUE;
}

_Use_decl_annotations_
VOID
UmButtonEvtInterruptWorkItem(
    WDFINTERRUPT Interrupt,
    WDFOBJECT AssociatedObject
    )
{
    PUMBUTTON_CONTEXT Button;
    UCHAR Level;
    WDF_MEMORY_DESCRIPTOR Memory;
    ULONG Presses;
    WDFREQUEST Request;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Interrupt);

    Button = UmButtonGetContext(AssociatedObject);
    Presses = UmButtonGetPresses(Button);

    Level = (UCHAR)(Presses & 1);
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, &Level, sizeof(Level));
    Status = WdfIoTargetSendIoctlSynchronously(Button->Lamp,
                                               NULL,
                                               IOCTL_GPIO_WRITE_PINS,
                                               &Memory,
                                               NULL,
                                               NULL,
                                               NULL);
    if (!NT_SUCCESS(Status)) {
        return;
    }

    while (NT_SUCCESS(WdfIoQueueRetrieveNextRequest(Button->Waiters, &Request))) {
        UmButtonAnswer(Request, Presses);
    }
}

//
// -------------------------------------------------------------------- Plug and power
//

_Use_decl_annotations_
NTSTATUS
UmButtonEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PUMBUTTON_CONTEXT Button;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Button = UmButtonGetContext(Device);
    for (Index = 0; Index < WdfCmResourceListGetCount(ResourcesTranslated); Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if ((Descriptor->Type == CmResourceTypeConnection) &&
            (Descriptor->u.Connection.Class == CM_RESOURCE_CONNECTION_CLASS_GPIO) &&
            (Descriptor->u.Connection.Type == CM_RESOURCE_CONNECTION_TYPE_GPIO_IO)) {

            Button->LampId.LowPart = Descriptor->u.Connection.IdLowPart;
            Button->LampId.HighPart = Descriptor->u.Connection.IdHighPart;
            return STATUS_SUCCESS;
        }
    }

    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
UmButtonEvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    PUMBUTTON_CONTEXT Button;
    UNICODE_STRING Name;
    WCHAR NameBuffer[RESOURCE_HUB_PATH_CHARS];
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(PreviousState);

    Button = UmButtonGetContext(Device);
    Button->Down = FALSE;

    RtlInitEmptyUnicodeString(&Name, NameBuffer, sizeof(NameBuffer));
    Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Name,
                                              Button->LampId.LowPart,
                                              Button->LampId.HighPart);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &Name, GENERIC_WRITE);
    return WdfIoTargetOpen(Button->Lamp, &OpenParams);
}

_Use_decl_annotations_
NTSTATUS
UmButtonEvtD0Exit(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    UNREFERENCED_PARAMETER(TargetState);

    WdfIoTargetClose(UmButtonGetContext(Device)->Lamp);
    return STATUS_SUCCESS;
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
NTSTATUS
UmButtonEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    PUMBUTTON_CONTEXT Button;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;
    WDF_INTERRUPT_CONFIG InterruptConfig;
    WDF_IO_QUEUE_CONFIG QueueConfig;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = UmButtonEvtPrepareHardware;
    Callbacks.EvtDeviceD0Entry = UmButtonEvtD0Entry;
    Callbacks.EvtDeviceD0Exit = UmButtonEvtD0Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, UMBUTTON_CONTEXT);
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Button = UmButtonGetContext(Device);

    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&QueueConfig, WdfIoQueueDispatchParallel);
    QueueConfig.EvtIoDeviceControl = UmButtonEvtDeviceControl;
    Status = WdfIoQueueCreate(Device, &QueueConfig, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_QUEUE_CONFIG_INIT(&QueueConfig, WdfIoQueueDispatchManual);
    QueueConfig.PowerManaged = WdfFalse;
    Status = WdfIoQueueCreate(Device, &QueueConfig, WDF_NO_OBJECT_ATTRIBUTES, &Button->Waiters);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_INTERRUPT_CONFIG_INIT(&InterruptConfig, UmButtonEvtInterruptIsr, NULL);
    InterruptConfig.EvtInterruptWorkItem = UmButtonEvtInterruptWorkItem;
    Status = WdfInterruptCreate(Device,
                                &InterruptConfig,
                                WDF_NO_OBJECT_ATTRIBUTES,
                                &Button->Interrupt);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    return WdfIoTargetCreate(Device, WDF_NO_OBJECT_ATTRIBUTES, &Button->Lamp);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, UmButtonEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
