//
// A peripheral that is connected to the interrupts of many pins. In the benchmarks it never gets one: it
// stands around the pins that are measured. In a test it says which one it got.
//

#include <ntddk.h>
#include <wdf.h>

#include "probe.h"

typedef struct _QUIETPIN_CONTEXT {
    ULONG Vector;
} QUIETPIN_CONTEXT, *PQUIETPIN_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(QUIETPIN_CONTEXT, QuietPinGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD QuietPinEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE QuietPinEvtPrepareHardware;
EVT_WDF_INTERRUPT_ISR QuietPinEvtInterruptIsr;

_Use_decl_annotations_
BOOLEAN
QuietPinEvtInterruptIsr(
    WDFINTERRUPT Interrupt,
    ULONG MessageID
    )
{
    UNREFERENCED_PARAMETER(MessageID);

    GxProbeMark(QuietPinGetContext(Interrupt)->Vector);
    return TRUE;
}

_Use_decl_annotations_
NTSTATUS
QuietPinEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_INTERRUPT_CONFIG Config;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;
    WDFINTERRUPT Interrupt;
    NTSTATUS Status;

    Status = STATUS_SUCCESS;
    for (Index = 0;
         NT_SUCCESS(Status) && (Index < WdfCmResourceListGetCount(ResourcesTranslated));
         Index += 1) {

        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if (Descriptor->Type != CmResourceTypeInterrupt) {
            continue;
        }

        WDF_INTERRUPT_CONFIG_INIT(&Config, QuietPinEvtInterruptIsr, NULL);
        Config.InterruptRaw = WdfCmResourceListGetDescriptor(ResourcesRaw, Index);
        Config.InterruptTranslated = Descriptor;
        WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, QUIETPIN_CONTEXT);
        Status = WdfInterruptCreate(Device, &Config, &Attributes, &Interrupt);
        if (NT_SUCCESS(Status)) {
            QuietPinGetContext(Interrupt)->Vector = Descriptor->u.Interrupt.Vector;
        }
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
QuietPinEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = QuietPinEvtPrepareHardware;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);
    return WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, QuietPinEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
