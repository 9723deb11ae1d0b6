// Not Windows. What a class extension has to know of the platform's deepest idle (P62).
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

#ifdef __cplusplus
}
#endif
