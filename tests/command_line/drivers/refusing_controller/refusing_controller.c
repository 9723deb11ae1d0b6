//
// A GPIO controller's driver that refuses in CLIENT_StartController.
//

#include <ntddk.h>
#include <wdf.h>
#include <gpioclx.h>

typedef struct _REFUSING_CONTEXT {
    ULONG Unused;
} REFUSING_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_UNLOAD OnUnload;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
GPIO_CLIENT_PREPARE_CONTROLLER PrepareController;
GPIO_CLIENT_RELEASE_CONTROLLER ReleaseController;
GPIO_CLIENT_QUERY_CONTROLLER_BASIC_INFORMATION QueryInformation;
GPIO_CLIENT_START_CONTROLLER StartController;
GPIO_CLIENT_STOP_CONTROLLER StopController;
GPIO_CLIENT_CONNECT_IO_PINS ConnectPins;
GPIO_CLIENT_DISCONNECT_IO_PINS DisconnectPins;
GPIO_CLIENT_READ_PINS_MASK ReadPins;
GPIO_CLIENT_WRITE_PINS_MASK WritePins;

NTSTATUS PrepareController(_In_ WDFDEVICE Device, _In_ PVOID Context, _In_ WDFCMRESLIST Raw,
                           _In_ WDFCMRESLIST Translated)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Raw);
    UNREFERENCED_PARAMETER(Translated);
    return STATUS_SUCCESS;
}

NTSTATUS ReleaseController(_In_ WDFDEVICE Device, _In_ PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Context);
    return STATUS_SUCCESS;
}

NTSTATUS QueryInformation(_In_ PVOID Context, _Out_ PCLIENT_CONTROLLER_BASIC_INFORMATION Information)
{
    UNREFERENCED_PARAMETER(Context);
    Information->Version = GPIO_CONTROLLER_BASIC_INFORMATION_VERSION;
    Information->Size = sizeof(*Information);
    Information->TotalPins = 8;
    Information->NumberOfPinsPerBank = 8;
    Information->Flags.MemoryMappedController = TRUE;
    return STATUS_SUCCESS;
}

NTSTATUS StartController(_In_ PVOID Context, _In_ BOOLEAN RestoreContext,
                         _In_ WDF_POWER_DEVICE_STATE PreviousPowerState)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(RestoreContext);
    UNREFERENCED_PARAMETER(PreviousPowerState);
    return STATUS_DEVICE_NOT_READY;
}

NTSTATUS StopController(_In_ PVOID Context, _In_ BOOLEAN SaveContext, _In_ WDF_POWER_DEVICE_STATE TargetState)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(SaveContext);
    UNREFERENCED_PARAMETER(TargetState);
    return STATUS_SUCCESS;
}

NTSTATUS ConnectPins(_In_ PVOID Context, _In_ PGPIO_CONNECT_IO_PINS_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return STATUS_SUCCESS;
}

NTSTATUS DisconnectPins(_In_ PVOID Context, _In_ PGPIO_DISCONNECT_IO_PINS_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return STATUS_SUCCESS;
}

NTSTATUS ReadPins(_In_ PVOID Context, _In_ PGPIO_READ_PINS_MASK_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    *Parameters->PinValues = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WritePins(_In_ PVOID Context, _In_ PGPIO_WRITE_PINS_MASK_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return STATUS_SUCCESS;
}

VOID OnUnload(_In_ WDFDRIVER Driver)
{
    (VOID)GPIO_CLX_UnregisterClient(Driver);
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDFDEVICE Device;
    NTSTATUS Status;

    Status = GPIO_CLX_ProcessAddDevicePreDeviceCreate(Driver, DeviceInit, &Attributes);
    if (NT_SUCCESS(Status)) {
        Status = WdfDeviceCreate(&DeviceInit, &Attributes, &Device);
    }
    return NT_SUCCESS(Status) ? GPIO_CLX_ProcessAddDevicePostDeviceCreate(Driver, Device) : Status;
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;
    WDFDRIVER Driver;
    GPIO_CLIENT_REGISTRATION_PACKET Packet;
    NTSTATUS Status;

    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    Config.EvtDriverUnload = OnUnload;
    Status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, &Driver);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(&Packet, sizeof(Packet));
    Packet.Version = GPIO_CLIENT_VERSION;
    Packet.Size = sizeof(Packet);
    Packet.ControllerContextSize = sizeof(REFUSING_CONTEXT);
    Packet.CLIENT_PrepareController = PrepareController;
    Packet.CLIENT_ReleaseController = ReleaseController;
    Packet.CLIENT_QueryControllerBasicInformation = QueryInformation;
    Packet.CLIENT_StartController = StartController;
    Packet.CLIENT_StopController = StopController;
    Packet.CLIENT_ConnectIoPins = ConnectPins;
    Packet.CLIENT_DisconnectIoPins = DisconnectPins;
    Packet.CLIENT_ReadGpioPinsUsingMask = ReadPins;
    Packet.CLIENT_WriteGpioPinsUsingMask = WritePins;
    return GPIO_CLX_RegisterClient(Driver, &Packet, RegistryPath);
}
