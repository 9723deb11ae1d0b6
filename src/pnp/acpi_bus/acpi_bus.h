/*
 * The ACPI bus driver: a physical device object for each device of the firmware, its plug-and-play
 * requests, and the evaluation of control methods (IOCTL_ACPI_EVAL_METHOD and its kin).
 */
#pragma once

#include <wdm.h>

#include <ext/gx_acpi.h>

#define ACPI_BUS_TAG 'ipcA'

typedef enum _DEVICE_KIND { BusDevice, ChildDevice } DEVICE_KIND;

/* Every device extension of this driver begins like this. */
typedef struct _COMMON_EXTENSION {
    DEVICE_KIND Kind;
    PDEVICE_OBJECT Self;
} COMMON_EXTENSION, *PCOMMON_EXTENSION;

typedef struct _BUS_EXTENSION {
    COMMON_EXTENSION Common;
    PDEVICE_OBJECT PhysicalDevice;
    PDEVICE_OBJECT LowerDevice;
    PDEVICE_OBJECT* Children; /* NULL before the first enumeration */
    ULONG ChildCount;
} BUS_EXTENSION, *PBUS_EXTENSION;

typedef struct _CHILD_EXTENSION {
    COMMON_EXTENSION Common;
    PDEVICE_OBJECT Bus;
    ULONG Index; /* in the firmware's list */
    GX_ACPI_DEVICE Firmware;
    DEVICE_POWER_STATE PowerState;
} CHILD_EXTENSION, *PCHILD_EXTENSION;

EXTERN_C_START
DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AcpiBusAddDevice;
DRIVER_UNLOAD AcpiBusUnload;

NTSTATUS BusPnp(PBUS_EXTENSION Bus, PIRP Irp);
NTSTATUS BusPassDown(PBUS_EXTENSION Bus, PIRP Irp);

NTSTATUS ChildCreate(PBUS_EXTENSION Bus, ULONG Index, PDEVICE_OBJECT* Device);
VOID ChildDelete(PDEVICE_OBJECT Device);
NTSTATUS ChildPnp(PCHILD_EXTENSION Child, PIRP Irp);
NTSTATUS ChildPower(PCHILD_EXTENSION Child, PIRP Irp);

NTSTATUS ChildQueryId(PCHILD_EXTENSION Child, BUS_QUERY_ID_TYPE Type, PWCHAR* Id);
NTSTATUS ChildQueryCapabilities(PCHILD_EXTENSION Child, PDEVICE_CAPABILITIES Capabilities);

NTSTATUS ChildQueryInterface(PCHILD_EXTENSION Child, PIO_STACK_LOCATION Stack);

NTSTATUS EvaluateDeviceControl(PCHILD_EXTENSION Child, PIRP Irp);

NTSTATUS CompleteRequest(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);
EXTERN_C_END
