//
// Driver of a button or lid switch whose pin belongs to the firmware. The firmware handles the
// interrupt in an event method and notifies this device; the driver counts, and asks a lid switch
// for its state.
//

#include <ntddk.h>
#include <wdf.h>
#include <initguid.h>
#include <wdmguid.h>
#include <acpiioct.h>

#include "acpibuttonioctl.h"

#define NOTIFY_STATE_CHANGED 0x80

typedef struct _BUTTON_CONTEXT {
    ACPI_INTERFACE_STANDARD2 Acpi;
    BOOLEAN Registered;
    WDFWORKITEM StateWorkItem;
    volatile LONG Notifications;
    volatile LONG Open;
} BUTTON_CONTEXT, *PBUTTON_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(BUTTON_CONTEXT, ButtonGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD ButtonEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE ButtonEvtPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE ButtonEvtReleaseHardware;
EVT_WDF_DEVICE_D0_ENTRY ButtonEvtD0Entry;
EVT_WDF_WORKITEM ButtonEvtReadState;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL ButtonEvtIoDeviceControl;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, ButtonEvtDeviceAdd)
#pragma alloc_text(PAGE, ButtonEvtPrepareHardware)
#pragma alloc_text(PAGE, ButtonEvtReleaseHardware)
#pragma alloc_text(PAGE, ButtonEvtReadState)

//
// ------------------------------------------------------------------------------ State
//

static VOID
ButtonReadState(
    _In_ WDFDEVICE Device
    )
{
    PBUTTON_CONTEXT Button;
    ACPI_EVAL_INPUT_BUFFER Input;
    WDF_MEMORY_DESCRIPTOR InputMemory;
    ACPI_EVAL_OUTPUT_BUFFER Output;
    WDF_MEMORY_DESCRIPTOR OutputMemory;
    NTSTATUS Status;

    Button = ButtonGetContext(Device);
    RtlZeroMemory(&Input, sizeof(Input));
    Input.Signature = ACPI_EVAL_INPUT_BUFFER_SIGNATURE;
    RtlCopyMemory(Input.MethodName, "_LID", sizeof(Input.MethodName));
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&InputMemory, &Input, sizeof(Input));
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&OutputMemory, &Output, sizeof(Output));
    Status = WdfIoTargetSendIoctlSynchronously(WdfDeviceGetIoTarget(Device),
                                               NULL,
                                               IOCTL_ACPI_EVAL_METHOD,
                                               &InputMemory,
                                               &OutputMemory,
                                               NULL,
                                               NULL);

    if (Status == STATUS_OBJECT_NAME_NOT_FOUND) {
        return;
    }

    if (!NT_SUCCESS(Status) ||
        (Output.Signature != ACPI_EVAL_OUTPUT_BUFFER_SIGNATURE) ||
        (Output.Count != 1) ||
        (Output.Argument[0].Type != ACPI_METHOD_ARGUMENT_INTEGER)) {

        KdPrint(("acpibutton: _LID failed, status 0x%08x\n", Status));
        return;
    }

    InterlockedExchange(&Button->Open, (LONG)Output.Argument[0].Argument);
}

_Use_decl_annotations_
VOID
ButtonEvtReadState(
    WDFWORKITEM WorkItem
    )
{
    PAGED_CODE();

    ButtonReadState((WDFDEVICE)WdfWorkItemGetParentObject(WorkItem));
}

//
// The firmware executed Notify. This may run at DISPATCH_LEVEL, where no method can be evaluated.
//

static VOID
ButtonNotify(
    _In_ PVOID Context,
    _In_ ULONG NotifyCode
    )
{
    PBUTTON_CONTEXT Button;

    if (NotifyCode != NOTIFY_STATE_CHANGED) {
        return;
    }

    Button = ButtonGetContext((WDFDEVICE)Context);
    InterlockedIncrement(&Button->Notifications);
    WdfWorkItemEnqueue(Button->StateWorkItem);
}

//
// -------------------------------------------------------------------- Plug and power
//

