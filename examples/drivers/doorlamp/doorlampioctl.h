//
// What a client may ask of the door lamp.
//

#pragma once

typedef struct _DOORLAMP_STATE {

    //
    // How often the button was pressed since the device started.
    //

    ULONG Presses;

    //
    // 1 while the lamp is on, as the driver left it.
    //

    ULONG LampOn;

    //
    // The level of the door contact: 1 while the door is open.
    //

    ULONG DoorOpen;
} DOORLAMP_STATE, *PDOORLAMP_STATE;

//
// Output: a DOORLAMP_STATE.
//

#define IOCTL_DOORLAMP_GET_STATE \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS)
