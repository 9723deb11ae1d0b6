//
// The driver that gpioclx check puts behind a GPIO controller: it opens, reads and writes the pins
// that firmware gives it, and connects their interrupts, when a scenario says so (pinuser.h). It
// counts what arrives.
//

#include <ntddk.h>
#include <wdf.h>

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <gpio.h>

#include "pin_user.h"
#include "source.h"

#define PINUSER_POOL_TAG 'suPG'

#define PINUSER_BITS_MAXIMUM 64

//
// How often, and at which distance, an awaited call is looked for: 2 s of virtual time.
//

#define PINUSER_POLLS 20000
#define PINUSER_POLL_TIME (-10 * 100)

typedef struct _PINUSER_INTERRUPT {
    CM_PARTIAL_RESOURCE_DESCRIPTOR Resource;
    struct _PINUSER_CONTEXT *User;
    PKINTERRUPT Object;
    PINUSER_CONNECT Parameters;
    volatile LONG Served;
    volatile LONG Unclaimed;
} PINUSER_INTERRUPT, *PPINUSER_INTERRUPT;

typedef struct _PINUSER_CONNECTION {
    ULONG IdLow;
    ULONG IdHigh;
    WDFIOTARGET Target;
    BOOLEAN Open;
} PINUSER_CONNECTION, *PPINUSER_CONNECTION;

typedef struct _PINUSER_CONTEXT {
    WDFDEVICE Device;
    PSOURCE_BANK Source;
    SIZE_T SourceLength;
    PPINUSER_INTERRUPT Interrupts;
    ULONG InterruptCount;
    PPINUSER_CONNECTION Connections;
    ULONG ConnectionCount;
} PINUSER_CONTEXT, *PPINUSER_CONTEXT;

typedef struct _PINUSER_REPETITION {
    PPINUSER_CONTEXT User;
    WDFREQUEST Request;
    PINUSER_REPEAT What;
} PINUSER_REPETITION, *PPINUSER_REPETITION;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PINUSER_CONTEXT, PinUserGetContext)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PINUSER_REPETITION, PinUserGetRepetition)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD PinUserEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE PinUserEvtPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE PinUserEvtReleaseHardware;
EVT_WDF_DEVICE_D0_EXIT PinUserEvtD0Exit;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL PinUserEvtIoDeviceControl;
EVT_WDF_WORKITEM PinUserEvtRepeat;
KSERVICE_ROUTINE PinUserServiceRoutine;

//
// ---------------------------------------------------------------------------- Source
//

static PSOURCE_BANK
PinUserSourceBank(
    _In_ PPINUSER_INTERRUPT Interrupt
    )
{
    return &Interrupt->User->Source[Interrupt->Parameters.SourcePin / SOURCE_BANK_PINS];
}

static ULONG
PinUserSourceBit(
    _In_ PPINUSER_INTERRUPT Interrupt
    )
{
    return 1ul << (Interrupt->Parameters.SourcePin % SOURCE_BANK_PINS);
}

//
// Drives the wire to the active level, or lets it go back to the inactive one.
//

static VOID
PinUserSetSource(
    _In_ PPINUSER_INTERRUPT Interrupt,
    _In_ BOOLEAN Active
    )
{
    PSOURCE_BANK Bank;
    ULONG Bit;
    ULONG Flags;

    Bank = PinUserSourceBank(Interrupt);
    Bit = PinUserSourceBit(Interrupt);
    Flags = Interrupt->Parameters.Flags;
    if ((Flags & PINUSER_OPEN_DRAIN) != 0) {
        WRITE_REGISTER_ULONG(Active ? &Bank->EnableSet : &Bank->EnableClear, Bit);
    } else {
        WRITE_REGISTER_ULONG((((Flags & PINUSER_ACTIVE_HIGH) != 0) == (Active != FALSE))
                                 ? &Bank->OutputSet
                                 : &Bank->OutputClear,
                             Bit);
    }
}

