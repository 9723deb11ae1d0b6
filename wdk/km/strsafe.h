/* The user-mode names of the length-checked string functions (ntstrsafe.h); they report by HRESULT.
 */
#pragma once

#include <stdarg.h>
#include "ntdef.h"
#include "parts/hresult.h"

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_MAX_LENGTH (STRSAFE_MAX_CCH - 1)
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE ((HRESULT)0x80070026)

EXTERN_C_START
/* 8-bit characters. */
HRESULT StringCchCopyA(PSTR pszDest, size_t cchDest, PCSTR pszSrc);
HRESULT StringCchCopyExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                         size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchCopyNA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToCopy);
HRESULT StringCchCopyNExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToCopy,
                          PSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchCatA(PSTR pszDest, size_t cchDest, PCSTR pszSrc);
HRESULT StringCchCatExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                        size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchCatNA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToAppend);
HRESULT StringCchCatNExA(PSTR pszDest, size_t cchDest, PCSTR pszSrc, size_t cchToAppend,
                         PSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchVPrintfA(PSTR pszDest, size_t cchDest, PCSTR pszFormat, va_list argList);
HRESULT StringCchVPrintfExA(PSTR pszDest, size_t cchDest, PSTR* ppszDestEnd, size_t* pcchRemaining,
                            ULONG dwFlags, PCSTR pszFormat, va_list argList);
HRESULT StringCchPrintfA(PSTR pszDest, size_t cchDest, PCSTR pszFormat, ...);
HRESULT StringCchPrintfExA(PSTR pszDest, size_t cchDest, PSTR* ppszDestEnd, size_t* pcchRemaining,
                           ULONG dwFlags, PCSTR pszFormat, ...);
HRESULT StringCchLengthA(PCSTR psz, size_t cchMax, size_t* pcchLength);
HRESULT StringCbCopyA(PSTR pszDest, size_t cbDest, PCSTR pszSrc);
HRESULT StringCbCopyExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                        size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbCopyNA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToCopy);
HRESULT StringCbCopyNExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToCopy,
                         PSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbCatA(PSTR pszDest, size_t cbDest, PCSTR pszSrc);
HRESULT StringCbCatExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, PSTR* ppszDestEnd,
                       size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbCatNA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToAppend);
HRESULT StringCbCatNExA(PSTR pszDest, size_t cbDest, PCSTR pszSrc, size_t cbToAppend,
                        PSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbVPrintfA(PSTR pszDest, size_t cbDest, PCSTR pszFormat, va_list argList);
HRESULT StringCbVPrintfExA(PSTR pszDest, size_t cbDest, PSTR* ppszDestEnd, size_t* pcbRemaining,
                           ULONG dwFlags, PCSTR pszFormat, va_list argList);
HRESULT StringCbPrintfA(PSTR pszDest, size_t cbDest, PCSTR pszFormat, ...);
HRESULT StringCbPrintfExA(PSTR pszDest, size_t cbDest, PSTR* ppszDestEnd, size_t* pcbRemaining,
                          ULONG dwFlags, PCSTR pszFormat, ...);
HRESULT StringCbLengthA(PCSTR psz, size_t cbMax, size_t* pcbLength);

/* 16-bit characters. */
HRESULT StringCchCopyW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc);
HRESULT StringCchCopyExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                         size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchCopyNW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToCopy);
HRESULT StringCchCopyNExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToCopy,
                          PWSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchCatW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc);
HRESULT StringCchCatExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                        size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchCatNW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToAppend);
HRESULT StringCchCatNExW(PWSTR pszDest, size_t cchDest, PCWSTR pszSrc, size_t cchToAppend,
                         PWSTR* ppszDestEnd, size_t* pcchRemaining, ULONG dwFlags);
HRESULT StringCchVPrintfW(PWSTR pszDest, size_t cchDest, PCWSTR pszFormat, va_list argList);
HRESULT StringCchVPrintfExW(PWSTR pszDest, size_t cchDest, PWSTR* ppszDestEnd,
                            size_t* pcchRemaining, ULONG dwFlags, PCWSTR pszFormat,
                            va_list argList);
HRESULT StringCchPrintfW(PWSTR pszDest, size_t cchDest, PCWSTR pszFormat, ...);
HRESULT StringCchPrintfExW(PWSTR pszDest, size_t cchDest, PWSTR* ppszDestEnd, size_t* pcchRemaining,
                           ULONG dwFlags, PCWSTR pszFormat, ...);
