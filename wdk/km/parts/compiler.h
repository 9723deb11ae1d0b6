/*
 * Compiler words of the Windows headers: calling conventions, inlining, alignment, linkage,
 * sections.
 *
 * Everything is compiled for the System V x86-64 convention, so the calling-convention words
 * vanish.
 */
#pragma once

#include <stddef.h>
#include <stdarg.h>

#ifdef __cplusplus
#define EXTERN_C extern "C"
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END }
#else
#define EXTERN_C extern
#define EXTERN_C_START
#define EXTERN_C_END
#endif

/* Calling conventions. */
#undef __cdecl
#undef __stdcall
#undef __fastcall
#undef __thiscall
#undef __vectorcall
#define __cdecl
#define __stdcall
#define __fastcall
#define __thiscall
#define __vectorcall
#define _cdecl
#define _stdcall
#define _fastcall
#define NTAPI
#define NTAPI_INLINE
#define FASTCALL
#define WINAPI
#define APIENTRY
#define CALLBACK
#define CDECL
#define STDAPICALLTYPE
#define STDMETHODCALLTYPE

/* Import and export: the driver kit links without leaving undefined symbols, nothing is imported by
 * attribute. */
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT
#define NTKERNELAPI
#define NTHALAPI
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTKRNLVISTAAPI
#define _CRTIMP

#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_SELECTANY __attribute__((weak))
#define DECLSPEC_NOINLINE __attribute__((noinline))
#define DECLSPEC_NOTHROW __attribute__((nothrow))
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_NOVTABLE
#define DECLSPEC_UUID(text)
#define DECLSPEC_ADDRSAFE
#define DECLSPEC_GUARD_SUPPRESS
#define DECLSPEC_SAFEBUFFERS
#define NOINLINE __attribute__((noinline))
#define POINTER_ALIGNMENT DECLSPEC_ALIGN(8)
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64
#define UNALIGNED
#define UNALIGNED64
#define RESTRICTED_POINTER
#define POINTER_32
#define POINTER_64
#define FIRMWARE_PTR
#define __ptr32
#define __ptr64
#define __unaligned
#define __w64

/*
 * Microsoft's compiler emits inline functions of C sources wherever they are needed, C99 does not.
 * `static` is the nearest meaning. The kernel build keeps its compiler's own words (libstdc++ uses
 * `__inline`).
 */
#ifdef __cplusplus
#define FORCEINLINE inline __attribute__((always_inline))
#define CFORCEINLINE FORCEINLINE
#else
#define FORCEINLINE static __inline__ __attribute__((always_inline))
#define CFORCEINLINE FORCEINLINE
#endif
#ifndef GPIOCLX_KERNEL_BUILD
#ifndef __cplusplus
#undef __inline
#undef _inline
#undef __forceinline
#define __inline static __inline__
#define _inline static __inline__
#define __forceinline FORCEINLINE
#endif
/* One 64-bit integer type: see basic_types.h. */
#define __int64 long
#define _int64 long
#define __int32 int
#define __int16 short
#define __int8 char
#endif

/* Used by these headers themselves for functions in headers. Unused ones give no warning. */
#define GX_INLINE static __inline__ __attribute__((unused))

#define ALLOC_PRAGMA 1
#define ALLOC_DATA_PRAGMA 1

#ifdef __cplusplus
#define C_ASSERT(condition) static_assert(condition, #condition)
#else
#define C_ASSERT(condition) _Static_assert(condition, #condition)
#endif

#ifdef __cplusplus
#define TYPE_ALIGNMENT(type) alignof(type)
#else
#define TYPE_ALIGNMENT(type) _Alignof(type)
#endif
#define PROBE_ALIGNMENT(structure) TYPE_ALIGNMENT(ULONG)

#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif

#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(variable) ((void)(variable))
#define DEFAULT_UNREACHABLE \
    default:                \
        __builtin_unreachable()

/* Parameter marks of the oldest sources. */
#ifndef GPIOCLX_KERNEL_BUILD
#define IN
#define OUT
#define INOUT
#define OPTIONAL
#define CRITICAL
#endif

#ifndef FIELD_OFFSET
#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#endif
#define UFIELD_OFFSET(type, field) ((ULONG)offsetof(type, field))
#define FIELD_SIZE(type, field) (sizeof(((type*)0)->field))
#define RTL_FIELD_SIZE(type, field) (sizeof(((type*)0)->field))
#define RTL_FIELD_TYPE(type, field) (((type*)0)->field)
#define RTL_SIZEOF_THROUGH_FIELD(type, field) (offsetof(type, field) + RTL_FIELD_SIZE(type, field))
#define RTL_CONTAINS_FIELD(structure, size, field)                    \
    ((((PCHAR)(&(structure)->field)) + sizeof((structure)->field)) <= \
     (((PCHAR)(structure)) + (size)))
#define CONTAINING_RECORD(address, type, field) ((type*)((char*)(address)-offsetof(type, field)))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#define RTL_NUMBER_OF_V1(array) RTL_NUMBER_OF(array)
#define RTL_NUMBER_OF_V2(array) RTL_NUMBER_OF(array)
#define RTL_NUMBER_OF_FIELD(type, field) RTL_NUMBER_OF(RTL_FIELD_TYPE(type, field))
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#define _ARRAYSIZE(array) RTL_NUMBER_OF(array)
#define ARGUMENT_PRESENT(argument) ((char*)((ULONG_PTR)(argument)) != (char*)0)

#define ANYSIZE_ARRAY 1
#define DUMMYUNIONNAME
#define DUMMYUNIONNAME2
#define DUMMYUNIONNAME3
#define DUMMYUNIONNAME4
#define DUMMYUNIONNAME5
#define DUMMYUNIONNAME6
#define DUMMYUNIONNAME7
#define DUMMYUNIONNAME8
#define DUMMYSTRUCTNAME
#define DUMMYSTRUCTNAME2
#define DUMMYSTRUCTNAME3

#define NOTHING
#define RTL_CONST_CAST(type) (type)
