//
// Register access to a device behind an I2C controller: an SPB target and the two transfers that
// register-file devices understand.
//

#pragma once

typedef struct _I2C_TARGET {
    WDFIOTARGET IoTarget;

    //
    // The one request, made in advance and used again for each transfer, so that nothing on the
    // way to an interrupt can fail for want of memory. Callers serialize their transfers.
    //

    WDFREQUEST Request;
} I2C_TARGET, *PI2C_TARGET;

//
// TRUE if the descriptor is an I2C connection.
//

BOOLEAN
I2cIsConnection(
    _In_ PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor
    );

//
// PASSIVE_LEVEL. Close may be called for a target that was never opened.
//

NTSTATUS
I2cOpen(
    _In_ WDFDEVICE Device,
    _In_ PCM_PARTIAL_RESOURCE_DESCRIPTOR Connection,
    _Inout_ PI2C_TARGET Target
    );

VOID
I2cClose(
    _Inout_ PI2C_TARGET Target
    );

//
// PASSIVE_LEVEL. All bytes or an error.
//

NTSTATUS
I2cReadRegisters(
    _In_ PI2C_TARGET Target,
    _In_ UCHAR FirstRegister,
    _Out_writes_(Length) PUCHAR Data,
    _In_ ULONG Length
    );

NTSTATUS
I2cWriteRegisters(
    _In_ PI2C_TARGET Target,
    _In_ UCHAR FirstRegister,
    _In_reads_(Length) const UCHAR *Data,
    _In_ ULONG Length
    );
