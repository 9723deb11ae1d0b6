//
// GPIO controller driver for the ARM PrimeCell GPIO (PL061), a client of GpioClx.
//
// The controller is one bank of eight memory-mapped pins with one combined, level-triggered
// interrupt. It detects levels and edges, both edges included; it has neither pulls nor debounce
// filters, so the framework extension is asked to debounce, and pulls are the board's business.
//
// The block has a single register that is both interrupt enable and interrupt mask. The driver
// therefore keeps the two sets of pins and programs "enabled and not masked".
//
// Its registers do not survive a loss of power, be it of the device (D3) or of its bank (F1). The
// driver saves and restores them; what the bank does while the device idles is the platform's
// decision, so F1 is offered with a residency that leaves it to critical transitions.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

#include "pl061.h"

#define PL061_BANK 0

//
// Nothing in the block takes time to wake up, but the board's power supply may. Idle periods of the
// device are rare: its timeout keeps it on between two opens.
//

#define PL061_IDLE_TIMEOUT_MS 100
#define PL061_F1_LATENCY WDF_ABS_TIMEOUT_IN_SEC(60 * 60)
#define PL061_F1_RESIDENCY WDF_ABS_TIMEOUT_IN_SEC(8 * 60 * 60)

typedef struct _PL061_CONTEXT {
    PPL061_REGISTERS Registers;
    SIZE_T Length;

    //
    // Which pins are interrupt inputs, and which of them are masked. Guarded by the bank's
    // interrupt lock, as are all registers that say how a pin interrupts.
    //

    ULONG EnabledPins;
    ULONG MaskedPins;

    //
    // Pins whose last user wanted them left as they are. Used like the direction register: by
    // Connect, Disconnect and Enable, which the extension serializes, and by Stop, when none of
    // them can run.
    //

    ULONG PreservedPins;

    //
    // What the registers held before a loss of power.
    //

    struct {
        ULONG Data;
        ULONG Direction;
        ULONG Sense;
        ULONG BothEdges;
        ULONG Event;
        ULONG AlternateFunction;
    } Saved;
} PL061_CONTEXT, *PPL061_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_UNLOAD Pl061EvtDriverUnload;
EVT_WDF_DRIVER_DEVICE_ADD Pl061EvtDeviceAdd;

GPIO_CLIENT_PREPARE_CONTROLLER Pl061PrepareController;
GPIO_CLIENT_RELEASE_CONTROLLER Pl061ReleaseController;
GPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION Pl061QueryControllerBasicInformation;
GPIO_CLIENT_START_CONTROLLER Pl061StartController;
GPIO_CLIENT_STOP_CONTROLLER Pl061StopController;
GPIO_CLIENT_QUERY_SET_CONTROLLER_INFORMATION Pl061QuerySetControllerInformation;
GPIO_CLIENT_SAVE_BANK_HARDWARE_CONTEXT Pl061SaveBankHardwareContext;
GPIO_CLIENT_RESTORE_BANK_HARDWARE_CONTEXT Pl061RestoreBankHardwareContext;

GPIO_CLIENT_ENABLE_INTERRUPT Pl061EnableInterrupt;
GPIO_CLIENT_DISABLE_INTERRUPT Pl061DisableInterrupt;
GPIO_CLIENT_MASK_INTERRUPTS Pl061MaskInterrupts;
GPIO_CLIENT_UNMASK_INTERRUPT Pl061UnmaskInterrupt;
GPIO_CLIENT_QUERY_ACTIVE_INTERRUPTS Pl061QueryActiveInterrupts;
GPIO_CLIENT_CLEAR_ACTIVE_INTERRUPTS Pl061ClearActiveInterrupts;
GPIO_CLIENT_QUERY_ENABLED_INTERRUPTS Pl061QueryEnabledInterrupts;
GPIO_CLIENT_RECONFIGURE_INTERRUPT Pl061ReconfigureInterrupt;

GPIO_CLIENT_CONNECT_IO_PINS Pl061ConnectIoPins;
GPIO_CLIENT_DISCONNECT_IO_PINS Pl061DisconnectIoPins;
GPIO_CLIENT_READ_PINS_MASK Pl061ReadGpioPins;
GPIO_CLIENT_WRITE_PINS_MASK Pl061WriteGpioPins;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, Pl061EvtDriverUnload)
#pragma alloc_text(PAGE, Pl061EvtDeviceAdd)

