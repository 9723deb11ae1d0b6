//
// Requests of the user-mode button. <winioctl.h> (or <wdf.h>) comes before.
//

#pragma once

//
// Output: a ULONG, the presses since the device was started.
//

#define IOCTL_UMBUTTON_GET_PRESSES \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

//
// Completes with the next press. Output: as above.
//

#define IOCTL_UMBUTTON_WAIT_PRESS \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
