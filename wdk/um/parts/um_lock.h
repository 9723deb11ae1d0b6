/*
 * Critical sections and slim reader/writer locks. Their state is kept by the machine, found by the
 * address; the members of a critical section show it, for a debugger.
 */
#pragma once

#include "um_types.h"

typedef struct _RTL_CRITICAL_SECTION {
    PVOID DebugInfo;
    LONG LockCount; /* -1: nobody has entered it */
    LONG RecursionCount;
    HANDLE OwningThread; /* the id of a thread */
    HANDLE LockSemaphore;
    ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION;
typedef RTL_CRITICAL_SECTION CRITICAL_SECTION, *PCRITICAL_SECTION, *LPCRITICAL_SECTION;

#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000

typedef struct _RTL_SRWLOCK {
    PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK;
typedef RTL_SRWLOCK SRWLOCK, *PSRWLOCK;

#define RTL_SRWLOCK_INIT {0}
#define SRWLOCK_INIT RTL_SRWLOCK_INIT

EXTERN_C_START
VOID WINAPI InitializeCriticalSection(_Out_ LPCRITICAL_SECTION Section);
BOOL WINAPI InitializeCriticalSectionAndSpinCount(_Out_ LPCRITICAL_SECTION Section,
                                                  _In_ DWORD SpinCount);
BOOL WINAPI InitializeCriticalSectionEx(_Out_ LPCRITICAL_SECTION Section, _In_ DWORD SpinCount,
                                        _In_ DWORD Flags);
VOID WINAPI EnterCriticalSection(_Inout_ LPCRITICAL_SECTION Section);
BOOL WINAPI TryEnterCriticalSection(_Inout_ LPCRITICAL_SECTION Section);
VOID WINAPI LeaveCriticalSection(_Inout_ LPCRITICAL_SECTION Section);
VOID WINAPI DeleteCriticalSection(_Inout_ LPCRITICAL_SECTION Section);
DWORD WINAPI SetCriticalSectionSpinCount(_Inout_ LPCRITICAL_SECTION Section, _In_ DWORD SpinCount);

VOID WINAPI InitializeSRWLock(_Out_ PSRWLOCK Lock);
VOID WINAPI AcquireSRWLockExclusive(_Inout_ PSRWLOCK Lock);
VOID WINAPI ReleaseSRWLockExclusive(_Inout_ PSRWLOCK Lock);
BOOLEAN WINAPI TryAcquireSRWLockExclusive(_Inout_ PSRWLOCK Lock);
VOID WINAPI AcquireSRWLockShared(_Inout_ PSRWLOCK Lock);
VOID WINAPI ReleaseSRWLockShared(_Inout_ PSRWLOCK Lock);
BOOLEAN WINAPI TryAcquireSRWLockShared(_Inout_ PSRWLOCK Lock);
EXTERN_C_END
