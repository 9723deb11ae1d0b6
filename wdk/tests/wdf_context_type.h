/* A header as drivers have it: a context type that several sources of the driver use. */
#pragma once

#include <ntddk.h>
#include <wdf.h>

typedef struct _SHARED_CONTEXT {
    ULONG Value;
    ULONG64 Wide;
} SHARED_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(SHARED_CONTEXT, GetSharedContext)

WDF_EXTERN_C_START

/* Many drivers wrap whole headers like this. */
typedef struct _WRAPPED_CONTEXT {
    UCHAR Bytes[5];
} WRAPPED_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE(WRAPPED_CONTEXT);

PCWDF_OBJECT_CONTEXT_TYPE_INFO WrappedTypeAsSeenFromC(void);
PCWDF_OBJECT_CONTEXT_TYPE_INFO SharedTypeAsSeenFromC(void);
SHARED_CONTEXT *SharedContextAsSeenFromC(WDFOBJECT Handle);
WDF_EXTERN_C_END
