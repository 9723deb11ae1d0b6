//
// The peripheral of the benchmarks: writes its pins as fast as it can when it is told to, and takes
// an interrupt. The stretches that are measured stand between GxProbeStart and GxProbeStop.
//

#include <ntddk.h>
#include <wdf.h>

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <gpio.h>

#include "probe.h"
#include "pinloadioctl.h"
#include "widegpio/widegpio.h"

#define PINLOAD_NARROW 0
#define PINLOAD_WIDE 1
#define PINLOAD_CONNECTIONS 2

typedef struct _PINLOAD_CONTEXT {
    LARGE_INTEGER ConnectionIds[PINLOAD_CONNECTIONS];
    WDFIOTARGET Pins[PINLOAD_CONNECTIONS];
} PINLOAD_CONTEXT, *PPINLOAD_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PINLOAD_CONTEXT, PinLoadGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD PinLoadEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE PinLoadEvtPrepareHardware;
EVT_WDF_DEVICE_D0_ENTRY PinLoadEvtD0Entry;
EVT_WDF_DEVICE_D0_EXIT PinLoadEvtD0Exit;
EVT_WDF_INTERRUPT_ISR PinLoadEvtInterruptIsr;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL PinLoadEvtIoDeviceControl;

//
// -------------------------------------------------------------------------- Requests
//

static NTSTATUS
PinLoadWrite(
    _In_ PPINLOAD_CONTEXT Load,
    _In_ PPINLOAD_REQUEST Request
    )
{
    ULONG Count;
    ULONG Index;
    WDF_MEMORY_DESCRIPTOR Memory;
    WDFIOTARGET Pins;
    NTSTATUS Status;
    BOOLEAN Toggle;
    ULONG64 Value;

    //
    // The request shares its buffer with nothing, but only the loop should be measured.
    //

    Count = Request->Count;
    Toggle = (BOOLEAN)(Request->Toggle != 0);
    Pins = Load->Pins[Request->Wide ? PINLOAD_WIDE : PINLOAD_NARROW];
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory,
                                      &Value,
                                      Request->Wide ? sizeof(Value) : sizeof(UCHAR));

    Value = 0;
    Status = STATUS_SUCCESS;
    for (Index = 0; NT_SUCCESS(Status) && (Index < Count); Index += 1) {
        if (Toggle) {
            Value = ~Value;
        }

        GxProbeStart();
        Status = WdfIoTargetSendIoctlSynchronously(Pins,
                                                   NULL,
                                                   IOCTL_GPIO_WRITE_PINS,
                                                   &Memory,
                                                   &Memory,
                                                   NULL,
                                                   NULL);

        GxProbeStop();
    }

    return Status;
}

static NTSTATUS
PinLoadAccess(
    _In_ PPINLOAD_CONTEXT Load,
    _In_ PPINLOAD_REQUEST Request
    )
{
    WIDE_ACCESS_REQUEST Access;
    WDF_MEMORY_DESCRIPTOR Memory;

    Access.Count = Request->Count;
    Access.Write = Request->Toggle;
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, &Access, sizeof(Access));
    return WdfIoTargetSendIoctlSynchronously(Load->Pins[PINLOAD_NARROW],
                                             NULL,
                                             IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION,
                                             &Memory,
                                             NULL,
                                             NULL,
                                             NULL);
}

_Use_decl_annotations_
VOID
PinLoadEvtIoDeviceControl(
    WDFQUEUE Queue,
    WDFREQUEST Request,
    size_t OutputBufferLength,
    size_t InputBufferLength,
    ULONG IoControlCode
    )
{
    PVOID Buffer;
    PPINLOAD_CONTEXT Load;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);

    Load = PinLoadGetContext(WdfIoQueueGetDevice(Queue));
    Status = WdfRequestRetrieveInputBuffer(Request, sizeof(PINLOAD_REQUEST), &Buffer, NULL);
    if (NT_SUCCESS(Status)) {
        switch (IoControlCode) {
        case IOCTL_PINLOAD_WRITE:
            Status = PinLoadWrite(Load, (PPINLOAD_REQUEST)Buffer);
            break;

        case IOCTL_PINLOAD_ACCESS:
            Status = PinLoadAccess(Load, (PPINLOAD_REQUEST)Buffer);
            break;

        default:
            Status = STATUS_INVALID_DEVICE_REQUEST;
            break;
        }
    }

    WdfRequestComplete(Request, Status);
}