HRESULT StringCchLengthW(PCWSTR psz, size_t cchMax, size_t* pcchLength);
HRESULT StringCbCopyW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc);
HRESULT StringCbCopyExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                        size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbCopyNW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToCopy);
HRESULT StringCbCopyNExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToCopy,
                         PWSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbCatW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc);
HRESULT StringCbCatExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, PWSTR* ppszDestEnd,
                       size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbCatNW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToAppend);
HRESULT StringCbCatNExW(PWSTR pszDest, size_t cbDest, PCWSTR pszSrc, size_t cbToAppend,
                        PWSTR* ppszDestEnd, size_t* pcbRemaining, ULONG dwFlags);
HRESULT StringCbVPrintfW(PWSTR pszDest, size_t cbDest, PCWSTR pszFormat, va_list argList);
HRESULT StringCbVPrintfExW(PWSTR pszDest, size_t cbDest, PWSTR* ppszDestEnd, size_t* pcbRemaining,
                           ULONG dwFlags, PCWSTR pszFormat, va_list argList);
HRESULT StringCbPrintfW(PWSTR pszDest, size_t cbDest, PCWSTR pszFormat, ...);
HRESULT StringCbPrintfExW(PWSTR pszDest, size_t cbDest, PWSTR* ppszDestEnd, size_t* pcbRemaining,
                          ULONG dwFlags, PCWSTR pszFormat, ...);
HRESULT StringCbLengthW(PCWSTR psz, size_t cbMax, size_t* pcbLength);
EXTERN_C_END

#ifdef UNICODE
#define StringCbCat StringCbCatW
#define StringCbCatEx StringCbCatExW
#define StringCbCatN StringCbCatNW
#define StringCbCatNEx StringCbCatNExW
#define StringCbCopy StringCbCopyW
#define StringCbCopyEx StringCbCopyExW
#define StringCbCopyN StringCbCopyNW
#define StringCbCopyNEx StringCbCopyNExW
#define StringCbLength StringCbLengthW
#define StringCbPrintf StringCbPrintfW
#define StringCbPrintfEx StringCbPrintfExW
#define StringCbVPrintf StringCbVPrintfW
#define StringCbVPrintfEx StringCbVPrintfExW
#define StringCchCat StringCchCatW
#define StringCchCatEx StringCchCatExW
#define StringCchCatN StringCchCatNW
#define StringCchCatNEx StringCchCatNExW
#define StringCchCopy StringCchCopyW
#define StringCchCopyEx StringCchCopyExW
#define StringCchCopyN StringCchCopyNW
#define StringCchCopyNEx StringCchCopyNExW
#define StringCchLength StringCchLengthW
#define StringCchPrintf StringCchPrintfW
#define StringCchPrintfEx StringCchPrintfExW
#define StringCchVPrintf StringCchVPrintfW
#define StringCchVPrintfEx StringCchVPrintfExW
#else
#define StringCbCat StringCbCatA
#define StringCbCatEx StringCbCatExA
#define StringCbCatN StringCbCatNA
#define StringCbCatNEx StringCbCatNExA
#define StringCbCopy StringCbCopyA
#define StringCbCopyEx StringCbCopyExA
#define StringCbCopyN StringCbCopyNA
#define StringCbCopyNEx StringCbCopyNExA
#define StringCbLength StringCbLengthA
#define StringCbPrintf StringCbPrintfA
#define StringCbPrintfEx StringCbPrintfExA
#define StringCbVPrintf StringCbVPrintfA
#define StringCbVPrintfEx StringCbVPrintfExA
#define StringCchCat StringCchCatA
#define StringCchCatEx StringCchCatExA
#define StringCchCatN StringCchCatNA
#define StringCchCatNEx StringCchCatNExA
#define StringCchCopy StringCchCopyA
#define StringCchCopyEx StringCchCopyExA
#define StringCchCopyN StringCchCopyNA
#define StringCchCopyNEx StringCchCopyNExA
#define StringCchLength StringCchLengthA
#define StringCchPrintf StringCchPrintfA
#define StringCchPrintfEx StringCchPrintfExA
#define StringCchVPrintf StringCchVPrintfA
#define StringCchVPrintfEx StringCchVPrintfExA
#endif
