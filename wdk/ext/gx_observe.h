// Not Windows. Marks for observers, findings and settings. Marks change nothing: they only put
// events into the machine's stream.
#pragma once

#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

// A callback of a client is about to be called / has returned (D5). `Operand` is a pin or a mask,
// `Locks` a set of GX_LOCKS_HELD bits at entry, `Function` the client's.
#define GX_HOLDS_INTERRUPT_LOCK 0x1u
#define GX_HOLDS_WAIT_LOCK 0x2u
VOID GxCallbackEnter(PDEVICE_OBJECT PhysicalDevice, PCSTR Callback, ULONG Bank, ULONG64 Operand,
                     ULONG Locks, const VOID* Function);
// Whether anybody follows what callbacks do. Does not change while a device exists.
BOOLEAN GxIsObserved(VOID);
// What the callback that is about to be marked was asked for; members that it has no use for are 0.
typedef struct _GX_CALLBACK_DETAILS {
    ULONG FirstPin;    // of the controller: pin 0 of the bank
    ULONG64 Pins;      // of the bank: that it is about
    BOOLEAN Interrupt; // Mode and Polarity count
    KINTERRUPT_MODE Mode;
    KINTERRUPT_POLARITY Polarity;
    BOOLEAN HasPull;
    UCHAR Pull;        // as firmware has it: 0 default, 1 up, 2 down, 3 none
    UCHAR Direction;   // connections: 1 input, 2 output
    BOOLEAN Preserve;  // configuration and level stay after the disconnect
    BOOLEAN Outputs;   // a read of what outputs drive
    ULONG64 SetPins, ClearPins;  // of a write
    // Of transfers as tables: bit n of the buffer is pin Table[n] of the bank. Read at exit.
    const USHORT* Table;
    ULONG Count;
    const UCHAR* Buffer;
} GX_CALLBACK_DETAILS;
VOID GxCallbackDetails(const GX_CALLBACK_DETAILS* Details);

// Whether the callback fails in this execution without being made: somebody tries what comes of that.
// Asked behind GxCallbackEnter, of callbacks that may fail.
BOOLEAN GxCallbackFails(PDEVICE_OBJECT PhysicalDevice, PCSTR Callback);

VOID GxCallbackExit(PDEVICE_OBJECT PhysicalDevice, PCSTR Callback, ULONG Bank, ULONG64 Result,
                    NTSTATUS Status);

// The device of the innermost such callback that the caller runs in; NULL outside of all, and where it is
// not sure (a DPC or an interrupt on top of a callback). Any IRQL; costs no time of the machine.
PDEVICE_OBJECT GxCallingDevice(VOID);

// Gives a lock (its address) a name in events and findings: "\\_SB.GPIO bank 0 interrupt lock".
// The name is copied.
VOID GxNameLock(const VOID* Lock, PCSTR Name);
VOID GxForgetLock(const VOID* Lock);
// A lock that is made of an event: before the wait (which has no timeout), when it is held, and when
// it is given back. Spin locks and mutexes are noted by the kernel.
VOID GxLockWanted(const VOID* Lock);
VOID GxLockAcquired(const VOID* Lock);
VOID GxLockReleased(const VOID* Lock);

// A rule was broken. `Id` is the specification's ("V3") or "<family>-<nnn>". The text is formatted
// as by DbgPrint. The kernel adds time, processor, IRQL, actor and call stack.
VOID GxReportFinding(PCSTR Id, PDEVICE_OBJECT PhysicalDevice, PCSTR Format, ...);

// Whether somebody looks for what could go wrong too (--verify), and whether this function of a driver
// stands in a section that Windows may page out. Any IRQL.
BOOLEAN GxVerifierIsOn(VOID);
BOOLEAN GxIsPageable(const VOID* Function);

// A setting of the bench that chooses behaviour ("checked", "strict_read_of_outputs", ...).
// PASSIVE_LEVEL. Device settings prevail over general ones; Default if neither is given.
ULONG64 GxQuerySetting(PDEVICE_OBJECT PhysicalDevice, PCSTR Name, ULONG64 Default);

#ifdef __cplusplus
}
#endif
