//
// Requests of the driver that gpioclx check puts behind a GPIO controller (README.md). Numbers of
// connections and interrupts count the GpioIo and GpioInt resources of the device, from 0.
//

#pragma once

#define PINUSER_CODE(Number) \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (Number), METHOD_BUFFERED, FILE_ANY_ACCESS)

#define IOCTL_PINUSER_CONNECT PINUSER_CODE(0)     // in: PINUSER_CONNECT
#define IOCTL_PINUSER_DISCONNECT PINUSER_CODE(1)  // in: number
#define IOCTL_PINUSER_COUNT PINUSER_CODE(2)   // in: number; out: PINUSER_CALLS since the last time
#define IOCTL_PINUSER_AWAIT PINUSER_CODE(3)   // in: number, calls
#define IOCTL_PINUSER_RAISE PINUSER_CODE(4)   // in: number
#define IOCTL_PINUSER_OPEN PINUSER_CODE(5)    // in: number, access
#define IOCTL_PINUSER_CLOSE PINUSER_CODE(6)   // in: number
#define IOCTL_PINUSER_READ PINUSER_CODE(7)    // in: number; out: bits
#define IOCTL_PINUSER_WRITE PINUSER_CODE(8)   // in: number, bits
#define IOCTL_PINUSER_REPEAT PINUSER_CODE(9)  // in: PINUSER_REPEAT

//
// How an interrupt is connected. A source is a pin of the register block that is the device's
// memory resource: it drives the wire of a level-triggered interrupt until the service routine has
// been there.
//

#define PINUSER_PASSIVE 0x01  // the service routine runs at PASSIVE_LEVEL
#define PINUSER_LEVEL 0x02    // level-triggered: it silences the source
#define PINUSER_ACTIVE_HIGH 0x04
#define PINUSER_OPEN_DRAIN 0x08  // the source drives the active level only
#define PINUSER_RAISED 0x10      // the source is raised before the interrupt is connected
#define PINUSER_UNSERVED 0x20    // the service routine claims nothing

typedef struct _PINUSER_CONNECT {
    ULONG Number;
    ULONG Flags;
    ULONG HoldMicroseconds;  // how long the service routine takes
    ULONG SourcePin;
} PINUSER_CONNECT, *PPINUSER_CONNECT;

typedef struct _PINUSER_CALLS {
    ULONG Served;
    ULONG Unclaimed;  // calls in which the own source was silent
} PINUSER_CALLS, *PPINUSER_CALLS;

//
// The same thing again and again, from a work item, while other requests are served.
//

typedef enum _PINUSER_ACTION {
    PinUserConnect,  // connects and disconnects an interrupt, as Connect says
    PinUserOpen,     // opens for input and closes a connection
    PinUserRead,     // reads an open connection
    PinUserWrite,    // writes ones and zeros in turn
    PinUserActionMaximum
} PINUSER_ACTION;

typedef struct _PINUSER_REPEAT {
    ULONG Action;
    ULONG Times;
    PINUSER_CONNECT Connect;  // Number is that of the connection, where there is no interrupt
} PINUSER_REPEAT, *PPINUSER_REPEAT;
