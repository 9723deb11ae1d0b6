// What GpioClx knows of one pin.
#pragma once

#include "clx.h"

namespace gpioclx {

// Why a pin's interrupt is masked. It is unmasked when the last reason is gone.
enum MaskReason : UCHAR {
    masked_in_service = 1,   // a passive service routine has been asked and has not returned (I42)
    masked_inactive = 2,     // no connected routine is active (I95)
    masked_by_storm = 4,     // until it is disconnected (I62)
    masked_to_debounce = 8,  // while its polarity is changed, or until it has settled (I88)
    masked_for_power = 16,   // the controller is in a low-power state, or on its way (P24)
};

struct Debouncer;

struct Pin {
    bool firmware_only;  // a field of an operation region names it (C55)

    // As an interrupt input; `line` is null while it is none.
    const GX_LINE_DESCRIPTOR* line;
    ULONG gsi;
    KINTERRUPT_MODE mode;          // as the hardware is programmed now (differs from the
    KINTERRUPT_POLARITY polarity;  // descriptor while ActiveBoth is emulated)
    bool emulates_both;
    bool asserted_high;        // an emulated pin's asserted level, by the firmware (I73, A30)
    Debouncer* debouncer;      // null: not debounced in software
    USHORT hardware_debounce;  // what the client is told; 10 us
    UCHAR mask_reasons;
    // I62
    ULONG unclaimed_in_a_row;
    ULONG claimed_in_a_row;  // at DIRQL, while its processor got nothing else done
    ULONG progress_seen;

    // As an input or output.
    USHORT open_count;
    bool open_shared;
    GPIO_CONNECT_IO_PINS_MODE open_mode;
    UCHAR pull_configuration;
    USHORT debounce_timeout;
    USHORT drive_strength;

    // Reserved for an alternate function.
    USHORT function_count;   // open reservations
    USHORT committed_count;  // those of them that applied the function
    bool function_shared;
    USHORT function_number;
    UCHAR function_pull;

    // D3
    ULONG delivered;
    ULONG unclaimed;
    ULONG storms;
};

}  // namespace gpioclx
