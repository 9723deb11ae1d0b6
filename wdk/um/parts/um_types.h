/* The scalar words of Win32. DWORD and BOOL have 32 bits. */
#pragma once

#include "ntdef.h"

#ifndef __WDF_BYTE_DEFINED__
#define __WDF_BYTE_DEFINED__
typedef UCHAR BYTE;
#endif
typedef UCHAR *PBYTE, *LPBYTE;
typedef USHORT WORD, *PWORD, *LPWORD;
typedef ULONG DWORD, *PDWORD, *LPDWORD;
typedef int BOOL, *PBOOL, *LPBOOL;
typedef float FLOAT, *PFLOAT;
typedef int *LPINT;
typedef LONG *LPLONG;
typedef WCHAR TCHAR, *PTCHAR;
typedef PWSTR PTSTR, LPTSTR;
typedef PCWSTR PCTSTR, LPCTSTR;
typedef HANDLE *LPHANDLE;
typedef struct HINSTANCE__ *HINSTANCE;
typedef HINSTANCE HMODULE;
typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#define WINBASEAPI
#ifndef TEXT
#define TEXT(quote) L##quote
#endif
#ifndef MAX_PATH
#define MAX_PATH 260
#endif
#define INFINITE 0xFFFFFFFF
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#ifndef ZeroMemory
#define ZeroMemory RtlZeroMemory
#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory
#define FillMemory RtlFillMemory
#endif
#ifndef LOWORD
#define LOWORD(value) ((WORD)((ULONG_PTR)(value)&0xffff))
#define HIWORD(value) ((WORD)(((ULONG_PTR)(value) >> 16) & 0xffff))
#define LOBYTE(value) ((BYTE)((ULONG_PTR)(value)&0xff))
#define HIBYTE(value) ((BYTE)(((ULONG_PTR)(value) >> 8) & 0xff))
#endif
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
