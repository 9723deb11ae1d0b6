#include "kernel/rtl/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "kernel/rtl/text.h"

namespace gpioclx::kernel::rtl {
namespace {

enum class Size { normal, byte, half, bits32, bits64, narrow_text, wide_text };

struct Conversion {
    bool left = false, plus = false, space = false, alternate = false, zero = false;
    int width = 0;
    int precision = -1;
    Size size = Size::normal;
};

constexpr int width_limit = 4096;

// Output of either width.
void put(std::string& out, char32_t c) { append_utf8(out, c); }
void put(std::u16string& out, char32_t c) { append_utf16(out, c); }
void put_text(std::string& out, const char* text, std::size_t length) { out.append(text, length); }
void put_text(std::u16string& out, const char* text, std::size_t length) {
    out += to_utf16({text, length});
}
void put_text(std::string& out, const WCHAR* text, std::size_t length) {
    out += to_utf8(text, length);
}
void put_text(std::u16string& out, const WCHAR* text, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) out += static_cast<char16_t>(text[i]);
}

template <typename C>
std::size_t length_of(const C* text, int limit) {
    std::size_t length = 0;
    while ((limit < 0 || length < static_cast<std::size_t>(limit)) && text[length] != 0) ++length;
    return length;
}

// C: character of the format. Out: string of the result. Both narrow or both wide.
template <typename C, typename Out>
class Formatter {
  public:
    Formatter(Out& out, const C* format, va_list arguments, const TraceContext* trace)
        : out_(out), at_(format), trace_(trace) {
        va_copy(arguments_, arguments);
    }
    ~Formatter() { va_end(arguments_); }
    Formatter(const Formatter&) = delete;
    Formatter& operator=(const Formatter&) = delete;

    void run() {
        while (*at_ != 0) {
            if (*at_ != '%') {
                const C* start = at_;
                while (*at_ != 0 && *at_ != '%') ++at_;
                put_text(out_, start, static_cast<std::size_t>(at_ - start));
                continue;
            }
            ++at_;
            if (*at_ == '%')
                put(out_, *at_++);
            else if (*at_ == '!' && trace_ != nullptr)
                trace_conversion();
            else
                conversion();
        }
    }

  private:
    static constexpr bool wide = sizeof(C) != 1;

    int number() {
        if (*at_ == '*') {
            ++at_;
            return va_arg(arguments_, int);
        }
        int value = 0;
        while (*at_ >= '0' && *at_ <= '9')
            value = std::min(value * 10 + (*at_++ - '0'), width_limit);
        return value;
    }

    void flags(Conversion& c) {
        for (;; ++at_) {
            if (*at_ == '-')
                c.left = true;
            else if (*at_ == '+')
                c.plus = true;
            else if (*at_ == ' ')
                c.space = true;
            else if (*at_ == '#')
                c.alternate = true;
            else if (*at_ == '0')
                c.zero = true;
            else
                return;
        }
    }

    void size(Conversion& c) {
        if (*at_ == 'h') {
            ++at_;
            c.size = Size::half;
            if (*at_ == 'h') {
                ++at_;
                c.size = Size::byte;
            }
        } else if (*at_ == 'l') {
            ++at_;
            c.size = Size::bits32;
            if (*at_ == 'l') {
                ++at_;
                c.size = Size::bits64;
            }
        } else if (*at_ == 'I') {
            ++at_;
            c.size = Size::bits64;  // %I: pointer size
            if (at_[0] == '6' && at_[1] == '4')
                at_ += 2;
            else if (at_[0] == '3' && at_[1] == '2') {
                at_ += 2;
                c.size = Size::bits32;
            }
        } else if (*at_ == 'w') {
            ++at_;
            c.size = Size::wide_text;
        } else if (*at_ == 'z' || *at_ == 'j' || *at_ == 't') {
            ++at_;
            c.size = Size::bits64;
        } else if (*at_ == 'L' || *at_ == 'F') {
            ++at_;
        }
    }

    void conversion() {
        Conversion c;
        flags(c);
        c.width = number();
        if (c.width < 0) {
            c.left = true;
            c.width = -c.width;
        }
        c.width = std::min(c.width, width_limit);
        if (*at_ == '.') {
            ++at_;
            c.precision = std::min(number(), width_limit);
        }
        size(c);
        const C kind = *at_;
        if (kind == 0) return;
        ++at_;
        convert(c, static_cast<char>(kind));
    }

    void convert(const Conversion& c, char kind) {
        switch (kind) {
            case 'd':
            case 'i': return signed_number(c);
            case 'u': return digits(c, unsigned_argument(c), 10, false, "");
            case 'x': return hexadecimal(c, false);
            case 'X': return hexadecimal(c, true);
            case 'o': return digits(c, unsigned_argument(c), 8, false, c.alternate ? "0" : "");
            case 'p': return pointer(c);
            case 'c': return character(c, wide != (c.size == Size::half));
            case 'C': return character(c, !wide);
            case 's': return text(c, is_wide_text(c, wide));
            case 'S': return text(c, is_wide_text(c, !wide));
            case 'Z': return counted(c);
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
            case 'a':
            case 'A': return floating(c, kind);
            case 'n':
                (void)va_arg(arguments_, void*);
                return;  // never written, as on Windows today
            default:
                put(out_, '%');
                put(out_, static_cast<unsigned char>(kind));
                return;
        }
    }

