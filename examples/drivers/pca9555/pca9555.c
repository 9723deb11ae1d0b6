//
// GPIO controller driver for the NXP PCA9555, an I/O expander behind I2C; a client of GpioClx.
//
// The firmware gives the device an I2cSerialBus connection and one interrupt, to which INT is
// wired: an open-drain, active-low line, as a rule a pin of the SoC's own GPIO controller. It
// should be declared as an edge (GpioInt, Edge, ActiveLow): INT goes away when a pin comes back or
// when anybody reads the port, and only an edge is remembered.
//
// The device compares: INT is low while an input differs from what its port was when it was last
// read. It knows neither edges nor levels, neither enable nor mask, so all of that is done here.
// What it cannot tell is a level that stays: after a read, an input that is still active asks for
// nothing. Level-triggered interrupts are therefore refused; edges, both edges included, come
// naturally. A pulse that is over before the port was read leaves no trace in the device.
//
// MemoryMappedController is FALSE. The extension's ISR only schedules a worker, and every callback
// in here runs at PASSIVE_LEVEL and may wait for the bus. The driver has one bank, so the
// extension's wait lock of that bank serializes all interrupt and I/O callbacks with each other;
// the setup callbacks run alone. Hence no lock of its own, and one request for all transfers.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

#include "i2c.h"
#include "pca9555.h"

typedef struct _PCA9555_CONTEXT {
    I2C_TARGET I2c;

    //
    // What the registers of the same names hold. Reading over I2C costs a hundred times what
    // remembering does, and after a power-down only memory knows.
    //

    USHORT Direction;
    USHORT Output;

    //
    // The edges that the enabled pins interrupt on, and which of the pins are masked.
    //

    USHORT Rising;
    USHORT Falling;
    USHORT MaskedPins;

    //
    // The pads at the last read, and the edges seen since then that nobody was told. Whoever reads
    // the port takes note of them, because his read ends their interrupt.
    //

    USHORT Pads;
    USHORT NotedEdges;

    //
    // Pins whose last user wanted them left as they are.
    //

    USHORT PreservedPins;
} PCA9555_CONTEXT, *PPCA9555_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_UNLOAD PcaEvtDriverUnload;
EVT_WDF_DRIVER_DEVICE_ADD PcaEvtDeviceAdd;

GPIO_CLIENT_PREPARE_CONTROLLER PcaPrepareController;
GPIO_CLIENT_RELEASE_CONTROLLER PcaReleaseController;
GPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION PcaQueryControllerBasicInformation;
GPIO_CLIENT_START_CONTROLLER PcaStartController;
GPIO_CLIENT_STOP_CONTROLLER PcaStopController;

GPIO_CLIENT_ENABLE_INTERRUPT PcaEnableInterrupt;
GPIO_CLIENT_DISABLE_INTERRUPT PcaDisableInterrupt;
GPIO_CLIENT_MASK_INTERRUPTS PcaMaskInterrupts;
GPIO_CLIENT_UNMASK_INTERRUPT PcaUnmaskInterrupt;
GPIO_CLIENT_QUERY_ACTIVE_INTERRUPTS PcaQueryActiveInterrupts;
GPIO_CLIENT_RECONFIGURE_INTERRUPT PcaReconfigureInterrupt;

GPIO_CLIENT_CONNECT_IO_PINS PcaConnectIoPins;
GPIO_CLIENT_DISCONNECT_IO_PINS PcaDisconnectIoPins;
GPIO_CLIENT_READ_PINS_MASK PcaReadGpioPins;
GPIO_CLIENT_WRITE_PINS_MASK PcaWriteGpioPins;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, PcaEvtDriverUnload)
#pragma alloc_text(PAGE, PcaEvtDeviceAdd)

//
// ------------------------------------------------------------------------- Registers
//

static NTSTATUS
PcaWrite(
    _In_ PPCA9555_CONTEXT Controller,
    _In_ PCA9555_REGISTER Register,
    _In_ USHORT Value
    )
{
    UCHAR Ports[2];

    Ports[0] = (UCHAR)Value;
    Ports[1] = (UCHAR)(Value >> 8);
    return I2cWriteRegisters(&Controller->I2c, (UCHAR)Register, Ports, sizeof(Ports));
}

