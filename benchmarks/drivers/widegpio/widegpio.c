//
// GPIO controller driver for the controllers of the benchmarks: banks of 64 pins, as many as there are
// blocks of registers, memory-mapped, every register 64 bits wide. As small as a client of GpioClx
// can be that reads, writes and interrupts.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

#include "probe.h"
#include "widegpio.h"

typedef struct _WIDE_REGISTERS {
    volatile ULONG64 Direction;         // 1 output, 0 input
    volatile ULONG64 Input;
    volatile ULONG64 Set;
    volatile ULONG64 Clear;
    volatile ULONG64 Rise;              // 1 latches rising edges
    volatile ULONG64 Fall;
    volatile ULONG64 Status;            // write 1 to clear
    volatile ULONG64 Enable;            // 1 lets the pin's interrupt through
    ULONG64 Unused[4];
} WIDE_REGISTERS, *PWIDE_REGISTERS;

#define WIDE_PINS_PER_BANK 64
#define WIDE_BANKS_MAX 4

typedef struct _WIDE_CONTEXT {
    PWIDE_REGISTERS Registers;          // one block a bank
    SIZE_T Length;
    USHORT BankCount;

    //
    // Each guarded by its bank's interrupt lock, as are Rise, Fall and Enable.
    //

    ULONG64 EnabledPins[WIDE_BANKS_MAX];
} WIDE_CONTEXT, *PWIDE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_UNLOAD WideEvtDriverUnload;
EVT_WDF_DRIVER_DEVICE_ADD WideEvtDeviceAdd;

GPIO_CLIENT_PREPARE_CONTROLLER WidePrepareController;
GPIO_CLIENT_RELEASE_CONTROLLER WideReleaseController;
GPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION WideQueryControllerBasicInformation;
GPIO_CLIENT_START_CONTROLLER WideStartController;
GPIO_CLIENT_STOP_CONTROLLER WideStopController;
GPIO_CLIENT_ENABLE_INTERRUPT WideEnableInterrupt;
GPIO_CLIENT_DISABLE_INTERRUPT WideDisableInterrupt;
GPIO_CLIENT_MASK_INTERRUPTS WideMaskInterrupts;
GPIO_CLIENT_UNMASK_INTERRUPT WideUnmaskInterrupt;
GPIO_CLIENT_QUERY_ACTIVE_INTERRUPTS WideQueryActiveInterrupts;
GPIO_CLIENT_CLEAR_ACTIVE_INTERRUPTS WideClearActiveInterrupts;
GPIO_CLIENT_QUERY_ENABLED_INTERRUPTS WideQueryEnabledInterrupts;
GPIO_CLIENT_CONNECT_IO_PINS WideConnectIoPins;
GPIO_CLIENT_DISCONNECT_IO_PINS WideDisconnectIoPins;
GPIO_CLIENT_READ_PINS_MASK WideReadGpioPins;
GPIO_CLIENT_WRITE_PINS_MASK WideWriteGpioPins;
GPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION WideControllerSpecificFunction;

static VOID
WideChangeRegister(
    _In_ volatile ULONG64 *Register,
    _In_ ULONG64 Set,
    _In_ ULONG64 Clear
    )
{
    WRITE_REGISTER_ULONG64(Register, (READ_REGISTER_ULONG64(Register) & ~Clear) | Set);
}

static PWIDE_REGISTERS
WideBank(
    _In_ PVOID Context,
    _In_ BANK_ID BankId
    )
{
    return &((PWIDE_CONTEXT)Context)->Registers[BankId];
}

static VOID
WideSilenceAllBanks(
    _In_ PWIDE_CONTEXT Controller
    )
{
    USHORT Bank;

    for (Bank = 0; Bank < Controller->BankCount; Bank += 1) {
        WRITE_REGISTER_ULONG64(&Controller->Registers[Bank].Enable, 0);
    }
}

//
// ------------------------------------------------------------------- Setup callbacks
//

