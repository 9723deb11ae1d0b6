// Counted strings.
#include <wdm.h>

#include <algorithm>
#include <cstring>

#include "ext/gx_export.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/rtl/text.h"

namespace ex = gpioclx::kernel::ex;
namespace ke = gpioclx::kernel::ke;
namespace rtl = gpioclx::kernel::rtl;

namespace {

constexpr ULONG string_tag = 0x67727453;  // "Strg"
constexpr std::size_t most_bytes = 0xFFFF;

template <typename C>
std::size_t length_of(const C* text) {
    std::size_t length = 0;
    while (text[length] != 0) ++length;
    return length;
}

// Cuts what does not fit into 64 KB, as the functions without a status do.
template <typename String, typename C>
NTSTATUS initialize(String* string, const C* text) {
    ke::charge();
    *string = {};
    if (text == nullptr) return STATUS_SUCCESS;
    const std::size_t bytes = length_of(text) * sizeof(C);
    constexpr std::size_t most = (most_bytes - sizeof(C)) & ~(sizeof(C) - 1);
    const std::size_t fitting = std::min(bytes, most);
    string->Length = static_cast<USHORT>(fitting);
    string->MaximumLength = static_cast<USHORT>(fitting + sizeof(C));
    string->Buffer = const_cast<C*>(text);
    return bytes > most ? STATUS_NAME_TOO_LONG : STATUS_SUCCESS;
}

CHAR upper(CHAR c) { return c >= 'a' && c <= 'z' ? static_cast<CHAR>(c - 32) : c; }
WCHAR upper(WCHAR c) { return rtl::upcase(c); }
LONG value(CHAR c) { return static_cast<UCHAR>(c); }
LONG value(WCHAR c) { return static_cast<USHORT>(c); }

template <typename C>
LONG compare(const C* left, std::size_t left_length, const C* right, std::size_t right_length,
             bool ignore_case) {
    for (std::size_t i = 0; i < std::min(left_length, right_length); ++i) {
        const LONG l = value(ignore_case ? upper(left[i]) : left[i]);
        const LONG r = value(ignore_case ? upper(right[i]) : right[i]);
        if (l != r) return l - r;
    }
    return static_cast<LONG>(left_length) - static_cast<LONG>(right_length);
}

std::size_t characters(PCUNICODE_STRING string) { return string->Length / sizeof(WCHAR); }

LONG compare(PCUNICODE_STRING left, PCUNICODE_STRING right, bool ignore_case) {
    return compare(left->Buffer, characters(left), right->Buffer, characters(right), ignore_case);
}

LONG compare(const STRING* left, const STRING* right, bool ignore_case) {
    return compare(left->Buffer, left->Length, right->Buffer, right->Length, ignore_case);
}

template <typename String>
void copy(String* to, const String* from) {
    ke::charge();
    if (from == nullptr) {
        to->Length = 0;
        return;
    }
    using C = std::remove_pointer_t<decltype(to->Buffer)>;
    to->Length = std::min(from->Length, static_cast<USHORT>(to->MaximumLength & ~(sizeof(C) - 1)));
    std::memmove(to->Buffer, from->Buffer, to->Length);
    if (to->Length + sizeof(C) <= to->MaximumLength) to->Buffer[to->Length / sizeof(C)] = 0;
}

NTSTATUS append(PUNICODE_STRING to, const WCHAR* text, std::size_t bytes) {
    ke::charge();
    if (bytes > static_cast<std::size_t>(to->MaximumLength - to->Length))
        return STATUS_BUFFER_TOO_SMALL;
    std::memmove(reinterpret_cast<UCHAR*>(to->Buffer) + to->Length, text, bytes);
    to->Length = static_cast<USHORT>(to->Length + bytes);
    if (to->Length + sizeof(WCHAR) <= to->MaximumLength) to->Buffer[to->Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

// Puts `count` characters into a string that is allocated here or has room.
template <typename String, typename C>
NTSTATUS store(String* to, const C* text, std::size_t count, bool allocate, const void* caller) {
    using D = std::remove_pointer_t<decltype(to->Buffer)>;
    static_assert(sizeof(C) == sizeof(D));
    const std::size_t bytes = count * sizeof(D);
    if (bytes + sizeof(D) > most_bytes) return STATUS_INVALID_PARAMETER_2;
    if (allocate) {
        to->Buffer = static_cast<D*>(
            ex::allocate_pool({bytes + sizeof(D), string_tag, true, true, true, caller}));
        if (to->Buffer == nullptr) return STATUS_NO_MEMORY;
        to->MaximumLength = static_cast<USHORT>(bytes + sizeof(D));
    } else if (bytes > to->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    std::memcpy(to->Buffer, text, bytes);
    to->Length = static_cast<USHORT>(bytes);
    if (bytes + sizeof(D) <= to->MaximumLength) to->Buffer[count] = 0;
    return STATUS_SUCCESS;
}

template <typename Change>
NTSTATUS changed(PUNICODE_STRING to, PCUNICODE_STRING from, BOOLEAN allocate, const void* caller,
                 Change change) {
    ke::charge();
    std::u16string text;
    for (std::size_t i = 0; i < characters(from); ++i)
        text += static_cast<char16_t>(change(from->Buffer[i]));
    return store(to, text.data(), text.size(), allocate, caller);
}

}  // namespace

#define GX_CALLER __builtin_return_address(0)

VOID RtlInitString(PSTRING DestinationString, PCSZ SourceString) {
    initialize(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlInitString);

VOID RtlInitAnsiString(PANSI_STRING DestinationString, PCSZ SourceString) {
    initialize(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlInitAnsiString);

NTSTATUS RtlInitAnsiStringEx(PANSI_STRING DestinationString, PCSZ SourceString) {
    return initialize(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlInitAnsiStringEx);

VOID RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString) {
    initialize(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlInitUnicodeString);

NTSTATUS RtlInitUnicodeStringEx(PUNICODE_STRING DestinationString, PCWSTR SourceString) {
    return initialize(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlInitUnicodeStringEx);

VOID RtlCopyString(PSTRING DestinationString, const STRING* SourceString) {
    copy(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlCopyString);

VOID RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString) {
    copy(DestinationString, SourceString);
}
GX_EXPORT_FUNCTION(RtlCopyUnicodeString);

BOOLEAN RtlEqualString(const STRING* String1, const STRING* String2, BOOLEAN CaseInSensitive) {
    ke::charge();
    return compare(String1, String2, CaseInSensitive) == 0;
}
GX_EXPORT_FUNCTION(RtlEqualString);

BOOLEAN RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                              BOOLEAN CaseInSensitive) {
    ke::charge();
    return compare(String1, String2, CaseInSensitive) == 0;
}
GX_EXPORT_FUNCTION(RtlEqualUnicodeString);

LONG RtlCompareString(const STRING* String1, const STRING* String2, BOOLEAN CaseInSensitive) {
    ke::charge();
    return compare(String1, String2, CaseInSensitive);
}
GX_EXPORT_FUNCTION(RtlCompareString);

LONG RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                             BOOLEAN CaseInSensitive) {
    ke::charge();
    return compare(String1, String2, CaseInSensitive);
}
GX_EXPORT_FUNCTION(RtlCompareUnicodeString);

BOOLEAN RtlPrefixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                               BOOLEAN CaseInSensitive) {
    ke::charge();
    const std::size_t length = characters(String1);
    return length <= characters(String2) &&
           compare(String1->Buffer, length, String2->Buffer, length, CaseInSensitive) == 0;
}
GX_EXPORT_FUNCTION(RtlPrefixUnicodeString);

BOOLEAN RtlSuffixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                               BOOLEAN CaseInSensitive) {
    ke::charge();
    const std::size_t length = characters(String1);
    const std::size_t whole = characters(String2);
    return length <= whole && compare(String1->Buffer, length, String2->Buffer + (whole - length),
                                      length, CaseInSensitive) == 0;
}
GX_EXPORT_FUNCTION(RtlSuffixUnicodeString);

NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source) {
    return Source != nullptr ? append(Destination, Source, length_of(Source) * sizeof(WCHAR))
                             : STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlAppendUnicodeToString);

NTSTATUS RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source) {
    return append(Destination, Source->Buffer, Source->Length);
}
GX_EXPORT_FUNCTION(RtlAppendUnicodeStringToString);

GX_ASKS_CALLER
NTSTATUS RtlUpcaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                BOOLEAN AllocateDestinationString) {
    return changed(DestinationString, SourceString, AllocateDestinationString, GX_CALLER,
                   rtl::upcase);
}
GX_EXPORT_FUNCTION(RtlUpcaseUnicodeString);

