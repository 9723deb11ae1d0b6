//
// Register block of the ARM PrimeCell GPIO (PL061), ARM DDI 0190B.
//
// Eight pins. Every register is eight bits wide and stands on a four-byte stride.
//

#pragma once

#define PL061_PIN_COUNT 8
#define PL061_ALL_PINS 0xFF

typedef struct _PL061_REGISTERS {

    //
    // The data register appears 256 times. The index is a bit mask: an access through Data[Mask]
    // reads or writes the pins in Mask and leaves all others alone, so no read-modify-write is
    // ever needed. A write reaches only pins that are outputs; a read gives the pad of an input
    // and the output latch of an output.
    //

    volatile ULONG Data[256];

    volatile ULONG Direction;           // 1 output, 0 input
    volatile ULONG Sense;               // 1 level, 0 edge
    volatile ULONG BothEdges;           // 1 both edges; Event has no meaning then
    volatile ULONG Event;               // 1 rising edge or high level, 0 falling edge or low level
    volatile ULONG InterruptEnable;     // 1 lets the pin's interrupt through
    volatile ULONG RawStatus;           // read only: before InterruptEnable
    volatile ULONG MaskedStatus;        // read only: after InterruptEnable
    volatile ULONG InterruptClear;      // write only: 1 clears the edge latch of the pin
    volatile ULONG AlternateFunction;   // 1 the pin belongs to another block
} PL061_REGISTERS, *PPL061_REGISTERS;

C_ASSERT(FIELD_OFFSET(PL061_REGISTERS, Direction) == 0x400);
C_ASSERT(FIELD_OFFSET(PL061_REGISTERS, InterruptEnable) == 0x410);
C_ASSERT(FIELD_OFFSET(PL061_REGISTERS, AlternateFunction) == 0x420);
