/* ACPI_INTERFACE_STANDARD2: a driver asks to be told of Notify () on its device. */
#include "acpi_bus.h"

/* Behind each interface that was handed out, so that each user has a registration of its own. */
typedef struct _INTERFACE_CONTEXT {
    LONG References;
    PDEVICE_OBJECT PhysicalDevice;
    PVOID Registration; /* NULL: not registered */
} INTERFACE_CONTEXT, *PINTERFACE_CONTEXT;

static VOID Unregister(PVOID Context) {
    PINTERFACE_CONTEXT context = Context;
    PVOID registration = InterlockedExchangePointer(&context->Registration, NULL);
    if (registration != NULL) {
        GxAcpiUnregisterNotification(registration);
    }
}

static VOID Reference(PVOID Context) {
    PINTERFACE_CONTEXT context = Context;
    InterlockedIncrement(&context->References);
}

static VOID Dereference(PVOID Context) {
    PINTERFACE_CONTEXT context = Context;
    if (InterlockedDecrement(&context->References) == 0) {
        Unregister(context);
        ObDereferenceObject(context->PhysicalDevice);
        ExFreePoolWithTag(context, ACPI_BUS_TAG);
    }
}

static NTSTATUS Register(PVOID Context, PDEVICE_NOTIFY_CALLBACK2 Handler, PVOID HandlerContext) {
    PINTERFACE_CONTEXT context = Context;
    if (Handler == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    if (context->Registration != NULL) {
        return STATUS_INVALID_DEVICE_REQUEST; /* Unregister has no way to say which one it means */
    }
    context->Registration = GxAcpiRegisterNotification(context->PhysicalDevice, Handler, HandlerContext);
    return context->Registration != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* General-purpose events are hardware of the fixed ACPI model, which a board with GPIO events lacks. */
static NTSTATUS ConnectVector(PVOID Context, ULONG GpeNumber, KINTERRUPT_MODE Mode, BOOLEAN Shareable,
                              PGPE_SERVICE_ROUTINE ServiceRoutine, PVOID ServiceContext, PVOID* ObjectContext) {
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(GpeNumber);
    UNREFERENCED_PARAMETER(Mode);
    UNREFERENCED_PARAMETER(Shareable);
    UNREFERENCED_PARAMETER(ServiceRoutine);
    UNREFERENCED_PARAMETER(ServiceContext);
    *ObjectContext = NULL;
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS NoVector(PVOID Context, PVOID ObjectContext) {
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(ObjectContext);
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS ChildQueryInterface(PCHILD_EXTENSION Child, PIO_STACK_LOCATION Stack) {
    /* GUID_ACPI_INTERFACE_STANDARD2 */
    static const GUID standard2 = {0xe8695f63, 0x1831, 0x4870, {0xa8, 0xcf, 0x9c, 0x2f, 0x03, 0xf9, 0xdc, 0xb5}};
    PACPI_INTERFACE_STANDARD2 table = (PACPI_INTERFACE_STANDARD2)Stack->Parameters.QueryInterface.Interface;
    PINTERFACE_CONTEXT context;

    if (!IsEqualGUID(Stack->Parameters.QueryInterface.InterfaceType, &standard2)) {
        return STATUS_NOT_SUPPORTED;
    }
    if (Stack->Parameters.QueryInterface.Size < sizeof(ACPI_INTERFACE_STANDARD2)) {
        return STATUS_INVALID_PARAMETER;
    }
    context = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(INTERFACE_CONTEXT), ACPI_BUS_TAG);
    if (context == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    context->References = 1; /* the one that comes with the interface */
    context->PhysicalDevice = Child->Common.Self;
    ObReferenceObject(context->PhysicalDevice);
    RtlZeroMemory(table, sizeof(*table));
    table->Size = sizeof(*table);
    table->Version = 1;
    table->Context = context;
    table->InterfaceReference = Reference;
    table->InterfaceDereference = Dereference;
    table->GpeConnectVector = ConnectVector;
    table->GpeDisconnectVector = NoVector;
    table->GpeEnableEvent = NoVector;
    table->GpeDisableEvent = NoVector;
    table->GpeClearStatus = NoVector;
    table->RegisterForDeviceNotifications = Register;
    table->UnregisterForDeviceNotifications = Unregister;
    return STATUS_SUCCESS;
}