GX_ASKS_CALLER
NTSTATUS RtlDowncaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                  BOOLEAN AllocateDestinationString) {
    return changed(DestinationString, SourceString, AllocateDestinationString, GX_CALLER,
                   rtl::downcase);
}
GX_EXPORT_FUNCTION(RtlDowncaseUnicodeString);

WCHAR RtlUpcaseUnicodeChar(WCHAR SourceCharacter) { return rtl::upcase(SourceCharacter); }
GX_EXPORT_FUNCTION(RtlUpcaseUnicodeChar);

WCHAR RtlDowncaseUnicodeChar(WCHAR SourceCharacter) { return rtl::downcase(SourceCharacter); }
GX_EXPORT_FUNCTION(RtlDowncaseUnicodeChar);

CHAR RtlUpperChar(CHAR Character) { return upper(Character); }
GX_EXPORT_FUNCTION(RtlUpperChar);

VOID RtlUpperString(PSTRING DestinationString, const STRING* SourceString) {
    copy(DestinationString, SourceString);
    for (USHORT i = 0; i < DestinationString->Length; ++i)
        DestinationString->Buffer[i] = upper(DestinationString->Buffer[i]);
}
GX_EXPORT_FUNCTION(RtlUpperString);

GX_ASKS_CALLER
NTSTATUS RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString, PCANSI_STRING SourceString,
                                      BOOLEAN AllocateDestinationString) {
    ke::charge();
    const std::u16string text = rtl::to_utf16({SourceString->Buffer, SourceString->Length});
    return store(DestinationString, text.data(), text.size(), AllocateDestinationString, GX_CALLER);
}
GX_EXPORT_FUNCTION(RtlAnsiStringToUnicodeString);

