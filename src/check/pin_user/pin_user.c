//
// The driver that gpioclx check puts behind a GPIO controller: it opens, reads and writes the pins
// that firmware gives it, and connects their interrupts, when a scenario says so (pinuser.h). It
// counts what arrives.
//

#include "device.h"

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD PinUserEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE PinUserEvtPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE PinUserEvtReleaseHardware;
EVT_WDF_DEVICE_D0_EXIT PinUserEvtD0Exit;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL PinUserEvtIoDeviceControl;

//
// -------------------------------------------------------------------------- Requests
//

static NTSTATUS
PinUserHandleInterrupt(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Code,
    _In_ PULONG Input,
    _In_ PVOID Output,
    _In_ size_t OutputLength,
    _Out_ PULONG_PTR Information
    )
{
    PPINUSER_CALLS Calls;
    PPINUSER_INTERRUPT Interrupt;

    *Information = 0;
    if (Input[0] >= User->InterruptCount) {
        return STATUS_INVALID_PARAMETER;
    }

    Interrupt = &User->Interrupts[Input[0]];
    switch (Code) {
    case IOCTL_PINUSER_DISCONNECT:
        return PinUserDisconnectInterrupt(User, Input[0]);

    case IOCTL_PINUSER_RAISE:
        PinUserSetSource(Interrupt, TRUE);
        return STATUS_SUCCESS;

    case IOCTL_PINUSER_AWAIT:
        return PinUserAwaitCalls(Interrupt, Input[1]);

    default:
        if (OutputLength < sizeof(PINUSER_CALLS)) {
            return STATUS_BUFFER_TOO_SMALL;
        }

        Calls = (PPINUSER_CALLS)Output;
        Calls->Served = (ULONG)InterlockedExchange(&Interrupt->Served, 0);
        Calls->Unclaimed = (ULONG)InterlockedExchange(&Interrupt->Unclaimed, 0);
        *Information = sizeof(PINUSER_CALLS);
        return STATUS_SUCCESS;
    }
}

static NTSTATUS
PinUserHandleConnection(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Code,
    _In_ PULONG Input,
    _In_ size_t InputLength,
    _In_ PVOID Output,
    _In_ size_t OutputLength,
    _Out_ PULONG_PTR Information
    )
{
    ULONG Length;
    ULONG Number;
    NTSTATUS Status;
    UCHAR Bits[PINUSER_BITS_MAXIMUM];

    *Information = 0;
    Number = Input[0];
    if (Number >= User->ConnectionCount) {
        return STATUS_INVALID_PARAMETER;
    }

    switch (Code) {
    case IOCTL_PINUSER_OPEN:
        return PinUserOpenConnection(User, Number, Input[1]);

    case IOCTL_PINUSER_CLOSE:
        return PinUserCloseConnection(User, Number);

    case IOCTL_PINUSER_WRITE:
        Length = (ULONG)(InputLength - sizeof(ULONG));
        if ((Length == 0) || (Length > sizeof(Bits))) {
            return STATUS_INVALID_PARAMETER;
        }

        RtlCopyMemory(Bits, &Input[1], Length);
        return PinUserTransfer(&User->Connections[Number], TRUE, Bits, Length);

    default:
        Length = (ULONG)OutputLength;
        if ((Length == 0) || (Length > sizeof(Bits))) {
            return STATUS_INVALID_PARAMETER;
        }

        RtlZeroMemory(Bits, sizeof(Bits));
        Status = PinUserTransfer(&User->Connections[Number], FALSE, Bits, Length);
        if (NT_SUCCESS(Status)) {
            RtlCopyMemory(Output, Bits, Length);
            *Information = Length;
        }

        return Status;
    }
}

