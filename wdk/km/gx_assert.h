/*
 * Not Windows: where failed assertions and paged-code checks go. The assertion macros of the
 * Windows headers (parts/assertions.h) call these two; the kernel turns them into findings with the
 * driver's file and line.
 */
#pragma once

#include "parts/basic_types.h"

EXTERN_C_START
/* An NT_ASSERT, ASSERT or NT_VERIFY did not hold. Returns; the driver goes on, as under a
 * debugger's "ignore". */
VOID GxAssertFailed(const char* expression, const char* file, ULONG line);
/* The function is pageable: an error if the current IRQL is above APC_LEVEL. */
VOID GxPagedCode(const char* function, const char* file, ULONG line);
/* A driver says that it is spinning (YieldProcessor); costs virtual time, so that polling loops
 * end. */
VOID GxYieldProcessor(VOID);
EXTERN_C_END
