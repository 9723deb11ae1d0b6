//
// Interrupts, and the sources that drive the wires of level-triggered ones.
//

#include "device.h"

//
// How often, and at which distance, an awaited call is looked for: 2 s of virtual time.
//

#define PINUSER_POLLS 20000
#define PINUSER_POLL_TIME (-10 * 100)

KSERVICE_ROUTINE PinUserServiceRoutine;

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

VOID
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

NTSTATUS
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

NTSTATUS
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

NTSTATUS
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
