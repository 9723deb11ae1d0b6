//
// GPIO controller driver for the Microchip MCP23017, an I/O expander behind I2C; a client of
// GpioClx.
//
// The firmware gives the device an I2cSerialBus connection and one interrupt, to which INTA, INTB
// or both are wired. That is a level-triggered, active-low line, as a rule a pin of the SoC's own
// GPIO controller (GpioInt). INTA and INTB are programmed as open drain: the line needs a pull-up.
//
// MemoryMappedController is FALSE. The extension's ISR only schedules a worker, and every callback
// in here runs at PASSIVE_LEVEL and may wait for the bus. The driver has one bank, so the
// extension's wait lock of that bank serializes all interrupt and I/O callbacks with each other;
// the setup callbacks run alone. Hence no lock of its own, and one request for all transfers.
//
// What makes this chip special is that reading a port, for whatever purpose, ends its interrupt and
// forgets its cause. So whoever reads takes note of the edges that it sees (McpSample); an edge
// that is noted outside of the query for active interrupts is raised again through the comparator
// (McpRaiseNotedEdges), because the interrupt line may have been too short to be noticed.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

#include "i2c.h"
#include "mcp23017.h"

typedef struct _MCP23017_CONTEXT {
    I2C_TARGET I2c;

    //
    // What the registers of the same names hold. Reading over I2C costs a hundred times what
    // remembering does, and after a power-down only memory knows.
    //

    USHORT Direction;
    USHORT Latch;
    USHORT PullUp;
    USHORT InterruptEnable;
    USHORT InterruptControl;
    USHORT DefaultValue;

    //
    // What each interrupt pin was enabled for. A level pin has a bit in LevelPins and its active
    // level in ActiveHigh; an edge pin has its edges in Rising and Falling.
    //

    USHORT EnabledPins;
    USHORT MaskedPins;
    USHORT LevelPins;
    USHORT ActiveHigh;
    USHORT Rising;
    USHORT Falling;

    //
    // The pads at the last sample, and the edges that were seen and nobody was told. A pin that
    // interrupts on both edges may owe two: its users count, and would take every press for a
    // release once an edge is missing.
    //

    USHORT Pads;
    USHORT NotedEdges;
    USHORT RepeatedEdges;

    //
    // Edge pins whose comparator is set so that the interrupt stays until the query.
    //

    USHORT RaisedPins;

    //
    // Pins whose last user wanted them left as they are.
    //

    USHORT PreservedPins;
} MCP23017_CONTEXT, *PMCP23017_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_UNLOAD McpEvtDriverUnload;
EVT_WDF_DRIVER_DEVICE_ADD McpEvtDeviceAdd;

GPIO_CLIENT_PREPARE_CONTROLLER McpPrepareController;
GPIO_CLIENT_RELEASE_CONTROLLER McpReleaseController;
GPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION McpQueryControllerBasicInformation;
GPIO_CLIENT_START_CONTROLLER McpStartController;
GPIO_CLIENT_STOP_CONTROLLER McpStopController;

GPIO_CLIENT_ENABLE_INTERRUPT McpEnableInterrupt;
GPIO_CLIENT_DISABLE_INTERRUPT McpDisableInterrupt;
GPIO_CLIENT_MASK_INTERRUPTS McpMaskInterrupts;
GPIO_CLIENT_UNMASK_INTERRUPT McpUnmaskInterrupt;
GPIO_CLIENT_QUERY_ACTIVE_INTERRUPTS McpQueryActiveInterrupts;
GPIO_CLIENT_QUERY_ENABLED_INTERRUPTS McpQueryEnabledInterrupts;
GPIO_CLIENT_RECONFIGURE_INTERRUPT McpReconfigureInterrupt;

GPIO_CLIENT_CONNECT_IO_PINS McpConnectIoPins;
GPIO_CLIENT_DISCONNECT_IO_PINS McpDisconnectIoPins;
GPIO_CLIENT_READ_PINS_MASK McpReadGpioPins;
GPIO_CLIENT_WRITE_PINS_MASK McpWriteGpioPins;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, McpEvtDriverUnload)
#pragma alloc_text(PAGE, McpEvtDeviceAdd)

