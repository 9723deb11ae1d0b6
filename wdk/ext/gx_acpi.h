// Not Windows. What the ACPI bus driver asks of the firmware: devices, their resources, methods.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

// A present device of the namespace. Constant, owned by the kernel.
typedef struct _GX_ACPI_DEVICE {
    PCSTR Path;        // "\\_SB.GPIO"
    PCSTR HardwareId;  // "TEST0001", without a bus prefix
    ULONG CompatibleIdCount;
    const PCSTR* CompatibleIds;
    PCSTR UniqueId;  // "" if there is none
    ULONG64 Address;
} GX_ACPI_DEVICE;

// PASSIVE_LEVEL. Devices in the order of the namespace; STATUS_NO_MORE_ENTRIES behind the last.
NTSTATUS GxAcpiGetDevice(ULONG Index, GX_ACPI_DEVICE* Device);

// PASSIVE_LEVEL. The physical device object that stands for the device from now on (NULL: none).
NTSTATUS GxAcpiSetPhysicalDevice(ULONG Index, PDEVICE_OBJECT PhysicalDevice);

// PASSIVE_LEVEL. The raw resources in firmware order, for IRP_MN_QUERY_RESOURCES; the list comes from
// paged pool. NULL if the device has none.
NTSTATUS GxAcpiQueryResources(PDEVICE_OBJECT PhysicalDevice, PCM_RESOURCE_LIST* Resources);

// PASSIVE_LEVEL. Evaluates `Method` (a name below the device, such as "_DSM") with arguments as they
// stand in an ACPI_EVAL_INPUT_BUFFER_COMPLEX, and writes an ACPI_EVAL_OUTPUT_BUFFER.
// `Written` gets the bytes written. With STATUS_BUFFER_OVERFLOW only the head is written and its Length
// tells the size needed (buffers without room for the head: STATUS_BUFFER_TOO_SMALL).
// STATUS_OBJECT_NAME_NOT_FOUND: no such method. STATUS_ACPI_*: arguments or results that cannot be passed.
NTSTATUS GxAcpiEvaluate(PDEVICE_OBJECT PhysicalDevice, PCSTR Method, ULONG ArgumentCount,
                        const VOID* Arguments, ULONG ArgumentsLength, PVOID Output, ULONG OutputLength,
                        PULONG_PTR Written);

// PASSIVE_LEVEL. The device goes to this power state: its _PS0.. _PS3 runs, and its power is switched.
VOID GxAcpiSetPower(PDEVICE_OBJECT PhysicalDevice, DEVICE_POWER_STATE State);

// Notify (device, code) of AML reached a device with a registration: as DEVICE_NOTIFY_CALLBACK.
// DISPATCH_LEVEL.
typedef VOID GX_ACPI_NOTIFICATION(PVOID Context, ULONG NotifyCode);

// PASSIVE_LEVEL. Several registrations of a device are called in their order. NULL if there is no memory or no
// such device.
PVOID GxAcpiRegisterNotification(PDEVICE_OBJECT PhysicalDevice, GX_ACPI_NOTIFICATION* Handler,
                                 PVOID Context);
// PASSIVE_LEVEL. The handler does not run any more when this returns.
VOID GxAcpiUnregisterNotification(PVOID Registration);

#ifdef __cplusplus
}
#endif
