/*
 * Length-checked string functions. All of them terminate what they write, cut it where there is no
 * room and say so by STATUS_BUFFER_OVERFLOW; a size of 0 or above NTSTRSAFE_MAX_CCH characters is
 * STATUS_INVALID_PARAMETER. Cch functions count characters, Cb functions bytes. They are functions
 * of the kernel; NTSTRSAFE_LIB changes nothing.
 */
#pragma once

#include <stdarg.h>
#include "ntdef.h"
#include "ntstatus.h"

#define NTSTRSAFE_MAX_CCH 2147483647
#define NTSTRSAFE_MAX_LENGTH (NTSTRSAFE_MAX_CCH - 1)
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))

#define STRSAFE_FILL_BYTE(x) ((ULONG)((x)&0x000000FF) | STRSAFE_FILL_BEHIND_NULL)
#define STRSAFE_FAILURE_BYTE(x) ((ULONG)((x)&0x000000FF) | STRSAFE_FILL_ON_FAILURE)
#define STRSAFE_IGNORE_NULLS 0x00000100
#define STRSAFE_FILL_BEHIND_NULL 0x00000200
#define STRSAFE_FILL_ON_FAILURE 0x00000400
#define STRSAFE_NULL_ON_FAILURE 0x00000800
#define STRSAFE_NO_TRUNCATION 0x00001000
#define STRSAFE_IGNORE_NULL_UNICODE_STRINGS 0x00010000
#define STRSAFE_UNICODE_STRING_DEST_NULL_TERMINATED 0x00020000
#define STRSAFE_FILL_BEHIND STRSAFE_FILL_BEHIND_NULL
#define STRSAFE_ZERO_LENGTH_ON_FAILURE STRSAFE_NULL_ON_FAILURE

EXTERN_C_START
/* 8-bit characters. */
NTSTATUS RtlStringCchCopyA(PSTR pszDest, size_t cchDest, PCSTR pszSrc);
NTSTATUS RtlStringCchCopyExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                             size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchCopyNA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToCopy);
NTSTATUS RtlStringCchCopyNExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToCopy,
                              PSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchCatA(PSTR pszDest, size_t cchDest, PCSTR pszSrc);
NTSTATUS RtlStringCchCatExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                            size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchCatNA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToAppend);
NTSTATUS RtlStringCchCatNExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToAppend,
                             PSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchVPrintfA(PSTR pszDest, size_t cchDest, PCSTR pszFormat, va_list argList);
NTSTATUS RtlStringCchVPrintfExA(PSTR pszDest, size_t cchDest, PSTR* ppszDestEnd,
                                size_t* pcchRemaining, ULONG dwFlags, PCSTR pszFormat,
                                va_list argList);
NTSTATUS RtlStringCchPrintfA(PSTR pszDest, size_t cchDest, PCSTR pszFormat, ...);
NTSTATUS RtlStringCchPrintfExA(PSTR pszDest, size_t cchDest, PSTR* ppszDestEnd,
                               size_t* pcchRemaining, ULONG dwFlags, PCSTR pszFormat, ...);
NTSTATUS RtlStringCchLengthA(PCSTR psz, size_t cchMax, size_t* pcchLength);
NTSTATUS RtlStringCbCopyA(PSTR pszDest, size_t cbDest, PCSTR pszSrc);
NTSTATUS RtlStringCbCopyExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                            size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbCopyNA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToCopy);
NTSTATUS RtlStringCbCopyNExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToCopy,
                             PSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbCatA(PSTR pszDest, size_t cbDest, PCSTR pszSrc);
NTSTATUS RtlStringCbCatExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                           size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbCatNA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToAppend);
NTSTATUS RtlStringCbCatNExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToAppend,
                            PSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbVPrintfA(PSTR pszDest, size_t cbDest, PCSTR pszFormat, va_list argList);
NTSTATUS RtlStringCbVPrintfExA(PSTR pszDest, size_t cbDest, PSTR* ppszDestEnd, size_t* pcbRemaining,
                               ULONG dwFlags, PCSTR pszFormat, va_list argList);
NTSTATUS RtlStringCbPrintfA(PSTR pszDest, size_t cbDest, PCSTR pszFormat, ...);
NTSTATUS RtlStringCbPrintfExA(PSTR pszDest, size_t cbDest, PSTR* ppszDestEnd, size_t* pcbRemaining,
                              ULONG dwFlags, PCSTR pszFormat, ...);