static BOOLEAN
PinUserSourceActive(
    _In_ PPINUSER_INTERRUPT Interrupt
    )
{
    PSOURCE_BANK Bank;
    ULONG Bit;
    ULONG Flags;

    Bank = PinUserSourceBank(Interrupt);
    Bit = PinUserSourceBit(Interrupt);
    Flags = Interrupt->Parameters.Flags;
    if ((Flags & PINUSER_OPEN_DRAIN) != 0) {
        return (BOOLEAN)((READ_REGISTER_ULONG(&Bank->Enable) & Bit) != 0);
    }

    return (BOOLEAN)(((READ_REGISTER_ULONG(&Bank->Output) & Bit) != 0) ==
                     ((Flags & PINUSER_ACTIVE_HIGH) != 0));
}

//
// Before the interrupt is connected: the latch first, then the driver of the wire.
//

static VOID
PinUserPrepareSource(
    _In_ PPINUSER_INTERRUPT Interrupt
    )
{
    PSOURCE_BANK Bank;
    ULONG Bit;
    ULONG Flags;

    Bank = PinUserSourceBank(Interrupt);
    Bit = PinUserSourceBit(Interrupt);
    Flags = Interrupt->Parameters.Flags;
    if ((Flags & PINUSER_OPEN_DRAIN) != 0) {
        WRITE_REGISTER_ULONG((Flags & PINUSER_ACTIVE_HIGH) != 0 ? &Bank->OutputSet
                                                                : &Bank->OutputClear,
                             Bit);
    } else {
        PinUserSetSource(Interrupt, FALSE);
        WRITE_REGISTER_ULONG(&Bank->EnableSet, Bit);
    }

    PinUserSetSource(Interrupt, (BOOLEAN)((Flags & PINUSER_RAISED) != 0));
}

static VOID
PinUserReleaseSource(
    _In_ PPINUSER_INTERRUPT Interrupt
    )
{
    if ((Interrupt->Parameters.Flags & PINUSER_LEVEL) != 0) {
        WRITE_REGISTER_ULONG(&PinUserSourceBank(Interrupt)->EnableClear,
                             PinUserSourceBit(Interrupt));
    }
}

//
// ------------------------------------------------------------------------ Interrupts
//

static VOID
PinUserHold(
    _In_ ULONG Microseconds
    )
{
    LARGE_INTEGER Time;

    if (Microseconds == 0) {
        return;
    }

    if (KeGetCurrentIrql() > PASSIVE_LEVEL) {
        KeStallExecutionProcessor(Microseconds);
    } else {
        Time.QuadPart = -10ll * Microseconds;
        KeDelayExecutionThread(KernelMode, FALSE, &Time);
    }
}

_Use_decl_annotations_
BOOLEAN
PinUserServiceRoutine(
    PKINTERRUPT Object,
    PVOID ServiceContext
    )
{
    PPINUSER_INTERRUPT Interrupt;
    ULONG Flags;

    UNREFERENCED_PARAMETER(Object);

    Interrupt = (PPINUSER_INTERRUPT)ServiceContext;
    Flags = Interrupt->Parameters.Flags;
    if (((Flags & PINUSER_LEVEL) != 0) && !PinUserSourceActive(Interrupt)) {
        InterlockedIncrement(&Interrupt->Unclaimed);
        return FALSE;
    }

    InterlockedIncrement(&Interrupt->Served);
    PinUserHold(Interrupt->Parameters.HoldMicroseconds);
    if ((Flags & PINUSER_LEVEL) != 0) {
        PinUserSetSource(Interrupt, FALSE);
    }

    return (BOOLEAN)((Flags & PINUSER_UNSERVED) == 0);
}

