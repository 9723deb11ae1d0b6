// Text between the worlds: drivers' 16-bit strings, our UTF-8. The system's ANSI code page is
// UTF-8.
#pragma once

#include <wdm.h>

#include <string>
#include <string_view>

namespace gpioclx::kernel::rtl {

void append_utf8(std::string& out, char32_t code_point);
void append_utf16(std::u16string& out, char32_t code_point);

// Broken sequences become U+FFFD.
std::string to_utf8(const WCHAR* text, std::size_t length);
std::string to_utf8(const UNICODE_STRING& text);
std::u16string to_utf16(std::string_view text);

// Next code point of [at, end); moves `at`. `at < end`.
char32_t next_code_point(const WCHAR*& at, const WCHAR* end);
char32_t next_code_point(const char*& at, const char* end);

// Simple case folding for names: ASCII and Latin-1, Greek, Cyrillic.
WCHAR upcase(WCHAR c);
WCHAR downcase(WCHAR c);

}  // namespace gpioclx::kernel::rtl
