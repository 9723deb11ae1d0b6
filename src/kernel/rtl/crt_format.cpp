// The C library that drivers import: printf into buffers and scanf from them.
#include <wdm.h>

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <string>

#include "ext/gx_export.h"
#include "kernel/rtl/format.h"

namespace rtl = gpioclx::kernel::rtl;

namespace {

// Text that fits with its terminator is terminated. `count` as it would be without a limit.
enum class TooLong { legacy, standard, empty };

void put(char* to, const std::string& text, std::size_t length) {
    std::memcpy(to, text.data(), length);
}
void put(WCHAR* to, const std::u16string& text, std::size_t length) {
    std::memcpy(to, text.data(), length * sizeof(WCHAR));
}

// legacy: fills the buffer without a terminator and gives -1. standard: cuts and terminates, gives
// the whole length. empty: gives -1 and an empty string.
template <typename C, typename Text>
int store(C* to, std::size_t size, const Text& text, TooLong rule) {
    const std::size_t length = text.size();
    if (length < size) {
        put(to, text, length);
        to[length] = 0;
        return static_cast<int>(length);
    }
    if (rule == TooLong::standard) {
        if (size == 0) return static_cast<int>(length);
        put(to, text, size - 1);
        to[size - 1] = 0;
        return static_cast<int>(length);
    }
    if (rule == TooLong::empty) {
        if (to != nullptr && size != 0) to[0] = 0;
        return -1;
    }
    put(to, text, std::min(length, size));
    return length == size ? static_cast<int>(length) : -1;
}

constexpr std::size_t unlimited = std::size_t{1} << 31;

int print(char* to, std::size_t size, const char* format, va_list arguments, TooLong rule) {
    std::string text;
    rtl::format(text, format, arguments);
    return store(to, size, text, rule);
}
int print(WCHAR* to, std::size_t size, const WCHAR* format, va_list arguments, TooLong rule) {
    std::u16string text;
    rtl::format(text, format, arguments);
    return store(to, size, text, rule);
}

int v_sprintf(char* to, const char* format, va_list arguments) {
    return print(to, unlimited, format, arguments, TooLong::standard);
}
int v_snprintf_legacy(char* to, size_t limit, const char* format, va_list arguments) {
    return print(to, limit, format, arguments, TooLong::legacy);
}
int v_snprintf(char* to, size_t limit, const char* format, va_list arguments) {
    return print(to, limit, format, arguments, TooLong::standard);
}
int v_sprintf_s(char* to, size_t size, const char* format, va_list arguments) {
    return print(to, size, format, arguments, TooLong::empty);
}
int v_snwprintf(WCHAR* to, size_t limit, const WCHAR* format, va_list arguments) {
    return print(to, limit, format, arguments, TooLong::legacy);
}

#define GX_PRINT_BODY(last, to, size, rule)                      \
    va_list arguments;                                           \
    va_start(arguments, last);                                   \
    const int length = print(to, size, format, arguments, rule); \
    va_end(arguments);                                           \
    return length

int s_printf(char* to, const char* format, ...) {
    GX_PRINT_BODY(format, to, unlimited, TooLong::standard);
}
int sn_printf_legacy(char* to, size_t limit, const char* format, ...) {
    GX_PRINT_BODY(format, to, limit, TooLong::legacy);
}
int sn_printf(char* to, size_t limit, const char* format, ...) {
    GX_PRINT_BODY(format, to, limit, TooLong::standard);
}
int s_printf_s(char* to, size_t size, const char* format, ...) {
    GX_PRINT_BODY(format, to, size, TooLong::empty);
}
// The kernel's swprintf has no size.
int sw_printf(WCHAR* to, const WCHAR* format, ...) {
    GX_PRINT_BODY(format, to, unlimited, TooLong::standard);
}
int snw_printf(WCHAR* to, size_t limit, const WCHAR* format, ...) {
    GX_PRINT_BODY(format, to, limit, TooLong::legacy);
}
int sw_printf_s(WCHAR* to, size_t size, const WCHAR* format, ...) {
    GX_PRINT_BODY(format, to, size, TooLong::empty);
}

bool space(char c) { return c == ' ' || (c >= 9 && c <= 13); }

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

class Scanner {
  public:
    Scanner(const char* text, const char* format, va_list arguments, bool checked)
        : start_(text), at_(text), format_(format), checked_(checked) {
        va_copy(arguments_, arguments);
    }
    ~Scanner() { va_end(arguments_); }
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;

    int run() {
        for (; *format_ != 0; ++format_) {
            if (space(*format_)) {
                skip_space();
            } else if (*format_ != '%' || format_[1] == '%') {
                if (*format_ == '%') ++format_;
                if (*at_ != *format_) break;
                ++at_;
            } else if (!conversion()) {
                if (*at_ == 0 && count_ == 0) return -1;
                break;
            }
        }
        return count_;
    }

  private:
    void skip_space() {
        while (space(*at_)) ++at_;
    }

