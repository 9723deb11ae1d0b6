//
// Driver of a push button on a GPIO interrupt pin. Each press toggles the LED.
//
// The pin may be one of the SoC's own controller or one behind an I2C expander. In the latter case
// the controller can be asked at PASSIVE_LEVEL only, so the resource says so and the ISR runs
// there.
//
// The pin interrupts on both edges, and an interrupt does not say which edge it was. As Windows
// buttons do, the driver counts: the button is up when it starts, and each edge turns "up" into
// "down" and back.
//
// If the firmware says that the pin can wake the system, the button does. Such an interrupt is
// handled at PASSIVE_LEVEL, because the device has to be in D0 first.
//

#include <ntddk.h>
#include <wdf.h>

#include "ledioctl.h"

typedef struct _BUTTON_CONTEXT {
    WDFIOTARGET Led;

    //
    // The one request to the LED, used again and again. WDF_NO_HANDLE until the LED is open.
    //

    WDFREQUEST Request;

    //
    // Belongs to the ISR.
    //

    BOOLEAN Down;

    //
    // Presses that the LED has not been told yet, so that none is lost while the request is under
    // way. The ISR adds without a lock; whoever takes away holds Lock.
    //

    volatile LONG PendingPresses;

    //
    // Guards the two below. RequestBusy: the LED has the request. Reporting: somebody is in the
    // loop of ButtonReportPresses; others leave their work to him.
    //

    WDFSPINLOCK Lock;
    BOOLEAN RequestBusy;
    BOOLEAN Reporting;
} BUTTON_CONTEXT, *PBUTTON_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(BUTTON_CONTEXT, ButtonGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD ButtonEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE ButtonEvtPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE ButtonEvtReleaseHardware;
EVT_WDF_DEVICE_D0_ENTRY ButtonEvtD0Entry;
static NTSTATUS
ButtonCreateInterrupt(
    _In_ WDFDEVICE Device,
    _In_ WDFCMRESLIST ResourcesRaw,
    _In_ WDFCMRESLIST ResourcesTranslated
    );

EVT_WDF_INTERRUPT_ISR ButtonEvtInterruptIsr;
EVT_WDF_INTERRUPT_DPC ButtonEvtInterruptDpc;
EVT_WDF_REQUEST_COMPLETION_ROUTINE ButtonEvtToggleComplete;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, ButtonEvtDeviceAdd)
#pragma alloc_text(PAGE, ButtonCreateInterrupt)
#pragma alloc_text(PAGE, ButtonEvtPrepareHardware)

//
// --------------------------------------------------------------------- Telling the LED
//

static VOID
ButtonMarkRequestFree(
    _In_ PBUTTON_CONTEXT Button
    )
{
    WdfSpinLockAcquire(Button->Lock);
    Button->RequestBusy = FALSE;
    WdfSpinLockRelease(Button->Lock);
}

static VOID
ButtonSendToggle(
    _In_ PBUTTON_CONTEXT Button
    )
{
    WDF_REQUEST_REUSE_PARAMS ReuseParams;
    NTSTATUS Status;

    WDF_REQUEST_REUSE_PARAMS_INIT(&ReuseParams, WDF_REQUEST_REUSE_NO_FLAGS, STATUS_SUCCESS);
    Status = WdfRequestReuse(Button->Request, &ReuseParams);
    if (NT_SUCCESS(Status)) {
        Status = WdfIoTargetFormatRequestForIoctl(Button->Led,
                                                  Button->Request,
                                                  IOCTL_LED_TOGGLE,
                                                  NULL,
                                                  NULL,
                                                  NULL,
                                                  NULL);
    }

    if (NT_SUCCESS(Status)) {
        WdfRequestSetCompletionRoutine(Button->Request, ButtonEvtToggleComplete, Button);
        if (WdfRequestSend(Button->Request, Button->Led, WDF_NO_SEND_OPTIONS)) {
            return;
        }

        Status = WdfRequestGetStatus(Button->Request);
    }

    KdPrint(("button: the LED does not take the request, status 0x%08x\n", Status));
    ButtonMarkRequestFree(Button);
}

//
// Sends the pending presses, one after the other. Called at DISPATCH_LEVEL or below whenever there
// may be something to send. A request that completes inside its send finds Reporting set and
// returns to the loop, so the stack does not grow with the number of presses.
//

static VOID
ButtonReportPresses(
    _In_ PBUTTON_CONTEXT Button
    )
{
    WdfSpinLockAcquire(Button->Lock);
    if (Button->Reporting) {
        WdfSpinLockRelease(Button->Lock);
        return;
    }

    Button->Reporting = TRUE;
    while (!Button->RequestBusy && (Button->PendingPresses > 0)) {
        InterlockedDecrement(&Button->PendingPresses);
        Button->RequestBusy = TRUE;

        WdfSpinLockRelease(Button->Lock);
        ButtonSendToggle(Button);
        WdfSpinLockAcquire(Button->Lock);
    }

    Button->Reporting = FALSE;
    WdfSpinLockRelease(Button->Lock);
}

_Use_decl_annotations_
VOID
ButtonEvtToggleComplete(
    WDFREQUEST Request,
    WDFIOTARGET Target,
    PWDF_REQUEST_COMPLETION_PARAMS Params,
    WDFCONTEXT Context
    )
{
    PBUTTON_CONTEXT Button;

    UNREFERENCED_PARAMETER(Request);
    UNREFERENCED_PARAMETER(Target);

    if (!NT_SUCCESS(Params->IoStatus.Status)) {
        KdPrint(("button: the LED did not toggle, status 0x%08x\n", Params->IoStatus.Status));
    }

    Button = (PBUTTON_CONTEXT)Context;
    ButtonMarkRequestFree(Button);
    ButtonReportPresses(Button);
}

