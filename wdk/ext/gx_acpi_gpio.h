// Not Windows. What lies between the extension for GPIO controllers and the firmware that uses its
// pins: GPIO-signaled events (_AEI), GeneralPurposeIo operation regions, _DSM
// (specification 10.3, 10.4, 10.5).
//
// The extension owns the pins and decides when; the firmware knows which pins, and runs the
// methods.
#pragma once

#include <ext/gx_connection.h>

#ifdef __cplusplus
extern "C" {
#endif

// One pin of the controller's _AEI. It is an interrupt of the controller's own physical device,
// which is not in its resource lists: connect to it with IoConnectInterruptEx
// (CONNECT_FULLY_SPECIFIED).
typedef struct _GX_ACPI_EVENT {
    ULONG Vector;
    ULONG Pin;  // controller-relative
    KINTERRUPT_MODE Mode;
    BOOLEAN Shared;
    PCSTR Method;  // "\\_SB.GPI0._E05"; owned by the kernel
} GX_ACPI_EVENT;

// PASSIVE_LEVEL. In the order of _AEI; STATUS_NO_MORE_ENTRIES behind the last.
NTSTATUS GxAcpiGetEvent(PDEVICE_OBJECT PhysicalDevice, ULONG Index, GX_ACPI_EVENT* Event);

// PASSIVE_LEVEL, no lock held. Runs the event's method and returns when it has ended. A method that
// fails is a finding (firmware-001), and STATUS_ACPI_FATAL.
NTSTATUS GxAcpiRunEvent(PDEVICE_OBJECT PhysicalDevice, ULONG Index);

// AML reads or writes a field. PASSIVE_LEVEL, in the thread that runs the method, which may be
// inside of a callback of the controller's own driver; several at once are possible. Bit n of the
// value is Pins->Pins[n]. The same field comes with the same `Pins` each time. A failure ends the
// method.
typedef NTSTATUS GX_PIN_REGION_ACCESS(PVOID Context, const GX_GPIO_CONNECTION* Pins, BOOLEAN Write,
                                      PULONG64 Value);

// PASSIVE_LEVEL. The pins of the n-th field that the tables declare; NULL behind the last. Fields
// that a method declares while it runs are not among them.
const GX_GPIO_CONNECTION* GxAcpiGetPinField(PDEVICE_OBJECT PhysicalDevice, ULONG Index);

// PASSIVE_LEVEL, no lock held. From now on the fields can be accessed; _REG (8, 1) has run when
// this returns (A25). STATUS_ACPI_FATAL: the firmware refused, a finding says why.
NTSTATUS GxAcpiConnectPinRegion(PDEVICE_OBJECT PhysicalDevice, GX_PIN_REGION_ACCESS* Access,
                                PVOID Context);
// PASSIVE_LEVEL, no lock held. Waits for accesses under way, then runs _REG (8, 0). Nothing if not
// connected.
VOID GxAcpiDisconnectPinRegion(PDEVICE_OBJECT PhysicalDevice);

// PASSIVE_LEVEL. A _DSM function that returns a package of integers (10.5). `Count` gets their
// number. STATUS_NOT_SUPPORTED: no _DSM, or its function 0 does not announce this one.
// STATUS_ACPI_INVALID_DATA: something else was returned, by function 0 or by this one, as
// `FailedFunction` says. STATUS_BUFFER_OVERFLOW: more than `Capacity`. STATUS_ACPI_FATAL: the
// method failed.
NTSTATUS GxAcpiQueryDsmIntegers(PDEVICE_OBJECT PhysicalDevice, const GUID* Interface,
                                ULONG Revision, ULONG Function, PULONG64 Integers, ULONG Capacity,
                                PULONG Count, PULONG FailedFunction);

#ifdef __cplusplus
}
#endif