//
// ------------------------------------------------------------------------- Registers
//

static NTSTATUS
McpWrite(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ MCP23017_REGISTER Register,
    _In_ USHORT Value
    )
{
    UCHAR Ports[2];

    Ports[0] = (UCHAR)Value;
    Ports[1] = (UCHAR)(Value >> 8);
    return I2cWriteRegisters(&Controller->I2c, (UCHAR)Register, Ports, sizeof(Ports));
}

static NTSTATUS
McpRead(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ MCP23017_REGISTER Register,
    _Out_ PUSHORT Value
    )
{
    UCHAR Ports[2];
    NTSTATUS Status;

    Status = I2cReadRegisters(&Controller->I2c, (UCHAR)Register, Ports, sizeof(Ports));
    *Value = NT_SUCCESS(Status) ? (USHORT)(Ports[0] | (Ports[1] << 8)) : 0;
    return Status;
}

//
// Writes a register that the driver remembers, if there is something to change. What is remembered
// is what the device holds, so a transfer that fails changes neither.
//

static NTSTATUS
McpUpdate(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ MCP23017_REGISTER Register,
    _Inout_ PUSHORT Remembered,
    _In_ USHORT Value
    )
{
    NTSTATUS Status;

    if (*Remembered == Value) {
        return STATUS_SUCCESS;
    }

    Status = McpWrite(Controller, Register, Value);
    if (NT_SUCCESS(Status)) {
        *Remembered = Value;
    }

    return Status;
}

static USHORT
McpWithBits(
    _In_ USHORT Value,
    _In_ USHORT Mask,
    _In_ BOOLEAN Set
    )
{
    return (USHORT)(Set ? (Value | Mask) : (Value & ~Mask));
}

//
// The comparators as the enabled pins want them: a level pin is compared with its inactive level,
// an edge pin with its previous value, unless it is raised on purpose.
//

static NTSTATUS
McpUpdateComparators(
    _In_ PMCP23017_CONTEXT Controller
    )
{
    USHORT Control;
    USHORT Default;
    NTSTATUS Status;

    Control = (USHORT)(Controller->LevelPins | Controller->RaisedPins);
    Default = (USHORT)((Controller->LevelPins & ~Controller->ActiveHigh) |
                       (Controller->RaisedPins & ~Controller->Pads));

    Status = McpUpdate(Controller, McpDefaultValue, &Controller->DefaultValue, Default);
    if (NT_SUCCESS(Status)) {
        Status = McpUpdate(Controller, McpInterruptControl, &Controller->InterruptControl, Control);
    }

    return Status;
}

//
// A masked edge pin stays enabled in the device, so that its edges are noted and come when it is
// unmasked. A masked level pin must not be: its interrupt would never end.
//

static NTSTATUS
McpUpdateInterruptEnable(
    _In_ PMCP23017_CONTEXT Controller
    )
{
    USHORT Enable;

    Enable = (USHORT)(Controller->EnabledPins & ~(Controller->MaskedPins & Controller->LevelPins));
    return McpUpdate(Controller, McpInterruptEnable, &Controller->InterruptEnable, Enable);
}

//
// Takes note of the edges between two states of the pads. What is noted already and comes again is
// the same interrupt, but for a pin that interrupts on both edges: there it is owed as well, and a
// third edge leaves as much as the first (a pulse in between went unseen).
//

static VOID
McpNoteEdges(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ USHORT Before,
    _In_ USHORT After
    )
{
    USHORT BothEdges;
    USHORT Edges;

    BothEdges = (USHORT)(Controller->Rising & Controller->Falling);
    Edges = (USHORT)(((~Before & After & Controller->Rising) |
                      (Before & ~After & Controller->Falling)) &
                     Controller->EnabledPins);

    Controller->RepeatedEdges ^= (USHORT)(Edges & Controller->NotedEdges & BothEdges);
    Controller->NotedEdges |= Edges;
}

