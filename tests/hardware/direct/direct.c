//
// A driver that dereferences its registers (an ARM PL061 with a button on pin 3 and an LED on pin 5)
// in all the ways that C offers. Each press of the button toggles the LED, from the service routine.
// Wrong values are told by a failed assertion.
//

#include <ntddk.h>
#include <wdf.h>

#define BUTTON (1u << 3)
#define LED (1u << 5)

typedef union _DIRECT_PINS {
    ULONG All;
    struct {
        ULONG Low : 4;
        ULONG High : 4;
    };
} DIRECT_PINS;

typedef struct _DIRECT_REGISTERS {
    ULONG Data[256];
    DIRECT_PINS Direction;
    ULONG Sense;
    ULONG BothEdges;
    ULONG Event;
    ULONG InterruptEnable;
    ULONG RawStatus;
    ULONG MaskedStatus;
    ULONG InterruptClear;
    ULONG AlternateFunction;
    ULONG Reserved[0x2EF];
    ULONG Identity[8];
} DIRECT_REGISTERS, *PDIRECT_REGISTERS;

C_ASSERT(FIELD_OFFSET(DIRECT_REGISTERS, Identity) == 0xFE0);

typedef struct _DIRECT_CONTEXT {
    volatile DIRECT_REGISTERS* Registers;
    SIZE_T Length;
    ULONG Presses;
} DIRECT_CONTEXT, *PDIRECT_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DIRECT_CONTEXT, DirectGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DirectEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE DirectEvtPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE DirectEvtReleaseHardware;
EVT_WDF_INTERRUPT_ISR DirectEvtInterruptIsr;
EVT_WDF_INTERRUPT_ENABLE DirectEvtInterruptEnable;
EVT_WDF_INTERRUPT_DISABLE DirectEvtInterruptDisable;

static VOID
DirectCheckAccesses(
    _In_ volatile DIRECT_REGISTERS* Registers
    )
{
    volatile UCHAR* Bytes = (volatile UCHAR*)Registers;
    ULONG Identity[8];
    ULONG Index;
    UCHAR Byte;

    //
    // Whole words, bytes, bit fields; the same word read and written by one instruction.
    //

    Registers->Direction.All = 0x0F;
    NT_ASSERT(Registers->Direction.All == 0x0F);
    Registers->Direction.All |= 0x30;
    Registers->Direction.All &= ~0x01u;
    Registers->Direction.All ^= 0x80;
    NT_ASSERT(Registers->Direction.All == 0xBE);
    Registers->Direction.High = 0x5;
    NT_ASSERT(Registers->Direction.All == 0x5E);
    Bytes[0x400] = 0x21;
    Byte = Bytes[0x400];
    NT_ASSERT(Byte == 0x21);
    NT_ASSERT((Registers->Direction.All & 0x20) != 0);
    Registers->Sense++;
    NT_ASSERT(Registers->Sense == 1);
    Registers->Sense--;

    //
    // By an interlocked instruction.
    //

    InterlockedOr((volatile LONG*)&Registers->Event, 0x81);
    NT_ASSERT(InterlockedExchange((volatile LONG*)&Registers->Event, 0) == 0x81);

    //
    // As memory. (A driver for Windows uses READ_REGISTER_BUFFER_ULONG.)
    //

    RtlCopyMemory(Identity, (PVOID)Registers->Identity, sizeof(Identity));
    NT_ASSERT(Identity[0] == 0x61);
    NT_ASSERT(Identity[7] == 0xB1);
    for (Index = 0; Index < 8; Index += 1) {
        NT_ASSERT(Identity[Index] == Registers->Identity[Index]);
    }

    RtlZeroMemory((PVOID)&Registers->Direction, 5 * sizeof(ULONG));
    NT_ASSERT(Registers->Direction.All == 0);
}

_Use_decl_annotations_
BOOLEAN
DirectEvtInterruptIsr(
    WDFINTERRUPT Interrupt,
    ULONG MessageID
    )
{
    PDIRECT_CONTEXT Direct;

    UNREFERENCED_PARAMETER(MessageID);

    Direct = DirectGetContext(WdfInterruptGetDevice(Interrupt));
    if ((Direct->Registers->MaskedStatus & BUTTON) == 0) {
        return FALSE;
    }

    Direct->Registers->InterruptClear = BUTTON;
    Direct->Registers->Data[LED] ^= LED;
    Direct->Presses += 1;
    return TRUE;
}

_Use_decl_annotations_
NTSTATUS
DirectEvtInterruptEnable(
    WDFINTERRUPT Interrupt,
    WDFDEVICE Device
    )
{
    UNREFERENCED_PARAMETER(Interrupt);

    DirectGetContext(Device)->Registers->InterruptClear = 0xFF;
    DirectGetContext(Device)->Registers->InterruptEnable |= BUTTON;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
DirectEvtInterruptDisable(
    WDFINTERRUPT Interrupt,
    WDFDEVICE Device
    )
{
    UNREFERENCED_PARAMETER(Interrupt);

    DirectGetContext(Device)->Registers->InterruptEnable &= ~BUTTON;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
DirectEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PDIRECT_CONTEXT Direct;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Direct = DirectGetContext(Device);
    Resource = WdfCmResourceListGetDescriptor(ResourcesTranslated, 0);
    if ((Resource == NULL) || (Resource->Type != CmResourceTypeMemory)) {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }

    Direct->Length = Resource->u.Memory.Length;
    Direct->Registers = (volatile DIRECT_REGISTERS*)MmMapIoSpaceEx(
        Resource->u.Memory.Start, Direct->Length, PAGE_READWRITE | PAGE_NOCACHE);
    if (Direct->Registers == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    DirectCheckAccesses(Direct->Registers);

    //
    // The LED's pin is an output, low; the button's interrupts on its falling edge.
    //

    Direct->Registers->Direction.All |= LED;
    Direct->Registers->Data[LED] = 0;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
DirectEvtReleaseHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PDIRECT_CONTEXT Direct;

    UNREFERENCED_PARAMETER(ResourcesTranslated);

    Direct = DirectGetContext(Device);
    if (Direct->Registers != NULL) {
        MmUnmapIoSpace((PVOID)Direct->Registers, Direct->Length);
        Direct->Registers = NULL;
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
DirectEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDF_INTERRUPT_CONFIG Config;
    WDFDEVICE Device;
    WDFINTERRUPT Interrupt;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = DirectEvtPrepareHardware;
    Callbacks.EvtDeviceReleaseHardware = DirectEvtReleaseHardware;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, DIRECT_CONTEXT);
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_INTERRUPT_CONFIG_INIT(&Config, DirectEvtInterruptIsr, NULL);
    Config.EvtInterruptEnable = DirectEvtInterruptEnable;
    Config.EvtInterruptDisable = DirectEvtInterruptDisable;
    return WdfInterruptCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, &Interrupt);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, DirectEvtDeviceAdd);
    return WdfDriverCreate(
        DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
