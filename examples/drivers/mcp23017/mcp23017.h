//
// Registers of the Microchip MCP23017 I/O expander, DS20001952C.
//
// Sixteen pins in two ports of eight: pins 0-7 are GPA0-GPA7, pins 8-15 are GPB0-GPB7. The
// registers of the two ports stand side by side (IOCON.BANK = 0), and the register pointer goes on
// by itself (IOCON.SEQOP = 0); so one transfer reaches both ports, low byte first.
//

#pragma once

#define MCP23017_PIN_COUNT 16

//
// How long the device stays on after its last user.
//

#define MCP23017_IDLE_TIMEOUT_MS 100
#define MCP23017_ALL_PINS 0xFFFF

//
// Address of port A; port B follows.
//

typedef enum _MCP23017_REGISTER {
    McpDirection        = 0x00, // IODIR: 1 input, 0 output
    McpInputPolarity    = 0x02, // IPOL: 1 inverts what GPIO reads
    McpInterruptEnable  = 0x04, // GPINTEN
    McpDefaultValue     = 0x06, // DEFVAL: what a pin is compared with if INTCON is 1
    McpInterruptControl = 0x08, // INTCON: 0 compare with the pin's previous value
    McpConfiguration    = 0x0A, // IOCON: one register for both ports
    McpPullUp           = 0x0C, // GPPU: 1 pull-up of 100 kOhm
    McpInterruptFlag    = 0x0E, // INTF: read only; the pins that caused the interrupt
    McpInterruptCapture = 0x10, // INTCAP: read only; the port then; a read ends the interrupt
    McpPort             = 0x12, // GPIO: the pads; a read ends the interrupt
    McpLatch            = 0x14  // OLAT
} MCP23017_REGISTER;

//
// Where IOCON is while IOCON.BANK is 1. With BANK = 0 that address is GPINTENB.
//

#define MCP_CONFIGURATION_IN_BANK_1 0x05

#define MCP_IOCON_MIRROR 0x40       // INTA and INTB both stand for both ports
#define MCP_IOCON_OPEN_DRAIN 0x04   // INTA and INTB only pull down
