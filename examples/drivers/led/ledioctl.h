//
// What a client may ask of the LED driver.
//

#pragma once

#define LED_DEVICE_NAME L"\\Device\\Led"
#define LED_LINK_NAME L"\\DosDevices\\Led"

//
// Input: one byte, 0 off, else on.
//

#define IOCTL_LED_SET CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

//
// No buffers.
//

#define IOCTL_LED_TOGGLE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_WRITE_ACCESS)

//
// Output: one byte, 0 off, 1 on, as the GPIO controller drives it.
//

#define IOCTL_LED_GET CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_READ_ACCESS)