//
// ------------------------------------------------------------------------- Registers
//

static VOID
Pl061UpdateRegister(
    _In_ volatile ULONG *Register,
    _In_ ULONG Mask,
    _In_ BOOLEAN Set
    )
{
    ULONG Value;

    Value = READ_REGISTER_ULONG(Register);
    if (Set) {
        Value |= Mask;
    } else {
        Value &= ~Mask;
    }

    WRITE_REGISTER_ULONG(Register, Value);
}

static VOID
Pl061UpdateInterruptEnable(
    _In_ PPL061_CONTEXT Controller
    )
{
    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptEnable,
                         Controller->EnabledPins & ~Controller->MaskedPins);
}

//
// Says how a pin interrupts. The caller holds the interrupt lock.
//
// A change of these registers may latch a request that no edge has caused, and an edge seen under
// the old settings may still be latched. So the pin is shut off first, and its latch is cleared
// after the change; the caller lets it through again.
//

static NTSTATUS
Pl061ConfigureInterrupt(
    _In_ PPL061_CONTEXT Controller,
    _In_ PIN_NUMBER PinNumber,
    _In_ KINTERRUPT_MODE Mode,
    _In_ KINTERRUPT_POLARITY Polarity
    )
{
    BOOLEAN BothEdges;
    BOOLEAN High;
    ULONG Pin;
    PPL061_REGISTERS Registers;

    switch (Polarity) {
    case InterruptActiveHigh:
        BothEdges = FALSE;
        High = TRUE;
        break;

    case InterruptActiveLow:
        BothEdges = FALSE;
        High = FALSE;
        break;

    case InterruptActiveBoth:
        if (Mode != Latched) {
            return STATUS_NOT_SUPPORTED;
        }

        BothEdges = TRUE;
        High = FALSE;
        break;

    default:
        return STATUS_NOT_SUPPORTED;
    }

    Pin = 1ul << PinNumber;
    Registers = Controller->Registers;

    Pl061UpdateRegister(&Registers->InterruptEnable, Pin, FALSE);
    Pl061UpdateRegister(&Registers->Sense, Pin, (BOOLEAN)(Mode == LevelSensitive));
    Pl061UpdateRegister(&Registers->BothEdges, Pin, BothEdges);
    Pl061UpdateRegister(&Registers->Event, Pin, High);
    WRITE_REGISTER_ULONG(&Registers->InterruptClear, Pin);
    return STATUS_SUCCESS;
}

//
// Makes pins inputs or outputs of this driver. No lock is needed: the callbacks that do so are
// serialized by the extension, and no callback at DIRQL uses these two registers.
//

static VOID
Pl061SelectDirection(
    _In_ PPL061_CONTEXT Controller,
    _In_ ULONG Pins,
    _In_ BOOLEAN Output
    )
{
    Pl061UpdateRegister(&Controller->Registers->AlternateFunction, Pins, FALSE);
    Pl061UpdateRegister(&Controller->Registers->Direction, Pins, Output);
    Controller->PreservedPins &= ~Pins;
}

static VOID
Pl061DisableAllInterrupts(
    _In_ PPL061_CONTEXT Controller
    )
{
    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptEnable, 0);
    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptClear, PL061_ALL_PINS);
}

//
// Takes out of the registers what only they know. Which pins interrupt, and which are masked, the
// driver knows itself.
//

static VOID
Pl061SaveRegisters(
    _In_ PPL061_CONTEXT Controller
    )
{
    PPL061_REGISTERS Registers;

    Registers = Controller->Registers;
    Controller->Saved.Direction = READ_REGISTER_ULONG(&Registers->Direction) & PL061_ALL_PINS;
    Controller->Saved.Data = READ_REGISTER_ULONG(&Registers->Data[Controller->Saved.Direction]);
    Controller->Saved.Sense = READ_REGISTER_ULONG(&Registers->Sense);
    Controller->Saved.BothEdges = READ_REGISTER_ULONG(&Registers->BothEdges);
    Controller->Saved.Event = READ_REGISTER_ULONG(&Registers->Event);
    Controller->Saved.AlternateFunction = READ_REGISTER_ULONG(&Registers->AlternateFunction);
}

//
// The order matters twice. A pin has to be an output before its latch can be written. And pins are
// let through last, with all settings in place and what these have latched cleared: else they
// would interrupt for no reason.
//