GX_ASKS_CALLER
NTSTATUS RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString, PCUNICODE_STRING SourceString,
                                      BOOLEAN AllocateDestinationString) {
    ke::charge();
    const std::string text = rtl::to_utf8(*SourceString);
    return store(DestinationString, text.data(), text.size(), AllocateDestinationString, GX_CALLER);
}
GX_EXPORT_FUNCTION(RtlUnicodeStringToAnsiString);

// With the terminator.
ULONG RtlxAnsiStringToUnicodeSize(PCANSI_STRING AnsiString) {
    ke::charge();
    return static_cast<ULONG>((rtl::to_utf16({AnsiString->Buffer, AnsiString->Length}).size() + 1) *
                              sizeof(WCHAR));
}
GX_EXPORT_FUNCTION(RtlxAnsiStringToUnicodeSize);

ULONG RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING UnicodeString) {
    ke::charge();
    return static_cast<ULONG>(rtl::to_utf8(*UnicodeString).size() + 1);
}
GX_EXPORT_FUNCTION(RtlxUnicodeStringToAnsiSize);

NTSTATUS RtlUnicodeToMultiByteN(PCHAR MultiByteString, ULONG MaxBytesInMultiByteString,
                                PULONG BytesInMultiByteString, PCWCH UnicodeString,
                                ULONG BytesInUnicodeString) {
    ke::charge();
    const std::string text = rtl::to_utf8(UnicodeString, BytesInUnicodeString / sizeof(WCHAR));
    const ULONG bytes =
        static_cast<ULONG>(std::min<std::size_t>(text.size(), MaxBytesInMultiByteString));
    std::memcpy(MultiByteString, text.data(), bytes);
    if (BytesInMultiByteString != nullptr) *BytesInMultiByteString = bytes;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlUnicodeToMultiByteN);

