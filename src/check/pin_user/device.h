//
// The device of the driver, and what its files do for each other.
//

#pragma once

#include <ntddk.h>
#include <wdf.h>

#include "pin_user.h"
#include "source.h"

#define PINUSER_POOL_TAG 'suPG'

#define PINUSER_BITS_MAXIMUM 64

typedef struct _PINUSER_INTERRUPT {
    CM_PARTIAL_RESOURCE_DESCRIPTOR Resource;
    struct _PINUSER_CONTEXT* User;
    PKINTERRUPT Object;
    PINUSER_CONNECT Parameters;
    volatile LONG Served;
    volatile LONG Unclaimed;
} PINUSER_INTERRUPT, *PPINUSER_INTERRUPT;

typedef struct _PINUSER_CONNECTION {
    ULONG IdLow;
    ULONG IdHigh;
    WDFIOTARGET Target;
    BOOLEAN Open;
} PINUSER_CONNECTION, *PPINUSER_CONNECTION;

typedef struct _PINUSER_CONTEXT {
    WDFDEVICE Device;
    PSOURCE_BANK Source;
    SIZE_T SourceLength;
    PPINUSER_INTERRUPT Interrupts;
    ULONG InterruptCount;
    PPINUSER_CONNECTION Connections;
    ULONG ConnectionCount;
} PINUSER_CONTEXT, *PPINUSER_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PINUSER_CONTEXT, PinUserGetContext)

//
// interrupt.c
//

NTSTATUS
PinUserConnectInterrupt(_In_ PPINUSER_CONTEXT User, _In_ const PINUSER_CONNECT* Connect);

NTSTATUS
PinUserDisconnectInterrupt(_In_ PPINUSER_CONTEXT User, _In_ ULONG Number);

//
// Drives the wire to the active level, or lets it go back to the inactive one.
//

VOID PinUserSetSource(_In_ PPINUSER_INTERRUPT Interrupt, _In_ BOOLEAN Active);

//
// Until the service routine was called so often since it was last asked.
//

NTSTATUS
PinUserAwaitCalls(_In_ PPINUSER_INTERRUPT Interrupt, _In_ ULONG Calls);

//
// connection.c
//

NTSTATUS
PinUserOpenConnection(_In_ PPINUSER_CONTEXT User, _In_ ULONG Number, _In_ ACCESS_MASK Access);

NTSTATUS
PinUserCloseConnection(_In_ PPINUSER_CONTEXT User, _In_ ULONG Number);

NTSTATUS
PinUserTransfer(_In_ PPINUSER_CONNECTION Connection, _In_ BOOLEAN Write, _Inout_ PUCHAR Bits,
                _In_ ULONG Length);

//
// repetition.c: STATUS_PENDING, and the request is completed later; or a failure.
//

NTSTATUS
PinUserBeginToRepeat(_In_ PPINUSER_CONTEXT User, _In_ WDFREQUEST Request,
                     _In_ const PINUSER_REPEAT* What);
