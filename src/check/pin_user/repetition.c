//
// The same thing again and again, from a work item.
//

#include "device.h"

typedef struct _PINUSER_REPETITION {
    PPINUSER_CONTEXT User;
    WDFREQUEST Request;
    PINUSER_REPEAT What;
} PINUSER_REPETITION, *PPINUSER_REPETITION;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PINUSER_REPETITION, PinUserGetRepetition)

EVT_WDF_WORKITEM PinUserEvtRepeat;

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

NTSTATUS
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
