//
// Input of IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION: how often to access a register.
//

#pragma once

typedef struct _WIDE_ACCESS_REQUEST {
    ULONG Count;
    ULONG Write;                        // 0 reads
} WIDE_ACCESS_REQUEST, *PWIDE_ACCESS_REQUEST;
