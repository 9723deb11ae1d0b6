//
// Fails, or never returns, in the callback that its registry value FailIn says.
//

#include <ntddk.h>
#include <wdf.h>

#define IN_DRIVER_ENTRY     1
#define IN_DEVICE_ADD       2
#define IN_PREPARE_HARDWARE 3
#define IN_D0_ENTRY         4
#define WAITS_FOR_EVER      5
#define LOOPS_FOR_EVER      6

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE OnPrepareHardware;
EVT_WDF_DEVICE_D0_ENTRY OnD0Entry;

static ULONG FailIn;
static volatile ULONG Never;

static ULONG ReadFailIn(_In_ WDFDRIVER Driver)
{
    DECLARE_CONST_UNICODE_STRING(Name, L"FailIn");
    ULONG Value = 0;
    WDFKEY Key;

    if (NT_SUCCESS(WdfDriverOpenParametersRegistryKey(Driver, KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &Key))) {
        (VOID)WdfRegistryQueryULong(Key, &Name, &Value);
        WdfRegistryClose(Key);
    }
    return Value;
}

NTSTATUS OnPrepareHardware(_In_ WDFDEVICE Device, _In_ WDFCMRESLIST Raw, _In_ WDFCMRESLIST Translated)
{
    KEVENT Event;

    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Raw);
    UNREFERENCED_PARAMETER(Translated);
    if (FailIn == WAITS_FOR_EVER) {
        KeInitializeEvent(&Event, NotificationEvent, FALSE);
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    }
    while (FailIn == LOOPS_FOR_EVER) {
        Never += 1; // LOOPS
    }
    return FailIn == IN_PREPARE_HARDWARE ? STATUS_DEVICE_CONFIGURATION_ERROR : STATUS_SUCCESS;
}

NTSTATUS OnD0Entry(_In_ WDFDEVICE Device, _In_ WDF_POWER_DEVICE_STATE PreviousState)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(PreviousState);
    return FailIn == IN_D0_ENTRY ? STATUS_IO_TIMEOUT : STATUS_SUCCESS;
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_PNPPOWER_EVENT_CALLBACKS Callbacks;
    WDFDEVICE Device;

    UNREFERENCED_PARAMETER(Driver);
    if (FailIn == IN_DEVICE_ADD) {
        return STATUS_NO_SUCH_DEVICE;
    }
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&Callbacks);
    Callbacks.EvtDevicePrepareHardware = OnPrepareHardware;
    Callbacks.EvtDeviceD0Entry = OnD0Entry;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &Callbacks);
    return WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;
    NTSTATUS Status;

    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    Status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
    if (NT_SUCCESS(Status)) {
        FailIn = ReadFailIn(WdfGetDriver());
    }
    return FailIn == IN_DRIVER_ENTRY ? STATUS_INSUFFICIENT_RESOURCES : Status;
}
