/* Parameters of the I/O and function-config callbacks of gpioclx.h (specification 2.5.5, C72). */
#pragma once

#include "gpioclx_flags.h"

/* A connection for both has ConnectModeInput | ConnectModeOutput, above the documented maximum. */
typedef enum _GPIO_CONNECT_IO_PINS_MODE {
    ConnectModeInvalid = 0,
    ConnectModeInput,
    ConnectModeOutput,
    ConnectModeMaximum = ConnectModeOutput
} GPIO_CONNECT_IO_PINS_MODE,
    *PGPIO_CONNECT_IO_PINS_MODE;

/* DebounceTimeout in units of 10 us, DriveStrength in units of 10 uA. */
typedef struct _GPIO_CONNECT_IO_PINS_PARAMETERS {
    BANK_ID BankId;
    PPIN_NUMBER PinNumberTable;
    USHORT PinCount;
    GPIO_CONNECT_IO_PINS_MODE ConnectMode;
    UCHAR PullConfiguration;
    USHORT DebounceTimeout;
    USHORT DriveStrength;
    PVOID VendorData;
    ULONG VendorDataLength;
    GPIO_CONNECT_IO_PINS_FLAGS ConnectFlags;
} GPIO_CONNECT_IO_PINS_PARAMETERS, *PGPIO_CONNECT_IO_PINS_PARAMETERS;

typedef struct _GPIO_DISCONNECT_IO_PINS_PARAMETERS {
    BANK_ID BankId;
    PPIN_NUMBER PinNumberTable;
    ULONG PinCount;
    GPIO_CONNECT_IO_PINS_MODE DisconnectMode;
    GPIO_DISCONNECT_IO_PINS_FLAGS DisconnectFlags;
} GPIO_DISCONNECT_IO_PINS_PARAMETERS, *PGPIO_DISCONNECT_IO_PINS_PARAMETERS;

/* Bit i of Buffer belongs to element i of the table. */
typedef struct _GPIO_READ_PINS_PARAMETERS {
    BANK_ID BankId;
    PPIN_NUMBER PinNumberTable;
    ULONG PinCount;
    PVOID Buffer;
    GPIO_READ_PINS_FLAGS Flags;
    PVOID Reserved;
} GPIO_READ_PINS_PARAMETERS, *PGPIO_READ_PINS_PARAMETERS;

typedef struct _GPIO_READ_PINS_MASK_PARAMETERS {
    BANK_ID BankId;
    PULONG64 PinValues;
    GPIO_READ_PINS_FLAGS Flags;
    PVOID Reserved;
} GPIO_READ_PINS_MASK_PARAMETERS, *PGPIO_READ_PINS_MASK_PARAMETERS;

typedef struct _GPIO_WRITE_PINS_PARAMETERS {
    BANK_ID BankId;
    PPIN_NUMBER PinNumberTable;
    ULONG PinCount;
    PVOID Buffer;
    GPIO_WRITE_PINS_FLAGS Flags;
    PVOID Reserved;
} GPIO_WRITE_PINS_PARAMETERS, *PGPIO_WRITE_PINS_PARAMETERS;

typedef struct _GPIO_WRITE_PINS_MASK_PARAMETERS {
    BANK_ID BankId;
    ULONG64 SetMask;
    ULONG64 ClearMask;
    GPIO_WRITE_PINS_FLAGS Flags;
    PVOID Reserved;
} GPIO_WRITE_PINS_MASK_PARAMETERS, *PGPIO_WRITE_PINS_MASK_PARAMETERS;

/* The documentation leaves these two empty: the members are those that published drivers use (C72).
 */
typedef struct _GPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS {
    BANK_ID BankId;
    PPIN_NUMBER PinNumberTable;
    USHORT PinCount;
    USHORT FunctionNumber;
    UCHAR PullConfiguration;
    GPIO_CONNECT_FUNCTION_CONFIG_PINS_FLAGS ConnectFlags;
    PVOID VendorData;
    USHORT VendorDataLength;
} GPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS, *PGPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS;

typedef struct _GPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS {
    BANK_ID BankId;
    PPIN_NUMBER PinNumberTable;
    USHORT PinCount;
    GPIO_CONNECT_IO_PINS_MODE DisconnectMode;
    GPIO_DISCONNECT_FUNCTION_CONFIG_PINS_FLAGS DisconnectFlags;
} GPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS,
    *PGPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS;