    bool conversion() {
        ++format_;
        store_ = *format_ != '*';
        if (!store_) ++format_;
        width_ = 0;
        while (digit(*format_) < 10) width_ = width_ * 10 + digit(*format_++);
        if (width_ == 0) width_ = 1 << 30;
        bytes_ = 4;
        if (format_[0] == 'h') {
            bytes_ = 2;
            ++format_;
            if (*format_ == 'h') {
                bytes_ = 1;
                ++format_;
            }
        } else if (format_[0] == 'l') {
            ++format_;
            if (*format_ == 'l') {
                bytes_ = 8;
                ++format_;
            }
        } else if (format_[0] == 'I' && format_[1] == '6' && format_[2] == '4') {
            bytes_ = 8;
            format_ += 3;
        } else if (format_[0] == 'z') {
            bytes_ = 8;
            ++format_;
        }
        switch (*format_) {
            case 'd':
            case 'u': skip_space(); return integer(10);
            case 'i': skip_space(); return integer(0);
            case 'x':
            case 'X':
            case 'p': skip_space(); return integer(16);
            case 'o': skip_space(); return integer(8);
            case 's': skip_space(); return characters([](char c) { return !space(c); }, true);
            case 'c':
                if (width_ == 1 << 30) width_ = 1;
                return characters([](char) { return true; }, false);
            case '[': return set();
            case 'n': store_integer(static_cast<std::uint64_t>(at_ - start_)); return true;
            default: return false;
        }
    }

    bool integer(int base) {
        int left = width_;
        bool negative = false;
        if (left > 0 && (*at_ == '-' || *at_ == '+')) {
            negative = *at_++ == '-';
            --left;
        }
        if ((base == 0 || base == 16) && left > 1 && at_[0] == '0' && (at_[1] | 32) == 'x') {
            base = 16;
            at_ += 2;
            left -= 2;
        }
        if (base == 0) base = *at_ == '0' ? 8 : 10;
        const char* first = at_;
        std::uint64_t value = 0;
        for (; left > 0 && digit(*at_) < base; --left)
            value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit(*at_++));
        if (at_ == first) return false;
        if (store_) {
            store_integer(negative ? 0 - value : value);
            ++count_;
        }
        return true;
    }

    void store_integer(std::uint64_t value) {
        std::memcpy(va_arg(arguments_, void*), &value, static_cast<std::size_t>(bytes_));
    }

    template <typename Test>
    bool characters(Test test, bool terminate) {
        char* to = store_ ? va_arg(arguments_, char*) : nullptr;
        const std::size_t room = store_ && checked_ ? va_arg(arguments_, unsigned) : unlimited;
        std::size_t length = 0;
        for (; *at_ != 0 && length < static_cast<std::size_t>(width_) && test(*at_); ++at_) {
            if (length + terminate >= room) {
                to[0] = 0;
                return false;
            }
            if (to != nullptr) to[length] = *at_;
            ++length;
        }
        if (length == 0) return false;
        if (to != nullptr && terminate) to[length] = 0;
        count_ += store_;
        return true;
    }

    bool set() {
        ++format_;
        const bool inverted = *format_ == '^';
        if (inverted) ++format_;
        std::string members;
        do {
            if (*format_ == 0) return false;
            if (format_[1] == '-' && format_[2] != ']' && format_[2] != 0) {
                for (int c = format_[0]; c <= format_[2]; ++c) members += static_cast<char>(c);
                format_ += 3;
            } else {
                members += *format_++;
            }
        } while (*format_ != ']');
        return characters(
            [&](char c) { return (members.find(c) != std::string::npos) != inverted; }, true);
    }

    const char* start_;
    const char* at_;
    const char* format_;
    bool checked_;
    bool store_ = true;
    int width_ = 0;
    int bytes_ = 4;
    int count_ = 0;
    va_list arguments_;
};

int scan(const char* text, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int count = Scanner(text, format, arguments, false).run();
    va_end(arguments);
    return count;
}
int scan_s(const char* text, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int count = Scanner(text, format, arguments, true).run();
    va_end(arguments);
    return count;
}

}  // namespace

GX_EXPORT_AS(sprintf, s_printf);
GX_EXPORT_AS(vsprintf, v_sprintf);
GX_EXPORT_AS(_snprintf, sn_printf_legacy);
GX_EXPORT_AS(_vsnprintf, v_snprintf_legacy);
GX_EXPORT_AS(snprintf, sn_printf);
GX_EXPORT_AS(vsnprintf, v_snprintf);
GX_EXPORT_AS(sprintf_s, s_printf_s);
GX_EXPORT_AS(vsprintf_s, v_sprintf_s);
GX_EXPORT_AS(swprintf, sw_printf);
GX_EXPORT_AS(_snwprintf, snw_printf);
GX_EXPORT_AS(_vsnwprintf, v_snwprintf);
GX_EXPORT_AS(swprintf_s, sw_printf_s);
GX_EXPORT_AS(sscanf, scan);
GX_EXPORT_AS(sscanf_s, scan_s);