//
// Reads the pads, ends the interrupt, and notes the edges since the last sample.
//
// The pads come three times: as they were at the last sample, as they were captured when the
// interrupt occurred, and as they are now. A pulse that is over by now shows between the first two.
// The ports are read last, behind the captures: a change in between is seen, if not captured.
//

static NTSTATUS
McpSample(
    _In_ PMCP23017_CONTEXT Controller
    )
{
    USHORT Before;
    USHORT Captured;
    USHORT Flags;
    USHORT Now;
    UCHAR Registers[6];
    NTSTATUS Status;

    Status = I2cReadRegisters(&Controller->I2c, McpInterruptFlag, Registers, sizeof(Registers));
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Before = Controller->Pads;
    Flags = (USHORT)(Registers[0] | (Registers[1] << 8));
    Captured = (USHORT)(Registers[2] | (Registers[3] << 8));
    Now = (USHORT)(Registers[4] | (Registers[5] << 8));

    //
    // The capture of a port that has no interrupt is an old one.
    //

    if ((Flags & 0x00FF) == 0) {
        Captured = (USHORT)((Captured & 0xFF00) | (Before & 0x00FF));
    }

    if ((Flags & 0xFF00) == 0) {
        Captured = (USHORT)((Captured & 0x00FF) | (Before & 0xFF00));
    }

    McpNoteEdges(Controller, Before, Captured);
    McpNoteEdges(Controller, Captured, Now);
    Controller->Pads = Now;
    return STATUS_SUCCESS;
}

//
// Edges that were noted by somebody else than the query for active interrupts, or while their pin
// was masked, or that the query could not report at once, are given to the device to interrupt again: a pin compared with the opposite of its
// pad differs for sure.
//

static NTSTATUS
McpRaiseNotedEdges(
    _In_ PMCP23017_CONTEXT Controller
    )
{
    Controller->RaisedPins = (USHORT)(Controller->NotedEdges & ~Controller->MaskedPins);
    return McpUpdateComparators(Controller);
}

//
// Forgets how a pin interrupts.
//

static VOID
McpForgetInterrupt(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ USHORT Pin
    )
{
    Controller->EnabledPins &= ~Pin;
    Controller->MaskedPins &= ~Pin;
    Controller->LevelPins &= ~Pin;
    Controller->ActiveHigh &= ~Pin;
    Controller->Rising &= ~Pin;
    Controller->Falling &= ~Pin;
    Controller->NotedEdges &= ~Pin;
    Controller->RepeatedEdges &= ~Pin;
    Controller->RaisedPins &= ~Pin;
}

//
// Takes note of how a pin is to interrupt. Both edges are natural to the device; so the extension
// is not asked to emulate them.
//

static NTSTATUS
McpDescribeInterrupt(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ USHORT Pin,
    _In_ KINTERRUPT_MODE Mode,
    _In_ KINTERRUPT_POLARITY Polarity
    )
{
    if ((Polarity != InterruptActiveHigh) &&
        (Polarity != InterruptActiveLow) &&
        ((Polarity != InterruptActiveBoth) || (Mode != Latched))) {
        return STATUS_NOT_SUPPORTED;
    }

    Controller->LevelPins = McpWithBits(Controller->LevelPins,
                                        Pin,
                                        (BOOLEAN)(Mode == LevelSensitive));

    Controller->ActiveHigh = McpWithBits(Controller->ActiveHigh,
                                         Pin,
                                         (BOOLEAN)((Mode == LevelSensitive) &&
                                                   (Polarity == InterruptActiveHigh)));

    Controller->Rising = McpWithBits(Controller->Rising,
                                     Pin,
                                     (BOOLEAN)((Mode == Latched) &&
                                               (Polarity != InterruptActiveLow)));

    Controller->Falling = McpWithBits(Controller->Falling,
                                      Pin,
                                      (BOOLEAN)((Mode == Latched) &&
                                                (Polarity != InterruptActiveHigh)));

    Controller->NotedEdges &= ~Pin;
    Controller->RepeatedEdges &= ~Pin;
    Controller->RaisedPins &= ~Pin;
    return STATUS_SUCCESS;
}

