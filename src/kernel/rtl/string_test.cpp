#include <wdm.h>

#include <ntstrsafe.h>
#include <strsafe.h>

#include <algorithm>
#include <cstdarg>

#include "kernel/kernel_test_fixture.h"
#include "kernel/ldr/image.h"
#include "kernel/rtl/text.h"

namespace gpioclx::kernel {
namespace {

using RtlTest = KernelTest;

std::string text(const UNICODE_STRING& string) { return rtl::to_utf8(string); }
std::string text(const WCHAR* string) {
    UNICODE_STRING counted;
    RtlInitUnicodeString(&counted, string);
    return rtl::to_utf8(counted);
}

// What a driver would call by this name.
template <typename F>
F* imported(const char* name) {
    void* address = ldr::find_export(name);
    EXPECT_NE(address, nullptr) << name;
    return reinterpret_cast<F*>(address);
}

TEST_F(RtlTest, unicode_strings_are_counted_in_bytes) {
    run_as_thread([] {
        UNICODE_STRING string;
        RtlInitUnicodeString(&string, L"Led");
        EXPECT_EQ(string.Length, 6);
        EXPECT_EQ(string.MaximumLength, 8);
        WCHAR buffer[8];
        UNICODE_STRING copy;
        RtlInitEmptyUnicodeString(&copy, buffer, sizeof buffer);
        RtlCopyUnicodeString(&copy, &string);
        EXPECT_EQ(RtlAppendUnicodeToString(&copy, L"0123"), STATUS_SUCCESS);
        EXPECT_EQ(text(copy), "Led0123");
        EXPECT_EQ(RtlAppendUnicodeToString(&copy, L"45"), STATUS_BUFFER_TOO_SMALL);
        UNICODE_STRING upper;
        RtlInitUnicodeString(&upper, L"LED0123");
        EXPECT_TRUE(RtlEqualUnicodeString(&copy, &upper, TRUE));
        EXPECT_FALSE(RtlEqualUnicodeString(&copy, &upper, FALSE));
        EXPECT_TRUE(RtlPrefixUnicodeString(&string, &copy, FALSE));
    });
}

TEST_F(RtlTest, ansi_strings_convert_both_ways) {
    run_as_thread([] {
        ANSI_STRING ansi;
        RtlInitAnsiString(&ansi,
                          "Gr\xC3\xBC\xC3\x9F"
                          "e");
        UNICODE_STRING wide;
        EXPECT_EQ(RtlAnsiStringToUnicodeString(&wide, &ansi, TRUE), STATUS_SUCCESS);
        EXPECT_EQ(wide.Length, 10);
        ANSI_STRING back;
        EXPECT_EQ(RtlUnicodeStringToAnsiString(&back, &wide, TRUE), STATUS_SUCCESS);
        EXPECT_TRUE(RtlEqualString(&ansi, &back, FALSE));
        RtlFreeUnicodeString(&wide);
        RtlFreeAnsiString(&back);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(RtlTest, numbers_convert_with_their_base) {
    run_as_thread([] {
        WCHAR buffer[16];
        UNICODE_STRING string{0, sizeof buffer, buffer};
        EXPECT_EQ(RtlIntegerToUnicodeString(0xBEEF, 16, &string), STATUS_SUCCESS);
        EXPECT_EQ(text(string), "BEEF");
        ULONG value = 0;
        RtlInitUnicodeString(&string, L"0x1f rest");
        EXPECT_EQ(RtlUnicodeStringToInteger(&string, 0, &value), STATUS_SUCCESS);
        EXPECT_EQ(value, 0x1Fu);
        EXPECT_EQ(RtlCharToInteger("-12", 10, &value), STATUS_SUCCESS);
        EXPECT_EQ(static_cast<LONG>(value), -12);
        EXPECT_EQ(RtlCharToInteger("1", 7, &value), STATUS_INVALID_PARAMETER);
    });
}

TEST_F(RtlTest, guids_convert_both_ways) {
    run_as_thread([] {
        const GUID guid = {0x12345678, 0x9ABC, 0xDEF0, {1, 2, 3, 4, 5, 6, 7, 8}};
        UNICODE_STRING string;
        EXPECT_EQ(RtlStringFromGUID(guid, &string), STATUS_SUCCESS);
        EXPECT_EQ(text(string), "{12345678-9ABC-DEF0-0102-030405060708}");
        GUID back;
        EXPECT_EQ(RtlGUIDFromString(&string, &back), STATUS_SUCCESS);
        EXPECT_TRUE(IsEqualGUID(guid, back));
        RtlFreeUnicodeString(&string);
    });
}

TEST_F(RtlTest, bit_maps_find_runs_from_the_hint_on_and_around) {
    run_as_thread([] {
        ULONG bits[2] = {};
        RTL_BITMAP map;
        RtlInitializeBitMap(&map, bits, 40);
        RtlSetBits(&map, 4, 8);
        RtlSetBit(&map, 39);
        EXPECT_EQ(RtlNumberOfSetBits(&map), 9u);
        EXPECT_EQ(RtlFindSetBits(&map, 3, 0), 4u);
        EXPECT_EQ(RtlFindSetBits(&map, 3, 10), 4u);
        EXPECT_EQ(RtlFindSetBits(&map, 9, 0), 0xFFFFFFFFu);
        EXPECT_EQ(RtlFindClearBitsAndSet(&map, 5, 0), 12u);
        EXPECT_TRUE(RtlAreBitsSet(&map, 4, 13));
        ULONG start;
        EXPECT_EQ(RtlFindLongestRunClear(&map, &start), 22u);
        EXPECT_EQ(start, 17u);
        EXPECT_EQ(RtlFindLeastSignificantBit(0), -1);
        EXPECT_EQ(RtlFindLeastSignificantBit(0x8000000000), 39);
        EXPECT_EQ(RtlFindMostSignificantBit(0x9), 3);
    });
}

TEST_F(RtlTest, safe_strings_cut_and_say_so) {
    CHAR narrow[4];
    EXPECT_EQ(RtlStringCchCopyA(narrow, 4, "abc"), STATUS_SUCCESS);
    EXPECT_EQ(RtlStringCchCatA(narrow, 4, "d"), STATUS_BUFFER_OVERFLOW);
    EXPECT_STREQ(narrow, "abc");
    EXPECT_EQ(RtlStringCchPrintfA(narrow, 4, "%d", 12345), STATUS_BUFFER_OVERFLOW);
    EXPECT_STREQ(narrow, "123");
    EXPECT_EQ(RtlStringCchCopyA(narrow, 0, "abc"), STATUS_INVALID_PARAMETER);
    WCHAR wide[8];
    size_t remaining = 0;
    PWSTR end = nullptr;
    EXPECT_EQ(RtlStringCbPrintfExW(wide, sizeof wide, &end, &remaining,
                                   STRSAFE_FILL_BEHIND_NULL | 0x41, L"p%u", 7),
              STATUS_SUCCESS);
    EXPECT_EQ(end, wide + 2);
    EXPECT_EQ(remaining, 12u);
    EXPECT_EQ(static_cast<USHORT>(wide[4]), 0x4141);
    EXPECT_EQ(RtlStringCchCopyExW(wide, 4, L"abcdef", nullptr, nullptr, STRSAFE_NO_TRUNCATION),
              STATUS_BUFFER_OVERFLOW);
    EXPECT_EQ(static_cast<USHORT>(wide[0]), 0);
    EXPECT_EQ(RtlStringCbLengthW(L"abcd", 100, &remaining), STATUS_SUCCESS);
    EXPECT_EQ(remaining, 8u);
    UNICODE_STRING counted{0, sizeof wide, wide};
    EXPECT_EQ(RtlUnicodeStringPrintf(&counted, L"%ws-%d", L"pin", 5), STATUS_SUCCESS);
    EXPECT_EQ(text(counted), "pin-5");
}

TEST_F(RtlTest, the_drivers_c_library_has_16_bit_characters_and_32_bit_longs) {
    machine();
    EXPECT_EQ(imported<size_t(const WCHAR*)>("wcslen")(L"abc"), 3u);
    WCHAR wide[16];
    EXPECT_EQ(imported<int(WCHAR*, const WCHAR*, ...)>("swprintf")(wide, L"%s %ld", L"x", -1), 4);
    EXPECT_EQ(text(wide), "x -1");
    EXPECT_EQ(imported<int(const WCHAR*, const WCHAR*)>("_wcsicmp")(L"LeD", L"led"), 0);
    EXPECT_EQ(imported<unsigned(const char*, char**, int)>("strtoul")("0xFFFFFFFFFF", nullptr, 0),
              0xFFFFFFFFu);
    EXPECT_EQ(imported<int(const char*, char**, int)>("strtol")("-2147483649", nullptr, 10),
              MINLONG);
    char narrow[4] = {'?', '?', '?', '?'};
    EXPECT_EQ(imported<int(char*, size_t, const char*, ...)>("_snprintf")(narrow, 3, "%d", 12345),
              -1);
    EXPECT_EQ(narrow[2], '3');
    EXPECT_EQ(narrow[3], '?');
    int a = 0, b = 0;
    char word[8];
    EXPECT_EQ(imported<int(const char*, const char*, ...)>("sscanf")("pin 12=0x1f led",
                                                                     "pin %d=%x %s", &a, &b, word),
              3);
    EXPECT_EQ(a + b, 12 + 0x1F);
    EXPECT_STREQ(word, "led");
    int values[] = {5, 1, 4, 2, 3};
    using Compare = int(const void*, const void*);
    Compare* compare = [](const void* l, const void* r) {
        return *static_cast<const int*>(l) - *static_cast<const int*>(r);
    };
    imported<void(void*, size_t, size_t, Compare*)>("qsort")(values, 5, sizeof(int), compare);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(values[i], i + 1);
    const int wanted = 4;
    EXPECT_EQ(imported<void*(const void*, const void*, size_t, size_t, Compare*)>("bsearch")(
                  &wanted, values, 5, 4, compare),
              values + 3);
    EXPECT_EQ(imported<char*(const char*, const char*)>("strstr")("gpioclx", "clx")[0], 'c');
}

TEST_F(RtlTest, time_fields_convert_both_ways) {
    run_as_thread([] {
        LARGE_INTEGER now;
        KeQuerySystemTime(&now);
        TIME_FIELDS fields;
        RtlTimeToTimeFields(&now, &fields);
        EXPECT_EQ(fields.Year, 2024);
        EXPECT_EQ(fields.Month, 1);
        EXPECT_EQ(fields.Day, 1);
        EXPECT_EQ(fields.Weekday, 1);
        fields = {2000, 2, 29, 23, 59, 58, 7, 0};
        LARGE_INTEGER time;
        EXPECT_TRUE(RtlTimeFieldsToTime(&fields, &time));
        TIME_FIELDS back;
        RtlTimeToTimeFields(&time, &back);
        EXPECT_EQ(back.Month, 2);
        EXPECT_EQ(back.Day, 29);
        EXPECT_EQ(back.Milliseconds, 7);
        EXPECT_EQ(back.Weekday, 2);
        fields.Year = 2001;
        EXPECT_FALSE(RtlTimeFieldsToTime(&fields, &time));
    });
}

NTSTATUS format_list(char* buffer, size_t size, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const NTSTATUS status = RtlStringCbVPrintfA(buffer, size, format, arguments);
    va_end(arguments);
    return status;
}

TEST_F(RtlTest, a_text_that_does_not_fit_is_cut_and_told) {
    run_as_thread([] {
        char buffer[8];
        EXPECT_EQ(format_list(buffer, sizeof buffer, "%s-%d", "pin", 12), STATUS_SUCCESS);
        EXPECT_STREQ(buffer, "pin-12");
        EXPECT_EQ(format_list(buffer, sizeof buffer, "%s-%d", "pin", 12345),
                  STATUS_BUFFER_OVERFLOW);
        EXPECT_STREQ(buffer, "pin-123");
        EXPECT_EQ(format_list(buffer, 0, "x"), STATUS_INVALID_PARAMETER);
    });
}

// The user-mode flavour of the same functions says HRESULT.
TEST_F(RtlTest, StringCbPrintfW_counts_bytes) {
    run_as_thread([] {
        WCHAR buffer[8];
        EXPECT_EQ(StringCbPrintfW(buffer, sizeof buffer, L"%ws%u", L"pin", 7u), S_OK);
        EXPECT_EQ(text(buffer), "pin7");
        EXPECT_EQ(StringCbPrintfW(buffer, sizeof buffer, L"%ws", L"much too long"),
                  STRSAFE_E_INSUFFICIENT_BUFFER);
        EXPECT_EQ(text(buffer), "much to");
    });
}

TEST_F(RtlTest, RtlInitAnsiStringEx_refuses_what_a_counted_string_cannot_hold) {
    run_as_thread([] {
        ANSI_STRING counted;
        EXPECT_EQ(RtlInitAnsiStringEx(&counted, "pin"), STATUS_SUCCESS);
        EXPECT_EQ(counted.Length, 3);
        EXPECT_EQ(counted.MaximumLength, 4);
        EXPECT_EQ(RtlInitAnsiStringEx(&counted, nullptr), STATUS_SUCCESS);
        EXPECT_EQ(counted.Length, 0);
        static char endless[0x10001];
        std::fill(std::begin(endless), std::end(endless) - 1, 'x');
        EXPECT_EQ(RtlInitAnsiStringEx(&counted, endless), STATUS_NAME_TOO_LONG);
    });
}

}  // namespace
}  // namespace gpioclx::kernel
