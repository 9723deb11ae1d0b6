// Not Windows. What a class extension has to know of the platform's deepest idle (P62), and what it
// tells of contexts that its clients save and restore.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

// PASSIVE_LEVEL. Entering: all processors are about to stop, and critical transitions to follow. Not
// entering: they run again, and all components are back in F0.
typedef VOID GX_DEEP_IDLE(PVOID Context, BOOLEAN Entering);

// PASSIVE_LEVEL. One for each device; NULL takes it away again.
VOID GxRegisterDeepIdle(PDEVICE_OBJECT PhysicalDevice, GX_DEEP_IDLE* Notify, PVOID Context);

// The client of a device is about to save the registers of these pins, or has restored them; who
// simulates the hardware compares. Any IRQL; nothing else may happen to the pins in between.
#define GX_WHOLE_DEVICE 0xFFFFFFFF
VOID GxNoteContextSaved(PDEVICE_OBJECT PhysicalDevice, ULONG Component, ULONG FirstPin, ULONG PinCount);
VOID GxNoteContextRestored(PDEVICE_OBJECT PhysicalDevice, ULONG Component, ULONG FirstPin,
                           ULONG PinCount);

#ifdef __cplusplus
}
#endif
