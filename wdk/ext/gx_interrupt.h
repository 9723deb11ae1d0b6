// Not Windows. What a class extension for interrupt controllers needs and Windows keeps private:
// secondary interrupts (specification 1.5, 1.6, 6) and silencing a primary line.
//
// The kernel owns the table from global system interrupt (GSI) to connected service routines
// (rules I11-I18, I49); a controller owns its pins. Neither knows the other's data.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

// What the firmware says about one pin that is used as an interrupt input. Constant for the life
// of the system; owned by the kernel.
typedef struct _GX_LINE_DESCRIPTOR {
    ULONG Pin;  // controller-relative
    KINTERRUPT_MODE Mode;
    KINTERRUPT_POLARITY Polarity;
    UCHAR PullConfiguration;
    USHORT DebounceTimeout;  // 10 us
    BOOLEAN Shared;
    BOOLEAN WakeCapable;
    BOOLEAN ForFirmware;  // of the controller's own _AEI (A16), not of a peripheral
    PVOID VendorData;  // NULL if there is none
    ULONG VendorDataLength;
} GX_LINE_DESCRIPTOR, *PGX_LINE_DESCRIPTOR;

// The first service routine was connected to the pin (I16, I17). PASSIVE_LEVEL. The routine is
// already in the table, so that an interrupt that fires at once is delivered. A failure drops it
// and becomes the status of the connect (I21).
typedef NTSTATUS GX_LINE_ENABLE(PVOID Context, ULONG Gsi, const GX_LINE_DESCRIPTOR* Line);
// The last service routine was disconnected and none is running any more (I23). PASSIVE_LEVEL.
typedef VOID GX_LINE_DISABLE(PVOID Context, ULONG Gsi, ULONG Pin);
// All passive service routines of the pin that GxScheduleSecondaryInterrupt asked have returned.
// PASSIVE_LEVEL, no lock held. Claimed: one of them returned TRUE.
typedef VOID GX_LINE_SERVICED(PVOID Context, ULONG Gsi, ULONG Pin, BOOLEAN Claimed);
// No service routine of the pin is active any more, or one is again (I95). Up to DISPATCH_LEVEL, or
// up to what QueryIrql tells of the pin where that is higher.
typedef VOID GX_LINE_SET_ACTIVE(PVOID Context, ULONG Gsi, ULONG Pin, BOOLEAN Active);
// IRQL at which service routines of the pin can run: the DIRQL of its bank's primary interrupt, or
// PASSIVE_LEVEL for a serial controller (I14). Any IRQL.
typedef KIRQL GX_LINE_QUERY_IRQL(PVOID Context, ULONG Pin);

// Whether interrupts of a connected pin are held back for now. Any IRQL.
typedef BOOLEAN GX_LINE_QUERY_MASKED(PVOID Context, ULONG Pin);

typedef struct _GX_INTERRUPT_CONTROLLER {
    ULONG Size;
    ULONG PinCount;
    GX_LINE_ENABLE* Enable;
    GX_LINE_DISABLE* Disable;
    GX_LINE_SERVICED* Serviced;
    GX_LINE_SET_ACTIVE* SetActive;
    GX_LINE_QUERY_IRQL* QueryIrql;
    GX_LINE_QUERY_MASKED* QueryMasked;  // NULL: never
} GX_INTERRUPT_CONTROLLER, *PGX_INTERRUPT_CONTROLLER;

// PASSIVE_LEVEL. Registers the controller that stands behind `PhysicalDevice` (a PDO of the ACPI
// bus driver). STATUS_INVALID_PARAMETER for a second registration. The structure is copied.
NTSTATUS GxRegisterInterruptController(PDEVICE_OBJECT PhysicalDevice,
                                       const GX_INTERRUPT_CONTROLLER* Controller, PVOID Context);
// PASSIVE_LEVEL. Lines still enabled are forgotten; a later connect is bug check 0x138 (1, GSIV).
VOID GxUnregisterInterruptController(PDEVICE_OBJECT PhysicalDevice);

typedef struct _GX_LINE_SERVICE {
    BOOLEAN HasInterruptLevelRoutine;  // active service routines above PASSIVE_LEVEL
    BOOLEAN HasPassiveRoutine;         // active passive service routines
} GX_LINE_SERVICE;

// Any IRQL. Which kinds of service routines are connected and active.
GX_LINE_SERVICE GxQuerySecondaryInterrupt(ULONG Gsi);

// At the DIRQL of the pin's bank, no lock held: asks the DIRQL service routines in order until one
// returns TRUE (I49). FALSE if none claimed.
BOOLEAN GxDispatchSecondaryInterrupt(ULONG Gsi);

// Any IRQL up to DIRQL: has the passive service routines asked in a worker thread; then Serviced is
// called. Merged with a run that is queued and has not started (I45); one that comes during a run
// causes one more run. FALSE if there is no passive routine.
BOOLEAN GxScheduleSecondaryInterrupt(ULONG Gsi);

// PASSIVE_LEVEL, no lock held: asks the passive service routines now, in this thread (serial
// controllers, 1.6). Serviced is not called. TRUE if one claimed.
BOOLEAN GxRunSecondaryInterrupt(ULONG Gsi);

// Any IRQL up to DIRQL. Silences a connected primary interrupt at its own interrupt controller, and
// lets it in again. For a chained controller this masks the pin it is wired to. Not counted.
VOID GxMaskPrimaryInterrupt(PKINTERRUPT Interrupt);
VOID GxUnmaskPrimaryInterrupt(PKINTERRUPT Interrupt);

// PASSIVE_LEVEL. How many service routines were connected to the interrupt on behalf of this device.
ULONG GxCountServiceRoutines(PDEVICE_OBJECT PhysicalDevice, ULONG Vector);

#ifdef __cplusplus
}
#endif
