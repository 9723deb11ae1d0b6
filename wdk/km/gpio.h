/*
 * The control codes of GPIO I/O connections (specification 3, X-2, C71). METHOD_BUFFERED all of
 * them; only the names are documented as part of the contract.
 */
#pragma once

#ifdef _KERNEL_MODE
#include "parts/io_codes.h"
#endif

#define IOCTL_GPIO_READ_PINS CTL_CODE(FILE_DEVICE_GPIO, 0x0, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_GPIO_WRITE_PINS CTL_CODE(FILE_DEVICE_GPIO, 0x1, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION \
    CTL_CODE(FILE_DEVICE_GPIO, 0x2, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Applies the function of a function-config connection; no buffers. */
#define IOCTL_GPIO_COMMIT_FUNCTION_CONFIG_PINS \
    CTL_CODE(FILE_DEVICE_GPIO, 0x3, METHOD_BUFFERED, FILE_ANY_ACCESS)
