/*
 * What user mode may say in words of the native interface: statuses, counted strings, names of
 * objects. It goes after <windows.h>, or without.
 */
#pragma once

#include "windows.h"

EXTERN_C_START
NTSTATUS NTAPI NtClose(_In_ HANDLE Handle);
EXTERN_C_END