static VOID
Pl061RestoreRegisters(
    _In_ PPL061_CONTEXT Controller
    )
{
    PPL061_REGISTERS Registers;

    Registers = Controller->Registers;
    WRITE_REGISTER_ULONG(&Registers->AlternateFunction, Controller->Saved.AlternateFunction);
    WRITE_REGISTER_ULONG(&Registers->Direction, Controller->Saved.Direction);
    WRITE_REGISTER_ULONG(&Registers->Data[Controller->Saved.Direction], Controller->Saved.Data);
    WRITE_REGISTER_ULONG(&Registers->Sense, Controller->Saved.Sense);
    WRITE_REGISTER_ULONG(&Registers->BothEdges, Controller->Saved.BothEdges);
    WRITE_REGISTER_ULONG(&Registers->Event, Controller->Saved.Event);
    WRITE_REGISTER_ULONG(&Registers->InterruptClear, PL061_ALL_PINS);
    Pl061UpdateInterruptEnable(Controller);
}

static ULONG
Pl061PinTableToMask(
    _In_reads_(PinCount) PPIN_NUMBER PinNumberTable,
    _In_ ULONG PinCount
    )
{
    ULONG Index;
    ULONG Mask;

    Mask = 0;
    for (Index = 0; Index < PinCount; Index += 1) {
        Mask |= 1ul << PinNumberTable[Index];
    }

    return Mask;
}

//
// ------------------------------------------------------------------- Setup callbacks
//
// These run at PASSIVE_LEVEL, alone, with the interrupt not connected. The bank locks do not exist
// for them. They stand in the path of power transitions and are not pageable.
//