//
// ------------------------------------------------------------------------- Interrupt
//

_Use_decl_annotations_
BOOLEAN
ButtonEvtInterruptIsr(
    WDFINTERRUPT Interrupt,
    ULONG MessageID
    )
{
    PBUTTON_CONTEXT Button;

    UNREFERENCED_PARAMETER(MessageID);

    Button = ButtonGetContext(WdfInterruptGetDevice(Interrupt));
    Button->Down = !Button->Down;
    if (Button->Down) {
        InterlockedIncrement(&Button->PendingPresses);
        WdfInterruptQueueDpcForIsr(Interrupt);
    }

    return TRUE;
}

_Use_decl_annotations_
VOID
ButtonEvtInterruptDpc(
    WDFINTERRUPT Interrupt,
    WDFOBJECT AssociatedObject
    )
{
    UNREFERENCED_PARAMETER(Interrupt);

    ButtonReportPresses(ButtonGetContext(AssociatedObject));
}

//
// -------------------------------------------------------------------- Plug and power
//

//
// The interrupt is created when its resource is known, because that tells the level of the ISR. The
// framework connects it after D0Entry and deletes it with the resources.
//

static NTSTATUS
ButtonCreateInterrupt(
    _In_ WDFDEVICE Device,
    _In_ WDFCMRESLIST ResourcesRaw,
    _In_ WDFCMRESLIST ResourcesTranslated
    )
{
    WDF_INTERRUPT_CONFIG Config;
    ULONG Count;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;
    WDFINTERRUPT Interrupt;
    NTSTATUS Status;
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS WakeSettings;

    PAGED_CODE();

    Count = WdfCmResourceListGetCount(ResourcesTranslated);
    for (Index = 0; Index < Count; Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if (Descriptor->Type != CmResourceTypeInterrupt) {
            continue;
        }

        WDF_INTERRUPT_CONFIG_INIT(&Config, ButtonEvtInterruptIsr, ButtonEvtInterruptDpc);
        Config.InterruptRaw = WdfCmResourceListGetDescriptor(ResourcesRaw, Index);
        Config.InterruptTranslated = Descriptor;
        Config.PassiveHandling = (BOOLEAN)(Descriptor->u.Interrupt.Level == PASSIVE_LEVEL);
        if ((Descriptor->Flags & CM_RESOURCE_INTERRUPT_WAKE_HINT) != 0) {
            Config.PassiveHandling = TRUE;
            Config.CanWakeDevice = TRUE;
            WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&WakeSettings);
            WakeSettings.UserControlOfWakeSettings = WakeDoNotAllowUserControl;
            Status = WdfDeviceAssignSxWakeSettings(Device, &WakeSettings);
            if (!NT_SUCCESS(Status)) {
                return Status;
            }
        }

        return WdfInterruptCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, &Interrupt);
    }

    KdPrint(("button: the firmware lists no interrupt\n"));
    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS
ButtonEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PBUTTON_CONTEXT Button;
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    DECLARE_CONST_UNICODE_STRING(LedName, LED_DEVICE_NAME);

    PAGED_CODE();

    Status = ButtonCreateInterrupt(Device, ResourcesRaw, ResourcesTranslated);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    //
    // The firmware (_DEP) has the LED start first.
    //

    Button = ButtonGetContext(Device);
    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &LedName, GENERIC_WRITE);
    Status = WdfIoTargetOpen(Button->Led, &OpenParams);
    if (!NT_SUCCESS(Status)) {
        KdPrint(("button: opening the LED failed, status 0x%08x\n", Status));
        return Status;
    }

    //
    // Only an open target knows how much room its requests need.
    //

    Status = WdfRequestCreate(WDF_NO_OBJECT_ATTRIBUTES, Button->Led, &Button->Request);
    if (!NT_SUCCESS(Status)) {
        Button->Request = WDF_NO_HANDLE;
        WdfIoTargetClose(Button->Led);
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
ButtonEvtReleaseHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PBUTTON_CONTEXT Button;

    UNREFERENCED_PARAMETER(ResourcesTranslated);

    //
    // Also called after a Prepare that failed.
    //

    Button = ButtonGetContext(Device);
    if (Button->Request == WDF_NO_HANDLE) {
        return STATUS_SUCCESS;
    }

    //
    // The interrupt is disconnected, so no new press can come. What is still pending is given up;
    // closing the target ends the request that is under way and waits for it.
    //

    WdfSpinLockAcquire(Button->Lock);
    Button->PendingPresses = 0;
    WdfSpinLockRelease(Button->Lock);

    WdfIoTargetClose(Button->Led);
    WdfObjectDelete(Button->Request);
    Button->Request = WDF_NO_HANDLE;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
ButtonEvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    UNREFERENCED_PARAMETER(PreviousState);

    //
    // The interrupt is not connected yet. Whatever the button did in between is not known.
    //

    ButtonGetContext(Device)->Down = FALSE;
    return STATUS_SUCCESS;
}

//
// ---------------------------------------------------------------------------- Driver
//

_Use_decl_annotations_
NTSTATUS
ButtonEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    PBUTTON_CONTEXT Button;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);
    PAGED_CODE();

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = ButtonEvtPrepareHardware;
    Callbacks.EvtDeviceReleaseHardware = ButtonEvtReleaseHardware;
    Callbacks.EvtDeviceD0Entry = ButtonEvtD0Entry;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, BUTTON_CONTEXT);
    Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Button = ButtonGetContext(Device);
    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Device;
    Status = WdfSpinLockCreate(&Attributes, &Button->Lock);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    return WdfIoTargetCreate(Device, WDF_NO_OBJECT_ATTRIBUTES, &Button->Led);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, ButtonEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
