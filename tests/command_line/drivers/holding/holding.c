//
// Tells what the registry says about its device, and holds every request until it is cancelled; only a
// write is completed, with one more byte than before.
//

#include <ntddk.h>
#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD OnDeviceAdd;
EVT_WDF_IO_QUEUE_IO_WRITE OnWrite;

static ULONG ReadNumber(_In_ WDFKEY Key, _In_ PCUNICODE_STRING Name)
{
    ULONG Value = 99;

    (VOID)WdfRegistryQueryULong(Key, Name, &Value);
    return Value;
}

static VOID TellHardwareKey(_In_ WDFDEVICE Device)
{
    DECLARE_CONST_UNICODE_STRING(Settings, L"Settings");
    DECLARE_CONST_UNICODE_STRING(Connect, L"Connect");
    DECLARE_CONST_UNICODE_STRING(Other, L"Other");
    WDFKEY Key;
    WDFKEY SubKey;

    if (!NT_SUCCESS(WdfDeviceOpenRegistryKey(Device, PLUGPLAY_REGKEY_DEVICE, KEY_READ,
                                             WDF_NO_OBJECT_ATTRIBUTES, &Key))) {
        return;
    }
    if (NT_SUCCESS(WdfRegistryOpenKey(Key, &Settings, KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &SubKey))) {
        DbgPrint("Connect %u, Other %u\n", ReadNumber(SubKey, &Connect), ReadNumber(SubKey, &Other));
        WdfRegistryClose(SubKey);
    }
    WdfRegistryClose(Key);
}

static VOID TellSoftwareKey(_In_ WDFDEVICE Device)
{
    DECLARE_CONST_UNICODE_STRING(Label, L"Label");
    DECLARE_CONST_UNICODE_STRING(Names, L"Names");
    DECLARE_UNICODE_STRING_SIZE(Text, 32);
    UCHAR List[64] = {0};
    ULONG Length = 0;
    ULONG Type = 0;
    WDFKEY Key;

    if (!NT_SUCCESS(WdfDeviceOpenRegistryKey(Device, PLUGPLAY_REGKEY_DRIVER, KEY_READ,
                                             WDF_NO_OBJECT_ATTRIBUTES, &Key))) {
        return;
    }
    (VOID)WdfRegistryQueryUnicodeString(Key, &Label, NULL, &Text);
    (VOID)WdfRegistryQueryValue(Key, &Names, sizeof(List), List, &Length, &Type);
    DbgPrint("Label of %u bytes, code 0x%x; Names of %u bytes, type %u, second '%ws'\n", Text.Length, Text.Buffer[2],
             Length, Type, (PWCHAR)List + 6);
    WdfRegistryClose(Key);
}

VOID OnWrite(_In_ WDFQUEUE Queue, _In_ WDFREQUEST Request, _In_ size_t Length)
{
    UNREFERENCED_PARAMETER(Queue);
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}

NTSTATUS OnDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
    WDF_IO_QUEUE_CONFIG Config;
    WDFDEVICE Device;
    WDFQUEUE Writes;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Driver);
    Status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    TellHardwareKey(Device);
    TellSoftwareKey(Device);
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&Config, WdfIoQueueDispatchManual);
    Status = WdfIoQueueCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    WDF_IO_QUEUE_CONFIG_INIT(&Config, WdfIoQueueDispatchParallel);
    Config.EvtIoWrite = OnWrite;
    Status = WdfIoQueueCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, &Writes);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    return WdfDeviceConfigureRequestDispatching(Device, Writes, WdfRequestTypeWrite);
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG Config;

    WDF_DRIVER_CONFIG_INIT(&Config, OnDeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
