//
// What the benchmark program asks of the peripheral.
//

#pragma once

#define PINLOAD_DEVICE_NAME L"\\Device\\PinLoad"

typedef struct _PINLOAD_REQUEST {
    ULONG Count;                        // how often
    ULONG Wide;                         // 1: all pins of the wide connection, 0: the single pin
    ULONG Toggle;                       // write: 1 each write changes the pins; access: 1 writes
} PINLOAD_REQUEST, *PPINLOAD_REQUEST;

//
// Writes the pins Count times, each time between two probes.
//

#define IOCTL_PINLOAD_WRITE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

//
// Lets the controller's driver access a register Count times between two probes.
//

#define IOCTL_PINLOAD_ACCESS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