_Use_decl_annotations_
NTSTATUS
WidePrepareController(
    WDFDEVICE Device,
    PVOID Context,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PWIDE_CONTEXT Controller;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(ResourcesRaw);

    Controller = (PWIDE_CONTEXT)Context;
    RtlZeroMemory(Controller, sizeof(*Controller));
    for (Index = 0; Index < WdfCmResourceListGetCount(ResourcesTranslated); Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if (Descriptor->Type != CmResourceTypeMemory) {
            continue;
        }

        Controller->Length = Descriptor->u.Memory.Length;
        Controller->BankCount = (USHORT)(Controller->Length / sizeof(WIDE_REGISTERS));
        if ((Controller->BankCount == 0) || (Controller->BankCount > WIDE_BANKS_MAX)) {
            return STATUS_DEVICE_CONFIGURATION_ERROR;
        }

        Controller->Registers = (PWIDE_REGISTERS)MmMapIoSpaceEx(Descriptor->u.Memory.Start,
                                                                Controller->Length,
                                                                PAGE_READWRITE | PAGE_NOCACHE);

        return (Controller->Registers != NULL) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }

    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
WideReleaseController(
    WDFDEVICE Device,
    PVOID Context
    )
{
    PWIDE_CONTEXT Controller;

    UNREFERENCED_PARAMETER(Device);

    Controller = (PWIDE_CONTEXT)Context;
    if (Controller->Registers != NULL) {
        MmUnmapIoSpace(Controller->Registers, Controller->Length);
        Controller->Registers = NULL;
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideQueryControllerBasicInformation(
    PVOID Context,
    PCLIENT_CONTROLLER_BASIC_INFORMATION Information
    )
{
    RtlZeroMemory(Information, sizeof(*Information));
    Information->Version = GPIO_CONTROLLER_BASIC_INFORMATION_VERSION;
    Information->Size = sizeof(*Information);
    Information->TotalPins = ((PWIDE_CONTEXT)Context)->BankCount * WIDE_PINS_PER_BANK;
    Information->NumberOfPinsPerBank = WIDE_PINS_PER_BANK;
    Information->Flags.MemoryMappedController = TRUE;
    Information->Flags.FormatIoRequestsAsMasks = TRUE;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideStartController(
    PVOID Context,
    BOOLEAN RestoreContext,
    WDF_POWER_DEVICE_STATE PreviousPowerState
    )
{
    PWIDE_CONTEXT Controller;

    UNREFERENCED_PARAMETER(RestoreContext);
    UNREFERENCED_PARAMETER(PreviousPowerState);

    Controller = (PWIDE_CONTEXT)Context;
    RtlZeroMemory(Controller->EnabledPins, sizeof(Controller->EnabledPins));
    WideSilenceAllBanks(Controller);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideStopController(
    PVOID Context,
    BOOLEAN SaveContext,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    UNREFERENCED_PARAMETER(SaveContext);
    UNREFERENCED_PARAMETER(TargetState);

    WideSilenceAllBanks((PWIDE_CONTEXT)Context);
    return STATUS_SUCCESS;
}

//
// --------------------------------------------------------------- Interrupt callbacks
//

_Use_decl_annotations_
NTSTATUS
WideEnableInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS EnableParameters
    )
{
    PWIDE_CONTEXT Controller;
    BOOLEAN Fall;
    ULONG64 Pin;
    PWIDE_REGISTERS Registers;
    BOOLEAN Rise;

    if (EnableParameters->InterruptMode != Latched) {
        return STATUS_NOT_SUPPORTED;
    }

    Controller = (PWIDE_CONTEXT)Context;
    Registers = WideBank(Context, EnableParameters->BankId);
    Pin = 1ull << EnableParameters->PinNumber;
    Rise = (BOOLEAN)(EnableParameters->Polarity != InterruptActiveLow);
    Fall = (BOOLEAN)(EnableParameters->Polarity != InterruptActiveHigh);

    GPIO_CLX_AcquireInterruptLock(Context, EnableParameters->BankId);
    WideChangeRegister(&Registers->Rise, Rise ? Pin : 0, Pin);
    WideChangeRegister(&Registers->Fall, Fall ? Pin : 0, Pin);
    WRITE_REGISTER_ULONG64(&Registers->Status, Pin);
    Controller->EnabledPins[EnableParameters->BankId] |= Pin;
    WideChangeRegister(&Registers->Enable, Pin, 0);
    GPIO_CLX_ReleaseInterruptLock(Context, EnableParameters->BankId);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideDisableInterrupt(
    PVOID Context,
    PGPIO_DISABLE_INTERRUPT_PARAMETERS DisableParameters
    )
{
    PWIDE_CONTEXT Controller;
    ULONG64 Pin;

    Controller = (PWIDE_CONTEXT)Context;
    Pin = 1ull << DisableParameters->PinNumber;
    GPIO_CLX_AcquireInterruptLock(Context, DisableParameters->BankId);
    Controller->EnabledPins[DisableParameters->BankId] &= ~Pin;
    WideChangeRegister(&WideBank(Context, DisableParameters->BankId)->Enable, 0, Pin);
    GPIO_CLX_ReleaseInterruptLock(Context, DisableParameters->BankId);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideMaskInterrupts(
    PVOID Context,
    PGPIO_MASK_INTERRUPT_PARAMETERS MaskParameters
    )
{
    WideChangeRegister(&WideBank(Context, MaskParameters->BankId)->Enable,
                       0,
                       MaskParameters->PinMask);

    MaskParameters->FailedMask = 0;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideUnmaskInterrupt(
    PVOID Context,
    PGPIO_ENABLE_INTERRUPT_PARAMETERS UnmaskParameters
    )
{
    WideChangeRegister(&WideBank(Context, UnmaskParameters->BankId)->Enable,
                       1ull << UnmaskParameters->PinNumber,
                       0);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideQueryActiveInterrupts(
    PVOID Context,
    PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS QueryActiveParameters
    )
{
    PWIDE_REGISTERS Registers;

    Registers = WideBank(Context, QueryActiveParameters->BankId);
    QueryActiveParameters->ActiveMask =
        READ_REGISTER_ULONG64(&Registers->Status) & QueryActiveParameters->EnabledMask;

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideClearActiveInterrupts(
    PVOID Context,
    PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS ClearParameters
    )
{
    WRITE_REGISTER_ULONG64(&WideBank(Context, ClearParameters->BankId)->Status,
                           ClearParameters->ClearActiveMask);

    ClearParameters->FailedClearMask = 0;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideQueryEnabledInterrupts(
    PVOID Context,
    PGPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS QueryEnabledParameters
    )
{
    QueryEnabledParameters->EnabledMask =
        ((PWIDE_CONTEXT)Context)->EnabledPins[QueryEnabledParameters->BankId];

    return STATUS_SUCCESS;
}

//
// --------------------------------------------------------------------- I/O callbacks
//

static ULONG64
WidePinTableToMask(
    _In_reads_(PinCount) PPIN_NUMBER PinNumberTable,
    _In_ ULONG PinCount
    )
{
    ULONG Index;
    ULONG64 Mask;

    Mask = 0;
    for (Index = 0; Index < PinCount; Index += 1) {
        Mask |= 1ull << PinNumberTable[Index];
    }

    return Mask;
}

_Use_decl_annotations_
NTSTATUS
WideConnectIoPins(
    PVOID Context,
    PGPIO_CONNECT_IO_PINS_PARAMETERS ConnectParameters
    )
{
    BOOLEAN Output;
    ULONG64 Pins;

    Pins = WidePinTableToMask(ConnectParameters->PinNumberTable, ConnectParameters->PinCount);
    Output = (BOOLEAN)(ConnectParameters->ConnectMode == ConnectModeOutput);
    WideChangeRegister(&WideBank(Context, ConnectParameters->BankId)->Direction,
                       Output ? Pins : 0,
                       Pins);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideDisconnectIoPins(
    PVOID Context,
    PGPIO_DISCONNECT_IO_PINS_PARAMETERS DisconnectParameters
    )
{
    ULONG64 Pins;

    if (DisconnectParameters->DisconnectFlags.PreserveConfiguration) {
        return STATUS_SUCCESS;
    }

    Pins = WidePinTableToMask(DisconnectParameters->PinNumberTable,
                              DisconnectParameters->PinCount);

    WideChangeRegister(&WideBank(Context, DisconnectParameters->BankId)->Direction, 0, Pins);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideReadGpioPins(
    PVOID Context,
    PGPIO_READ_PINS_MASK_PARAMETERS ReadParameters
    )
{
    *ReadParameters->PinValues =
        READ_REGISTER_ULONG64(&WideBank(Context, ReadParameters->BankId)->Input);

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
WideWriteGpioPins(
    PVOID Context,
    PGPIO_WRITE_PINS_MASK_PARAMETERS WriteParameters
    )
{
    PWIDE_REGISTERS Registers;

    Registers = WideBank(Context, WriteParameters->BankId);
    if (WriteParameters->SetMask != 0) {
        WRITE_REGISTER_ULONG64(&Registers->Set, WriteParameters->SetMask);
    }

    if (WriteParameters->ClearMask != 0) {
        WRITE_REGISTER_ULONG64(&Registers->Clear, WriteParameters->ClearMask);
    }

    return STATUS_SUCCESS;
}

//
// Reads or writes a register many times: what one access costs.
//

_Use_decl_annotations_
NTSTATUS
WideControllerSpecificFunction(
    PVOID Context,
    PGPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS Parameters
    )
{
    ULONG Count;
    ULONG Index;
    PWIDE_REGISTERS Registers;
    PWIDE_ACCESS_REQUEST Request;
    volatile ULONG *Word;

    if (Parameters->InputBufferLength < sizeof(WIDE_ACCESS_REQUEST)) {
        return STATUS_BUFFER_TOO_SMALL;
    }

    Request = (PWIDE_ACCESS_REQUEST)Parameters->InputBuffer;
    Registers = ((PWIDE_CONTEXT)Context)->Registers;
    Word = (volatile ULONG *)&Registers->Clear;
    Count = Request->Count;
    GxProbeStart();
    if (Request->Write) {
        for (Index = 0; Index < Count; Index += 1) {
            WRITE_REGISTER_ULONG(Word, 0);
        }

    } else {
        Word = (volatile ULONG *)&Registers->Direction;
        for (Index = 0; Index < Count; Index += 1) {
            (VOID)READ_REGISTER_ULONG(Word);
        }
    }

    GxProbeStop();
    return STATUS_SUCCESS;
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
VOID
WideEvtDriverUnload(
    WDFDRIVER Driver
    )
{
    (VOID)GPIO_CLX_UnregisterClient(Driver);
}

_Use_decl_annotations_
NTSTATUS
WideEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDFDEVICE Device;
    WDF_OBJECT_ATTRIBUTES FdoAttributes;
    NTSTATUS Status;

    Status = GPIO_CLX_ProcessAddDevicePreDeviceCreate(Driver, DeviceInit, &FdoAttributes);
    if (NT_SUCCESS(Status)) {
        Status = WdfDeviceCreate(&DeviceInit, &FdoAttributes, &Device);
    }

    if (NT_SUCCESS(Status)) {
        Status = GPIO_CLX_ProcessAddDevicePostDeviceCreate(Driver, Device);
    }

    return Status;
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

    WDF_DRIVER_CONFIG_INIT(&DriverConfig, WideEvtDeviceAdd);
    DriverConfig.EvtDriverUnload = WideEvtDriverUnload;
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
    Packet.ControllerContextSize = sizeof(WIDE_CONTEXT);
    Packet.CLIENT_PrepareController = WidePrepareController;
    Packet.CLIENT_ReleaseController = WideReleaseController;
    Packet.CLIENT_QueryControllerBasicInformation = WideQueryControllerBasicInformation;
    Packet.CLIENT_StartController = WideStartController;
    Packet.CLIENT_StopController = WideStopController;
    Packet.CLIENT_EnableInterrupt = WideEnableInterrupt;
    Packet.CLIENT_DisableInterrupt = WideDisableInterrupt;
    Packet.CLIENT_MaskInterrupts = WideMaskInterrupts;
    Packet.CLIENT_UnmaskInterrupt = WideUnmaskInterrupt;
    Packet.CLIENT_QueryActiveInterrupts = WideQueryActiveInterrupts;
    Packet.CLIENT_ClearActiveInterrupts = WideClearActiveInterrupts;
    Packet.CLIENT_QueryEnabledInterrupts = WideQueryEnabledInterrupts;
    Packet.CLIENT_ConnectIoPins = WideConnectIoPins;
    Packet.CLIENT_DisconnectIoPins = WideDisconnectIoPins;
    Packet.CLIENT_ReadGpioPinsUsingMask = WideReadGpioPins;
    Packet.CLIENT_WriteGpioPinsUsingMask = WideWriteGpioPins;
    Packet.CLIENT_ControllerSpecificFunction = WideControllerSpecificFunction;
    return GPIO_CLX_RegisterClient(Driver, &Packet, RegistryPath);
}