    static bool is_wide_text(const Conversion& c, bool otherwise) {
        if (c.size == Size::half) return false;
        if (c.size == Size::bits32 || c.size == Size::wide_text) return true;
        return otherwise;
    }

    std::uint64_t unsigned_argument(const Conversion& c) {
        switch (c.size) {
            case Size::bits64: return va_arg(arguments_, unsigned long);
            case Size::half: return static_cast<USHORT>(va_arg(arguments_, unsigned));
            case Size::byte: return static_cast<UCHAR>(va_arg(arguments_, unsigned));
            default: return va_arg(arguments_, unsigned);
        }
    }

    void signed_number(const Conversion& c) {
        std::int64_t value = 0;
        switch (c.size) {
            case Size::bits64: value = va_arg(arguments_, long); break;
            case Size::half: value = static_cast<SHORT>(va_arg(arguments_, int)); break;
            case Size::byte: value = static_cast<signed char>(va_arg(arguments_, int)); break;
            default: value = va_arg(arguments_, int); break;
        }
        const std::uint64_t magnitude =
            value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
        digits(c, magnitude, 10, false, value < 0 ? "-" : c.plus ? "+" : c.space ? " " : "");
    }

    void hexadecimal(const Conversion& c, bool upper) {
        const std::uint64_t value = unsigned_argument(c);
        digits(c, value, 16, upper, c.alternate && value != 0 ? (upper ? "0X" : "0x") : "");
    }

    void pointer(const Conversion& c) {
        Conversion fixed = c;
        fixed.precision = 16;
        digits(fixed, reinterpret_cast<std::uintptr_t>(va_arg(arguments_, void*)), 16, true, "");
    }

    void digits(const Conversion& c, std::uint64_t value, unsigned base, bool upper,
                std::string_view prefix) {
        std::string reversed;
        const char* letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
        for (; value != 0; value /= base) reversed += letters[value % base];
        std::size_t least = c.precision >= 0 ? static_cast<std::size_t>(c.precision) : 1;
        if (c.zero && !c.left && c.precision < 0 &&
            static_cast<std::size_t>(c.width) > prefix.size()) {
            least = std::max(least, static_cast<std::size_t>(c.width) - prefix.size());
        }
        if (reversed.size() < least) reversed.append(least - reversed.size(), '0');
        padded(c, std::string(prefix) + std::string(reversed.rbegin(), reversed.rend()));
    }

    void padded(const Conversion& c, std::string_view text) {
        pad(c, text.size(), false);
        put_text(out_, text.data(), text.size());
        pad(c, text.size(), true);
    }

    void pad(const Conversion& c, std::size_t length, bool behind) {
        if (c.left != behind) return;
        for (std::size_t i = length; i < static_cast<std::size_t>(c.width); ++i) put(out_, ' ');
    }

    void character(const Conversion& c, bool is_wide) {
        if (c.size == Size::bits32 || c.size == Size::wide_text) is_wide = true;
        const int value = va_arg(arguments_, int);
        pad(c, 1, false);
        if (is_wide) {
            const auto one = static_cast<WCHAR>(value);
            put_text(out_, &one, 1);
        } else {
            const char one = static_cast<char>(value);
            put_text(out_, &one, 1);
        }
        pad(c, 1, true);
    }

    template <typename T>
    void bounded(const Conversion& c, const T* text, std::size_t length) {
        pad(c, length, false);
        put_text(out_, text, length);
        pad(c, length, true);
    }

    void text(const Conversion& c, bool is_wide) {
        const void* argument = va_arg(arguments_, const void*);
        if (argument == nullptr) return padded(c, "(null)");
        if (is_wide) {
            const auto* text = static_cast<const WCHAR*>(argument);
            bounded(c, text, length_of(text, c.precision));
        } else {
            const auto* text = static_cast<const char*>(argument);
            bounded(c, text, length_of(text, c.precision));
        }
    }

    void counted(const Conversion& c) {
        const void* argument = va_arg(arguments_, const void*);
        if (argument == nullptr) return padded(c, "(null)");
        // STRING and UNICODE_STRING have the same layout; Length is in bytes.
        if (c.size == Size::wide_text || c.size == Size::bits32)
            unicode(c, argument);
        else
            ansi(c, argument);
    }
    void unicode(const Conversion& c, const void* argument) {
        const auto* text = static_cast<const UNICODE_STRING*>(argument);
        if (text->Buffer == nullptr) return padded(c, "(null)");
        bounded(c, text->Buffer, limited(c, text->Length / sizeof(WCHAR)));
    }
    void ansi(const Conversion& c, const void* argument) {
        const auto* text = static_cast<const STRING*>(argument);
        if (text->Buffer == nullptr) return padded(c, "(null)");
        bounded(c, text->Buffer, limited(c, text->Length));
    }
    static std::size_t limited(const Conversion& c, std::size_t length) {
        return c.precision >= 0 ? std::min(length, static_cast<std::size_t>(c.precision)) : length;
    }

