/*
 * The scalar types of Windows on a Linux compiler.
 *
 * LONG and ULONG have 32 bits. Every 64-bit integer (ULONG64, ULONGLONG, ULONG_PTR, SIZE_T,
 * `__int64`) is one and the same type, as on 64-bit Windows, so that drivers may mix pointers to
 * them; it is the compiler's own size_t and uint64_t. WCHAR is the compiler's 16-bit wchar_t
 * (-fshort-wchar).
 */
#pragma once

#include "compiler.h"

#ifndef VOID
#define VOID void
#endif
typedef char CHAR;
typedef short SHORT;
typedef int LONG;
typedef int INT;
typedef unsigned char UCHAR;
typedef unsigned short USHORT;
typedef unsigned int ULONG;
typedef unsigned int UINT;
typedef unsigned char BOOLEAN;
typedef wchar_t WCHAR;

typedef long LONGLONG, LONG64, INT64;
typedef unsigned long ULONGLONG, ULONG64, DWORD64, DWORDLONG, UINT64;
typedef long LONG_PTR, INT_PTR, SSIZE_T;
typedef unsigned long ULONG_PTR, UINT_PTR, DWORD_PTR, SIZE_T;
typedef int HALF_PTR;
typedef unsigned int UHALF_PTR;

typedef signed char INT8;
typedef short INT16;
typedef int INT32, LONG32;
typedef unsigned char UINT8;
typedef unsigned short UINT16;
typedef unsigned int UINT32, ULONG32, DWORD32;

typedef void *PVOID, *LPVOID;
typedef const void *PCVOID, *LPCVOID;
typedef void* PVOID64;
typedef CHAR *PCHAR, *LPCH, *PCH, *PSZ, *PSTR, *LPSTR, *NPSTR, CCHAR;
typedef const CHAR *LPCCH, *PCCH, *PCSTR, *LPCSTR, *PCSZ;
typedef CCHAR* PCCHAR;
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *PWSTR, *LPWSTR, *NWPSTR, *PZZWSTR;
typedef const WCHAR *LPCWCH, *PCWCH, *PCWSTR, *LPCWSTR, *PCZZWSTR;
typedef UCHAR* PUCHAR;
typedef SHORT* PSHORT;
typedef USHORT* PUSHORT;
typedef LONG* PLONG;
typedef ULONG* PULONG;
typedef INT* PINT;
typedef UINT* PUINT;
typedef BOOLEAN* PBOOLEAN;
typedef LONGLONG* PLONGLONG;
typedef ULONGLONG* PULONGLONG;
typedef LONG64* PLONG64;
typedef ULONG64* PULONG64;
typedef DWORD64* PDWORD64;
typedef LONG_PTR* PLONG_PTR;
typedef ULONG_PTR *PULONG_PTR, *PDWORD_PTR;
typedef INT_PTR* PINT_PTR;
typedef UINT_PTR* PUINT_PTR;
typedef SIZE_T* PSIZE_T;
typedef SSIZE_T* PSSIZE_T;
typedef INT8* PINT8;
typedef INT16* PINT16;
typedef INT32* PINT32;
typedef INT64* PINT64;
typedef UINT8* PUINT8;
typedef UINT16* PUINT16;
typedef UINT32* PUINT32;
typedef UINT64* PUINT64;
typedef LONG32* PLONG32;
typedef ULONG32* PULONG32;
typedef DWORD32* PDWORD32;

typedef UCHAR KIRQL, *PKIRQL;
typedef ULONG LOGICAL, *PLOGICAL, CLONG, *PCLONG, LCID, *PLCID, EXECUTION_STATE, *PEXECUTION_STATE;
typedef SHORT CSHORT, *PCSHORT;
typedef USHORT LANGID;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;
typedef LONG KPRIORITY;
typedef LONGLONG USN;

typedef LONG NTSTATUS, *PNTSTATUS;
typedef LONG HRESULT, SCODE;
typedef void *HANDLE, **PHANDLE;

/* The words of user mode that drivers use as well. */
typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef unsigned int DWORD, *PDWORD, *LPDWORD;
typedef int BOOL, *PBOOL, *LPBOOL;
typedef float FLOAT, *PFLOAT;
typedef double DOUBLE;
#ifndef CONST
#define CONST const
#endif

#ifndef FALSE
#define FALSE 0
#define TRUE 1
#endif
#ifndef NULL
#define NULL 0
#endif

#define ANSI_NULL ((CHAR)0)
#define UNICODE_NULL ((WCHAR)0)
#define UNICODE_STRING_MAX_BYTES ((USHORT)65534)
#define UNICODE_STRING_MAX_CHARS (32767)

