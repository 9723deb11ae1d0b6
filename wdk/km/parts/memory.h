/* Memory blocks: RtlZeroMemory and family, on the compiler's own memory functions. */
#pragma once

#include <string.h>
#include "basic_types.h"

#define RtlEqualMemory(left, right, length) (!memcmp((left), (right), (length)))
#define RtlMoveMemory(to, from, length) memmove((to), (from), (length))
#define RtlCopyMemory(to, from, length) memcpy((to), (from), (length))
#define RtlCopyVolatileMemory(to, from, length) memcpy((PVOID)(to), (const VOID*)(from), (length))
#define RtlCopyBytes RtlCopyMemory
#define RtlCopyMemoryNonTemporal RtlCopyMemory
#define RtlFillMemory(to, length, value) memset((to), (value), (length))
#define RtlFillBytes RtlFillMemory
#define RtlZeroMemory(to, length) memset((to), 0, (length))
#define RtlZeroBytes RtlZeroMemory

EXTERN_C_START
SIZE_T NTAPI RtlCompareMemory(const VOID* Source1, const VOID* Source2, SIZE_T Length);
EXTERN_C_END

/* Not removable by the optimizer. */
GX_INLINE PVOID RtlSecureZeroMemory(PVOID pointer, SIZE_T count) {
    volatile UCHAR* byte = (volatile UCHAR*)pointer;
    while (count != 0) {
        *byte++ = 0;
        count--;
    }
    return pointer;
}
