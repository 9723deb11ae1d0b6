#include "serialbus.h"

EXTERN_C_START
DRIVER_INITIALIZE DriverEntry;
EXTERN_C_END
static EVT_WDF_DRIVER_DEVICE_ADD BusAdd;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, BusAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
}

/* The _CRS of the bus is left alone: its hardware is not behind registers (gx_serial_bus.h). */
static NTSTATUS BusAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit) {
    WDF_FILEOBJECT_CONFIG files;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDFDEVICE device;
    PBUS bus;
    NTSTATUS status;
    UNREFERENCED_PARAMETER(Driver);

    WDF_FILEOBJECT_CONFIG_INIT(&files, TargetOpen, TargetClose, TargetCleanup);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, TARGET);
    WdfDeviceInitSetFileObjectConfig(DeviceInit, &files, &attributes);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, JOB);
    attributes.EvtCleanupCallback = JobCleanup;
    WdfDeviceInitSetRequestAttributes(DeviceInit, &attributes);

    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, BUS);
    status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    bus = BusOf(device);
    bus->Device = device;
    bus->PhysicalDevice = WdfDeviceWdmGetPhysicalDevice(device);
    InitializeBus(bus);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    status = WdfSpinLockCreate(&attributes, &bus->Lock);
    return NT_SUCCESS(status) ? CreateQueues(bus) : status;
}
