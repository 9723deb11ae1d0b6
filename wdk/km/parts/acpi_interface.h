/* The interface of the ACPI bus driver: general-purpose events and device notifications. */
#pragma once

#include "interrupt.h"
#include "pnp.h"

EXTERN_C_START
typedef BOOLEAN GPE_SERVICE_ROUTINE(PVOID ObjectContext, PVOID ServiceContext);
typedef GPE_SERVICE_ROUTINE *PGPE_SERVICE_ROUTINE, *PGPE_SERVICE_ROUTINE2;
typedef VOID DEVICE_NOTIFY_CALLBACK(PVOID Context, ULONG NotifyCode);
typedef DEVICE_NOTIFY_CALLBACK *PDEVICE_NOTIFY_CALLBACK, *PDEVICE_NOTIFY_CALLBACK2;

typedef NTSTATUS (*PGPE_CONNECT_VECTOR2)(PVOID Context, ULONG GpeNumber, KINTERRUPT_MODE Mode,
                                         BOOLEAN Shareable, PGPE_SERVICE_ROUTINE ServiceRoutine,
                                         PVOID ServiceContext, PVOID* ObjectContext);
typedef NTSTATUS (*PGPE_DISCONNECT_VECTOR2)(PVOID Context, PVOID ObjectContext);
typedef NTSTATUS (*PGPE_ENABLE_EVENT2)(PVOID Context, PVOID ObjectContext);
typedef NTSTATUS (*PGPE_DISABLE_EVENT2)(PVOID Context, PVOID ObjectContext);
typedef NTSTATUS (*PGPE_CLEAR_STATUS2)(PVOID Context, PVOID ObjectContext);
typedef NTSTATUS (*PREGISTER_FOR_DEVICE_NOTIFICATIONS2)(
    PVOID Context, PDEVICE_NOTIFY_CALLBACK2 NotificationHandler, PVOID NotificationContext);
typedef VOID (*PUNREGISTER_FOR_DEVICE_NOTIFICATIONS2)(PVOID Context);
EXTERN_C_END

typedef struct _ACPI_INTERFACE_STANDARD2 {
    USHORT Size;
    USHORT Version;
    PVOID Context;
    PINTERFACE_REFERENCE InterfaceReference;
    PINTERFACE_DEREFERENCE InterfaceDereference;
    PGPE_CONNECT_VECTOR2 GpeConnectVector;
    PGPE_DISCONNECT_VECTOR2 GpeDisconnectVector;
    PGPE_ENABLE_EVENT2 GpeEnableEvent;
    PGPE_DISABLE_EVENT2 GpeDisableEvent;
    PGPE_CLEAR_STATUS2 GpeClearStatus;
    PREGISTER_FOR_DEVICE_NOTIFICATIONS2 RegisterForDeviceNotifications;
    PUNREGISTER_FOR_DEVICE_NOTIFICATIONS2 UnregisterForDeviceNotifications;
} ACPI_INTERFACE_STANDARD2, *PACPI_INTERFACE_STANDARD2;
