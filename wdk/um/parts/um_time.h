/* Clocks, all of virtual time, and what a debugger is told. */
#pragma once

#include "um_types.h"

EXTERN_C_START
ULONGLONG WINAPI GetTickCount64(VOID);
DWORD WINAPI GetTickCount(VOID);
BOOL WINAPI QueryPerformanceCounter(_Out_ LARGE_INTEGER* Count);
BOOL WINAPI QueryPerformanceFrequency(_Out_ LARGE_INTEGER* Frequency);
VOID WINAPI GetSystemTimeAsFileTime(_Out_ LPFILETIME Time);
VOID WINAPI GetSystemTimePreciseAsFileTime(_Out_ LPFILETIME Time);

VOID WINAPI OutputDebugStringA(_In_opt_ LPCSTR Text);
VOID WINAPI OutputDebugStringW(_In_opt_ LPCWSTR Text);
BOOL WINAPI IsDebuggerPresent(VOID);
EXTERN_C_END

#define OutputDebugString OutputDebugStringW
