/* Interrupt request levels, of the virtual processor that runs the caller. */
#pragma once

#include "basic_types.h"

#define PASSIVE_LEVEL 0
#define LOW_LEVEL 0
#define APC_LEVEL 1
#define DISPATCH_LEVEL 2
#define CMCI_LEVEL 5
#define CLOCK_LEVEL 13
#define IPI_LEVEL 14
#define DRS_LEVEL 14
#define POWER_LEVEL 14
#define PROFILE_LEVEL 15
#define HIGH_LEVEL 15
#define SYNCH_LEVEL 12
/* Device interrupts use the levels from here on, below SYNCH_LEVEL. */
#define GX_LOWEST_DIRQL 3

EXTERN_C_START
KIRQL KeGetCurrentIrql(VOID);
/* To a level not below the current one. */
VOID KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql);
KIRQL KfRaiseIrql(KIRQL NewIrql);
KIRQL KeRaiseIrqlToDpcLevel(VOID);
KIRQL KeRaiseIrqlToSynchLevel(VOID);
/* Back to the level that the matching raise returned. */
VOID KeLowerIrql(KIRQL NewIrql);
VOID KfLowerIrql(KIRQL NewIrql);
EXTERN_C_END
