//
// What a client may ask of the ACPI button driver.
//

#pragma once

#include <initguid.h>

// {B0D8A1F2-6C55-4C1B-9E0A-5C9B1D3E7A44}
DEFINE_GUID(GUID_DEVINTERFACE_ACPIBUTTON,
            0xb0d8a1f2, 0x6c55, 0x4c1b, 0x9e, 0x0a, 0x5c, 0x9b, 0x1d, 0x3e, 0x7a, 0x44);

typedef struct _ACPIBUTTON_STATE {

    //
    // How often the firmware notified the device.
    //

    ULONG Notifications;

    //
    // What _LID said last: 0 closed, else open. 1 for a device without _LID.
    //

    ULONG Open;
} ACPIBUTTON_STATE, *PACPIBUTTON_STATE;

//
// Output: ACPIBUTTON_STATE.
//

#define IOCTL_ACPIBUTTON_QUERY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS)
