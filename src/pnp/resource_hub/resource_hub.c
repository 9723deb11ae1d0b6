/*
 * The resource hub: opening \Device\RESOURCE_HUB\<connection id> leads to the controller that owns the
 * connection (specification 4.2, H1-H9).
 */
#include <wdm.h>

#include <reshub.h>

#include <ext/gx_connection.h>
#include <ext/gx_pnp.h>

#define RESOURCE_HUB_TAG 'buHR'
#define ID_DIGITS 16

EXTERN_C_START
DRIVER_INITIALIZE DriverEntry;
EXTERN_C_END
static DRIVER_UNLOAD HubUnload;
static DRIVER_DISPATCH HubCreate;
static DRIVER_DISPATCH HubClose;
static DRIVER_DISPATCH HubDeviceControl;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    UNICODE_STRING name = RTL_CONSTANT_STRING(RESOURCE_HUB_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\RESOURCE_HUB");
    PDEVICE_OBJECT device;
    NTSTATUS status;
    UNREFERENCED_PARAMETER(RegistryPath);

    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_RESOURCE_HUB, FILE_DEVICE_SECURE_OPEN, FALSE,
                            &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    DriverObject->DriverUnload = HubUnload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = HubCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = HubClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = HubClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = HubDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = HubDeviceControl;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static VOID HubUnload(PDRIVER_OBJECT DriverObject) {
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\RESOURCE_HUB");
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(DriverObject->DeviceObject);
}

/* "\Device\<controller>\<16 digits>" in place of the file's name; the I/O manager frees the buffer. */
static NTSTATUS Redirect(PFILE_OBJECT File, PDEVICE_OBJECT Controller, ULONG64 Id) {
    WCHAR device_name[64];
    ULONG device_bytes = 0; /* with terminator */
    ULONG device_characters;
    ULONG total;
    ULONG i;
    PWCH text;
    NTSTATUS status = IoGetDeviceProperty(Controller, DevicePropertyPhysicalDeviceObjectName,
                                          sizeof(device_name), device_name, &device_bytes);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device_characters = device_bytes / sizeof(WCHAR) - 1;
    total = (device_characters + 1 + ID_DIGITS) * sizeof(WCHAR);
    text = ExAllocatePool2(POOL_FLAG_PAGED, total, RESOURCE_HUB_TAG);
    if (text == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(text, device_name, device_characters * sizeof(WCHAR));
    text[device_characters] = '\\';
    for (i = 0; i < ID_DIGITS; i++) {
        ULONG digit = (ULONG)(Id >> (60 - 4 * i)) & 0xf;
        text[device_characters + 1 + i] = (WCHAR)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    if (File->FileName.Buffer != NULL) {
        ExFreePool(File->FileName.Buffer);
    }
    File->FileName.Buffer = text;
    File->FileName.Length = File->FileName.MaximumLength = (USHORT)total;
    return STATUS_SUCCESS;
}

static NTSTATUS HubCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    GX_CONNECTION connection;
    ULONG64 id;
    NTSTATUS status;
    UNREFERENCED_PARAMETER(DeviceObject);

    if (file->FileName.Length == 0) {
        return Complete(Irp, STATUS_SUCCESS, FILE_OPENED); /* the hub itself, for its control codes */
    }
    status = GxConnectionIdFromFileName(&file->FileName, &id);
    if (NT_SUCCESS(status)) {
        status = GxQueryConnection(id, &connection);
    }
    if (NT_SUCCESS(status) && (connection.Controller == NULL || !connection.ControllerStarted)) {
        status = STATUS_DEVICE_NOT_READY;
    }
    if (NT_SUCCESS(status)) {
        status = Redirect(file, connection.Controller, id);
    }
    if (!NT_SUCCESS(status)) {
        return Complete(Irp, status, 0);
    }
    return Complete(Irp, STATUS_REPARSE, 0);
}

static NTSTATUS HubClose(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS IdOfQuery(const RH_QUERY_CONNECTION_PROPERTIES_INPUT_BUFFER* Query, PULONG64 Id) {
    if (Query->Version != RH_QUERY_CONNECTION_PROPERTIES_INPUT_VERSION) {
        return STATUS_INVALID_PARAMETER;
    }
    switch (Query->QueryType) {
        case ConnectionIdType:
            *Id = (ULONG64)Query->u.ConnectionId.QuadPart;
            return STATUS_SUCCESS;
        case FileObjectType:
            if (Query->u.FileObject == NULL) {
                return STATUS_INVALID_PARAMETER;
            }
            return GxConnectionIdFromFileName(&((PFILE_OBJECT)Query->u.FileObject)->FileName, Id);
        default:
            return STATUS_INVALID_PARAMETER;
    }
}

static NTSTATUS QueryProperties(PIRP Irp, PIO_STACK_LOCATION Stack, PULONG_PTR Information) {
    const ULONG head = offsetof(RH_QUERY_CONNECTION_PROPERTIES_OUTPUT_BUFFER, ConnectionProperties);
    ULONG output_length = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PRH_QUERY_CONNECTION_PROPERTIES_OUTPUT_BUFFER output = Irp->AssociatedIrp.SystemBuffer;
    GX_CONNECTION connection;
    ULONG64 id;
    NTSTATUS status;

    *Information = 0;
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(RH_QUERY_CONNECTION_PROPERTIES_INPUT_BUFFER)) {
        return STATUS_INFO_LENGTH_MISMATCH;
    }
    status = IdOfQuery(Irp->AssociatedIrp.SystemBuffer, &id);
    if (NT_SUCCESS(status)) {
        status = GxQueryConnection(id, &connection);
    }
    if (!NT_SUCCESS(status)) {
        return status;
    }
    if (connection.Properties == NULL) {
        return STATUS_NOT_SUPPORTED; /* GPIO connections are for the extension only (H14, H15) */
    }
    if (output_length < head) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    output->Version = RH_QUERY_CONNECTION_PROPERTIES_OUTPUT_VERSION;
    output->PropertiesLength = connection.PropertiesLength;
    *Information = head;
    if (output_length - head < connection.PropertiesLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    RtlCopyMemory(output->ConnectionProperties, connection.Properties, connection.PropertiesLength);
    *Information = head + connection.PropertiesLength;
    return STATUS_SUCCESS;
}

static NTSTATUS HubDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG_PTR information = 0;
    NTSTATUS status;
    UNREFERENCED_PARAMETER(DeviceObject);

    if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RH_QUERY_CONNECTION_PROPERTIES) {
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    status = QueryProperties(Irp, stack, &information);
    return Complete(Irp, status, information);
}
