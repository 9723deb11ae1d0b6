/*
 * The base of what a class extension needs on top of wdf.h. A class extension is a KMDF driver
 * that takes part in the creation of its clients' devices.
 */
#pragma once

#include "wdf.h"

WDF_EXTERN_C_START

/* Bug check on behalf of a client's mistake: the report names the extension's client. */
VOID WdfCxVerifierKeBugCheck(
    _In_opt_ WDFOBJECT Object, _In_ ULONG BugCheckCode, _In_ ULONG_PTR BugCheckParameter1,
    _In_ ULONG_PTR BugCheckParameter2, _In_ ULONG_PTR BugCheckParameter3,
    _In_ ULONG_PTR BugCheckParameter4);

WDF_EXTERN_C_END
