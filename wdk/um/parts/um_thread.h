/* Threads of the driver, and who runs. */
#pragma once

#include "um_types.h"

#define CREATE_SUSPENDED 0x00000004
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x00010000

typedef DWORD(WINAPI* PTHREAD_START_ROUTINE)(LPVOID Parameter);
typedef PTHREAD_START_ROUTINE LPTHREAD_START_ROUTINE;

EXTERN_C_START
HANDLE WINAPI CreateThread(_In_opt_ LPSECURITY_ATTRIBUTES Attributes, _In_ SIZE_T StackSize,
                           _In_ LPTHREAD_START_ROUTINE Start, _In_opt_ LPVOID Parameter,
                           _In_ DWORD Flags, _Out_opt_ LPDWORD ThreadId);
BOOL WINAPI GetExitCodeThread(_In_ HANDLE Thread, _Out_ LPDWORD ExitCode);
DWORD WINAPI GetCurrentThreadId(VOID);
DWORD WINAPI GetCurrentProcessId(VOID);
BOOL WINAPI SwitchToThread(VOID);
VOID WINAPI Sleep(_In_ DWORD Milliseconds);
DWORD WINAPI SleepEx(_In_ DWORD Milliseconds, _In_ BOOL Alertable);

/* Of the calling thread. */
DWORD WINAPI GetLastError(VOID);
VOID WINAPI SetLastError(_In_ DWORD Code);
EXTERN_C_END
