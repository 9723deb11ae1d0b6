//
// Register access to a device behind an I2C controller.
//
// Nothing in here is pageable: transfers stand in the path of power transitions and of interrupts.
//

#include <ntddk.h>
#include <wdf.h>

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <spb.h>

#include "i2c.h"

//
// Longest write: a register address and one pair of registers. Grow it with the device.
//

#define I2C_LONGEST_WRITE 3

//
// A transfer of a few bytes takes less than a millisecond. What takes this long never ends.
//

#define I2C_TIMEOUT_MS 500

_Use_decl_annotations_
BOOLEAN
I2cIsConnection(
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor
    )
{
    return (BOOLEAN)((Descriptor->Type == CmResourceTypeConnection) &&
                     (Descriptor->u.Connection.Class == CM_RESOURCE_CONNECTION_CLASS_SERIAL) &&
                     (Descriptor->u.Connection.Type == CM_RESOURCE_CONNECTION_TYPE_SERIAL_I2C));
}

_Use_decl_annotations_
NTSTATUS
I2cOpen(
    WDFDEVICE Device,
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Connection,
    PI2C_TARGET Target
    )
{
    WDF_OBJECT_ATTRIBUTES Attributes;
    WDF_IO_TARGET_OPEN_PARAMS OpenParams;
    NTSTATUS Status;

    DECLARE_UNICODE_STRING_SIZE(Path, RESOURCE_HUB_PATH_SIZE);

    Status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&Path,
                                              Connection->u.Connection.IdLowPart,
                                              Connection->u.Connection.IdHighPart);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }

    Status = WdfIoTargetCreate(Device, WDF_NO_OBJECT_ATTRIBUTES, &Target->IoTarget);
    if (!NT_SUCCESS(Status)) {
        Target->IoTarget = NULL;
        return Status;
    }

    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&OpenParams, &Path, GENERIC_READ | GENERIC_WRITE);
    Status = WdfIoTargetOpen(Target->IoTarget, &OpenParams);
    if (!NT_SUCCESS(Status)) {
        KdPrint(("i2c: opening %wZ failed, status 0x%08x\n", &Path, Status));
        I2cClose(Target);
        return Status;
    }

    //
    // Only an open target knows how much room its requests need. The request goes with the target.
    //

    WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
    Attributes.ParentObject = Target->IoTarget;
    Status = WdfRequestCreate(&Attributes, Target->IoTarget, &Target->Request);
    if (!NT_SUCCESS(Status)) {
        Target->Request = NULL;
        I2cClose(Target);
    }

    return Status;
}

_Use_decl_annotations_
VOID
I2cClose(
    PI2C_TARGET Target
    )
{
    if (Target->IoTarget != NULL) {
        WdfObjectDelete(Target->IoTarget);
        Target->IoTarget = NULL;
        Target->Request = NULL;
    }
}

static VOID
I2cPrepareRequest(
    _In_ PI2C_TARGET Target,
    _Out_ PWDF_REQUEST_SEND_OPTIONS Options
    )
{
    WDF_REQUEST_REUSE_PARAMS ReuseParams;
    NTSTATUS Status;

    WDF_REQUEST_REUSE_PARAMS_INIT(&ReuseParams, WDF_REQUEST_REUSE_NO_FLAGS, STATUS_SUCCESS);
    Status = WdfRequestReuse(Target->Request, &ReuseParams);
    NT_ASSERT(NT_SUCCESS(Status));
    UNREFERENCED_PARAMETER(Status);

    WDF_REQUEST_SEND_OPTIONS_INIT(Options, 0);
    WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(Options, WDF_REL_TIMEOUT_IN_MS(I2C_TIMEOUT_MS));
}

//
// A device that stops to acknowledge ends a transfer early, and successfully: the count tells.
//

static NTSTATUS
I2cCheckCount(
    _In_ NTSTATUS Status,
    _In_ ULONG_PTR Transferred,
    _In_ ULONG Expected
    )
{
    if (NT_SUCCESS(Status) && (Transferred != Expected)) {
        return STATUS_IO_DEVICE_ERROR;
    }

    return Status;
}

_Use_decl_annotations_
NTSTATUS
I2cReadRegisters(
    PI2C_TARGET Target,
    UCHAR FirstRegister,
    PUCHAR Data,
    ULONG Length
    )
{
    WDF_MEMORY_DESCRIPTOR Memory;
    WDF_REQUEST_SEND_OPTIONS Options;
    SPB_TRANSFER_LIST_AND_ENTRIES(2) Sequence;
    NTSTATUS Status;
    ULONG_PTR Transferred;

    //
    // One sequence: the device keeps its register pointer between the two transfers, because
    // nobody else gets the bus in between.
    //

    SPB_TRANSFER_LIST_INIT(&Sequence.List, 2);

    {
        //
        // The second entry stands behind the structure's own array of one.
        //

        ULONG Index = 0;

        Sequence.List.Transfers[Index] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionToDevice,
                                                0,
                                                &FirstRegister,
                                                sizeof(FirstRegister));

        Sequence.List.Transfers[Index + 1] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionFromDevice,
                                                0,
                                                Data,
                                                Length);
    }

    Transferred = 0;
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, &Sequence, sizeof(Sequence));
    I2cPrepareRequest(Target, &Options);
    Status = WdfIoTargetSendIoctlSynchronously(Target->IoTarget,
                                               Target->Request,
                                               IOCTL_SPB_EXECUTE_SEQUENCE,
                                               &Memory,
                                               NULL,
                                               &Options,
                                               &Transferred);

    return I2cCheckCount(Status, Transferred, sizeof(FirstRegister) + Length);
}

_Use_decl_annotations_
NTSTATUS
I2cWriteRegisters(
    PI2C_TARGET Target,
    UCHAR FirstRegister,
    const UCHAR *Data,
    ULONG Length
    )
{
    UCHAR Buffer[I2C_LONGEST_WRITE];
    WDF_MEMORY_DESCRIPTOR Memory;
    WDF_REQUEST_SEND_OPTIONS Options;
    NTSTATUS Status;
    ULONG_PTR Transferred;

    if (Length > (sizeof(Buffer) - 1)) {
        NT_ASSERT(FALSE);
        return STATUS_INVALID_PARAMETER;
    }

    Buffer[0] = FirstRegister;
    RtlCopyMemory(&Buffer[1], Data, Length);

    Transferred = 0;
    WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&Memory, Buffer, 1 + Length);
    I2cPrepareRequest(Target, &Options);
    Status = WdfIoTargetSendWriteSynchronously(Target->IoTarget,
                                               Target->Request,
                                               &Memory,
                                               NULL,
                                               &Options,
                                               &Transferred);

    return I2cCheckCount(Status, Transferred, 1 + Length);
}