static NTSTATUS
PcaRead(
    _In_ PPCA9555_CONTEXT Controller,
    _In_ PCA9555_REGISTER Register,
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
PcaUpdate(
    _In_ PPCA9555_CONTEXT Controller,
    _In_ PCA9555_REGISTER Register,
    _Inout_ PUSHORT Remembered,
    _In_ USHORT Value
    )
{
    NTSTATUS Status;

    if (*Remembered == Value) {
        return STATUS_SUCCESS;
    }

    Status = PcaWrite(Controller, Register, Value);
    if (NT_SUCCESS(Status)) {
        *Remembered = Value;
    }

    return Status;
}

//
// Reads the pads, ends the interrupt, and notes the edges since the last sample.
//
// A pin that interrupts on both edges and has come back before the first edge was reported owes
// nothing any more: its users count, and would take every press for a release if they got only one
// of the two.
//

static NTSTATUS
PcaSample(
    _In_ PPCA9555_CONTEXT Controller
    )
{
    USHORT BothEdges;
    USHORT Edges;
    USHORT Pads;
    NTSTATUS Status;

    Status = PcaRead(Controller, PcaInput, &Pads);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    BothEdges = (USHORT)(Controller->Rising & Controller->Falling);
    Edges = (USHORT)((~Controller->Pads & Pads & Controller->Rising) |
                     (Controller->Pads & ~Pads & Controller->Falling));

    Controller->NotedEdges ^= (USHORT)(Edges & BothEdges);
    Controller->NotedEdges |= (USHORT)(Edges & ~BothEdges);
    Controller->Pads = Pads;
    return STATUS_SUCCESS;
}

static VOID
PcaForgetInterrupt(
    _In_ PPCA9555_CONTEXT Controller,
    _In_ USHORT Pin
    )
{
    Controller->Rising &= ~Pin;
    Controller->Falling &= ~Pin;
    Controller->MaskedPins &= ~Pin;
    Controller->NotedEdges &= ~Pin;
}

//
// Takes note of the edges that a pin interrupts on. Both edges are natural to the device; so the
// extension is not asked to emulate them.
//

static NTSTATUS
PcaDescribeInterrupt(
    _In_ PPCA9555_CONTEXT Controller,
    _In_ USHORT Pin,
    _In_ KINTERRUPT_MODE Mode,
    _In_ KINTERRUPT_POLARITY Polarity
    )
{
    if (Mode != Latched) {
        return STATUS_NOT_SUPPORTED;
    }

    Controller->Rising &= ~Pin;
    Controller->Falling &= ~Pin;
    Controller->NotedEdges &= ~Pin;
    switch (Polarity) {
    case InterruptRisingEdge:
        Controller->Rising |= Pin;
        return STATUS_SUCCESS;

    case InterruptFallingEdge:
        Controller->Falling |= Pin;
        return STATUS_SUCCESS;

    case InterruptActiveBoth:
        Controller->Rising |= Pin;
        Controller->Falling |= Pin;
        return STATUS_SUCCESS;

    default:
        return STATUS_NOT_SUPPORTED;
    }
}

//
// Inputs have a fixed pull-up of 100 kOhm (PCA9555), or none (PCA9535); it cannot be switched. A
// pull to ground that somebody needs cannot be had.
//

static NTSTATUS
PcaCheckPull(
    _In_ UCHAR PullConfiguration
    )
{
    return (PullConfiguration == GPIO_PIN_PULL_CONFIGURATION_PULLDOWN) ? STATUS_NOT_SUPPORTED
                                                                       : STATUS_SUCCESS;
}

static NTSTATUS
PcaSelectDirection(
    _In_ PPCA9555_CONTEXT Controller,
    _In_ USHORT Pins,
    _In_ BOOLEAN Output
    )
{
    NTSTATUS Status;

    Status = PcaUpdate(Controller,
                       PcaDirection,
                       &Controller->Direction,
                       (USHORT)(Output ? (Controller->Direction & ~Pins)
                                       : (Controller->Direction | Pins)));

    if (NT_SUCCESS(Status)) {
        Controller->PreservedPins &= ~Pins;
    }

    return Status;
}

static USHORT
PcaPinTableToMask(
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
PcaPrepareController(
    WDFDEVICE Device,
    PVOID Context,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PPCA9555_CONTEXT Controller;
    ULONG Count;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Controller = (PPCA9555_CONTEXT)Context;
    RtlZeroMemory(Controller, sizeof(PCA9555_CONTEXT));

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

    KdPrint(("pca9555: the firmware lists no I2C connection\n"));
    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
PcaReleaseController(
    WDFDEVICE Device,
    PVOID Context
    )
{
    UNREFERENCED_PARAMETER(Device);

    //
    // Also called after a Prepare that failed.
    //

    I2cClose(&((PPCA9555_CONTEXT)Context)->I2c);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PcaQueryControllerBasicInformation(
    PVOID Context,
    PCLIENT_CONTROLLER_BASIC_INFORMATION Information
    )
{
    UNREFERENCED_PARAMETER(Context);

    RtlZeroMemory(Information, sizeof(CLIENT_CONTROLLER_BASIC_INFORMATION));
    Information->Version = GPIO_CONTROLLER_BASIC_INFORMATION_VERSION;
    Information->Size = sizeof(CLIENT_CONTROLLER_BASIC_INFORMATION);
    Information->TotalPins = PCA9555_PIN_COUNT;
    Information->NumberOfPinsPerBank = PCA9555_PIN_COUNT;
    Information->Flags.MemoryMappedController = FALSE;
    Information->Flags.FormatIoRequestsAsMasks = TRUE;

    //
    // Asking which pins are active takes their interrupt away. There is no way to clear it but
    // that, and no CLIENT_ClearActiveInterrupts.
    //

    Information->Flags.ActiveInterruptsAutoClearOnRead = TRUE;
    Information->Flags.DeviceIdlePowerMgmtSupported = TRUE;
    Information->Flags.BankIdlePowerMgmtSupported = FALSE;

    //
    // Emulated debouncing needs level interrupts, and so does emulated ActiveBoth.
    //

    Information->Flags.EmulateDebouncing = FALSE;
    Information->Flags.EmulateActiveBoth = FALSE;
    Information->DeviceIdleTimeout = PCA9555_IDLE_TIMEOUT_MS;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PcaStartController(
    PVOID Context,
    BOOLEAN RestoreContext,
    WDF_POWER_DEVICE_STATE PreviousPowerState
    )
{
    PPCA9555_CONTEXT Controller;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(PreviousPowerState);

    Controller = (PPCA9555_CONTEXT)Context;
    Status = PcaWrite(Controller, PcaPolarity, 0);
    if (!NT_SUCCESS(Status)) {
        KdPrint(("pca9555: the device does not answer, status 0x%08x\n", Status));
        return Status;
    }

    if (RestoreContext) {

        //
        // The latch before the direction, so that no output glitches.
        //

        Status = PcaWrite(Controller, PcaOutput, Controller->Output);
        if (NT_SUCCESS(Status)) {
            Status = PcaWrite(Controller, PcaDirection, Controller->Direction);
        }

    } else {

        //
        // Outputs that firmware has set are left alone: one of them may be what keeps the board
        // powered.
        //

        Status = PcaRead(Controller, PcaOutput, &Controller->Output);
        if (NT_SUCCESS(Status)) {
            Status = PcaRead(Controller, PcaDirection, &Controller->Direction);
        }
    }

    //
    // What the pins did while nobody watched is nobody's edge.
    //

    if (NT_SUCCESS(Status)) {
        Status = PcaRead(Controller, PcaInput, &Controller->Pads);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
PcaStopController(
    PVOID Context,
    BOOLEAN SaveContext,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    PPCA9555_CONTEXT Controller;

    UNREFERENCED_PARAMETER(TargetState);

    //
    // What the registers hold is remembered at all times; there is nothing to save.
    //

    if (SaveContext) {
        return STATUS_SUCCESS;
    }

    //
    // For good: nothing is driven any more but what was asked to stay.
    //

    Controller = (PPCA9555_CONTEXT)Context;
    return PcaSelectDirection(Controller,
                              (USHORT)(PCA9555_ALL_PINS & ~Controller->PreservedPins),
                              FALSE);
}

//
// --------------------------------------------------------------- Interrupt callbacks
//
// All at PASSIVE_LEVEL, under the bank's wait lock.
//

_Use_decl_annotations_
NTSTATUS
PcaEnableInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS EnableParameters
    )
{
    PPCA9555_CONTEXT Controller;
    USHORT Pin;
    NTSTATUS Status;

    Controller = (PPCA9555_CONTEXT)Context;
    Pin = (USHORT)(1u << EnableParameters->PinNumber);
    Status = PcaCheckPull(EnableParameters->PullConfiguration);
    if (NT_SUCCESS(Status)) {
        Status = PcaSelectDirection(Controller, Pin, FALSE);
    }

    //
    // The first edge counts from the pad as it is now.
    //

    if (NT_SUCCESS(Status)) {
        Status = PcaSample(Controller);
    }

    if (NT_SUCCESS(Status)) {
        Controller->MaskedPins &= ~Pin;
        Status = PcaDescribeInterrupt(Controller,
                                      Pin,
                                      EnableParameters->InterruptMode,
                                      EnableParameters->Polarity);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
PcaDisableInterrupt(
    PVOID Context,
    PGPIO_DISABLE_INTERRUPT_PARAMETERS DisableParameters
    )
{
    PcaForgetInterrupt((PPCA9555_CONTEXT)Context,
                       (USHORT)(1u << DisableParameters->PinNumber));

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PcaMaskInterrupts(
    PVOID Context,
    PGPIO_MASK_INTERRUPT_PARAMETERS MaskParameters
    )
{
    ((PPCA9555_CONTEXT)Context)->MaskedPins |= (USHORT)MaskParameters->PinMask;
    MaskParameters->FailedMask = 0;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PcaUnmaskInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS InterruptParameters
    )
{
    //
    // An edge that was noted while its pin was masked is reported with the next interrupt of the
    // device, which cannot be made to interrupt by itself.
    //

    ((PPCA9555_CONTEXT)Context)->MaskedPins &=
        (USHORT)~(1u << InterruptParameters->PinNumber);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PcaQueryActiveInterrupts(
    PVOID Context,
    PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS QueryActiveParameters
    )
{
    USHORT Active;
    PPCA9555_CONTEXT Controller;
    NTSTATUS Status;

    Controller = (PPCA9555_CONTEXT)Context;
    Status = PcaSample(Controller);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Active = (USHORT)(Controller->NotedEdges & ~Controller->MaskedPins &
                      QueryActiveParameters->EnabledMask);

    Controller->NotedEdges &= ~Active;
    QueryActiveParameters->ActiveMask = Active;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PcaReconfigureInterrupt(
    PVOID Context,
    PGPIO_RECONFIGURE_INTERRUPTS_PARAMETERS ReconfigureParameters
    )
{
    return PcaDescribeInterrupt((PPCA9555_CONTEXT)Context,
                                (USHORT)(1u << ReconfigureParameters->PinNumber),
                                ReconfigureParameters->InterruptMode,
                                ReconfigureParameters->Polarity);
}

//
// --------------------------------------------------------------------- I/O callbacks
//
// At PASSIVE_LEVEL as well, under the same lock.
//

_Use_decl_annotations_
NTSTATUS
PcaConnectIoPins(
    PVOID Context,
    PGPIO_CONNECT_IO_PINS_PARAMETERS ConnectParameters
    )
{
    NTSTATUS Status;

    //
    // One direction at a time; a write to a pin that is an input would be kept in the latch only.
    //

    if ((ConnectParameters->ConnectMode != ConnectModeInput) &&
        (ConnectParameters->ConnectMode != ConnectModeOutput)) {
        return STATUS_NOT_SUPPORTED;
    }

    Status = PcaCheckPull(ConnectParameters->PullConfiguration);
    if (NT_SUCCESS(Status)) {
        Status = PcaSelectDirection((PPCA9555_CONTEXT)Context,
                                    PcaPinTableToMask(ConnectParameters->PinNumberTable,
                                                      ConnectParameters->PinCount),
                                    (BOOLEAN)(ConnectParameters->ConnectMode ==
                                              ConnectModeOutput));
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
PcaDisconnectIoPins(
    PVOID Context,
    PGPIO_DISCONNECT_IO_PINS_PARAMETERS DisconnectParameters
    )
{
    PPCA9555_CONTEXT Controller;
    USHORT Pins;

    Controller = (PPCA9555_CONTEXT)Context;
    Pins = PcaPinTableToMask(DisconnectParameters->PinNumberTable,
                             DisconnectParameters->PinCount);

    if (DisconnectParameters->DisconnectFlags.PreserveConfiguration) {
        Controller->PreservedPins |= Pins;
        return STATUS_SUCCESS;
    }

    return PcaSelectDirection(Controller, Pins, FALSE);
}

_Use_decl_annotations_
NTSTATUS
PcaReadGpioPins(
    PVOID Context,
    PGPIO_READ_PINS_MASK_PARAMETERS ReadParameters
    )
{
    PPCA9555_CONTEXT Controller;
    NTSTATUS Status;

    Controller = (PPCA9555_CONTEXT)Context;
    if (ReadParameters->Flags.WriteConfiguredPins) {
        *ReadParameters->PinValues = Controller->Output;
        return STATUS_SUCCESS;
    }

    //
    // This ends a pending interrupt, too. Its falling edge has been latched where INT is wired to,
    // so the query comes all the same, and finds the edges noted.
    //

    Status = PcaSample(Controller);
    if (NT_SUCCESS(Status)) {
        *ReadParameters->PinValues = Controller->Pads;
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
PcaWriteGpioPins(
    PVOID Context,
    PGPIO_WRITE_PINS_MASK_PARAMETERS WriteParameters
    )
{
    PPCA9555_CONTEXT Controller;

    Controller = (PPCA9555_CONTEXT)Context;
    return PcaUpdate(Controller,
                     PcaOutput,
                     &Controller->Output,
                     (USHORT)((Controller->Output | WriteParameters->SetMask) &
                              ~WriteParameters->ClearMask));
}

//
// ---------------------------------------------------------------------------- Driver
//


_Use_decl_annotations_
VOID
PcaEvtDriverUnload(
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
PcaEvtDeviceAdd(
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

    WDF_DRIVER_CONFIG_INIT(&DriverConfig, PcaEvtDeviceAdd);
    DriverConfig.EvtDriverUnload = PcaEvtDriverUnload;

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
    Packet.ControllerContextSize = sizeof(PCA9555_CONTEXT);

    Packet.CLIENT_PrepareController = PcaPrepareController;
    Packet.CLIENT_ReleaseController = PcaReleaseController;
    Packet.CLIENT_QueryControllerBasicInformation = PcaQueryControllerBasicInformation;
    Packet.CLIENT_StartController = PcaStartController;
    Packet.CLIENT_StopController = PcaStopController;

    Packet.CLIENT_EnableInterrupt = PcaEnableInterrupt;
    Packet.CLIENT_DisableInterrupt = PcaDisableInterrupt;
    Packet.CLIENT_MaskInterrupts = PcaMaskInterrupts;
    Packet.CLIENT_UnmaskInterrupt = PcaUnmaskInterrupt;
    Packet.CLIENT_QueryActiveInterrupts = PcaQueryActiveInterrupts;
    Packet.CLIENT_ReconfigureInterrupt = PcaReconfigureInterrupt;

    Packet.CLIENT_ConnectIoPins = PcaConnectIoPins;
    Packet.CLIENT_DisconnectIoPins = PcaDisconnectIoPins;
    Packet.CLIENT_ReadGpioPinsUsingMask = PcaReadGpioPins;
    Packet.CLIENT_WriteGpioPinsUsingMask = PcaWriteGpioPins;

    return GPIO_CLX_RegisterClient(Driver, &Packet, RegistryPath);
}
