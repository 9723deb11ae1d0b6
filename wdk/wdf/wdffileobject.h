/*
 * File objects: one for each open handle of a device.
 */
#pragma once

#include "wdfobject.h"

WDF_EXTERN_C_START

_IRQL_requires_max_(PASSIVE_LEVEL)
PUNICODE_STRING WdfFileObjectGetFileName(_In_ WDFFILEOBJECT FileObject);

_IRQL_requires_max_(DISPATCH_LEVEL)
ULONG WdfFileObjectGetFlags(_In_ WDFFILEOBJECT FileObject);

_IRQL_requires_max_(DISPATCH_LEVEL)
WDFDEVICE WdfFileObjectGetDevice(_In_ WDFFILEOBJECT FileObject);

_IRQL_requires_max_(DISPATCH_LEVEL)
ULONG WdfFileObjectGetInitiatorProcessId(_In_ WDFFILEOBJECT FileObject);

_IRQL_requires_max_(DISPATCH_LEVEL)
PFILE_OBJECT WdfFileObjectWdmGetFileObject(_In_ WDFFILEOBJECT FileObject);

WDF_EXTERN_C_END
