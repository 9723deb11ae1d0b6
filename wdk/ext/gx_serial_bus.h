// Not Windows. The controller hardware of a virtual I2C or SPI bus, for the driver that serves it.
// On Windows each such driver has registers of its own; here there is one transfer at a time, which
// takes as long as its bits on the wire.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bytes in one direction. A message begins with a start condition (I2C); one that continues goes on
// with the message before it, of the same direction: several buffers, one message.
typedef struct _GX_SERIAL_MESSAGE {
    BOOLEAN Read;
    BOOLEAN Continues;
    ULONG DelayInUs;  // before it
    PUCHAR Buffer;    // nonpaged or locked until the transfer is done
    ULONG Length;
} GX_SERIAL_MESSAGE, *PGX_SERIAL_MESSAGE;

typedef enum _GX_SERIAL_OUTCOME {
    GxSerialComplete = 0,
    GxSerialNoTarget,     // I2C: nobody acknowledged the address
    GxSerialNotAccepted,  // I2C: a data byte was not acknowledged
    GxSerialCancelled
} GX_SERIAL_OUTCOME;

typedef struct _GX_SERIAL_TRANSFER {
    // Filled by the driver; constant until done.
    BOOLEAN Spi;
    BOOLEAN FullDuplex;    // SPI: read and write messages run side by side
    BOOLEAN KeepSelected;  // no stop condition, no deselect at the end (controller lock)
    BOOLEAN TenBitAddress;
    ULONG Address;    // I2C address, or number of the SPI select line
    ULONG Frequency;  // Hz
    const GX_SERIAL_MESSAGE* Messages;
    ULONG MessageCount;
    PRKDPC Done;  // queued at the end, on the processor that started; the driver initialized it
    // The result, valid when Done runs.
    GX_SERIAL_OUTCOME Outcome;
    ULONG_PTR BytesTransferred;  // in both directions
} GX_SERIAL_TRANSFER, *PGX_SERIAL_TRANSFER;

// <= DISPATCH_LEVEL. Starts the transfer on the bus whose controller is the device.
// STATUS_DEVICE_BUSY: there is one on the wire. STATUS_INVALID_PARAMETER: no messages, no
// frequency. A device without hardware behind it is a bus on which nobody answers.
NTSTATUS GxStartSerialTransfer(PDEVICE_OBJECT PhysicalDevice, PGX_SERIAL_TRANSFER Transfer);

// <= DISPATCH_LEVEL. Ends the transfer after the byte on the wire; Done comes as ever. FALSE: it is
// not on the wire.
BOOLEAN GxCancelSerialTransfer(PDEVICE_OBJECT PhysicalDevice, PGX_SERIAL_TRANSFER Transfer);

// <= DISPATCH_LEVEL. The stop condition or deselect that a transfer with KeepSelected left out.
VOID GxReleaseSerialBus(PDEVICE_OBJECT PhysicalDevice);

#ifdef __cplusplus
}
#endif