_Use_decl_annotations_
VOID
PinUserEvtIoDeviceControl(
    WDFQUEUE Queue,
    WDFREQUEST Request,
    size_t OutputBufferLength,
    size_t InputBufferLength,
    ULONG IoControlCode
    )
{
    ULONG_PTR Information;
    PULONG Input;
    size_t Needed;
    PVOID Output;
    NTSTATUS Status;
    PPINUSER_CONTEXT User;

    User = PinUserGetContext(WdfIoQueueGetDevice(Queue));
    Information = 0;
    Output = NULL;
    switch (IoControlCode) {
    case IOCTL_PINUSER_CONNECT:
        Needed = sizeof(PINUSER_CONNECT);
        break;

    case IOCTL_PINUSER_REPEAT:
        Needed = sizeof(PINUSER_REPEAT);
        break;

    case IOCTL_PINUSER_AWAIT:
    case IOCTL_PINUSER_OPEN:
        Needed = 2 * sizeof(ULONG);
        break;

    default:
        Needed = sizeof(ULONG);
        break;
    }

    Status = WdfRequestRetrieveInputBuffer(Request, Needed, (PVOID *)&Input, NULL);
    if (NT_SUCCESS(Status) && (OutputBufferLength != 0)) {
        Status = WdfRequestRetrieveOutputBuffer(Request, 1, &Output, NULL);
    }

    if (!NT_SUCCESS(Status)) {
        WdfRequestComplete(Request, Status);
        return;
    }

    switch (IoControlCode) {
    case IOCTL_PINUSER_CONNECT:
        Status = PinUserConnectInterrupt(User, (PPINUSER_CONNECT)Input);
        break;

    case IOCTL_PINUSER_REPEAT:
        Status = PinUserBeginToRepeat(User, Request, (PPINUSER_REPEAT)Input);
        break;

    case IOCTL_PINUSER_DISCONNECT:
    case IOCTL_PINUSER_COUNT:
    case IOCTL_PINUSER_AWAIT:
    case IOCTL_PINUSER_RAISE:
        Status = PinUserHandleInterrupt(
            User, IoControlCode, Input, Output, OutputBufferLength, &Information);

        break;

    case IOCTL_PINUSER_OPEN:
    case IOCTL_PINUSER_CLOSE:
    case IOCTL_PINUSER_READ:
    case IOCTL_PINUSER_WRITE:
        Status = PinUserHandleConnection(User,
                                         IoControlCode,
                                         Input,
                                         InputBufferLength,
                                         Output,
                                         OutputBufferLength,
                                         &Information);

        break;

    default:
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    if (Status != STATUS_PENDING) {
        WdfRequestCompleteWithInformation(Request, Status, Information);
    }
}

//
// -------------------------------------------------------------------- Plug and power
//

static VOID
PinUserTakeResource(
    _In_ PPINUSER_CONTEXT User,
    _In_ PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor
    )
{
    if (Descriptor->Type == CmResourceTypeInterrupt) {
        User->Interrupts[User->InterruptCount].Resource = *Descriptor;
        User->Interrupts[User->InterruptCount].User = User;
        User->InterruptCount += 1;
    } else if ((Descriptor->Type == CmResourceTypeConnection) &&
               (Descriptor->u.Connection.Class == CM_RESOURCE_CONNECTION_CLASS_GPIO) &&
               (Descriptor->u.Connection.Type == CM_RESOURCE_CONNECTION_TYPE_GPIO_IO)) {

        User->Connections[User->ConnectionCount].IdLow = Descriptor->u.Connection.IdLowPart;
        User->Connections[User->ConnectionCount].IdHigh = Descriptor->u.Connection.IdHighPart;
        User->ConnectionCount += 1;
    } else if ((Descriptor->Type == CmResourceTypeMemory) && (User->Source == NULL)) {
        User->SourceLength = Descriptor->u.Memory.Length;
        User->Source = (PSOURCE_BANK)MmMapIoSpaceEx(
            Descriptor->u.Memory.Start, User->SourceLength, PAGE_READWRITE | PAGE_NOCACHE);
    }
}

_Use_decl_annotations_
NTSTATUS
PinUserEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    ULONG Count;
    ULONG Index;
    NTSTATUS Status;
    PPINUSER_CONTEXT User;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    User = PinUserGetContext(Device);
    Count = WdfCmResourceListGetCount(ResourcesTranslated);
    User->Interrupts = (PPINUSER_INTERRUPT)ExAllocatePoolZero(
        NonPagedPoolNx, (Count + 1) * sizeof(PINUSER_INTERRUPT), PINUSER_POOL_TAG);

    User->Connections = (PPINUSER_CONNECTION)ExAllocatePoolZero(
        NonPagedPoolNx, (Count + 1) * sizeof(PINUSER_CONNECTION), PINUSER_POOL_TAG);

    if ((User->Interrupts == NULL) || (User->Connections == NULL)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    for (Index = 0; Index < Count; Index += 1) {
        PinUserTakeResource(User, WdfCmResourceListGetDescriptor(ResourcesTranslated, Index));
    }

    for (Index = 0; Index < User->ConnectionCount; Index += 1) {
        Status = WdfIoTargetCreate(Device,
                                   WDF_NO_OBJECT_ATTRIBUTES,
                                   &User->Connections[Index].Target);

        if (!NT_SUCCESS(Status)) {
            return Status;
        }
    }

    return User->Source != NULL ? STATUS_SUCCESS : STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
PinUserEvtD0Exit(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    ULONG Index;
    PPINUSER_CONTEXT User;

    //
    // While the system sleeps, connections stay, and so do the sources, which are no hardware of
    // this device.
    //

    if (TargetState != WdfPowerDeviceD3Final) {
        return STATUS_SUCCESS;
    }

    User = PinUserGetContext(Device);
    for (Index = 0; Index < User->InterruptCount; Index += 1) {
        if (User->Interrupts[Index].Object != NULL) {
            PinUserDisconnectInterrupt(User, Index);
        }
    }

    for (Index = 0; Index < User->ConnectionCount; Index += 1) {
        if (User->Connections[Index].Open) {
            PinUserCloseConnection(User, Index);
        }
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PinUserEvtReleaseHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PPINUSER_CONTEXT User;

    UNREFERENCED_PARAMETER(ResourcesTranslated);

    //
    // Also called after a Prepare that failed.
    //

    User = PinUserGetContext(Device);
    if (User->Source != NULL) {
        MmUnmapIoSpace(User->Source, User->SourceLength);
        User->Source = NULL;
    }

    if (User->Interrupts != NULL) {
        ExFreePoolWithTag(User->Interrupts, PINUSER_POOL_TAG);
        User->Interrupts = NULL;
    }

    if (User->Connections != NULL) {
        ExFreePoolWithTag(User->Connections, PINUSER_POOL_TAG);
        User->Connections = NULL;
    }

    User->InterruptCount = 0;
    User->ConnectionCount = 0;
    return STATUS_SUCCESS;
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
NTSTATUS
PinUserEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;
    WDF_IO_QUEUE_CONFIG QueueConfig;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = PinUserEvtPrepareHardware;
    Callbacks.EvtDeviceReleaseHardware = PinUserEvtReleaseHardware;
    Callbacks.EvtDeviceD0Exit = PinUserEvtD0Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, PINUSER_CONTEXT);
    Attributes.ExecutionLevel = WdfExecutionLevelPassive;
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    PinUserGetContext(Device)->Device = Device;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&QueueConfig, WdfIoQueueDispatchParallel);
    QueueConfig.EvtIoDeviceControl = PinUserEvtIoDeviceControl;
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

    WDF_DRIVER_CONFIG_INIT(&Config, PinUserEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
