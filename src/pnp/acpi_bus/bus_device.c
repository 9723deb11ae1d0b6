/* The bus itself: finds its children once, and takes them along when it goes. */
#include "acpi_bus.h"

NTSTATUS BusPassDown(PBUS_EXTENSION Bus, PIRP Irp) {
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Bus->LowerDevice, Irp);
}

static ULONG CountFirmwareDevices(VOID) {
    GX_ACPI_DEVICE device;
    ULONG count = 0;
    while (NT_SUCCESS(GxAcpiGetDevice(count, &device))) {
        count++;
    }
    return count;
}

static NTSTATUS CreateChildren(PBUS_EXTENSION Bus) {
    ULONG count = CountFirmwareDevices();
    ULONG i;
    if (Bus->Children != NULL || count == 0) {
        return STATUS_SUCCESS;
    }
    Bus->Children = ExAllocatePool2(POOL_FLAG_NON_PAGED, count * sizeof(PDEVICE_OBJECT), ACPI_BUS_TAG);
    if (Bus->Children == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (i = 0; i < count; i++) {
        PDEVICE_OBJECT child;
        NTSTATUS status = ChildCreate(Bus, i, &child);
        if (!NT_SUCCESS(status)) {
            return status;
        }
        Bus->Children[Bus->ChildCount++] = child;
    }
    return STATUS_SUCCESS;
}

static VOID DeleteChildren(PBUS_EXTENSION Bus) {
    ULONG i;
    for (i = 0; i < Bus->ChildCount; i++) {
        ChildDelete(Bus->Children[i]);
    }
    if (Bus->Children != NULL) {
        ExFreePoolWithTag(Bus->Children, ACPI_BUS_TAG);
    }
    Bus->Children = NULL;
    Bus->ChildCount = 0;
}

static NTSTATUS QueryBusRelations(PBUS_EXTENSION Bus, PDEVICE_RELATIONS* Relations) {
    PDEVICE_RELATIONS relations;
    ULONG i;
    NTSTATUS status = CreateChildren(Bus);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    relations = ExAllocatePool2(POOL_FLAG_PAGED,
                                sizeof(DEVICE_RELATIONS) + Bus->ChildCount * sizeof(PDEVICE_OBJECT),
                                ACPI_BUS_TAG);
    if (relations == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    relations->Count = Bus->ChildCount;
    for (i = 0; i < Bus->ChildCount; i++) {
        relations->Objects[i] = Bus->Children[i];
        ObReferenceObject(Bus->Children[i]);
    }
    *Relations = relations;
    return STATUS_SUCCESS;
}

NTSTATUS BusPnp(PBUS_EXTENSION Bus, PIRP Irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PDEVICE_OBJECT lower = Bus->LowerDevice;
    PDEVICE_RELATIONS relations = NULL;
    NTSTATUS status;

    switch (stack->MinorFunction) {
        case IRP_MN_START_DEVICE:
            /* The bus has nothing to set up once what is below it runs. */
            if (!IoForwardIrpSynchronously(lower, Irp)) {
                return CompleteRequest(Irp, STATUS_UNSUCCESSFUL, 0);
            }
            return CompleteRequest(Irp, Irp->IoStatus.Status, 0);
        case IRP_MN_QUERY_DEVICE_RELATIONS:
            if (stack->Parameters.QueryDeviceRelations.Type != BusRelations) {
                return BusPassDown(Bus, Irp);
            }
            status = QueryBusRelations(Bus, &relations);
            if (!NT_SUCCESS(status)) {
                return CompleteRequest(Irp, status, 0);
            }
            Irp->IoStatus.Status = STATUS_SUCCESS;
            Irp->IoStatus.Information = (ULONG_PTR)relations;
            return BusPassDown(Bus, Irp);
        case IRP_MN_REMOVE_DEVICE:
            DeleteChildren(Bus);
            Irp->IoStatus.Status = STATUS_SUCCESS;
            status = BusPassDown(Bus, Irp);
            IoDetachDevice(lower);
            IoDeleteDevice(Bus->Common.Self);
            return status;
        case IRP_MN_QUERY_REMOVE_DEVICE:
        case IRP_MN_CANCEL_REMOVE_DEVICE:
        case IRP_MN_QUERY_STOP_DEVICE:
        case IRP_MN_CANCEL_STOP_DEVICE:
        case IRP_MN_STOP_DEVICE:
        case IRP_MN_SURPRISE_REMOVAL:
            Irp->IoStatus.Status = STATUS_SUCCESS;
            return BusPassDown(Bus, Irp);
        default:
            return BusPassDown(Bus, Irp);
    }
}