NTSTATUS RtlStringCbLengthA(PCSTR psz, size_t cbMax, size_t* pcbLength);

/* 16-bit characters. */
NTSTATUS RtlStringCchCopyW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc);
NTSTATUS RtlStringCchCopyExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                             size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchCopyNW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToCopy);
NTSTATUS RtlStringCchCopyNExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToCopy,
                              PWSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchCatW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc);
NTSTATUS RtlStringCchCatExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                            size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchCatNW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToAppend);
NTSTATUS RtlStringCchCatNExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToAppend,
                             PWSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
NTSTATUS RtlStringCchVPrintfW(PWSTR pszDest, size_t cchDest, PCWSTR pszFormat, va_list argList);
NTSTATUS RtlStringCchVPrintfExW(PWSTR pszDest, size_t cchDest, PWSTR* ppszDestEnd,
                                size_t* pcchRemaining, ULONG dwFlags, PCWSTR pszFormat,
                                va_list argList);
NTSTATUS RtlStringCchPrintfW(PWSTR pszDest, size_t cchDest, PCWSTR pszFormat, ...);
NTSTATUS RtlStringCchPrintfExW(PWSTR pszDest, size_t cchDest, PWSTR* ppszDestEnd,
                               size_t* pcchRemaining, ULONG dwFlags, PCWSTR pszFormat, ...);
NTSTATUS RtlStringCchLengthW(PCWSTR psz, size_t cchMax, size_t* pcchLength);
NTSTATUS RtlStringCbCopyW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc);
NTSTATUS RtlStringCbCopyExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                            size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbCopyNW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToCopy);
NTSTATUS RtlStringCbCopyNExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToCopy,
                             PWSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbCatW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc);
NTSTATUS RtlStringCbCatExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                           size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbCatNW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToAppend);
NTSTATUS RtlStringCbCatNExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToAppend,
                            PWSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
NTSTATUS RtlStringCbVPrintfW(PWSTR pszDest, size_t cbDest, PCWSTR pszFormat, va_list argList);
NTSTATUS RtlStringCbVPrintfExW(PWSTR pszDest, size_t cbDest, PWSTR* ppszDestEnd,
                               size_t* pcbRemaining, ULONG dwFlags, PCWSTR pszFormat,
                               va_list argList);
NTSTATUS RtlStringCbPrintfW(PWSTR pszDest, size_t cbDest, PCWSTR pszFormat, ...);
NTSTATUS RtlStringCbPrintfExW(PWSTR pszDest, size_t cbDest, PWSTR* ppszDestEnd,
                              size_t* pcbRemaining, ULONG dwFlags, PCWSTR pszFormat, ...);
NTSTATUS RtlStringCbLengthW(PCWSTR psz, size_t cbMax, size_t* pcbLength);

/* Counted strings: nothing beyond MaximumLength is written, no terminator is. */
NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString, PCWSTR pszSrc);
NTSTATUS RtlUnicodeStringInitEx(PUNICODE_STRING DestinationString, PCWSTR pszSrc, ULONG dwFlags);
NTSTATUS RtlUnicodeStringValidate(PCUNICODE_STRING SourceString);
NTSTATUS RtlUnicodeStringValidateEx(PCUNICODE_STRING SourceString, ULONG dwFlags);
NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString, PCWSTR pszSrc);
NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
NTSTATUS RtlUnicodeStringCopyEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                PUNICODE_STRING RemainingString, ULONG dwFlags);
NTSTATUS RtlUnicodeStringCchCopyStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                        size_t cchToCopy);
NTSTATUS RtlUnicodeStringCbCopyStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                       size_t cbToCopy);
NTSTATUS RtlUnicodeStringCchCopyN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                  size_t cchToCopy);
NTSTATUS RtlUnicodeStringCbCopyN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                 size_t cbToCopy);
NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString, PCWSTR pszSrc);
NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
NTSTATUS RtlUnicodeStringCchCatN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                 size_t cchToAppend);
NTSTATUS RtlUnicodeStringCbCatN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                size_t cbToAppend);
NTSTATUS RtlUnicodeStringCchCatStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                       size_t cchToAppend);
NTSTATUS RtlUnicodeStringCbCatStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                      size_t cbToAppend);
NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, PCWSTR pszFormat, ...);
NTSTATUS RtlUnicodeStringPrintfEx(PUNICODE_STRING DestinationString,
                                  PUNICODE_STRING RemainingString, ULONG dwFlags, PCWSTR pszFormat,
                                  ...);
NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString, PCWSTR pszFormat,
                                 va_list argList);
NTSTATUS RtlUnicodeStringVPrintfEx(PUNICODE_STRING DestinationString,
                                   PUNICODE_STRING RemainingString, ULONG dwFlags, PCWSTR pszFormat,
                                   va_list argList);
NTSTATUS RtlUnalignedStringCchLengthW(PCWSTR psz, size_t cchMax, size_t* pcchLength);
NTSTATUS RtlUnalignedStringCbLengthW(PCWSTR psz, size_t cbMax, size_t* pcbLength);
EXTERN_C_END

/* Drivers are built for 16-bit characters if they ask for UNICODE. */
#ifdef UNICODE
#define RtlStringCbCat RtlStringCbCatW
#define RtlStringCbCatEx RtlStringCbCatExW
#define RtlStringCbCatN RtlStringCbCatNW
#define RtlStringCbCatNEx RtlStringCbCatNExW
#define RtlStringCbCopy RtlStringCbCopyW
#define RtlStringCbCopyEx RtlStringCbCopyExW
#define RtlStringCbCopyN RtlStringCbCopyNW
#define RtlStringCbCopyNEx RtlStringCbCopyNExW
#define RtlStringCbLength RtlStringCbLengthW
#define RtlStringCbPrintf RtlStringCbPrintfW
#define RtlStringCbPrintfEx RtlStringCbPrintfExW
#define RtlStringCbVPrintf RtlStringCbVPrintfW
#define RtlStringCbVPrintfEx RtlStringCbVPrintfExW
#define RtlStringCchCat RtlStringCchCatW
#define RtlStringCchCatEx RtlStringCchCatExW
#define RtlStringCchCatN RtlStringCchCatNW
#define RtlStringCchCatNEx RtlStringCchCatNExW
#define RtlStringCchCopy RtlStringCchCopyW
#define RtlStringCchCopyEx RtlStringCchCopyExW
#define RtlStringCchCopyN RtlStringCchCopyNW
#define RtlStringCchCopyNEx RtlStringCchCopyNExW
#define RtlStringCchLength RtlStringCchLengthW
#define RtlStringCchPrintf RtlStringCchPrintfW
#define RtlStringCchPrintfEx RtlStringCchPrintfExW
#define RtlStringCchVPrintf RtlStringCchVPrintfW
#define RtlStringCchVPrintfEx RtlStringCchVPrintfExW
#else
#define RtlStringCbCat RtlStringCbCatA
#define RtlStringCbCatEx RtlStringCbCatExA
#define RtlStringCbCatN RtlStringCbCatNA
#define RtlStringCbCatNEx RtlStringCbCatNExA
#define RtlStringCbCopy RtlStringCbCopyA
#define RtlStringCbCopyEx RtlStringCbCopyExA
#define RtlStringCbCopyN RtlStringCbCopyNA
#define RtlStringCbCopyNEx RtlStringCbCopyNExA
#define RtlStringCbLength RtlStringCbLengthA
#define RtlStringCbPrintf RtlStringCbPrintfA
#define RtlStringCbPrintfEx RtlStringCbPrintfExA
#define RtlStringCbVPrintf RtlStringCbVPrintfA
#define RtlStringCbVPrintfEx RtlStringCbVPrintfExA
#define RtlStringCchCat RtlStringCchCatA
#define RtlStringCchCatEx RtlStringCchCatExA
#define RtlStringCchCatN RtlStringCchCatNA
#define RtlStringCchCatNEx RtlStringCchCatNExA
#define RtlStringCchCopy RtlStringCchCopyA
#define RtlStringCchCopyEx RtlStringCchCopyExA
#define RtlStringCchCopyN RtlStringCchCopyNA
#define RtlStringCchCopyNEx RtlStringCchCopyNExA
#define RtlStringCchLength RtlStringCchLengthA
#define RtlStringCchPrintf RtlStringCchPrintfA
#define RtlStringCchPrintfEx RtlStringCchPrintfExA
#define RtlStringCchVPrintf RtlStringCchVPrintfA
#define RtlStringCchVPrintfEx RtlStringCchVPrintfExA
#endif