//
// ------------------------------------------------------------------------- Interrupt
//

_Use_decl_annotations_
BOOLEAN
PinLoadEvtInterruptIsr(
    WDFINTERRUPT Interrupt,
    ULONG MessageID
    )
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(MessageID);

    GxProbeStop();
    return TRUE;
}

//
// -------------------------------------------------------------------- Plug and power
//

_Use_decl_annotations_
NTSTATUS
PinLoadEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Found;
    ULONG Index;
    PPINLOAD_CONTEXT Load;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Load = PinLoadGetContext(Device);
    Found = 0;
    for (Index = 0; Index < WdfCmResourceListGetCount(ResourcesTranslated); Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if ((Descriptor->Type != CmResourceTypeConnection) || (Found == PINLOAD_CONNECTIONS)) {
            continue;
        }

        Load->ConnectionIds[Found].LowPart = Descriptor->u.Connection.IdLowPart;
        Load->ConnectionIds[Found].HighPart = (LONG)Descriptor->u.Connection.IdHighPart;
        Found += 1;
    }

    return (Found == PINLOAD_CONNECTIONS) ? STATUS_SUCCESS : STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
PinLoadEvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    ULONG Index;
    PPINLOAD_CONTEXT Load;
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    DECLARE_UNICODE_STRING_SIZE(Path, RESOURCE_HUB_PATH_SIZE);

    UNREFERENCED_PARAMETER(PreviousState);

    Load = PinLoadGetContext(Device);
    Status = STATUS_SUCCESS;
    for (Index = 0; NT_SUCCESS(Status) && (Index < PINLOAD_CONNECTIONS); Index += 1) {
        Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Path,
                                                  Load->ConnectionIds[Index].LowPart,
                                                  (ULONG)Load->ConnectionIds[Index].HighPart);

        if (NT_SUCCESS(Status)) {
            WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &Path, GENERIC_WRITE);
            Status = WdfIoTargetOpen(Load->Pins[Index], &OpenParams);
        }
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
PinLoadEvtD0Exit(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    ULONG Index;

    UNREFERENCED_PARAMETER(TargetState);

    for (Index = 0; Index < PINLOAD_CONNECTIONS; Index += 1) {
        WdfIoTargetClose(PinLoadGetContext(Device)->Pins[Index]);
    }

    return STATUS_SUCCESS;
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
NTSTATUS
PinLoadEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;
    ULONG Index;
    WDFINTERRUPT Interrupt;
    WDF_INTERRUPT_CONFIG InterruptConfig;
    WDF_IO_QUEUE_CONFIG QueueConfig;
    NTSTATUS Status;

    DECLARE_CONST_UNICODE_STRING(DeviceName, PINLOAD_DEVICE_NAME);

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = PinLoadEvtPrepareHardware;
    Callbacks.EvtDeviceD0Entry = PinLoadEvtD0Entry;
    Callbacks.EvtDeviceD0Exit = PinLoadEvtD0Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    Status = WdfDeviceInitAssignName(DeviceInit, &DeviceName);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, PINLOAD_CONTEXT);
    Attributes.ExecutionLevel = WdfExecutionLevelPassive;
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    for (Index = 0; NT_SUCCESS(Status) && (Index < PINLOAD_CONNECTIONS); Index += 1) {
        Status = WdfIoTargetCreate(Device,
                                   WDF_NO_OBJECT_ATTRIBUTES,
                                   &PinLoadGetContext(Device)->Pins[Index]);
    }

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_INTERRUPT_CONFIG_INIT(&InterruptConfig, PinLoadEvtInterruptIsr, NULL);
    Status = WdfInterruptCreate(Device, &InterruptConfig, WDF_NO_OBJECT_ATTRIBUTES, &Interrupt);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&QueueConfig, WdfIoQueueDispatchSequential);
    QueueConfig.EvtIoDeviceControl = PinLoadEvtIoDeviceControl;
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

    WDF_DRIVER_CONFIG_INIT(&Config, PinLoadEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
