//
// The register block that drives the wires of level-triggered interrupts, a bank of 32 pins. The
// same in numbers: board_files.cpp.
//

#pragma once

#define SOURCE_BANK_PINS 32

typedef struct _SOURCE_BANK {
    volatile ULONG Output;
    volatile ULONG OutputSet;  // ones set bits of Output
    volatile ULONG OutputClear;
    volatile ULONG Enable;  // 1 the pin drives its wire
    volatile ULONG EnableSet;
    volatile ULONG EnableClear;
    ULONG Reserved[2];
} SOURCE_BANK, *PSOURCE_BANK;

C_ASSERT(sizeof(SOURCE_BANK) == 0x20);
