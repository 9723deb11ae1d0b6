// The length-checked string functions, once for both character widths and for both families
// (ntstrsafe.h, strsafe.h). Sizes in characters. STATUS_BUFFER_OVERFLOW: cut.
#pragma once

#include <ntstrsafe.h>
#include <wdm.h>

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <string>

#include "kernel/rtl/format.h"

namespace gpioclx::kernel::rtl {

template <typename C>
struct SafeResult {
    C** end = nullptr;                 // where the terminator stands
    std::size_t* remaining = nullptr;  // characters from there on
};

template <typename C>
std::size_t bounded_length(const C* text, std::size_t limit) {
    std::size_t length = 0;
    while (length < limit && text[length] != 0) ++length;
    return length;
}

// What the flags ask for once the text stands there.
template <typename C>
NTSTATUS finish(C* to, std::size_t size, std::size_t length, NTSTATUS status, ULONG flags,
                SafeResult<C> result) {
    const int fill = static_cast<int>(flags & 0xFF);
    if (NT_SUCCESS(status)) {
        if ((flags & STRSAFE_FILL_BEHIND_NULL) != 0 && length + 1 < size) {
            std::memset(to + length + 1, fill, (size - length - 1) * sizeof(C));
        }
    } else if ((flags &
                (STRSAFE_NO_TRUNCATION | STRSAFE_NULL_ON_FAILURE | STRSAFE_FILL_ON_FAILURE)) != 0) {
        if ((flags & STRSAFE_FILL_ON_FAILURE) != 0) std::memset(to, fill, size * sizeof(C));
        length = 0;
        if ((flags & STRSAFE_FILL_ON_FAILURE) == 0 || fill == 0 ||
            (flags & STRSAFE_NULL_ON_FAILURE) != 0) {
            to[0] = 0;
        } else {
            length = size - 1;
            to[length] = 0;
        }
    }
    if (result.end != nullptr) *result.end = to + length;
    if (result.remaining != nullptr) *result.remaining = size - length;
    return status;
}

// Puts at most `limit` characters of `text` at `at`.
template <typename C>
NTSTATUS safe_put(C* to, std::size_t size, std::size_t at, const C* text, std::size_t limit,
                  ULONG flags = 0, SafeResult<C> result = {}) {
    if (text == nullptr && (flags & STRSAFE_IGNORE_NULLS) == 0) return STATUS_INVALID_PARAMETER;
    const std::size_t wanted = text != nullptr ? bounded_length(text, limit) : 0;
    if (size == 0 || size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
    const std::size_t room = size - 1 - at;
    const std::size_t length = std::min(wanted, room);
    if (length != 0) std::memmove(to + at, text, length * sizeof(C));
    to[at + length] = 0;
    const NTSTATUS status = wanted > room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    if (!NT_SUCCESS(status) && (flags & STRSAFE_NO_TRUNCATION) != 0 && at != 0 &&
        (flags & STRSAFE_NULL_ON_FAILURE) == 0 && (flags & STRSAFE_FILL_ON_FAILURE) == 0) {
        to[at] = 0;  // appending leaves what was there
        if (result.end != nullptr) *result.end = to + at;
        if (result.remaining != nullptr) *result.remaining = size - at;
        return status;
    }
    return finish(to, size, at + length, status, flags, result);
}

template <typename C>
NTSTATUS safe_append(C* to, std::size_t size, const C* text, std::size_t limit, ULONG flags = 0,
                     SafeResult<C> result = {}) {
    if (to == nullptr || size == 0 || size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
    const std::size_t at = bounded_length(to, size);
    if (at == size) return STATUS_INVALID_PARAMETER;  // not terminated
    return safe_put(to, size, at, text, limit, flags, result);
}

inline NTSTATUS put_formatted(char* to, std::size_t size, ULONG flags, SafeResult<char> result,
                              const char* text, va_list arguments) {
    std::string out;
    format(out, text, arguments);
    return safe_put<char>(to, size, 0, out.c_str(), out.size(), flags, result);
}

inline NTSTATUS put_formatted(WCHAR* to, std::size_t size, ULONG flags, SafeResult<WCHAR> result,
                              const WCHAR* text, va_list arguments) {
    std::u16string out;
    format(out, text, arguments);
    if (size == 0 || size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
    const std::size_t length = std::min(out.size(), size - 1);
    std::memcpy(to, out.data(), length * sizeof(WCHAR));
    to[length] = 0;
    return finish(to, size, length, out.size() > length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS,
                  flags, result);
}

template <typename C>
NTSTATUS safe_format(C* to, std::size_t size, ULONG flags, SafeResult<C> result, const C* text,
                     va_list arguments) {
    if (text == nullptr || size == 0 || size > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
    return put_formatted(to, size, flags, result, text, arguments);
}

template <typename C>
NTSTATUS safe_length(const C* text, std::size_t limit, std::size_t* length) {
    if (length != nullptr) *length = 0;
    if (text == nullptr || limit == 0 || limit > NTSTRSAFE_MAX_CCH) return STATUS_INVALID_PARAMETER;
    const std::size_t found = bounded_length(text, limit);
    if (found == limit) return STATUS_INVALID_PARAMETER;
    if (length != nullptr) *length = found;
    return STATUS_SUCCESS;
}

}  // namespace gpioclx::kernel::rtl

// Defines one family for one width. RESULT: return type. CONVERT: from NTSTATUS. C: character.
// UNIT: how many units of the caller (characters or bytes) make a character.
#define GX_SAFE_STRINGS(RESULT, CONVERT, C, PREFIX, WIDTH, UNIT)                                 \
    RESULT PREFIX##Copy##WIDTH(C* to, size_t size, const C* text) {                              \
        return CONVERT(rtl::safe_put<C>(to, size / UNIT, 0, text, NTSTRSAFE_MAX_CCH));           \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##Copy##WIDTH);                                                     \
    RESULT PREFIX##CopyEx##WIDTH(C* to, size_t size, const C* text, C** end, size_t* remaining,  \
                                 ULONG flags) {                                                  \
        const auto status = rtl::safe_put<C>(to, size / UNIT, 0, text, NTSTRSAFE_MAX_CCH, flags, \
                                             {end, remaining});                                  \
        if (remaining != nullptr) *remaining *= UNIT;                                            \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##CopyEx##WIDTH);                                                   \
    RESULT PREFIX##CopyN##WIDTH(C* to, size_t size, const C* text, size_t count) {               \
        return CONVERT(rtl::safe_put<C>(to, size / UNIT, 0, text, count / UNIT));                \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##CopyN##WIDTH);                                                    \
    RESULT PREFIX##CopyNEx##WIDTH(C* to, size_t size, const C* text, size_t count, C** end,      \
                                  size_t* remaining, ULONG flags) {                              \
        const auto status =                                                                      \
            rtl::safe_put<C>(to, size / UNIT, 0, text, count / UNIT, flags, {end, remaining});   \
        if (remaining != nullptr) *remaining *= UNIT;                                            \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##CopyNEx##WIDTH);                                                  \
    RESULT PREFIX##Cat##WIDTH(C* to, size_t size, const C* text) {                               \
        return CONVERT(rtl::safe_append<C>(to, size / UNIT, text, NTSTRSAFE_MAX_CCH));           \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##Cat##WIDTH);                                                      \
    RESULT PREFIX##CatEx##WIDTH(C* to, size_t size, const C* text, C** end, size_t* remaining,   \
                                ULONG flags) {                                                   \
        const auto status = rtl::safe_append<C>(to, size / UNIT, text, NTSTRSAFE_MAX_CCH, flags, \
                                                {end, remaining});                               \
        if (remaining != nullptr) *remaining *= UNIT;                                            \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##CatEx##WIDTH);                                                    \
    RESULT PREFIX##CatN##WIDTH(C* to, size_t size, const C* text, size_t count) {                \
        return CONVERT(rtl::safe_append<C>(to, size / UNIT, text, count / UNIT));                \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##CatN##WIDTH);                                                     \
    RESULT PREFIX##CatNEx##WIDTH(C* to, size_t size, const C* text, size_t count, C** end,       \
                                 size_t* remaining, ULONG flags) {                               \
        const auto status =                                                                      \
            rtl::safe_append<C>(to, size / UNIT, text, count / UNIT, flags, {end, remaining});   \
        if (remaining != nullptr) *remaining *= UNIT;                                            \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##CatNEx##WIDTH);                                                   \
    RESULT PREFIX##VPrintf##WIDTH(C* to, size_t size, const C* format, va_list arguments) {      \
        return CONVERT(rtl::safe_format<C>(to, size / UNIT, 0, {}, format, arguments));          \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##VPrintf##WIDTH);                                                  \
    RESULT PREFIX##VPrintfEx##WIDTH(C* to, size_t size, C** end, size_t* remaining, ULONG flags, \
                                    const C* format, va_list arguments) {                        \
        const auto status =                                                                      \
            rtl::safe_format<C>(to, size / UNIT, flags, {end, remaining}, format, arguments);    \
        if (remaining != nullptr) *remaining *= UNIT;                                            \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##VPrintfEx##WIDTH);                                                \
    RESULT PREFIX##Printf##WIDTH(C* to, size_t size, const C* format, ...) {                     \
        va_list arguments;                                                                       \
        va_start(arguments, format);                                                             \
        const auto status = rtl::safe_format<C>(to, size / UNIT, 0, {}, format, arguments);      \
        va_end(arguments);                                                                       \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##Printf##WIDTH);                                                   \
    RESULT PREFIX##PrintfEx##WIDTH(C* to, size_t size, C** end, size_t* remaining, ULONG flags,  \
                                   const C* format, ...) {                                       \
        va_list arguments;                                                                       \
        va_start(arguments, format);                                                             \
        const auto status =                                                                      \
            rtl::safe_format<C>(to, size / UNIT, flags, {end, remaining}, format, arguments);    \
        va_end(arguments);                                                                       \
        if (remaining != nullptr) *remaining *= UNIT;                                            \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##PrintfEx##WIDTH);                                                 \
    RESULT PREFIX##Length##WIDTH(const C* text, size_t limit, size_t* length) {                  \
        const auto status = rtl::safe_length<C>(text, limit / UNIT, length);                     \
        if (length != nullptr) *length *= UNIT;                                                  \
        return CONVERT(status);                                                                  \
    }                                                                                            \
    GX_EXPORT_FUNCTION(PREFIX##Length##WIDTH)
