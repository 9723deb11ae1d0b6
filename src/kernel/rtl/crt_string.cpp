// The C library that drivers import: memory and strings, narrow and with 16-bit wide characters.
// Drivers never reach the host's library; its wide characters have another size. These consume no
// time: a compiler expands many of them anyway.
#include <wdm.h>

#include <cstddef>
#include <cstring>

#include "ext/gx_export.h"
#include "kernel/mm/device_memory.h"
#include "kernel/rtl/text.h"

namespace mm = gpioclx::kernel::mm;
namespace rtl = gpioclx::kernel::rtl;

namespace {

constexpr int invalid = 22;    // EINVAL
constexpr int too_small = 34;  // ERANGE

void* copy_memory(void* to, const void* from, size_t size) {
    if (!mm::is_device_address(to) && !mm::is_device_address(from)) [[likely]]
        return std::memcpy(to, from, size);
    mm::copy_device(to, from, size);
    return to;
}
void* move_memory(void* to, const void* from, size_t size) {
    if (!mm::is_device_address(to) && !mm::is_device_address(from)) [[likely]]
        return std::memmove(to, from, size);
    mm::copy_device(to, from, size);
    return to;
}
void* set_memory(void* to, int value, size_t size) {
    if (!mm::is_device_address(to)) [[likely]]
        return std::memset(to, value, size);
    mm::fill_device(to, static_cast<std::uint8_t>(value), size);
    return to;
}
int compare_memory(const void* left, const void* right, size_t size) {
    return std::memcmp(left, right, size);
}
void* find_memory(const void* block, int value, size_t size) {
    return std::memchr(const_cast<void*>(block), value, size);
}

CHAR lower(CHAR c) { return c >= 'A' && c <= 'Z' ? static_cast<CHAR>(c + 32) : c; }
CHAR upper(CHAR c) { return c >= 'a' && c <= 'z' ? static_cast<CHAR>(c - 32) : c; }
WCHAR lower(WCHAR c) { return rtl::downcase(c); }
WCHAR upper(WCHAR c) { return rtl::upcase(c); }
int number(CHAR c) { return static_cast<unsigned char>(c); }
int number(WCHAR c) { return static_cast<USHORT>(c); }

template <typename C>
size_t bounded_length(const C* text, size_t limit) {
    size_t length = 0;
    while (length < limit && text[length] != 0) ++length;
    return length;
}
template <typename C>
size_t length_of(const C* text) {
    return bounded_length(text, ~size_t{0});
}

template <typename C>
int compare_bounded(const C* left, const C* right, size_t limit) {
    for (size_t i = 0; i < limit; ++i) {
        if (left[i] != right[i]) return number(left[i]) < number(right[i]) ? -1 : 1;
        if (left[i] == 0) break;
    }
    return 0;
}
template <typename C>
int compare(const C* left, const C* right) {
    return compare_bounded(left, right, ~size_t{0});
}
template <typename C>
int compare_bounded_ignoring_case(const C* left, const C* right, size_t limit) {
    for (size_t i = 0; i < limit; ++i) {
        const int difference = number(lower(left[i])) - number(lower(right[i]));
        if (difference != 0 || left[i] == 0) return difference;
    }
    return 0;
}
template <typename C>
int compare_ignoring_case(const C* left, const C* right) {
    return compare_bounded_ignoring_case(left, right, ~size_t{0});
}

template <typename C>
C* copy(C* to, const C* from) {
    size_t i = 0;
    do to[i] = from[i];
    while (from[i++] != 0);
    return to;
}
template <typename C>
C* copy_bounded(C* to, const C* from, size_t limit) {
    const size_t length = bounded_length(from, limit);
    for (size_t i = 0; i < limit; ++i) to[i] = i < length ? from[i] : C{0};
    return to;
}
template <typename C>
C* append(C* to, const C* from) {
    copy(to + length_of(to), from);
    return to;
}
template <typename C>
C* append_bounded(C* to, const C* from, size_t limit) {
    C* end = to + length_of(to);
    const size_t length = bounded_length(from, limit);
    for (size_t i = 0; i < length; ++i) end[i] = from[i];
    end[length] = 0;
    return to;
}

template <typename C>
C* find(const C* text, C c) {
    for (;; ++text) {
        if (*text == c) return const_cast<C*>(text);
        if (*text == 0) return nullptr;
    }
}
char* find_narrow(const char* text, int c) { return find(text, static_cast<char>(c)); }
template <typename C>
C* find_last(const C* text, C c) {
    for (size_t i = length_of(text) + 1; i-- > 0;) {
        if (text[i] == c) return const_cast<C*>(text + i);
    }
    return nullptr;
}
char* find_last_narrow(const char* text, int c) { return find_last(text, static_cast<char>(c)); }
template <typename C>
C* find_text(const C* text, const C* part) {
    const size_t length = length_of(part);
    for (;; ++text) {
        if (compare_bounded(text, part, length) == 0) return const_cast<C*>(text);
        if (*text == 0) return nullptr;
    }
}
template <typename C>
size_t span(const C* text, const C* set, bool inside) {
    size_t length = 0;
    while (text[length] != 0 && (find(set, text[length]) != nullptr) == inside) ++length;
    return length;
}
template <typename C>
size_t span_in(const C* text, const C* set) {
    return span(text, set, true);
}
size_t span_outside(const char* text, const char* set) { return span(text, set, false); }
char* find_any(const char* text, const char* set) {
    const size_t at = span(text, set, false);
    return text[at] != 0 ? const_cast<char*>(text + at) : nullptr;
}

template <typename C>
C* to_lower(C* text) {
    for (C* c = text; *c != 0; ++c) *c = lower(*c);
    return text;
}
template <typename C>
C* to_upper(C* text) {
    for (C* c = text; *c != 0; ++c) *c = upper(*c);
    return text;
}
char* reverse(char* text) {
    for (size_t i = 0, j = length_of(text); i + 1 < j; ++i) {
        const char c = text[i];
        text[i] = text[--j];
        text[j] = c;
    }
    return text;
}

// The checked forms: nothing is cut; what does not fit leaves an empty string.
template <typename C>
int checked_put(C* to, size_t size, size_t at, const C* from, size_t length) {
    if (to == nullptr || size == 0) return invalid;
    if (from == nullptr || at + length >= size) {
        to[0] = 0;
        return from == nullptr ? invalid : too_small;
    }
    for (size_t i = 0; i < length; ++i) to[at + i] = from[i];
    to[at + length] = 0;
    return 0;
}
template <typename C>
int copy_checked(C* to, size_t size, const C* from) {
    return checked_put(to, size, 0, from, from != nullptr ? length_of(from) : 0);
}
template <typename C>
int append_checked(C* to, size_t size, const C* from) {
    if (to == nullptr || size == 0) return invalid;
    return checked_put(to, size, bounded_length(to, size), from,
                       from != nullptr ? length_of(from) : 0);
}
// `count` ~0 cuts (_TRUNCATE).
template <typename C>
int copy_bounded_checked(C* to, size_t size, const C* from, size_t count) {
    constexpr int truncated = 80;  // STRUNCATE
    if (to == nullptr || size == 0 || from == nullptr) return invalid;
    const size_t length = bounded_length(from, count);
    if (count != ~size_t{0} || length < size) return checked_put(to, size, 0, from, length);
    checked_put(to, size, 0, from, size - 1);
    return truncated;
}

int wide_class_alpha(unsigned short c) {
    return lower(static_cast<WCHAR>(c)) != upper(static_cast<WCHAR>(c));
}
int wide_digit(unsigned short c) { return c >= '0' && c <= '9'; }
int wide_hex_digit(unsigned short c) {
    return wide_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
int wide_space(unsigned short c) { return c == ' ' || (c >= 9 && c <= 13) || c == 0xA0; }
WCHAR wide_lower(unsigned short c) { return rtl::downcase(static_cast<WCHAR>(c)); }
WCHAR wide_upper(unsigned short c) { return rtl::upcase(static_cast<WCHAR>(c)); }

int is_upper(int c) { return c >= 'A' && c <= 'Z'; }
int is_lower(int c) { return c >= 'a' && c <= 'z'; }
int is_digit(int c) { return c >= '0' && c <= '9'; }
int is_alpha(int c) { return is_upper(c) || is_lower(c); }
int is_alnum(int c) { return is_alpha(c) || is_digit(c); }
int is_control(int c) { return (c >= 0 && c < 32) || c == 127; }
int is_graphic(int c) { return c > 32 && c < 127; }
int is_printable(int c) { return c >= 32 && c < 127; }
int is_punctuation(int c) { return is_graphic(c) && !is_alnum(c); }
int is_space(int c) { return c == 32 || (c >= 9 && c <= 13); }
int is_hex_digit(int c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
int narrow_lower(int c) { return is_upper(c) ? c + 32 : c; }
int narrow_upper(int c) { return is_lower(c) ? c - 32 : c; }

}  // namespace

GX_EXPORT_AS(memcpy, copy_memory);
GX_EXPORT_AS(memmove, move_memory);
GX_EXPORT_AS(memset, set_memory);
GX_EXPORT_AS(memcmp, compare_memory);
GX_EXPORT_AS(memchr, find_memory);

GX_EXPORT_AS(strlen, length_of<char>);
GX_EXPORT_AS(strnlen, bounded_length<char>);
GX_EXPORT_AS(strcmp, compare<char>);
GX_EXPORT_AS(strncmp, compare_bounded<char>);
GX_EXPORT_AS(_stricmp, compare_ignoring_case<char>);
GX_EXPORT_AS(_strnicmp, compare_bounded_ignoring_case<char>);
GX_EXPORT_AS(strcpy, copy<char>);
GX_EXPORT_AS(strncpy, copy_bounded<char>);
GX_EXPORT_AS(strcat, append<char>);
GX_EXPORT_AS(strncat, append_bounded<char>);
GX_EXPORT_AS(strchr, find_narrow);
GX_EXPORT_AS(strrchr, find_last_narrow);
GX_EXPORT_AS(strstr, find_text<char>);
GX_EXPORT_AS(strspn, span_in<char>);
GX_EXPORT_AS(strcspn, span_outside);
GX_EXPORT_AS(strpbrk, find_any);
GX_EXPORT_AS(_strlwr, to_lower<char>);
GX_EXPORT_AS(_strupr, to_upper<char>);
GX_EXPORT_AS(_strrev, reverse);
GX_EXPORT_AS(strcpy_s, copy_checked<char>);
GX_EXPORT_AS(strcat_s, append_checked<char>);
GX_EXPORT_AS(strncpy_s, copy_bounded_checked<char>);

GX_EXPORT_AS(wcslen, length_of<WCHAR>);
GX_EXPORT_AS(wcsnlen, bounded_length<WCHAR>);
GX_EXPORT_AS(wcscmp, compare<WCHAR>);
GX_EXPORT_AS(wcsncmp, compare_bounded<WCHAR>);
GX_EXPORT_AS(_wcsicmp, compare_ignoring_case<WCHAR>);
GX_EXPORT_AS(_wcsnicmp, compare_bounded_ignoring_case<WCHAR>);
GX_EXPORT_AS(wcscpy, copy<WCHAR>);
GX_EXPORT_AS(wcsncpy, copy_bounded<WCHAR>);
GX_EXPORT_AS(wcscat, append<WCHAR>);
GX_EXPORT_AS(wcsncat, append_bounded<WCHAR>);
GX_EXPORT_AS(wcschr, find<WCHAR>);
GX_EXPORT_AS(wcsrchr, find_last<WCHAR>);
GX_EXPORT_AS(wcsstr, find_text<WCHAR>);
GX_EXPORT_AS(wcsspn, span_in<WCHAR>);
GX_EXPORT_AS(_wcslwr, to_lower<WCHAR>);
GX_EXPORT_AS(_wcsupr, to_upper<WCHAR>);
GX_EXPORT_AS(wcscpy_s, copy_checked<WCHAR>);
GX_EXPORT_AS(wcscat_s, append_checked<WCHAR>);
GX_EXPORT_AS(wcsncpy_s, copy_bounded_checked<WCHAR>);

GX_EXPORT_AS(towlower, wide_lower);
GX_EXPORT_AS(towupper, wide_upper);
GX_EXPORT_AS(iswalpha, wide_class_alpha);
GX_EXPORT_AS(iswdigit, wide_digit);
GX_EXPORT_AS(iswspace, wide_space);
GX_EXPORT_AS(iswxdigit, wide_hex_digit);

GX_EXPORT_AS(isalnum, is_alnum);
GX_EXPORT_AS(isalpha, is_alpha);
GX_EXPORT_AS(iscntrl, is_control);
GX_EXPORT_AS(isdigit, is_digit);
GX_EXPORT_AS(isgraph, is_graphic);
GX_EXPORT_AS(islower, is_lower);
GX_EXPORT_AS(isprint, is_printable);
GX_EXPORT_AS(ispunct, is_punctuation);
GX_EXPORT_AS(isspace, is_space);
GX_EXPORT_AS(isupper, is_upper);
GX_EXPORT_AS(isxdigit, is_hex_digit);
GX_EXPORT_AS(tolower, narrow_lower);
GX_EXPORT_AS(toupper, narrow_upper);
