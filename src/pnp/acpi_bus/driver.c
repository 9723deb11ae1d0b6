#include "acpi_bus.h"

static DRIVER_DISPATCH DispatchPnp;
static DRIVER_DISPATCH DispatchPower;
static DRIVER_DISPATCH DispatchSystemControl;
static DRIVER_DISPATCH DispatchDeviceControl;
static DRIVER_DISPATCH DispatchOpenClose;

NTSTATUS CompleteRequest(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AcpiBusAddDevice;
    DriverObject->DriverUnload = AcpiBusUnload;
    DriverObject->MajorFunction[IRP_MJ_PNP] = DispatchPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = DispatchPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = DispatchSystemControl;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = DispatchDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchOpenClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = DispatchOpenClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = DispatchOpenClose;
    return STATUS_SUCCESS;
}

VOID AcpiBusUnload(PDRIVER_OBJECT DriverObject) {
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS AcpiBusAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject) {
    PDEVICE_OBJECT device;
    PBUS_EXTENSION bus;
    NTSTATUS status = IoCreateDevice(DriverObject, sizeof(BUS_EXTENSION), NULL, FILE_DEVICE_BUS_EXTENDER,
                                     FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    bus = (PBUS_EXTENSION)device->DeviceExtension;
    bus->Common.Kind = BusDevice;
    bus->Common.Self = device;
    bus->PhysicalDevice = PhysicalDeviceObject;
    bus->LowerDevice = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    if (bus->LowerDevice == NULL) {
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static NTSTATUS DispatchPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PCOMMON_EXTENSION common = (PCOMMON_EXTENSION)DeviceObject->DeviceExtension;
    return common->Kind == BusDevice ? BusPnp((PBUS_EXTENSION)common, Irp)
                                     : ChildPnp((PCHILD_EXTENSION)common, Irp);
}

static NTSTATUS DispatchPower(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PCOMMON_EXTENSION common = (PCOMMON_EXTENSION)DeviceObject->DeviceExtension;
    return common->Kind == BusDevice ? BusPassDown((PBUS_EXTENSION)common, Irp)
                                     : ChildPower((PCHILD_EXTENSION)common, Irp);
}

/* Nothing here offers management data; at the bottom of a stack the request ends as it came. */
static NTSTATUS DispatchSystemControl(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PCOMMON_EXTENSION common = (PCOMMON_EXTENSION)DeviceObject->DeviceExtension;
    if (common->Kind == BusDevice) {
        return BusPassDown((PBUS_EXTENSION)common, Irp);
    }
    return CompleteRequest(Irp, Irp->IoStatus.Status, Irp->IoStatus.Information);
}

static NTSTATUS DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PCOMMON_EXTENSION common = (PCOMMON_EXTENSION)DeviceObject->DeviceExtension;
    if (common->Kind == BusDevice) {
        return CompleteRequest(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    return EvaluateDeviceControl((PCHILD_EXTENSION)common, Irp);
}

static NTSTATUS DispatchOpenClose(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteRequest(Irp, STATUS_SUCCESS, 0);
}
