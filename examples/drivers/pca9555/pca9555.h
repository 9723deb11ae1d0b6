//
// Registers of the NXP PCA9555 (also PCA9535, TCA9555) I/O expander.
//
// Sixteen pins in two ports of eight. The registers of the two ports stand side by side, and the
// register pointer toggles between them; so one transfer reaches both ports, low byte first.
//

#pragma once

#define PCA9555_PIN_COUNT 16

//
// How long the device stays on after its last user.
//

#define PCA9555_IDLE_TIMEOUT_MS 100
#define PCA9555_ALL_PINS 0xFFFF

//
// Address of port 0; port 1 follows.
//

typedef enum _PCA9555_REGISTER {
    PcaInput     = 0, // read only: the pads; a read ends the interrupt of the port
    PcaOutput    = 2, // the latch
    PcaPolarity  = 4, // 1 inverts what Input reads
    PcaDirection = 6  // 1 input, 0 output
} PCA9555_REGISTER;
