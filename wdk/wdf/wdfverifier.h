/*
 * Break and bug check on behalf of the framework.
 */
#pragma once

#include "wdfglobals.h"

WDF_EXTERN_C_START

VOID WdfVerifierDbgBreakPoint(VOID);

VOID WdfVerifierKeBugCheck(
    _In_ ULONG BugCheckCode, _In_ ULONG_PTR BugCheckParameter1, _In_ ULONG_PTR BugCheckParameter2,
    _In_ ULONG_PTR BugCheckParameter3, _In_ ULONG_PTR BugCheckParameter4);

PVOID WdfGetTriageInfo(VOID);

WDF_EXTERN_C_END
