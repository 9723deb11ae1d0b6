//
// Gives its device's pins the function that the firmware wants for them (MsftFunctionConfig) while
// the device is in D0, as the driver of a serial port does whose lines can also be GPIO pins.
//

#include <ntddk.h>
#include <wdf.h>

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <gpio.h>

typedef struct _PINS_CONTEXT {
    WDFIOTARGET Function;
    LARGE_INTEGER ConnectionId;
} PINS_CONTEXT, *PPINS_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PINS_CONTEXT, PinsGetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD PinsEvtDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE PinsEvtPrepareHardware;
EVT_WDF_DEVICE_D0_ENTRY PinsEvtD0Entry;
EVT_WDF_DEVICE_D0_EXIT PinsEvtD0Exit;

_Use_decl_annotations_
NTSTATUS
PinsEvtPrepareHardware(
    WDFDEVICE Device,
    WDFCMRESLIST ResourcesRaw,
    WDFCMRESLIST ResourcesTranslated
    )
{
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor;
    ULONG Index;
    PPINS_CONTEXT Pins;

    UNREFERENCED_PARAMETER(ResourcesRaw);

    Pins = PinsGetContext(Device);
    for (Index = 0; Index < WdfCmResourceListGetCount(ResourcesTranslated); Index += 1) {
        Descriptor = WdfCmResourceListGetDescriptor(ResourcesTranslated, Index);
        if ((Descriptor->Type == CmResourceTypeConnection) &&
            (Descriptor->u.Connection.Class == CM_RESOURCE_CONNECTION_CLASS_FUNCTION_CONFIG) &&
            (Descriptor->u.Connection.Type == CM_RESOURCE_CONNECTION_TYPE_FUNCTION_CONFIG)) {

            Pins->ConnectionId.LowPart = Descriptor->u.Connection.IdLowPart;
            Pins->ConnectionId.HighPart = (LONG)Descriptor->u.Connection.IdHighPart;
            return STATUS_SUCCESS;
        }
    }

    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

//
// Opening reserves the pins; the commit request applies their function.
//

_Use_decl_annotations_
NTSTATUS
PinsEvtD0Entry(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE PreviousState
    )
{
    DECLARE_UNICODE_STRING_SIZE(Path, RESOURCE_HUB_PATH_SIZE);
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    PPINS_CONTEXT Pins;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(PreviousState);

    Pins = PinsGetContext(Device);
    Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Path,
                                              Pins->ConnectionId.LowPart,
                                              (ULONG)Pins->ConnectionId.HighPart);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Status = WdfIoTargetCreate(Device, WDF_NO_OBJECT_ATTRIBUTES, &Pins->Function);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams,
                                                &Path,
                                                FILE_GENERIC_READ | FILE_GENERIC_WRITE);

    Status = WdfIoTargetOpen(Pins->Function, &OpenParams);
    if (NT_SUCCESS(Status)) {
        Status = WdfIoTargetSendIoctlSynchronously(Pins->Function,
                                                   NULL,
                                                   IOCTL_GPIO_COMMIT_FUNCTION_CONFIG_PINS,
                                                   NULL,
                                                   NULL,
                                                   NULL,
                                                   NULL);
    }

    if (!NT_SUCCESS(Status)) {
        WdfObjectDelete(Pins->Function);
        Pins->Function = NULL;
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
PinsEvtD0Exit(
    WDFDEVICE Device,
    WDF_POWER_DEVICE_STATE TargetState
    )
{
    PPINS_CONTEXT Pins;

    UNREFERENCED_PARAMETER(TargetState);

    Pins = PinsGetContext(Device);
    if (Pins->Function != NULL) {
        WdfIoTargetClose(Pins->Function);
        WdfObjectDelete(Pins->Function);
        Pins->Function = NULL;
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
PinsEvtDeviceAdd(
    WDFDRIVER Driver,
    PWDFDEVICE_INIT DeviceInit
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;

    UNREFERENCED_PARAMETER(Driver);

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = PinsEvtPrepareHardware;
    Callbacks.EvtDeviceD0Entry = PinsEvtD0Entry;
    Callbacks.EvtDeviceD0Exit = PinsEvtD0Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, PINS_CONTEXT);
    return WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, PinsEvtDeviceAdd);
    return WdfDriverCreate(DriverObject,
                           RegistryPath,
                           WDF_NO_OBJECT_ATTRIBUTES,
                           &Config,
                           WDF_NO_HANDLE);
}