NTSTATUS RtlUTF8ToUnicodeN(PWSTR UnicodeStringDestination, ULONG UnicodeStringMaxByteCount,
                           PULONG UnicodeStringActualByteCount, PCCH UTF8StringSource,
                           ULONG UTF8StringByteCount) {
    ke::charge();
    const std::u16string text = rtl::to_utf16({UTF8StringSource, UTF8StringByteCount});
    const std::size_t wanted = text.size() * sizeof(WCHAR);
    if (UnicodeStringDestination == nullptr) {
        *UnicodeStringActualByteCount = static_cast<ULONG>(wanted);
        return STATUS_SUCCESS;
    }
    const std::size_t bytes = std::min<std::size_t>(wanted, UnicodeStringMaxByteCount & ~1u);
    std::memcpy(UnicodeStringDestination, text.data(), bytes);
    if (UnicodeStringActualByteCount != nullptr)
        *UnicodeStringActualByteCount = static_cast<ULONG>(bytes);
    return bytes < wanted ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlUTF8ToUnicodeN);

VOID RtlFreeUnicodeString(PUNICODE_STRING UnicodeString) {
    ke::charge();
    if (UnicodeString->Buffer != nullptr)
        ex::free_pool(UnicodeString->Buffer, 0, "RtlFreeUnicodeString");
    *UnicodeString = {};
}
GX_EXPORT_FUNCTION(RtlFreeUnicodeString);

VOID RtlFreeAnsiString(PANSI_STRING AnsiString) {
    ke::charge();
    if (AnsiString->Buffer != nullptr) ex::free_pool(AnsiString->Buffer, 0, "RtlFreeAnsiString");
    *AnsiString = {};
}
GX_EXPORT_FUNCTION(RtlFreeAnsiString);

GX_ASKS_CALLER
NTSTATUS RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING StringIn,
                                   PUNICODE_STRING StringOut) {
    ke::charge();
    if (StringIn == nullptr || StringOut == nullptr) return STATUS_INVALID_PARAMETER;
    if (StringIn->Length == 0 && (Flags & RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE) == 0) {
        *StringOut = {};
        return STATUS_SUCCESS;
    }
    return store(StringOut, StringIn->Buffer, characters(StringIn), true, GX_CALLER);
}
GX_EXPORT_FUNCTION(RtlDuplicateUnicodeString);

// h = h * 65599 + c, as documented for the X65599 algorithm.
NTSTATUS RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInSensitive, ULONG HashAlgorithm,
                              PULONG HashValue) {
    ke::charge();
    if (String == nullptr || HashValue == nullptr || HashAlgorithm > HASH_STRING_ALGORITHM_X65599) {
        return STATUS_INVALID_PARAMETER;
    }
    ULONG hash = 0;
    for (std::size_t i = 0; i < characters(String); ++i) {
        const WCHAR c = CaseInSensitive ? rtl::upcase(String->Buffer[i]) : String->Buffer[i];
        hash = hash * 65599 + static_cast<USHORT>(c);
    }
    *HashValue = hash;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(RtlHashUnicodeString);

SIZE_T RtlCompareMemory(const VOID* Source1, const VOID* Source2, SIZE_T Length) {
    const auto* left = static_cast<const UCHAR*>(Source1);
    const auto* right = static_cast<const UCHAR*>(Source2);
    if (std::memcmp(left, right, Length) == 0) return Length;  // many times quicker than the loop
    SIZE_T equal = 0;
    while (equal < Length && left[equal] == right[equal]) ++equal;
    return equal;
}
GX_EXPORT_FUNCTION(RtlCompareMemory);
