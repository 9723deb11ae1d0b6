/*
 * Wait locks, spin locks and the callback lock of devices and queues.
 */
#pragma once

#include "wdfobject.h"

WDF_EXTERN_C_START

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectAcquireLock(_In_ WDFOBJECT Object);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectReleaseLock(_In_ WDFOBJECT Object);

_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfWaitLockCreate(_In_opt_ PWDF_OBJECT_ATTRIBUTES LockAttributes, _Out_ WDFWAITLOCK* Lock);

NTSTATUS WdfWaitLockAcquire(_In_ WDFWAITLOCK Lock, _In_opt_ PLONGLONG Timeout);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfWaitLockRelease(_In_ WDFWAITLOCK Lock);

_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfSpinLockCreate(
    _In_opt_ PWDF_OBJECT_ATTRIBUTES SpinLockAttributes, _Out_ WDFSPINLOCK* SpinLock);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfSpinLockAcquire(_In_ WDFSPINLOCK SpinLock);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfSpinLockRelease(_In_ WDFSPINLOCK SpinLock);

WDF_EXTERN_C_END
