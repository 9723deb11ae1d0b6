/* The heap of a driver's process. */
#pragma once

#include "um_types.h"

#define HEAP_NO_SERIALIZE 0x00000001
#define HEAP_GENERATE_EXCEPTIONS 0x00000004
#define HEAP_ZERO_MEMORY 0x00000008
#define HEAP_REALLOC_IN_PLACE_ONLY 0x00000010

EXTERN_C_START
HANDLE WINAPI GetProcessHeap(VOID);
LPVOID WINAPI HeapAlloc(_In_ HANDLE Heap, _In_ DWORD Flags, _In_ SIZE_T Bytes);
LPVOID WINAPI HeapReAlloc(_In_ HANDLE Heap, _In_ DWORD Flags, _In_ LPVOID Block, _In_ SIZE_T Bytes);
BOOL WINAPI HeapFree(_In_ HANDLE Heap, _In_ DWORD Flags, _In_opt_ LPVOID Block);
SIZE_T WINAPI HeapSize(_In_ HANDLE Heap, _In_ DWORD Flags, _In_ LPCVOID Block);
EXTERN_C_END
