/* Scalar types, constants and flag types of gpioclx.h (specification 2.1.1, 2.5.7). */
#pragma once

#include "basic_types.h"

typedef USHORT BANK_ID, *PBANK_ID;
/* Bank-relative in every callback. */
typedef USHORT PIN_NUMBER, *PPIN_NUMBER;

#define GPIO_MAX_PINS_PER_BANK 64
/* ResourceMapping value of a bank without an interrupt. */
#define GPIO_BANK_INTERRUPT_BINDING_RESERVED_INDEX 0xffff

#define GPIO_PIN_PULL_CONFIGURATION_PULLDEFAULT 0x0
#define GPIO_PIN_PULL_CONFIGURATION_DEFAULT GPIO_PIN_PULL_CONFIGURATION_PULLDEFAULT
#define GPIO_PIN_PULL_CONFIGURATION_PULLUP 0x1
#define GPIO_PIN_PULL_CONFIGURATION_PULLDOWN 0x2
#define GPIO_PIN_PULL_CONFIGURATION_PULLNONE 0x3
#define GPIO_PIN_PULL_CONFIGURATION_NONE GPIO_PIN_PULL_CONFIGURATION_PULLNONE
/* 128..255 are the vendor's. */
#define GPIO_PIN_PULL_CONFIGURATION_VENDOR_FIRST 0x80

/* Flag words: one documented flag at most, at bit 0. */
#define GX_GPIO_FLAGS_(type)     \
    typedef union _##type {      \
        struct {                 \
            ULONG Reserved : 32; \
        };                       \
        ULONG AsULONG;           \
    } type, *P##type
#define GX_GPIO_FLAGS_WITH_(type, member) \
    typedef union _##type {               \
        struct {                          \
            ULONG member : 1;             \
            ULONG Reserved : 31;          \
        };                                \
        ULONG AsULONG;                    \
    } type, *P##type

GX_GPIO_FLAGS_(GPIO_ENABLE_INTERRUPT_FLAGS);
GX_GPIO_FLAGS_WITH_(GPIO_DISABLE_INTERRUPT_FLAGS, RetryDisableOnFailure);
GX_GPIO_FLAGS_(GPIO_RECONFIGURE_INTERRUPT_FLAGS);
GX_GPIO_FLAGS_(GPIO_CONNECT_IO_PINS_FLAGS);
GX_GPIO_FLAGS_WITH_(GPIO_DISCONNECT_IO_PINS_FLAGS, PreserveConfiguration);
GX_GPIO_FLAGS_WITH_(GPIO_READ_PINS_FLAGS, WriteConfiguredPins);
GX_GPIO_FLAGS_(GPIO_WRITE_PINS_FLAGS);
GX_GPIO_FLAGS_WITH_(GPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_FLAGS, CriticalTransition);
GX_GPIO_FLAGS_(GPIO_CONNECT_FUNCTION_CONFIG_PINS_FLAGS);
GX_GPIO_FLAGS_WITH_(GPIO_DISCONNECT_FUNCTION_CONFIG_PINS_FLAGS, PreserveConfiguration);