_Use_decl_annotations_
NTSTATUS
Pl061PrepareController(
    WDFDEVICE Device,
    PVOID Context,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PPL061_CONTEXT Controller;
    ULONG Count;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(ResourcesRaw);

    Controller = (PPL061_CONTEXT)Context;
    RtlZeroMemory(Controller, sizeof(PL061_CONTEXT));

    //
    // The interrupt is for the extension to connect; the driver wants the registers only.
    //

    Count = WdfCmResourceListGetCount(ResourcesTranslated);
    for (Index = 0; Index < Count; Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if (Descriptor->Type != CmResourceTypeMemory) {
            continue;
        }

        if (Descriptor->u.Memory.Length < sizeof(PL061_REGISTERS)) {
            return STATUS_DEVICE_CONFIGURATION_ERROR;
        }

        Controller->Length = Descriptor->u.Memory.Length;
        Controller->Registers = (PPL061_REGISTERS)MmMapIoSpaceEx(Descriptor->u.Memory.Start,
                                                                 Controller->Length,
                                                                 PAGE_READWRITE | PAGE_NOCACHE);

        if (Controller->Registers == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }

        return STATUS_SUCCESS;
    }

    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
Pl061ReleaseController(
    WDFDEVICE Device,
    PVOID Context
    )
{
    PPL061_CONTEXT Controller;

    UNREFERENCED_PARAMETER(Device);

    //
    // Also called after a Prepare that failed.
    //

    Controller = (PPL061_CONTEXT)Context;
    if (Controller->Registers != NULL) {
        MmUnmapIoSpace(Controller->Registers, Controller->Length);
        Controller->Registers = NULL;
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061QueryControllerBasicInformation(
    PVOID Context,
    PCLIENT_CONTROLLER_BASIC_INFORMATION Information
    )
{
    UNREFERENCED_PARAMETER(Context);

    RtlZeroMemory(Information, sizeof(CLIENT_CONTROLLER_BASIC_INFORMATION));
    Information->Version = GPIO_CONTROLLER_BASIC_INFORMATION_VERSION;
    Information->Size = sizeof(CLIENT_CONTROLLER_BASIC_INFORMATION);
    Information->TotalPins = PL061_PIN_COUNT;
    Information->NumberOfPinsPerBank = PL061_PIN_COUNT;
    Information->Flags.MemoryMappedController = TRUE;
    Information->Flags.FormatIoRequestsAsMasks = TRUE;
    Information->Flags.ActiveInterruptsAutoClearOnRead = FALSE;
    Information->Flags.DeviceIdlePowerMgmtSupported = TRUE;
    Information->Flags.BankIdlePowerMgmtSupported = TRUE;
    Information->Flags.EmulateDebouncing = TRUE;
    Information->Flags.EmulateActiveBoth = FALSE;
    Information->DeviceIdleTimeout = PL061_IDLE_TIMEOUT_MS;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061StartController(
    PVOID Context,
    BOOLEAN RestoreContext,
    WDF_POWER_DEVICE_STATE PreviousPowerState
    )
{
    PPL061_CONTEXT Controller;

    UNREFERENCED_PARAMETER(PreviousPowerState);

    //
    // Firmware may have left interrupts on that nobody would ever silence. Outputs that it has set
    // are left alone: one of them may be what keeps the board powered.
    //

    Controller = (PPL061_CONTEXT)Context;
    Pl061DisableAllInterrupts(Controller);
    if (RestoreContext) {
        Pl061RestoreRegisters(Controller);

    } else {
        Controller->EnabledPins = 0;
        Controller->MaskedPins = 0;
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061StopController(
    PVOID Context,
    BOOLEAN SaveContext,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    PPL061_CONTEXT Controller;

    UNREFERENCED_PARAMETER(TargetState);

    Controller = (PPL061_CONTEXT)Context;
    if (SaveContext) {
        Pl061SaveRegisters(Controller);

    } else {
        Controller->EnabledPins = 0;
        Controller->MaskedPins = 0;

        //
        // For good: nothing is driven any more but what was asked to stay.
        //

        Pl061UpdateRegister(&Controller->Registers->Direction,
                            PL061_ALL_PINS & ~Controller->PreservedPins,
                            FALSE);
    }

    Pl061DisableAllInterrupts(Controller);
    return STATUS_SUCCESS;
}

//
// ------------------------------------------------------------------- Power of the bank
//
// Save and Restore come at DIRQL with the bank's interrupt lock held, or at HIGH_LEVEL when
// nothing else runs any more. Neither waits for anything.
//

_Use_decl_annotations_
NTSTATUS
Pl061QuerySetControllerInformation(
    PVOID Context,
    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT InputBuffer,
    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT OutputBuffer
    )
{
    UNREFERENCED_PARAMETER(Context);

    if ((InputBuffer->RequestType != QueryBankPowerInformation) || (OutputBuffer == NULL)) {
        return STATUS_NOT_SUPPORTED;
    }

    OutputBuffer->Version = GPIO_BANK_POWER_INFORMATION_OUTPUT_VERSION;
    OutputBuffer->BankPowerInformation.F1StateSupported = TRUE;
    OutputBuffer->BankPowerInformation.F1IdleStateParameters.TransitionLatency = PL061_F1_LATENCY;
    OutputBuffer->BankPowerInformation.F1IdleStateParameters.ResidencyRequirement =
        PL061_F1_RESIDENCY;

    OutputBuffer->BankPowerInformation.F1IdleStateParameters.NominalPower = PO_FX_UNKNOWN_POWER;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
VOID
Pl061SaveBankHardwareContext(
    PVOID Context,
    PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS SaveParameters
    )
{
    UNREFERENCED_PARAMETER(SaveParameters);

    Pl061SaveRegisters((PPL061_CONTEXT)Context);
}

_Use_decl_annotations_
VOID
Pl061RestoreBankHardwareContext(
    PVOID Context,
    PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS RestoreParameters
    )
{
    UNREFERENCED_PARAMETER(RestoreParameters);

    Pl061RestoreRegisters((PPL061_CONTEXT)Context);
}

//
// --------------------------------------------------------------- Interrupt callbacks
//
// Enable and Disable run at PASSIVE_LEVEL and take the bank's interrupt lock, because the ISR uses
// the same registers. The extension calls all others at DIRQL with the lock held.
//

_Use_decl_annotations_
NTSTATUS
Pl061EnableInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS EnableParameters
    )
{
    PPL061_CONTEXT Controller;
    ULONG Pin;
    NTSTATUS Status;

    //
    // The pull is a resistor on the board; the firmware only reports it.
    //

    Controller = (PPL061_CONTEXT)Context;
    Pin = 1ul << EnableParameters->PinNumber;
    Pl061SelectDirection(Controller, Pin, FALSE);

    GPIO_CLX_AcquireInterruptLock(Controller, PL061_BANK);

    Status = Pl061ConfigureInterrupt(Controller,
                                     EnableParameters->PinNumber,
                                     EnableParameters->InterruptMode,
                                     EnableParameters->Polarity);

    if (NT_SUCCESS(Status)) {
        Controller->EnabledPins |= Pin;
        Controller->MaskedPins &= ~Pin;
        Pl061UpdateInterruptEnable(Controller);
    }

    GPIO_CLX_ReleaseInterruptLock(Controller, PL061_BANK);
    return Status;
}

_Use_decl_annotations_
NTSTATUS
Pl061DisableInterrupt(
    PVOID Context,
    PGPIO_DISABLE_INTERRUPT_PARAMETERS DisableParameters
    )
{
    PPL061_CONTEXT Controller;
    ULONG Pin;

    Controller = (PPL061_CONTEXT)Context;
    Pin = 1ul << DisableParameters->PinNumber;

    GPIO_CLX_AcquireInterruptLock(Controller, PL061_BANK);

    Controller->EnabledPins &= ~Pin;
    Controller->MaskedPins &= ~Pin;
    Pl061UpdateInterruptEnable(Controller);
    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptClear, Pin);

    GPIO_CLX_ReleaseInterruptLock(Controller, PL061_BANK);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061MaskInterrupts(
    PVOID Context,
    PGPIO_MASK_INTERRUPT_PARAMETERS MaskParameters
    )
{
    PPL061_CONTEXT Controller;

    Controller = (PPL061_CONTEXT)Context;
    Controller->MaskedPins |= (ULONG)MaskParameters->PinMask;
    Pl061UpdateInterruptEnable(Controller);
    MaskParameters->FailedMask = 0;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061UnmaskInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS InterruptParameters
    )
{
    PPL061_CONTEXT Controller;

    //
    // Mode and polarity have stayed in the registers; nothing has to be set again.
    //

    Controller = (PPL061_CONTEXT)Context;
    Controller->MaskedPins &= ~(1ul << InterruptParameters->PinNumber);
    Pl061UpdateInterruptEnable(Controller);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061QueryActiveInterrupts(
    PVOID Context,
    PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS QueryActiveParameters
    )
{
    PPL061_CONTEXT Controller;

    //
    // The masked status names exactly the pins that assert the controller's interrupt. A masked
    // pin stays latched and comes back when it is unmasked.
    //

    Controller = (PPL061_CONTEXT)Context;
    QueryActiveParameters->ActiveMask = QueryActiveParameters->EnabledMask &
        READ_REGISTER_ULONG(&Controller->Registers->MaskedStatus);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061ClearActiveInterrupts(
    PVOID Context,
    PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS ClearParameters
    )
{
    PPL061_CONTEXT Controller;

    Controller = (PPL061_CONTEXT)Context;
    WRITE_REGISTER_ULONG(&Controller->Registers->InterruptClear,
                         (ULONG)ClearParameters->ClearActiveMask);

    ClearParameters->FailedClearMask = 0;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061QueryEnabledInterrupts(
    PVOID Context,
    PGPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS QueryEnabledParameters
    )
{
    PPL061_CONTEXT Controller;

    //
    // The answer comes from the hardware, not from the driver's own records: the extension asks
    // in order to compare.
    //

    Controller = (PPL061_CONTEXT)Context;
    QueryEnabledParameters->EnabledMask =
        READ_REGISTER_ULONG(&Controller->Registers->InterruptEnable);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061ReconfigureInterrupt(
    PVOID Context,
    PGPIO_RECONFIGURE_INTERRUPTS_PARAMETERS ReconfigureParameters
    )
{
    PPL061_CONTEXT Controller;
    NTSTATUS Status;

    Controller = (PPL061_CONTEXT)Context;
    Status = Pl061ConfigureInterrupt(Controller,
                                     ReconfigureParameters->PinNumber,
                                     ReconfigureParameters->InterruptMode,
                                     ReconfigureParameters->Polarity);

    Pl061UpdateInterruptEnable(Controller);
    return Status;
}

//
// --------------------------------------------------------------------- I/O callbacks
//

_Use_decl_annotations_
NTSTATUS
Pl061ConnectIoPins(
    PVOID Context,
    PGPIO_CONNECT_IO_PINS_PARAMETERS ConnectParameters
    )
{
    PPL061_CONTEXT Controller;
    ULONG Pins;

    //
    // Reading a pin that is an output gives its latch, not its pad. So a pin cannot serve as
    // input and output at once.
    //

    if ((ConnectParameters->ConnectMode != ConnectModeInput) &&
        (ConnectParameters->ConnectMode != ConnectModeOutput)) {
        return STATUS_NOT_SUPPORTED;
    }

    Controller = (PPL061_CONTEXT)Context;
    Pins = Pl061PinTableToMask(ConnectParameters->PinNumberTable, ConnectParameters->PinCount);

    //
    // An output drives what its latch holds until the first write; the latch cannot be preset
    // while the pin is an input.
    //

    Pl061SelectDirection(Controller,
                         Pins,
                         (BOOLEAN)(ConnectParameters->ConnectMode == ConnectModeOutput));

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061DisconnectIoPins(
    PVOID Context,
    PGPIO_DISCONNECT_IO_PINS_PARAMETERS DisconnectParameters
    )
{
    PPL061_CONTEXT Controller;
    ULONG Pins;

    Controller = (PPL061_CONTEXT)Context;
    Pins = Pl061PinTableToMask(DisconnectParameters->PinNumberTable,
                               DisconnectParameters->PinCount);

    if (DisconnectParameters->DisconnectFlags.PreserveConfiguration) {
        Controller->PreservedPins |= Pins;
    } else {
        Pl061SelectDirection(Controller, Pins, FALSE);
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061ReadGpioPins(
    PVOID Context,
    PGPIO_READ_PINS_MASK_PARAMETERS ReadParameters
    )
{
    PPL061_CONTEXT Controller;

    //
    // One register answers both for inputs (the pad) and, with WriteConfiguredPins, for outputs
    // (the latch).
    //

    Controller = (PPL061_CONTEXT)Context;
    *ReadParameters->PinValues =
        READ_REGISTER_ULONG(&Controller->Registers->Data[PL061_ALL_PINS]);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
Pl061WriteGpioPins(
    PVOID Context,
    PGPIO_WRITE_PINS_MASK_PARAMETERS WriteParameters
    )
{
    PPL061_CONTEXT Controller;
    ULONG Pins;

    Controller = (PPL061_CONTEXT)Context;
    Pins = (ULONG)(WriteParameters->SetMask | WriteParameters->ClearMask) & PL061_ALL_PINS;
    WRITE_REGISTER_ULONG(&Controller->Registers->Data[Pins], (ULONG)WriteParameters->SetMask);
    return STATUS_SUCCESS;
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
VOID
Pl061EvtDriverUnload(
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
Pl061EvtDeviceAdd(
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

    WDF_DRIVER_CONFIG_INIT(&DriverConfig, Pl061EvtDeviceAdd);
    DriverConfig.EvtDriverUnload = Pl061EvtDriverUnload;

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
    Packet.ControllerContextSize = sizeof(PL061_CONTEXT);

    Packet.CLIENT_PrepareController = Pl061PrepareController;
    Packet.CLIENT_ReleaseController = Pl061ReleaseController;
    Packet.CLIENT_QueryControllerBasicInformation = Pl061QueryControllerBasicInformation;
    Packet.CLIENT_StartController = Pl061StartController;
    Packet.CLIENT_StopController = Pl061StopController;
    Packet.CLIENT_QuerySetControllerInformation = Pl061QuerySetControllerInformation;
    Packet.CLIENT_SaveBankHardwareContext = Pl061SaveBankHardwareContext;
    Packet.CLIENT_RestoreBankHardwareContext = Pl061RestoreBankHardwareContext;

    Packet.CLIENT_EnableInterrupt = Pl061EnableInterrupt;
    Packet.CLIENT_DisableInterrupt = Pl061DisableInterrupt;
    Packet.CLIENT_MaskInterrupts = Pl061MaskInterrupts;
    Packet.CLIENT_UnmaskInterrupt = Pl061UnmaskInterrupt;
    Packet.CLIENT_QueryActiveInterrupts = Pl061QueryActiveInterrupts;
    Packet.CLIENT_ClearActiveInterrupts = Pl061ClearActiveInterrupts;
    Packet.CLIENT_QueryEnabledInterrupts = Pl061QueryEnabledInterrupts;
    Packet.CLIENT_ReconfigureInterrupt = Pl061ReconfigureInterrupt;

    Packet.CLIENT_ConnectIoPins = Pl061ConnectIoPins;
    Packet.CLIENT_DisconnectIoPins = Pl061DisconnectIoPins;
    Packet.CLIENT_ReadGpioPinsUsingMask = Pl061ReadGpioPins;
    Packet.CLIENT_WriteGpioPinsUsingMask = Pl061WriteGpioPins;

    return GPIO_CLX_RegisterClient(Driver, &Packet, RegistryPath);
}