static NTSTATUS
PinUserConnectInterrupt(
    _In_ PPINUSER_CONTEXT User,
    _In_ const PINUSER_CONNECT *Connect
    )
{
    PPINUSER_INTERRUPT Interrupt;
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    BOOLEAN Passive;
    NTSTATUS Status;

    if (Connect->Number >= User->InterruptCount) {
        return STATUS_INVALID_PARAMETER;
    }

    Interrupt = &User->Interrupts[Connect->Number];
    if (Interrupt->Object != NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    Interrupt->Parameters = *Connect;
    Interrupt->Served = 0;
    Interrupt->Unclaimed = 0;
    if ((Connect->Flags & PINUSER_LEVEL) != 0) {
        PinUserPrepareSource(Interrupt);
    }

    Passive = (BOOLEAN)(((Connect->Flags & PINUSER_PASSIVE) != 0) ||
                        (Interrupt->Resource.u.Interrupt.Level == PASSIVE_LEVEL));

    RtlZeroMemory(&Parameters, sizeof(Parameters));
    Parameters.Version = CONNECT_FULLY_SPECIFIED;
    Parameters.FullySpecified.PhysicalDeviceObject =
        WdfDeviceWdmGetPhysicalDevice(User->Device);

    Parameters.FullySpecified.InterruptObject = &Interrupt->Object;
    Parameters.FullySpecified.ServiceRoutine = PinUserServiceRoutine;
    Parameters.FullySpecified.ServiceContext = Interrupt;
    Parameters.FullySpecified.Irql =
        Passive ? PASSIVE_LEVEL : (KIRQL)Interrupt->Resource.u.Interrupt.Level;

    Parameters.FullySpecified.SynchronizeIrql = Parameters.FullySpecified.Irql;
    Parameters.FullySpecified.ShareVector =
        (BOOLEAN)(Interrupt->Resource.ShareDisposition == CmResourceShareShared);

    Parameters.FullySpecified.Vector = Interrupt->Resource.u.Interrupt.Vector;
    Parameters.FullySpecified.InterruptMode =
        (Interrupt->Resource.Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0 ? Latched
                                                                         : LevelSensitive;

    Parameters.FullySpecified.ProcessorEnableMask = Interrupt->Resource.u.Interrupt.Affinity;
    Status = IoConnectInterruptEx(&Parameters);
    if (!NT_SUCCESS(Status)) {
        PinUserReleaseSource(Interrupt);
    }

    return Status;
}

static NTSTATUS
PinUserDisconnectInterrupt(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Number
    )
{
    PPINUSER_INTERRUPT Interrupt;
    IO_DISCONNECT_INTERRUPT_PARAMETERS Parameters;

    if (Number >= User->InterruptCount) {
        return STATUS_INVALID_PARAMETER;
    }

    Interrupt = &User->Interrupts[Number];
    if (Interrupt->Object == NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    RtlZeroMemory(&Parameters, sizeof(Parameters));
    Parameters.Version = CONNECT_FULLY_SPECIFIED;
    Parameters.ConnectionContext.InterruptObject = Interrupt->Object;
    IoDisconnectInterruptEx(&Parameters);
    Interrupt->Object = NULL;
    PinUserReleaseSource(Interrupt);
    return STATUS_SUCCESS;
}

//
// Until the service routine was called so often since it was last asked.
//

static NTSTATUS
PinUserAwaitCalls(
    _In_ PPINUSER_INTERRUPT Interrupt,
    _In_ ULONG Calls
    )
{
    ULONG Poll;
    LARGE_INTEGER Time;

    Time.QuadPart = PINUSER_POLL_TIME;
    for (Poll = 0; Poll < PINUSER_POLLS; Poll += 1) {
        if ((ULONG)Interrupt->Served >= Calls) {
            return STATUS_SUCCESS;
        }

        KeDelayExecutionThread(KernelMode, FALSE, &Time);
    }

    return STATUS_TIMEOUT;
}

//
// ----------------------------------------------------------------------- Connections
//

static NTSTATUS
PinUserOpenConnection(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Number,
    _In_ ACCESS_MASK Access
    )
{
    PPINUSER_CONNECTION Connection;
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    DECLARE_UNICODE_STRING_SIZE(Path, RESOURCE_HUB_PATH_SIZE);

    Connection = &User->Connections[Number];
    if (Connection->Open) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Path, Connection->IdLow, Connection->IdHigh);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &Path, Access);
    Status = WdfIoTargetOpen(Connection->Target, &OpenParams);
    Connection->Open = (BOOLEAN)NT_SUCCESS(Status);
    return Status;
}

static NTSTATUS
PinUserCloseConnection(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Number
    )
{
    PPINUSER_CONNECTION Connection;

    Connection = &User->Connections[Number];
    if (!Connection->Open) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    Connection->Open = FALSE;
    WdfIoTargetClose(Connection->Target);
    return STATUS_SUCCESS;
}

static NTSTATUS
PinUserTransfer(
    _In_ PPINUSER_CONNECTION Connection,
    _In_ BOOLEAN Write,
    _Inout_ PUCHAR Bits,
    _In_ ULONG Length
    )
{
    WDF_MEMORY_DESCRIPTOR Memory;

    if (!Connection->Open) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, Bits, Length);
    return WdfIoTargetSendIoctlSynchronously(Connection->Target,
                                             NULL,
                                             Write ? IOCTL_GPIO_WRITE_PINS : IOCTL_GPIO_READ_PINS,
                                             Write ? &Memory : NULL,
                                             &Memory,
                                             NULL,
                                             NULL);
}

