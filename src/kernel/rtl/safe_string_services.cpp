// ntstrsafe.h.
#include "kernel/rtl/safe_string.h"

#include "ext/gx_export.h"

namespace rtl = gpioclx::kernel::rtl;

#define GX_AS_IS(status) (status)
GX_SAFE_STRINGS(NTSTATUS, GX_AS_IS, CHAR, RtlStringCch, A, 1);
GX_SAFE_STRINGS(NTSTATUS, GX_AS_IS, CHAR, RtlStringCb, A, 1);
GX_SAFE_STRINGS(NTSTATUS, GX_AS_IS, WCHAR, RtlStringCch, W, 1);
GX_SAFE_STRINGS(NTSTATUS, GX_AS_IS, WCHAR, RtlStringCb, W, 2);

NTSTATUS RtlUnalignedStringCchLengthW(PCWSTR psz, size_t cchMax, size_t* pcchLength) {
    return RtlStringCchLengthW(psz, cchMax, pcchLength);
}
GX_EXPORT_FUNCTION(RtlUnalignedStringCchLengthW);

NTSTATUS RtlUnalignedStringCbLengthW(PCWSTR psz, size_t cbMax, size_t* pcbLength) {
    return RtlStringCbLengthW(psz, cbMax, pcbLength);
}
GX_EXPORT_FUNCTION(RtlUnalignedStringCbLengthW);

namespace {

constexpr std::size_t no_limit = NTSTRSAFE_UNICODE_STRING_MAX_CCH;

bool valid(PCUNICODE_STRING string) {
    return string != nullptr && string->Length % 2 == 0 && string->MaximumLength % 2 == 0 &&
           string->Length <= string->MaximumLength &&
           (string->Buffer != nullptr || string->MaximumLength == 0);
}

// Puts characters at `at` (in characters) and sets the length; no terminator.
NTSTATUS put(PUNICODE_STRING to, std::size_t at, const WCHAR* text, std::size_t count) {
    const std::size_t room = to->MaximumLength / sizeof(WCHAR) - at;
    const std::size_t length = std::min(count, room);
    if (length != 0) std::memmove(to->Buffer + at, text, length * sizeof(WCHAR));
    to->Length = static_cast<USHORT>((at + length) * sizeof(WCHAR));
    return count > room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NTSTATUS copy(PUNICODE_STRING to, PCUNICODE_STRING from, std::size_t limit, bool append) {
    if (!valid(to) || !valid(from)) return STATUS_INVALID_PARAMETER;
    return put(to, append ? to->Length / sizeof(WCHAR) : 0, from->Buffer,
               std::min<std::size_t>(from->Length / sizeof(WCHAR), limit));
}

NTSTATUS copy(PUNICODE_STRING to, const WCHAR* from, std::size_t limit, bool append) {
    if (!valid(to) || from == nullptr) return STATUS_INVALID_PARAMETER;
    return put(to, append ? to->Length / sizeof(WCHAR) : 0, from, rtl::bounded_length(from, limit));
}

void set_remaining(PCUNICODE_STRING of, PUNICODE_STRING remaining) {
    if (remaining == nullptr) return;
    *remaining = {0, static_cast<USHORT>(of->MaximumLength - of->Length),
                  of->Buffer + of->Length / sizeof(WCHAR)};
}

NTSTATUS print(PUNICODE_STRING to, PUNICODE_STRING remaining, const WCHAR* format,
               va_list arguments) {
    if (!valid(to) || format == nullptr) return STATUS_INVALID_PARAMETER;
    std::u16string text;
    rtl::format(text, format, arguments);
    const std::size_t room = to->MaximumLength / sizeof(WCHAR);
    const std::size_t length = std::min(text.size(), room);
    std::memcpy(to->Buffer, text.data(), length * sizeof(WCHAR));
    to->Length = static_cast<USHORT>(length * sizeof(WCHAR));
    set_remaining(to, remaining);
    return text.size() > room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

}  // namespace

NTSTATUS RtlUnicodeStringInitEx(PUNICODE_STRING DestinationString, PCWSTR pszSrc, ULONG) {
    *DestinationString = {};
    if (pszSrc == nullptr) return STATUS_SUCCESS;
    const std::size_t length = rtl::bounded_length(pszSrc, no_limit);
    if (length == no_limit) return STATUS_INVALID_PARAMETER;
    *DestinationString = {static_cast<USHORT>(length * sizeof(WCHAR)),
                          static_cast<USHORT>((length + 1) * sizeof(WCHAR)),
                          const_cast<PWCH>(pszSrc)};
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlUnicodeStringInitEx);

NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString, PCWSTR pszSrc) {
    return RtlUnicodeStringInitEx(DestinationString, pszSrc, 0);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringInit);

NTSTATUS RtlUnicodeStringValidate(PCUNICODE_STRING SourceString) {
    return valid(SourceString) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
GX_EXPORT_FUNCTION(RtlUnicodeStringValidate);

NTSTATUS RtlUnicodeStringValidateEx(PCUNICODE_STRING SourceString, ULONG dwFlags) {
    if (SourceString == nullptr && (dwFlags & STRSAFE_IGNORE_NULLS) != 0) return STATUS_SUCCESS;
    return RtlUnicodeStringValidate(SourceString);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringValidateEx);

NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString, PCWSTR pszSrc) {
    return copy(DestinationString, pszSrc, no_limit, false);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCopyString);

NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString) {
    return copy(DestinationString, SourceString, no_limit, false);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCopy);

NTSTATUS RtlUnicodeStringCopyEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                PUNICODE_STRING RemainingString, ULONG) {
    const NTSTATUS status = copy(DestinationString, SourceString, no_limit, false);
    if (status != STATUS_INVALID_PARAMETER) set_remaining(DestinationString, RemainingString);
    return status;
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCopyEx);

NTSTATUS RtlUnicodeStringCchCopyStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                        size_t cchToCopy) {
    return copy(DestinationString, pszSrc, cchToCopy, false);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCchCopyStringN);

NTSTATUS RtlUnicodeStringCbCopyStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                       size_t cbToCopy) {
    return copy(DestinationString, pszSrc, cbToCopy / sizeof(WCHAR), false);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCbCopyStringN);

NTSTATUS RtlUnicodeStringCchCopyN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                  size_t cchToCopy) {
    return copy(DestinationString, SourceString, cchToCopy, false);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCchCopyN);

NTSTATUS RtlUnicodeStringCbCopyN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                 size_t cbToCopy) {
    return copy(DestinationString, SourceString, cbToCopy / sizeof(WCHAR), false);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCbCopyN);

NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString, PCWSTR pszSrc) {
    return copy(DestinationString, pszSrc, no_limit, true);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCatString);

NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString) {
    return copy(DestinationString, SourceString, no_limit, true);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCat);

NTSTATUS RtlUnicodeStringCchCatN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                 size_t cchToAppend) {
    return copy(DestinationString, SourceString, cchToAppend, true);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCchCatN);

NTSTATUS RtlUnicodeStringCbCatN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                size_t cbToAppend) {
    return copy(DestinationString, SourceString, cbToAppend / sizeof(WCHAR), true);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCbCatN);

NTSTATUS RtlUnicodeStringCchCatStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                       size_t cchToAppend) {
    return copy(DestinationString, pszSrc, cchToAppend, true);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCchCatStringN);

NTSTATUS RtlUnicodeStringCbCatStringN(PUNICODE_STRING DestinationString, PCWSTR pszSrc,
                                      size_t cbToAppend) {
    return copy(DestinationString, pszSrc, cbToAppend / sizeof(WCHAR), true);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringCbCatStringN);

NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString, PCWSTR pszFormat,
                                 va_list argList) {
    return print(DestinationString, nullptr, pszFormat, argList);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringVPrintf);

NTSTATUS RtlUnicodeStringVPrintfEx(PUNICODE_STRING DestinationString,
                                   PUNICODE_STRING RemainingString, ULONG, PCWSTR pszFormat,
                                   va_list argList) {
    return print(DestinationString, RemainingString, pszFormat, argList);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringVPrintfEx);

NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, PCWSTR pszFormat, ...) {
    va_list arguments;
    va_start(arguments, pszFormat);
    const NTSTATUS status = print(DestinationString, nullptr, pszFormat, arguments);
    va_end(arguments);
    return status;
}
GX_EXPORT_FUNCTION(RtlUnicodeStringPrintf);

NTSTATUS RtlUnicodeStringPrintfEx(PUNICODE_STRING DestinationString,
                                  PUNICODE_STRING RemainingString, ULONG, PCWSTR pszFormat, ...) {
    va_list arguments;
    va_start(arguments, pszFormat);
    const NTSTATUS status = print(DestinationString, RemainingString, pszFormat, arguments);
    va_end(arguments);
    return status;
}
GX_EXPORT_FUNCTION(RtlUnicodeStringPrintfEx);
