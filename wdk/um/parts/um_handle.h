/* Events, waiting for handles, closing them. */
#pragma once

#include "um_types.h"

#ifndef MAXIMUM_WAIT_OBJECTS
#define MAXIMUM_WAIT_OBJECTS 64
#endif
#define CREATE_EVENT_MANUAL_RESET 0x00000001
#define CREATE_EVENT_INITIAL_SET 0x00000002

EXTERN_C_START
HANDLE WINAPI CreateEventW(_In_opt_ LPSECURITY_ATTRIBUTES Attributes, _In_ BOOL ManualReset,
                           _In_ BOOL InitialState, _In_opt_ LPCWSTR Name);
HANDLE WINAPI CreateEventA(_In_opt_ LPSECURITY_ATTRIBUTES Attributes, _In_ BOOL ManualReset,
                           _In_ BOOL InitialState, _In_opt_ LPCSTR Name);
HANDLE WINAPI CreateEventExW(_In_opt_ LPSECURITY_ATTRIBUTES Attributes, _In_opt_ LPCWSTR Name,
                             _In_ DWORD Flags, _In_ DWORD DesiredAccess);
BOOL WINAPI SetEvent(_In_ HANDLE Event);
BOOL WINAPI ResetEvent(_In_ HANDLE Event);
DWORD WINAPI WaitForSingleObject(_In_ HANDLE Handle, _In_ DWORD Milliseconds);
DWORD WINAPI WaitForSingleObjectEx(_In_ HANDLE Handle, _In_ DWORD Milliseconds,
                                   _In_ BOOL Alertable);
DWORD WINAPI WaitForMultipleObjects(_In_ DWORD Count, _In_ const HANDLE* Handles, _In_ BOOL WaitAll,
                                    _In_ DWORD Milliseconds);
DWORD WINAPI WaitForMultipleObjectsEx(_In_ DWORD Count, _In_ const HANDLE* Handles,
                                      _In_ BOOL WaitAll, _In_ DWORD Milliseconds,
                                      _In_ BOOL Alertable);
BOOL WINAPI CloseHandle(_In_ HANDLE Handle);
EXTERN_C_END

#define CreateEvent CreateEventW
#define CreateEventEx CreateEventExW
