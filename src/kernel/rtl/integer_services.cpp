// Numbers and GUIDs to and from text, bits, time fields, pseudo-random numbers, version.
#include <wdm.h>

#include <bit>
#include <cstring>
#include <string>

#include "ext/gx_export.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/rtl/format.h"
#include "kernel/rtl/text.h"

namespace ex = gpioclx::kernel::ex;
namespace ke = gpioclx::kernel::ke;
namespace rtl = gpioclx::kernel::rtl;

namespace {

constexpr ULONG guid_tag = 0x64697547;  // "Guid"

bool valid_base(ULONG base) {
    return base == 0 || base == 2 || base == 8 || base == 10 || base == 16;
}

NTSTATUS to_text(ULONGLONG value, ULONG base, PUNICODE_STRING string) {
    ke::charge();
    if (!valid_base(base)) return STATUS_INVALID_PARAMETER;
    if (base == 0) base = 10;
    std::string reversed;
    do reversed += "0123456789ABCDEF"[value % base];
    while ((value /= base) != 0);
    const std::size_t bytes = reversed.size() * sizeof(WCHAR);
    if (bytes > string->MaximumLength) return STATUS_BUFFER_OVERFLOW;
    for (std::size_t i = 0; i < reversed.size(); ++i)
        string->Buffer[i] = static_cast<WCHAR>(reversed[reversed.size() - 1 - i]);
    string->Length = static_cast<USHORT>(bytes);
    if (bytes + sizeof(WCHAR) <= string->MaximumLength) string->Buffer[reversed.size()] = 0;
    return STATUS_SUCCESS;
}

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

// Leading white space, a sign, with base 0 a prefix 0x, 0o or 0b; ends at the first other
// character.
NTSTATUS from_text(const std::string& text, ULONG base, PULONG value) {
    ke::charge();
    if (!valid_base(base)) return STATUS_INVALID_PARAMETER;
    std::size_t at = 0;
    while (at < text.size() && static_cast<unsigned char>(text[at]) <= ' ') ++at;
    bool negative = false;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
    if (base == 0) {
        base = 10;
        if (at + 1 < text.size() && text[at] == '0') {
            const char kind = text[at + 1];
            base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
            if (base != 10) at += 2;
        }
    }
    ULONG result = 0;
    for (; at < text.size() && digit_of(text[at]) < static_cast<int>(base); ++at) {
        result = result * base + static_cast<ULONG>(digit_of(text[at]));
    }
    *value = negative ? 0 - result : result;
    return STATUS_SUCCESS;
}

bool hexadecimal(const std::string& text, std::size_t at, std::size_t digits,
                 std::uint64_t& value) {
    value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (digit_of(text[i]) > 15) return false;
        value = value << 4 | static_cast<unsigned>(digit_of(text[i]));
    }
    return true;
}

bool leap(LONGLONG year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
CSHORT days_in(LONGLONG year, int month) {
    constexpr CSHORT days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return static_cast<CSHORT>(days[month - 1] + (month == 2 && leap(year)));
}
bool within(LONGLONG value, LONGLONG lowest, LONGLONG highest) {
    return value >= lowest && value <= highest;
}
// Days from 1601-01-01 to January 1 of the year.
LONGLONG days_before(LONGLONG year) {
    const LONGLONG y = year - 1601;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

}  // namespace

NTSTATUS RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String) {
    return to_text(Value, Base, String);
}
GX_EXPORT_FUNCTION(RtlIntegerToUnicodeString);

NTSTATUS RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String) {
    return to_text(Value, Base, String);
}
GX_EXPORT_FUNCTION(RtlInt64ToUnicodeString);

NTSTATUS RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value) {
    return from_text(rtl::to_utf8(*String), Base, Value);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringToInteger);

NTSTATUS RtlCharToInteger(PCSZ String, ULONG Base, PULONG Value) {
    return from_text(String, Base, Value);
}
GX_EXPORT_FUNCTION(RtlCharToInteger);

GX_ASKS_CALLER
NTSTATUS RtlStringFromGUID(REFGUID Guid, PUNICODE_STRING GuidString) {
    ke::charge();
    const std::string text = rtl::guid_text(Guid);
    const std::size_t bytes = text.size() * sizeof(WCHAR);
    auto* buffer = static_cast<WCHAR*>(ex::allocate_pool(
        {bytes + sizeof(WCHAR), guid_tag, true, true, true, __builtin_return_address(0)}));
    if (buffer == nullptr) return STATUS_NO_MEMORY;
    for (std::size_t i = 0; i < text.size(); ++i) buffer[i] = static_cast<WCHAR>(text[i]);
    *GuidString = {static_cast<USHORT>(bytes), static_cast<USHORT>(bytes + sizeof(WCHAR)), buffer};
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlStringFromGUID);

