// Not Windows. Plug and play for class extensions, the framework and the resource hub.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

// Who made a device fail: "CLIENT_PrepareController", "EvtDevicePrepareHardware". Told by whoever called
// the failing routine; of several reports during one start the first, innermost one is kept and becomes
// the device's failed_in. <= DISPATCH_LEVEL. `PhysicalDevice` may be NULL (ignored).
VOID GxReportFailure(PDEVICE_OBJECT PhysicalDevice, PCSTR Where, NTSTATUS Status);

// What stands behind a connection id of any class.
typedef struct _GX_CONNECTION {
    UCHAR Class;  // CM_RESOURCE_CONNECTION_CLASS_*
    UCHAR Type;   // CM_RESOURCE_CONNECTION_TYPE_*
    PDEVICE_OBJECT Controller;  // physical device of the controller; NULL if there is none
    BOOLEAN ControllerStarted;
    const VOID* Properties;  // the descriptor of the firmware; NULL for GPIO connections
    ULONG PropertiesLength;
} GX_CONNECTION, *PGX_CONNECTION;

// <= DISPATCH_LEVEL. STATUS_NOT_FOUND for an unknown id (H8).
NTSTATUS GxQueryConnection(ULONG64 ConnectionId, PGX_CONNECTION Connection);

#ifdef __cplusplus
}
#endif
