// Not Windows. Text dumps of what an extension knows, for people: what a debugger extension shows on
// Windows (D2). Asked for from outside while the machine stands still; a writer reads, prints and
// changes nothing.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _GX_DUMP GX_DUMP, *PGX_DUMP;  // where the text goes

// What is wanted. The numbers are those of gpiokd's flags.
#define GX_DUMP_DETAILS 0x1u           // each controller with its banks and configured pins
#define GX_DUMP_REGISTERS 0x2u         // with details: which pins are enabled and masked
#define GX_DUMP_UNCONFIGURED_PINS 0x4u  // with details: pins that nobody uses too

// May call nothing but the functions below.
typedef VOID GX_WRITE_DUMP(PGX_DUMP Dump, ULONG Flags);

// PASSIVE_LEVEL. `Name` is what people ask for ("gpioclx"); one writer each. Unregistered before the
// image goes away.
VOID GxRegisterDump(PCSTR Name, GX_WRITE_DUMP* Write);
VOID GxUnregisterDump(PCSTR Name);

// Formatted as by DbgPrint.
VOID GxDumpPrint(PGX_DUMP Dump, PCSTR Format, ...);
// One line for each service routine that is connected to the interrupt, in the order in which they are
// asked, each after `Indent`.
VOID GxDumpServiceRoutines(PGX_DUMP Dump, ULONG Vector, PCSTR Indent);

#ifdef __cplusplus
}
#endif