#define MINCHAR 0x80
#define MAXCHAR 0x7f
#define MINSHORT 0x8000
#define MAXSHORT 0x7fff
#define MINLONG 0x80000000
#define MAXLONG 0x7fffffff
#define MAXUCHAR 0xff
#define MAXUSHORT 0xffff
#define MAXULONG 0xffffffffU
#define MAXULONG64 0xffffffffffffffffUL
#define MAXLONGLONG 0x7fffffffffffffffL
#define MAXULONGLONG 0xffffffffffffffffUL
#define MAXULONG_PTR 0xffffffffffffffffUL
#define MAXLONG_PTR 0x7fffffffffffffffL
#define MAXSIZE_T 0xffffffffffffffffUL
#define MAXDWORD 0xffffffffU
#define MAXUINT 0xffffffffU
#define MAXINT 0x7fffffff

typedef union _LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    struct {
        ULONG LowPart;
        ULONG HighPart;
    };
    struct {
        ULONG LowPart;
        ULONG HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _LUID {
    ULONG LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY* Flink;
    struct _LIST_ENTRY* Blink;
} LIST_ENTRY, *PLIST_ENTRY, *RESTRICTED_POINTER PRLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY* Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

typedef struct _PROCESSOR_NUMBER {
    USHORT Group;
    UCHAR Number;
    UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _GROUP_AFFINITY {
    KAFFINITY Mask;
    USHORT Group;
    USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

#define DECLARE_HANDLE(name) \
    struct name##__ {        \
        int unused;          \
    };                       \
    typedef struct name##__* name

#define ALL_PROCESSOR_GROUPS 0xffff
#define MAXIMUM_PROCESSORS 64

#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
#define NT_INFORMATION(status) ((((ULONG)(status)) >> 30) == 1)
#define NT_WARNING(status) ((((ULONG)(status)) >> 30) == 2)
#define NT_ERROR(status) ((((ULONG)(status)) >> 30) == 3)

#define LOBYTE(value) ((UCHAR)((ULONG_PTR)(value)&0xff))
#define HIBYTE(value) ((UCHAR)(((ULONG_PTR)(value) >> 8) & 0xff))
#define LOWORD(value) ((USHORT)((ULONG_PTR)(value)&0xffff))
#define HIWORD(value) ((USHORT)(((ULONG_PTR)(value) >> 16) & 0xffff))
#define MAKEWORD(low, high) ((USHORT)(((UCHAR)(low)) | ((USHORT)((UCHAR)(high)) << 8)))
#define MAKELONG(low, high) ((LONG)(((USHORT)(low)) | ((ULONG)((USHORT)(high)) << 16)))

#define PtrToUlong(pointer) ((ULONG)(ULONG_PTR)(pointer))
#define PtrToLong(pointer) ((LONG)(LONG_PTR)(pointer))
#define PtrToUint(pointer) ((UINT)(ULONG_PTR)(pointer))
#define UlongToPtr(value) ((PVOID)(ULONG_PTR)(ULONG)(value))
#define LongToPtr(value) ((PVOID)(LONG_PTR)(LONG)(value))
#define UlongToHandle(value) ((HANDLE)(ULONG_PTR)(ULONG)(value))
#define HandleToUlong(handle) ((ULONG)(ULONG_PTR)(handle))
#define HandleToLong(handle) ((LONG)(LONG_PTR)(handle))
#define LongToHandle(value) ((HANDLE)(LONG_PTR)(LONG)(value))

#define Int32x32To64(left, right) (((LONGLONG)((LONG)(left))) * ((LONGLONG)((LONG)(right))))
#define UInt32x32To64(left, right) (((ULONGLONG)((ULONG)(left))) * ((ULONGLONG)((ULONG)(right))))
#define Int64ShllMod32(value, count) ((ULONGLONG)(value) << ((count)&31))
#define Int64ShrlMod32(value, count) ((ULONGLONG)(value) >> ((count)&31))

#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(type)              \
    extern "C++" {                                    \
    inline constexpr type operator|(type a, type b) { \
        return type(int(a) | int(b));                 \
    }                                                 \
    inline constexpr type operator&(type a, type b) { \
        return type(int(a) & int(b));                 \
    }                                                 \
    inline constexpr type operator^(type a, type b) { \
        return type(int(a) ^ int(b));                 \
    }                                                 \
    inline constexpr type operator~(type a) {         \
        return type(~int(a));                         \
    }                                                 \
    inline type& operator|=(type& a, type b) {        \
        return a = a | b;                             \
    }                                                 \
    inline type& operator&=(type& a, type b) {        \
        return a = a & b;                             \
    }                                                 \
    inline type& operator^=(type& a, type b) {        \
        return a = a ^ b;                             \
    }                                                 \
    }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(type)
#endif