_Use_decl_annotations_
NTSTATUS
ButtonEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PBUTTON_CONTEXT Button;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(ResourcesRaw);
    UNREFERENCED_PARAMETER(ResourcesTranslated);
    PAGED_CODE();

    Button = ButtonGetContext(Device);
    Status = WdfFdoQueryForInterface(Device,
                                     &GUID_ACPI_INTERFACE_STANDARD2,
                                     (PINTERFACE)&Button->Acpi,
                                     sizeof(Button->Acpi),
                                     1,
                                     NULL);

    if (!NT_SUCCESS(Status)) {
        KdPrint(("acpibutton: no ACPI interface, status 0x%08x\n", Status));
        return Status;
    }

    Status = Button->Acpi.RegisterForDeviceNotifications(Button->Acpi.Context,
                                                         ButtonNotify,
                                                         Device);

    if (!NT_SUCCESS(Status)) {
        Button->Acpi.InterfaceDereference(Button->Acpi.Context);
        return Status;
    }

    Button->Registered = TRUE;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
ButtonEvtReleaseHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PBUTTON_CONTEXT Button;

    UNREFERENCED_PARAMETER(ResourcesTranslated);
    PAGED_CODE();

    Button = ButtonGetContext(Device);
    if (Button->Registered) {
        Button->Registered = FALSE;
        Button->Acpi.UnregisterForDeviceNotifications(Button->Acpi.Context);
        Button->Acpi.InterfaceDereference(Button->Acpi.Context);
        WdfWorkItemFlush(Button->StateWorkItem);
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
ButtonEvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    UNREFERENCED_PARAMETER(PreviousState);

    //
    // The lid may have moved before anybody listened.
    //

    ButtonReadState(Device);
    return STATUS_SUCCESS;
}

//
// -------------------------------------------------------------------------- Requests
//

_Use_decl_annotations_
VOID
ButtonEvtIoDeviceControl(
    WDFQUEUE Queue,
    WDFREQUEST Request,
    size_t OutputBufferLength,
    size_t InputBufferLength,
    ULONG IoControlCode
    )
{
    PBUTTON_CONTEXT Button;
    ULONG_PTR Information;
    PACPIBUTTON_STATE State;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);

    Button = ButtonGetContext(WdfIoQueueGetDevice(Queue));
    Information = 0;
    Status = STATUS_INVALID_DEVICE_REQUEST;
    if (IoControlCode == IOCTL_ACPIBUTTON_QUERY) {
        Status = WdfRequestRetrieveOutputBuffer(Request, sizeof(*State), (PVOID*)&State, NULL);
        if (NT_SUCCESS(Status)) {
            State->Notifications = (ULONG)Button->Notifications;
            State->Open = (ULONG)Button->Open;
            Information = sizeof(*State);
        }
    }

    WdfRequestCompleteWithInformation(Request, Status, Information);
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
NTSTATUS
ButtonEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;
    WDF_IO_QUEUE_CONFIG QueueConfig;
    NTSTATUS Status;
    WDF_WORKITEM_CONFIG WorkItemConfig;

    UNREFERENCED_PARAMETER(Driver);
    PAGED_CODE();

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = ButtonEvtPrepareHardware;
    Callbacks.EvtDeviceReleaseHardware = ButtonEvtReleaseHardware;
    Callbacks.EvtDeviceD0Entry = ButtonEvtD0Entry;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, BUTTON_CONTEXT);
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    ButtonGetContext(Device)->Open = 1;
    Status = WdfDeviceCreateDeviceInterface(Device, &GUID_DEVINTERFACE_ACPIBUTTON, NULL);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_WORKITEM_CONFIG_INIT(&WorkItemConfig, ButtonEvtReadState);
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    Status = WdfWorkItemCreate(&WorkItemConfig,
                               &Attributes,
                               &ButtonGetContext(Device)->StateWorkItem);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&QueueConfig, WdfIoQueueDispatchSequential);
    QueueConfig.EvtIoDeviceControl = ButtonEvtIoDeviceControl;
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

    WDF_DRIVER_CONFIG_INIT(&Config, ButtonEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
