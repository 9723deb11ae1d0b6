/*
 * String objects around a UNICODE_STRING.
 */
#pragma once

#include "wdfobject.h"

WDF_EXTERN_C_START

_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS WdfStringCreate(
    _In_opt_ PCUNICODE_STRING UnicodeString, _In_opt_ PWDF_OBJECT_ATTRIBUTES StringAttributes,
    _Out_ WDFSTRING* String);

_IRQL_requires_max_(PASSIVE_LEVEL)
VOID WdfStringGetUnicodeString(_In_ WDFSTRING String, _Out_ PUNICODE_STRING UnicodeString);

WDF_EXTERN_C_END