    void floating(const Conversion& c, char kind) {
        const double value = va_arg(arguments_, double);
        std::string spec = "%";
        if (c.left) spec += '-';
        if (c.plus) spec += '+';
        if (c.space) spec += ' ';
        if (c.alternate) spec += '#';
        if (c.zero) spec += '0';
        spec += "*.*";
        spec += kind;
        char buffer[512];
        const int precision = std::min(c.precision, 100);
        const int length = std::snprintf(buffer, sizeof buffer, spec.c_str(),
                                         std::min(c.width, 300), precision, value);
        put_text(out_, buffer,
                 std::min(static_cast<std::size_t>(std::max(length, 0)), sizeof buffer - 1));
    }

    // %!NAME!, after the percent sign.
    void trace_conversion() {
        std::string name;
        for (++at_; *at_ != 0 && *at_ != '!'; ++at_) name += static_cast<char>(*at_);
        if (*at_ == '!') ++at_;
        const Conversion plain;
        if (name == "FUNC") return padded(plain, trace_->function);
        if (name == "FILE") return padded(plain, trace_->file);
        if (name == "LINE") return padded(plain, fmt::format("{}", trace_->line));
        if (name == "LEVEL") return padded(plain, trace_->level);
        if (name == "FLAGS" || name == "COMPNAME") return padded(plain, trace_->flag);
        if (name == "STDPREFIX") return;
        trace_argument(name);
    }

    void trace_argument(const std::string& given) {
        std::string name = given;
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
        });
        const Conversion plain;
        if (name == "STATUS" || name == "NTSTATUS") {
            const NTSTATUS status = va_arg(arguments_, int);
            const char* known = status_name(status);
            return padded(
                plain, *known != 0 ? fmt::format("{:#010x}({})", static_cast<ULONG>(status), known)
                                   : fmt::format("{:#010x}", static_cast<ULONG>(status)));
        }
        if (name == "HRESULT" || name == "WINERROR") {
            return padded(plain, fmt::format("{:#010x}", va_arg(arguments_, unsigned)));
        }
        if (name == "GUID" || name == "CLSID" || name == "IID" || name == "LIBID") {
            const auto* guid = va_arg(arguments_, const GUID*);
            return padded(plain, guid != nullptr ? guid_text(*guid) : "(null)");
        }
        if (name == "BOOL" || name == "BOOLEAN" || name == "BOOL1") {
            return padded(plain, va_arg(arguments_, int) != 0 ? "TRUE" : "FALSE");
        }
        if (name == "USTR" || name == "UNICODE_STRING" || name == "WZ") return trace_unicode();
        if (name == "ANSTR" || name == "Z") return trace_ansi();
        if (name == "ASTR" || name == "S") return text(plain, false);
        if (name == "WSTR" || name == "WS") return text(plain, true);
        if (name == "HANDLE" || name == "PTR" || name == "P") return pointer(plain);
        if (name == "X" || name == "XINT" || name == "IRQL")
            return padded(plain, fmt::format("{:#x}", va_arg(arguments_, unsigned)));
        if (name == "I64" || name == "INT64" || name == "TIMESTAMP" || name == "DUE" ||
            name == "DATETIME") {
            return padded(plain, fmt::format("{}", va_arg(arguments_, long)));
        }
        padded(plain,
               fmt::format("{}", va_arg(arguments_, int)));  // an enumeration of the driver's
    }
    void trace_unicode() {
        Conversion c;
        c.size = Size::wide_text;
        counted(c);
    }
    void trace_ansi() { counted({}); }

    Out& out_;
    const C* at_;
    const TraceContext* trace_;
    va_list arguments_;
};

}  // namespace

void format(std::string& out, const char* format, va_list arguments, const TraceContext* trace) {
    Formatter<char, std::string>(out, format, arguments, trace).run();
}

void format(std::u16string& out, const WCHAR* format, va_list arguments) {
    Formatter<WCHAR, std::u16string>(out, format, arguments, nullptr).run();
}

std::string guid_text(const GUID& g) {
    return fmt::format("{{{:08X}-{:04X}-{:04X}-{:02X}{:02X}-{:02X}{:02X}{:02X}{:02X}{:02X}{:02X}}}",
                       g.Data1, g.Data2, g.Data3, g.Data4[0], g.Data4[1], g.Data4[2], g.Data4[3],
                       g.Data4[4], g.Data4[5], g.Data4[6], g.Data4[7]);
}

}  // namespace gpioclx::kernel::rtl
