//
// I/O connections.
//

#include "device.h"

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <gpio.h>

NTSTATUS
PinUserOpenConnection(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Number,
    _In_ ACCESS_MASK Access
    )
{
    PPINUSER_CONNECTION Connection;
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    DECLARE_UNICODE_STRING_SIZE(Path, RESOURCE_HUB_PATH_SIZE);

    Connection = &User->Connections[Number];
    if (Connection->Open) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Path, Connection->IdLow, Connection->IdHigh);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &Path, Access);
    Status = WdfIoTargetOpen(Connection->Target, &OpenParams);
    Connection->Open = (BOOLEAN)NT_SUCCESS(Status);
    return Status;
}

NTSTATUS
PinUserCloseConnection(
    _In_ PPINUSER_CONTEXT User,
    _In_ ULONG Number
    )
{
    PPINUSER_CONNECTION Connection;

    Connection = &User->Connections[Number];
    if (!Connection->Open) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    Connection->Open = FALSE;
    WdfIoTargetClose(Connection->Target);
    return STATUS_SUCCESS;
}

NTSTATUS
PinUserTransfer(
    _In_ PPINUSER_CONNECTION Connection,
    _In_ BOOLEAN Write,
    _Inout_ PUCHAR Bits,
    _In_ ULONG Length
    )
{
    WDF_MEMORY_DESCRIPTOR Memory;

    if (!Connection->Open) {
        return STATUS_INVALID_DEVICE_STATE;
    }

    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, Bits, Length);
    return WdfIoTargetSendIoctlSynchronously(Connection->Target,
                                             NULL,
                                             Write ? IOCTL_GPIO_WRITE_PINS : IOCTL_GPIO_READ_PINS,
                                             Write ? &Memory : NULL,
                                             &Memory,
                                             NULL,
                                             NULL);
}