//
// The device pulls up or not at all. "Default" leaves it to the board.
//

static NTSTATUS
McpSelectPull(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ USHORT Pins,
    _In_ UCHAR PullConfiguration
    )
{
    switch (PullConfiguration) {
    case GPIO_PIN_PULL_CONFIGURATION_DEFAULT:
        return STATUS_SUCCESS;

    case GPIO_PIN_PULL_CONFIGURATION_PULLUP:
    case GPIO_PIN_PULL_CONFIGURATION_NONE:
        return McpUpdate(
            Controller,
            McpPullUp,
            &Controller->PullUp,
            McpWithBits(Controller->PullUp,
                        Pins,
                        (BOOLEAN)(PullConfiguration == GPIO_PIN_PULL_CONFIGURATION_PULLUP)));

    default:
        return STATUS_NOT_SUPPORTED;
    }
}

static NTSTATUS
McpSelectDirection(
    _In_ PMCP23017_CONTEXT Controller,
    _In_ USHORT Pins,
    _In_ BOOLEAN Output
    )
{
    NTSTATUS Status;

    Status = McpUpdate(Controller,
                       McpDirection,
                       &Controller->Direction,
                       McpWithBits(Controller->Direction, Pins, (BOOLEAN)!Output));

    if (NT_SUCCESS(Status)) {
        Controller->PreservedPins &= ~Pins;
    }

    return Status;
}

static USHORT
McpPinTableToMask(
    _In_reads_(PinCount) PPIN_NUMBER PinNumberTable,
    _In_ ULONG PinCount
    )
{
    ULONG Index;
    USHORT Mask;

    Mask = 0;
    for (Index = 0; Index < PinCount; Index += 1) {
        Mask |= (USHORT)(1u << PinNumberTable[Index]);
    }

    return Mask;
}

//
// ------------------------------------------------------------------- Setup callbacks
//
// These run at PASSIVE_LEVEL, alone, with the interrupt not connected. They stand in the path of
// power transitions and are not pageable.
//

