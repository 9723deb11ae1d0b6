#include "kernel/rtl/text.h"

namespace gpioclx::kernel::rtl {
namespace {

constexpr char32_t replacement = 0xFFFD;

}  // namespace

void append_utf8(std::string& out, char32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

void append_utf16(std::u16string& out, char32_t c) {
    if (c < 0x10000) {
        out += static_cast<char16_t>(c);
        return;
    }
    out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
    out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
}

char32_t next_code_point(const WCHAR*& at, const WCHAR* end) {
    const char32_t first = static_cast<char16_t>(*at++);
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF || at == end) return replacement;
    const char32_t second = static_cast<char16_t>(*at);
    if (second < 0xDC00 || second > 0xDFFF) return replacement;
    ++at;
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

char32_t next_code_point(const char*& at, const char* end) {
    const auto first = static_cast<unsigned char>(*at++);
    if (first < 0x80) return first;
    const int more = first >= 0xF0 && first < 0xF8   ? 3
                     : first >= 0xE0 && first < 0xF0 ? 2
                     : first >= 0xC2 && first < 0xE0 ? 1
                                                     : 0;
    if (more == 0) return replacement;
    char32_t c = first & (0x3F >> more);
    for (int i = 0; i < more; ++i) {
        if (at == end || (static_cast<unsigned char>(*at) & 0xC0) != 0x80) return replacement;
        c = c << 6 | (static_cast<unsigned char>(*at++) & 0x3F);
    }
    return c > 0x10FFFF ? replacement : c;
}

std::string to_utf8(const WCHAR* text, std::size_t length) {
    std::string out;
    for (const WCHAR *at = text, *end = text + length; at < end;)
        append_utf8(out, next_code_point(at, end));
    return out;
}

std::string to_utf8(const UNICODE_STRING& text) {
    return to_utf8(text.Buffer, text.Length / sizeof(WCHAR));
}

std::u16string to_utf16(std::string_view text) {
    std::u16string out;
    for (const char *at = text.data(), *end = at + text.size(); at < end;) {
        append_utf16(out, next_code_point(at, end));
    }
    return out;
}

WCHAR upcase(WCHAR c) {
    const auto u = static_cast<unsigned>(c);
    if (u >= 'a' && u <= 'z') return static_cast<WCHAR>(u - 32);
    if (u >= 0xE0 && u <= 0xFE && u != 0xF7) return static_cast<WCHAR>(u - 32);
    if (u == 0xFF) return static_cast<WCHAR>(0x178);
    if (u >= 0x3B1 && u <= 0x3C9 && u != 0x3C2) return static_cast<WCHAR>(u - 32);
    if (u >= 0x430 && u <= 0x44F) return static_cast<WCHAR>(u - 32);
    if (u >= 0x450 && u <= 0x45F) return static_cast<WCHAR>(u - 80);
    return c;
}

WCHAR downcase(WCHAR c) {
    const auto u = static_cast<unsigned>(c);
    if (u >= 'A' && u <= 'Z') return static_cast<WCHAR>(u + 32);
    if (u >= 0xC0 && u <= 0xDE && u != 0xD7) return static_cast<WCHAR>(u + 32);
    if (u == 0x178) return static_cast<WCHAR>(0xFF);
    if (u >= 0x391 && u <= 0x3A9 && u != 0x3A2) return static_cast<WCHAR>(u + 32);
    if (u >= 0x410 && u <= 0x42F) return static_cast<WCHAR>(u + 32);
    if (u >= 0x400 && u <= 0x40F) return static_cast<WCHAR>(u + 80);
    return c;
}

}  // namespace gpioclx::kernel::rtl
