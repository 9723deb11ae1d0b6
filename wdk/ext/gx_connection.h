// Not Windows. What the resource hub stores behind a connection id (rules H1-H15): the parsed form
// of a GPIO connection, for the driver that owns the pins.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum _GX_IO_RESTRICTION {
    GxIoRestrictionNone = 0,
    GxIoRestrictionInputOnly,
    GxIoRestrictionOutputOnly,
    GxIoRestrictionNoneAndPreserve
} GX_IO_RESTRICTION;

typedef struct _GX_GPIO_CONNECTION {
    UCHAR Class;  // CM_RESOURCE_CONNECTION_CLASS_GPIO or _FUNCTION_CONFIG
    UCHAR Type;
    PDEVICE_OBJECT Controller;  // physical device of the controller that owns the pins
    const USHORT* Pins;         // controller-relative, in the order of the descriptor
    USHORT PinCount;
    GX_IO_RESTRICTION Restriction;
    BOOLEAN Shared;
    BOOLEAN ForFirmware;  // pins of a field in an operation region (A22), not of a peripheral
    UCHAR PullConfiguration;
    USHORT DebounceTimeout;  // 10 us
    USHORT DriveStrength;    // 10 uA
    USHORT FunctionNumber;   // function configuration only
    PVOID VendorData;
    ULONG VendorDataLength;
} GX_GPIO_CONNECTION, *PGX_GPIO_CONNECTION;

// Any IRQL. NULL for an unknown id or one that is not of a GPIO class. Constant, owned by the
// kernel.
const GX_GPIO_CONNECTION* GxQueryGpioConnection(ULONG64 ConnectionId);

// The id in a file name that the hub forwarded: 16 hexadecimal digits, with or without a leading
// backslash (H3). STATUS_OBJECT_NAME_INVALID otherwise.
NTSTATUS GxConnectionIdFromFileName(PCUNICODE_STRING FileName, PULONG64 ConnectionId);

// The ACPI path of a physical device ("\\_SB.GPIO"), or NULL for a device that firmware does not
// know.
PCSTR GxDevicePath(PDEVICE_OBJECT PhysicalDevice);

#ifdef __cplusplus
}
#endif