_Use_decl_annotations_
NTSTATUS
McpPrepareController(
    WDFDEVICE Device,
    PVOID Context,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PMCP23017_CONTEXT Controller;
    ULONG Count;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Controller = (PMCP23017_CONTEXT)Context;
    RtlZeroMemory(Controller, sizeof(MCP23017_CONTEXT));

    //
    // The interrupt is for the extension to connect; the driver wants the connection only.
    //

    Count = WdfCmResourceListGetCount(ResourcesTranslated);
    for (Index = 0; Index < Count; Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if (I2cIsConnection(Descriptor)) {
            return I2cOpen(Device, Descriptor, &Controller->I2c);
        }
    }

    KdPrint(("mcp23017: the firmware lists no I2C connection\n"));
    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
McpReleaseController(
    WDFDEVICE Device,
    PVOID Context
    )
{
    UNREFERENCED_PARAMETER(Device);

    //
    // Also called after a Prepare that failed.
    //

    I2cClose(&((PMCP23017_CONTEXT)Context)->I2c);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
McpQueryControllerBasicInformation(
    PVOID Context,
    PCLIENT_CONTROLLER_BASIC_INFORMATION Information
    )
{
    UNREFERENCED_PARAMETER(Context);

    RtlZeroMemory(Information, sizeof(CLIENT_CONTROLLER_BASIC_INFORMATION));
    Information->Version = GPIO_CONTROLLER_BASIC_INFORMATION_VERSION;
    Information->Size = sizeof(CLIENT_CONTROLLER_BASIC_INFORMATION);
    Information->TotalPins = MCP23017_PIN_COUNT;
    Information->NumberOfPinsPerBank = MCP23017_PIN_COUNT;
    Information->Flags.MemoryMappedController = FALSE;
    Information->Flags.FormatIoRequestsAsMasks = TRUE;

    //
    // Asking which pins are active takes their interrupt away. There is no way to clear it but
    // that, and no CLIENT_ClearActiveInterrupts.
    //

    Information->Flags.ActiveInterruptsAutoClearOnRead = TRUE;
    Information->Flags.DeviceIdlePowerMgmtSupported = TRUE;
    Information->Flags.BankIdlePowerMgmtSupported = FALSE;
    Information->Flags.EmulateDebouncing = TRUE;
    Information->Flags.EmulateActiveBoth = FALSE;
    Information->DeviceIdleTimeout = MCP23017_IDLE_TIMEOUT_MS;
    return STATUS_SUCCESS;
}

//
// Brings the device into the address map that this driver uses, whatever it was in. The first write
// reaches IOCON if BANK is 1, and makes it 0; if BANK is 0 already, it switches off the interrupts
// of port B, which is about to happen anyway.
//

static NTSTATUS
McpReset(
    _In_ PMCP23017_CONTEXT Controller
    )
{
    UCHAR Configuration;
    NTSTATUS Status;

    Configuration = 0;
    Status = I2cWriteRegisters(&Controller->I2c, MCP_CONFIGURATION_IN_BANK_1, &Configuration, 1);
    if (NT_SUCCESS(Status)) {
        Configuration = MCP_IOCON_MIRROR | MCP_IOCON_OPEN_DRAIN;
        Status = I2cWriteRegisters(&Controller->I2c, McpConfiguration, &Configuration, 1);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpWrite(Controller, McpInterruptEnable, 0);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpWrite(Controller, McpInputPolarity, 0);
    }

    return Status;
}

//
// All that is remembered, latches before directions so that no output glitches.
//

static NTSTATUS
McpRestore(
    _In_ PMCP23017_CONTEXT Controller
    )
{
    ULONG Index;
    NTSTATUS Status;

    const struct {
        MCP23017_REGISTER Register;
        USHORT Value;
    } Registers[] = {
        { McpLatch, Controller->Latch },
        { McpPullUp, Controller->PullUp },
        { McpDirection, Controller->Direction },
        { McpDefaultValue, Controller->DefaultValue },
        { McpInterruptControl, Controller->InterruptControl },
    };

    Status = STATUS_SUCCESS;
    for (Index = 0; NT_SUCCESS(Status) && (Index < ARRAYSIZE(Registers)); Index += 1) {
        Status = McpWrite(Controller, Registers[Index].Register, Registers[Index].Value);
    }

    //
    // What the pins did while nobody watched is nobody's edge.
    //

    if (NT_SUCCESS(Status)) {
        Status = McpRead(Controller, McpPort, &Controller->Pads);
    }

    if (NT_SUCCESS(Status)) {
        Controller->InterruptEnable = 0;
        Status = McpUpdateInterruptEnable(Controller);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpStartController(
    PVOID Context,
    BOOLEAN RestoreContext,
    WDF_POWER_DEVICE_STATE PreviousPowerState
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(PreviousPowerState);

    Controller = (PMCP23017_CONTEXT)Context;
    Status = McpReset(Controller);
    if (!NT_SUCCESS(Status)) {
        KdPrint(("mcp23017: the device does not answer, status 0x%08x\n", Status));
        return Status;
    }

    if (RestoreContext) {
        return McpRestore(Controller);
    }

    //
    // Outputs and pulls that firmware has set are left alone: one of them may be what keeps the
    // board powered.
    //

    Controller->EnabledPins = 0;
    Controller->MaskedPins = 0;
    Controller->InterruptEnable = 0;
    Status = McpRead(Controller, McpDirection, &Controller->Direction);
    if (NT_SUCCESS(Status)) {
        Status = McpRead(Controller, McpLatch, &Controller->Latch);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpRead(Controller, McpPullUp, &Controller->PullUp);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpRead(Controller, McpDefaultValue, &Controller->DefaultValue);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpRead(Controller, McpInterruptControl, &Controller->InterruptControl);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpRead(Controller, McpPort, &Controller->Pads);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpStopController(
    PVOID Context,
    BOOLEAN SaveContext,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(TargetState);

    //
    // What the registers hold is remembered at all times; there is nothing to save.
    //

    Controller = (PMCP23017_CONTEXT)Context;
    Status = McpUpdate(Controller, McpInterruptEnable, &Controller->InterruptEnable, 0);
    if (SaveContext || !NT_SUCCESS(Status)) {
        return Status;
    }

    //
    // For good: nothing is driven any more but what was asked to stay.
    //

    return McpSelectDirection(Controller,
                              (USHORT)(MCP23017_ALL_PINS & ~Controller->PreservedPins),
                              FALSE);
}

//
// --------------------------------------------------------------- Interrupt callbacks
//
// All at PASSIVE_LEVEL, under the bank's wait lock.
//

_Use_decl_annotations_
NTSTATUS
McpEnableInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS EnableParameters
    )
{
    PMCP23017_CONTEXT Controller;
    USHORT Pin;
    NTSTATUS Status;

    Controller = (PMCP23017_CONTEXT)Context;
    Pin = (USHORT)(1u << EnableParameters->PinNumber);
    Status = McpSelectPull(Controller, Pin, EnableParameters->PullConfiguration);
    if (NT_SUCCESS(Status)) {
        Status = McpSelectDirection(Controller, Pin, FALSE);
    }

    //
    // The first edge counts from the pad as it is now.
    //

    if (NT_SUCCESS(Status)) {
        Status = McpSample(Controller);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpDescribeInterrupt(Controller,
                                      Pin,
                                      EnableParameters->InterruptMode,
                                      EnableParameters->Polarity);
    }

    if (NT_SUCCESS(Status)) {
        Controller->EnabledPins |= Pin;
        Controller->MaskedPins &= ~Pin;
        Status = McpRaiseNotedEdges(Controller);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpUpdateInterruptEnable(Controller);
    }

    if (!NT_SUCCESS(Status)) {
        McpForgetInterrupt(Controller, Pin);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpDisableInterrupt(
    PVOID Context,
    PGPIO_DISABLE_INTERRUPT_PARAMETERS DisableParameters
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    //
    // A failure is reported, and the extension comes again.
    //

    Controller = (PMCP23017_CONTEXT)Context;
    McpForgetInterrupt(Controller, (USHORT)(1u << DisableParameters->PinNumber));
    Status = McpUpdateInterruptEnable(Controller);
    if (NT_SUCCESS(Status)) {
        Status = McpUpdateComparators(Controller);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpMaskInterrupts(
    PVOID Context,
    PGPIO_MASK_INTERRUPT_PARAMETERS MaskParameters
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    Controller = (PMCP23017_CONTEXT)Context;
    Controller->MaskedPins |= (USHORT)MaskParameters->PinMask;
    Status = McpUpdateInterruptEnable(Controller);
    MaskParameters->FailedMask = NT_SUCCESS(Status) ? 0 : MaskParameters->PinMask;
    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpUnmaskInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS InterruptParameters
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    //
    // A level pin that is still active interrupts at once; an edge that was noted meanwhile is
    // raised.
    //

    Controller = (PMCP23017_CONTEXT)Context;
    Controller->MaskedPins &= (USHORT)~(1u << InterruptParameters->PinNumber);
    Status = McpUpdateInterruptEnable(Controller);
    if (NT_SUCCESS(Status)) {
        Status = McpRaiseNotedEdges(Controller);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpQueryActiveInterrupts(
    PVOID Context,
    PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS QueryActiveParameters
    )
{
    USHORT Active;
    PMCP23017_CONTEXT Controller;
    USHORT Level;
    USHORT Noted;
    USHORT Repeated;
    NTSTATUS Status;

    //
    // Pins that were raised on purpose are compared with their previous value again, first: else
    // the interrupt would come back as soon as the sample has ended it.
    //

    Controller = (PMCP23017_CONTEXT)Context;
    Controller->RaisedPins = 0;
    Status = McpUpdateComparators(Controller);
    if (NT_SUCCESS(Status)) {
        Status = McpSample(Controller);
    }

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    //
    // A level is active now or not at all; an edge is active until it is reported.
    //

    Level = (USHORT)(Controller->LevelPins & ~(Controller->Pads ^ Controller->ActiveHigh));
    Active = (USHORT)((Level | Controller->NotedEdges) & ~Controller->MaskedPins &
                      QueryActiveParameters->EnabledMask);

    //
    // What is still owed interrupts again when the extension is through with this. If the device
    // cannot be told so, nothing has been reported, and the extension asks again.
    //

    Noted = Controller->NotedEdges;
    Repeated = (USHORT)(Controller->RepeatedEdges & Active);
    Controller->NotedEdges = (USHORT)((Noted & ~Active) | Repeated);
    Status = McpRaiseNotedEdges(Controller);
    if (!NT_SUCCESS(Status)) {
        Controller->NotedEdges = Noted;
        return Status;
    }

    Controller->RepeatedEdges &= ~Active;
    QueryActiveParameters->ActiveMask = Active;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
McpQueryEnabledInterrupts(
    PVOID Context,
    PGPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS QueryEnabledParameters
    )
{
    NTSTATUS Status;
    USHORT Value;

    //
    // The answer comes from the hardware, not from the driver's own records: the extension asks
    // in order to compare.
    //

    Status = McpRead((PMCP23017_CONTEXT)Context, McpInterruptEnable, &Value);
    QueryEnabledParameters->EnabledMask = Value;
    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpReconfigureInterrupt(
    PVOID Context,
    PGPIO_RECONFIGURE_INTERRUPTS_PARAMETERS ReconfigureParameters
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    Controller = (PMCP23017_CONTEXT)Context;
    Status = McpDescribeInterrupt(Controller,
                                  (USHORT)(1u << ReconfigureParameters->PinNumber),
                                  ReconfigureParameters->InterruptMode,
                                  ReconfigureParameters->Polarity);

    if (NT_SUCCESS(Status)) {
        Status = McpUpdateComparators(Controller);
    }

    if (NT_SUCCESS(Status)) {
        Status = McpUpdateInterruptEnable(Controller);
    }

    return Status;
}

//
// --------------------------------------------------------------------- I/O callbacks
//
// At PASSIVE_LEVEL as well, under the same lock.
//

_Use_decl_annotations_
NTSTATUS
McpConnectIoPins(
    PVOID Context,
    PGPIO_CONNECT_IO_PINS_PARAMETERS ConnectParameters
    )
{
    PMCP23017_CONTEXT Controller;
    USHORT Pins;
    NTSTATUS Status;

    //
    // One direction at a time; a write to a pin that is an input would be kept in the latch only.
    //

    if ((ConnectParameters->ConnectMode != ConnectModeInput) &&
        (ConnectParameters->ConnectMode != ConnectModeOutput)) {
        return STATUS_NOT_SUPPORTED;
    }

    Controller = (PMCP23017_CONTEXT)Context;
    Pins = McpPinTableToMask(ConnectParameters->PinNumberTable, ConnectParameters->PinCount);
    Status = McpSelectPull(Controller, Pins, ConnectParameters->PullConfiguration);
    if (NT_SUCCESS(Status)) {
        Status = McpSelectDirection(Controller,
                                    Pins,
                                    (BOOLEAN)(ConnectParameters->ConnectMode ==
                                              ConnectModeOutput));
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpDisconnectIoPins(
    PVOID Context,
    PGPIO_DISCONNECT_IO_PINS_PARAMETERS DisconnectParameters
    )
{
    PMCP23017_CONTEXT Controller;
    USHORT Pins;

    Controller = (PMCP23017_CONTEXT)Context;
    Pins = McpPinTableToMask(DisconnectParameters->PinNumberTable,
                             DisconnectParameters->PinCount);

    if (DisconnectParameters->DisconnectFlags.PreserveConfiguration) {
        Controller->PreservedPins |= Pins;
        return STATUS_SUCCESS;
    }

    return McpSelectDirection(Controller, Pins, FALSE);
}

_Use_decl_annotations_
NTSTATUS
McpReadGpioPins(
    PVOID Context,
    PGPIO_READ_PINS_MASK_PARAMETERS ReadParameters
    )
{
    PMCP23017_CONTEXT Controller;
    NTSTATUS Status;

    Controller = (PMCP23017_CONTEXT)Context;
    if (ReadParameters->Flags.WriteConfiguredPins) {
        *ReadParameters->PinValues = Controller->Latch;
        return STATUS_SUCCESS;
    }

    //
    // This ends a pending interrupt, too.
    //

    Status = McpSample(Controller);
    if (NT_SUCCESS(Status)) {
        *ReadParameters->PinValues = Controller->Pads;
        Status = McpRaiseNotedEdges(Controller);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
McpWriteGpioPins(
    PVOID Context,
    PGPIO_WRITE_PINS_MASK_PARAMETERS WriteParameters
    )
{
    PMCP23017_CONTEXT Controller;
    USHORT Value;

    Controller = (PMCP23017_CONTEXT)Context;
    Value = (USHORT)((Controller->Latch | WriteParameters->SetMask) & ~WriteParameters->ClearMask);
    return McpUpdate(Controller, McpLatch, &Controller->Latch, Value);
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
VOID
McpEvtDriverUnload(
    WDFDRIVER Driver
    )
{
    NTSTATUS Status;

    PAGED_CODE();

    Status = GPIO_CLX_UnregisterClient(Driver);
    NT_ASSERT(NT_SUCCESS(Status));
    UNREFERENCED_PARAMETER(Status);
}

_Use_decl_annotations_
NTSTATUS
McpEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDFDEVICE Device;
    WDF_OBJECT_ATTRIBUTES FdoAttributes;
    NTSTATUS Status;

    PAGED_CODE();

    Status = GPIO_CLX_ProcessAddDevicePreDeviceCreate(Driver, DeviceInit, &FdoAttributes);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Status = WdfDeviceCreate(&DeviceInit, &FdoAttributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    return GPIO_CLX_ProcessAddDevicePostDeviceCreate(Driver, Device);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDFDRIVER Driver;
    WDF_DRIVER_CONFIG DriverConfig;
    GPIO_CLIENT_REGISTRATION_PACKET Packet;
    NTSTATUS Status;

    WDF_DRIVER_CONFIG_INIT(&DriverConfig, McpEvtDeviceAdd);
    DriverConfig.EvtDriverUnload = McpEvtDriverUnload;

    Status = WdfDriverCreate(DriverObject,
                             RegistryPath,
                             WDF_NO_OBJECT_ATTRIBUTES,
                             &DriverConfig,
                             &Driver);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    RtlZeroMemory(&Packet, sizeof(Packet));
    Packet.Version = GPIO_CLIENT_VERSION;
    Packet.Size = sizeof(Packet);
    Packet.ControllerContextSize = sizeof(MCP23017_CONTEXT);

    Packet.CLIENT_PrepareController = McpPrepareController;
    Packet.CLIENT_ReleaseController = McpReleaseController;
    Packet.CLIENT_QueryControllerBasicInformation = McpQueryControllerBasicInformation;
    Packet.CLIENT_StartController = McpStartController;
    Packet.CLIENT_StopController = McpStopController;

    Packet.CLIENT_EnableInterrupt = McpEnableInterrupt;
    Packet.CLIENT_DisableInterrupt = McpDisableInterrupt;
    Packet.CLIENT_MaskInterrupts = McpMaskInterrupts;
    Packet.CLIENT_UnmaskInterrupt = McpUnmaskInterrupt;
    Packet.CLIENT_QueryActiveInterrupts = McpQueryActiveInterrupts;
    Packet.CLIENT_QueryEnabledInterrupts = McpQueryEnabledInterrupts;
    Packet.CLIENT_ReconfigureInterrupt = McpReconfigureInterrupt;

    Packet.CLIENT_ConnectIoPins = McpConnectIoPins;
    Packet.CLIENT_DisconnectIoPins = McpDisconnectIoPins;
    Packet.CLIENT_ReadGpioPinsUsingMask = McpReadGpioPins;
    Packet.CLIENT_WriteGpioPinsUsingMask = McpWriteGpioPins;

    return GPIO_CLX_RegisterClient(Driver, &Packet, RegistryPath);
}