//
// ------------------------------------------------------------------------ Repetition
//

static NTSTATUS
PinUserRepeatOnce(
    _In_ PPINUSER_CONTEXT User,
    _In_ const PINUSER_REPEAT *What,
    _In_ ULONG Round
    )
{
    UCHAR Bits[PINUSER_BITS_MAXIMUM];
    NTSTATUS Status;
    ULONG Number;

    Number = What->Connect.Number;
    switch (What->Action) {
    case PinUserConnect:
        Status = PinUserConnectInterrupt(User, &What->Connect);
        if (NT_SUCCESS(Status)) {
            Status = PinUserDisconnectInterrupt(User, Number);
        }

        return Status;

    case PinUserOpen:
        Status = PinUserOpenConnection(User, Number, GENERIC_READ);
        if (NT_SUCCESS(Status)) {
            Status = PinUserCloseConnection(User, Number);
        }

        return Status;

    case PinUserRead:
    case PinUserWrite:
        RtlFillMemory(Bits, sizeof(Bits), (Round % 2) != 0 ? 0xFF : 0x00);
        return PinUserTransfer(&User->Connections[Number],
                               (BOOLEAN)(What->Action == PinUserWrite),
                               Bits,
                               1);

    default:
        return STATUS_INVALID_PARAMETER;
    }
}

_Use_decl_annotations_
VOID
PinUserEvtRepeat(
    WDFWORKITEM WorkItem
    )
{
    PPINUSER_REPETITION Repetition;
    WDFREQUEST Request;
    ULONG Round;
    NTSTATUS Status;

    Repetition = PinUserGetRepetition(WorkItem);
    Status = STATUS_SUCCESS;
    for (Round = 0; NT_SUCCESS(Status) && (Round < Repetition->What.Times); Round += 1) {
        Status = PinUserRepeatOnce(Repetition->User, &Repetition->What, Round);
    }

    Request = Repetition->Request;
    WdfObjectDelete(WorkItem);
    WdfRequestComplete(Request, Status);
}

static NTSTATUS
PinUserBeginToRepeat(
    _In_ PPINUSER_CONTEXT User,
    _In_ WDFREQUEST Request,
    _In_ const PINUSER_REPEAT *What
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_WORKITEM_CONFIG Config;
    PPINUSER_REPETITION Repetition;
    NTSTATUS Status;
    WDFWORKITEM WorkItem;

    if ((What->Action >= PinUserActionMaximum) ||
        (What->Connect.Number >= ((What->Action == PinUserConnect) ? User->InterruptCount
                                                                   : User->ConnectionCount))) {
        return STATUS_INVALID_PARAMETER;
    }

    WDF_WORKITEM_CONFIG_INIT(&Config, PinUserEvtRepeat);
    Config.AutomaticSerialization = FALSE;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, PINUSER_REPETITION);
    Attributes.ParentObject = User->Device;
    Status = WdfWorkItemCreate(&Config, &Attributes, &WorkItem);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Repetition = PinUserGetRepetition(WorkItem);
    Repetition->User = User;
    Repetition->Request = Request;
    Repetition->What = *What;
    WdfWorkItemEnqueue(WorkItem);
    return STATUS_PENDING;
}

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

    UNREFERENCED_PARAMETER(TargetState);

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