NTSTATUS RtlGUIDFromString(PCUNICODE_STRING GuidString, GUID* Guid) {
    ke::charge();
    const std::string text = rtl::to_utf8(*GuidString);  // {8-4-4-4-12}
    if (text.size() != 38 || text[0] != '{' || text[37] != '}' || text[9] != '-' ||
        text[14] != '-' || text[19] != '-' || text[24] != '-') {
        return STATUS_INVALID_PARAMETER;
    }
    std::uint64_t a, b, c, d, e;
    if (!hexadecimal(text, 1, 8, a) || !hexadecimal(text, 10, 4, b) ||
        !hexadecimal(text, 15, 4, c) || !hexadecimal(text, 20, 4, d) ||
        !hexadecimal(text, 25, 12, e)) {
        return STATUS_INVALID_PARAMETER;
    }
    *Guid = {static_cast<ULONG>(a), static_cast<USHORT>(b), static_cast<USHORT>(c), {}};
    const std::uint64_t tail = d << 48 | e;
    for (int i = 0; i < 8; ++i) Guid->Data4[i] = static_cast<UCHAR>(tail >> (56 - 8 * i));
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlGUIDFromString);

CCHAR RtlFindLeastSignificantBit(ULONGLONG Set) {
    return static_cast<CCHAR>(Set != 0 ? std::countr_zero(Set) : -1);
}
GX_EXPORT_FUNCTION(RtlFindLeastSignificantBit);

CCHAR RtlFindMostSignificantBit(ULONGLONG Set) {
    return static_cast<CCHAR>(Set != 0 ? std::bit_width(Set) - 1 : -1);
}
GX_EXPORT_FUNCTION(RtlFindMostSignificantBit);

ULONG RtlNumberOfSetBitsUlongPtr(ULONG_PTR Target) {
    return static_cast<ULONG>(std::popcount(Target));
}
GX_EXPORT_FUNCTION(RtlNumberOfSetBitsUlongPtr);

// The drivers' own sequence: a function of their seed alone.
ULONG RtlRandomEx(PULONG Seed) {
    ke::charge();
    *Seed = (*Seed * 0x41C64E6D + 0x3039) & MAXLONG;
    return *Seed;
}
GX_EXPORT_FUNCTION(RtlRandomEx);

ULONG RtlRandom(PULONG Seed) { return RtlRandomEx(Seed); }
GX_EXPORT_FUNCTION(RtlRandom);

NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation) {
    ke::charge();
    lpVersionInformation->dwMajorVersion = 10;
    lpVersionInformation->dwMinorVersion = 0;
    lpVersionInformation->dwBuildNumber = 22621;
    lpVersionInformation->dwPlatformId = 2;
    lpVersionInformation->szCSDVersion[0] = 0;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlGetVersion);

VOID RtlTimeToTimeFields(PLARGE_INTEGER Time, PTIME_FIELDS TimeFields) {
    ke::charge();
    const LONGLONG milliseconds = Time->QuadPart / 10'000;
    const LONGLONG of_day = milliseconds % 86'400'000;
    LONGLONG days = milliseconds / 86'400'000;
    TimeFields->Weekday = static_cast<CSHORT>((days + 1) % 7);  // 1601-01-01 was a Monday
    LONGLONG year = 1601 + days / 366;
    while (days_before(year + 1) <= days) ++year;
    days -= days_before(year);
    int month = 1;
    for (; days >= days_in(year, month); ++month) days -= days_in(year, month);
    TimeFields->Year = static_cast<CSHORT>(year);
    TimeFields->Month = static_cast<CSHORT>(month);
    TimeFields->Day = static_cast<CSHORT>(days + 1);
    TimeFields->Hour = static_cast<CSHORT>(of_day / 3'600'000);
    TimeFields->Minute = static_cast<CSHORT>(of_day / 60'000 % 60);
    TimeFields->Second = static_cast<CSHORT>(of_day / 1000 % 60);
    TimeFields->Milliseconds = static_cast<CSHORT>(of_day % 1000);
}
GX_EXPORT_FUNCTION(RtlTimeToTimeFields);

BOOLEAN RtlTimeFieldsToTime(PTIME_FIELDS TimeFields, PLARGE_INTEGER Time) {
    ke::charge();
    const TIME_FIELDS& f = *TimeFields;
    if (!within(f.Year, 1601, 30827) || !within(f.Month, 1, 12) ||
        !within(f.Day, 1, days_in(f.Year, f.Month)) || !within(f.Hour, 0, 23) ||
        !within(f.Minute, 0, 59) || !within(f.Second, 0, 59) || !within(f.Milliseconds, 0, 999)) {
        return FALSE;
    }
    LONGLONG days = days_before(f.Year) + f.Day - 1;
    for (int month = 1; month < f.Month; ++month) days += days_in(f.Year, month);
    Time->QuadPart = (((days * 24 + f.Hour) * 60 + f.Minute) * 60 + f.Second) * 10'000'000 +
                     f.Milliseconds * 10'000;
    return TRUE;
}
GX_EXPORT_FUNCTION(RtlTimeFieldsToTime);
