#include "kernel/rtl/format.h"

#include <gtest/gtest.h>

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

std::string narrow(const char* text, ...) {
    va_list arguments;
    va_start(arguments, text);
    std::string out;
    rtl::format(out, text, arguments);
    va_end(arguments);
    return out;
}

std::u16string wide(const WCHAR* text, ...) {
    va_list arguments;
    va_start(arguments, text);
    std::u16string out;
    rtl::format(out, text, arguments);
    va_end(arguments);
    return out;
}

std::string trace(const char* text, ...) {
    va_list arguments;
    va_start(arguments, text);
    std::string out;
    const rtl::TraceContext context{"LedStart", "led.c", 42, "TRACE_LEVEL_ERROR", "TRACE_INIT"};
    rtl::format(out, text, arguments, &context);
    va_end(arguments);
    return out;
}

TEST(Format, l_is_32_bits_and_ll_and_I64_are_64) {
    EXPECT_EQ(narrow("%ld %lu %lx", -1, 0xFFFFFFFFu, 0x80000000u), "-1 4294967295 80000000");
    EXPECT_EQ(narrow("%lld %I64x %I32u %Iu", -5L, 0x123456789AUL, 7u, 9UL), "-5 123456789a 7 9");
    EXPECT_EQ(narrow("%hd %hhx %hu", 0x1FFFF, 0x1FF, 0x1FFFF), "-1 ff 65535");
}

TEST(Format, strings_know_their_width) {
    EXPECT_EQ(narrow("%s %S %ws %ls %hs", "a", L"b", L"c", L"d", "e"), "a b c d e");
    EXPECT_EQ(wide(L"%s %S %hs %ws", L"a", "b", "c", L"d"), u"a b c d");
    EXPECT_EQ(narrow("[%5s|%-5s|%.2s|%s]", "ab", "ab", "abc", static_cast<const char*>(nullptr)),
              "[   ab|ab   |ab|(null)]");
    EXPECT_EQ(narrow("%ws", L"\x00FC"), "\xC3\xBC");
}

TEST(Format, counted_strings_need_no_terminator) {
    WCHAR buffer[] = {'L', 'e', 'd', 'X'};
    UNICODE_STRING unicode{6, 8, buffer};
    char bytes[] = {'g', 'p', 'i', 'o'};
    STRING ansi{3, 4, bytes};
    EXPECT_EQ(narrow("%wZ %Z", &unicode, &ansi), "Led gpi");
    EXPECT_EQ(narrow("%wZ", static_cast<void*>(nullptr)), "(null)");
}

TEST(Format, pointers_have_sixteen_digits) {
    EXPECT_EQ(narrow("%p", reinterpret_cast<void*>(0x2000ABCDEF)), "0000002000ABCDEF");
}

TEST(Format, flags_width_and_precision_work_as_in_C) {
    EXPECT_EQ(narrow("%08x|%#x|%+d|% d|%-4d|%4d|%.3d|%*d", 0xAB, 0xAB, 3, 3, 3, 3, 3, 5, 3),
              "000000ab|0xab|+3| 3|3   |   3|003|    3");
    EXPECT_EQ(narrow("%c%C%%", 'a', L'b'), "ab%");
    EXPECT_EQ(narrow("%.2f", 1.5), "1.50");
}

TEST(Format, trace_conversions_name_statuses_and_places) {
    EXPECT_EQ(trace("%!FUNC! failed %!STATUS!", STATUS_UNSUCCESSFUL),
              "LedStart failed 0xc0000001(STATUS_UNSUCCESSFUL)");
    EXPECT_EQ(trace("%!FILE!:%!LINE! %!LEVEL! %!FLAGS! %!bool! %d", 1, 5),
              "led.c:42 TRACE_LEVEL_ERROR TRACE_INIT TRUE 5");
    const GUID guid = {0x12345678, 0x9ABC, 0xDEF0, {1, 2, 3, 4, 5, 6, 7, 8}};
    EXPECT_EQ(trace("%!GUID!", &guid), "{12345678-9ABC-DEF0-0102-030405060708}");
    EXPECT_EQ(trace("%!WDF_POWER_DEVICE_STATE!", 3), "3");
}

TEST(Format, statuses_have_names) {
    EXPECT_STREQ(rtl::status_name(STATUS_SUCCESS), "STATUS_SUCCESS");
    EXPECT_STREQ(rtl::status_name(STATUS_INSUFFICIENT_RESOURCES), "STATUS_INSUFFICIENT_RESOURCES");
    EXPECT_STREQ(rtl::status_name(static_cast<NTSTATUS>(0xC0FFEE00)), "");
}

using DebugPrintTest = KernelTest;

TEST_F(DebugPrintTest, each_line_is_a_message_without_its_newline) {
    run_as_thread([] {
        DbgPrint("pin %d\n", 5);
        DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "first\r\nsecond\n");
    });
    std::vector<std::string> texts;
    for (const machine::Event& e : recorder.events) {
        if (e.kind == machine::EventKind::message)
            texts.push_back(std::string(names.text(e.detail)) + std::to_string(e.a));
    }
    EXPECT_EQ(texts, (std::vector<std::string>{"pin 52", "first0", "second0"}));
}

}  // namespace
}  // namespace gpioclx::kernel
