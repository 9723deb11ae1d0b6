// AcpiOs*: messages. ACPICA prints pieces with printf; the host gets whole lines. Pointers are
// left out: they differ from run to run and would end up in the event stream.
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::LogLevel;
using gpioclx::firmware::os_layer;

namespace {

LogLevel level_of(std::string_view line) {
    if (line.starts_with("ACPI Debug")) return LogLevel::aml_debug;
    if (line.starts_with("ACPI Error") || line.starts_with("Firmware Error")) {
        return LogLevel::error;
    }
    if (line.starts_with("ACPI Warning") || line.starts_with("Firmware Warning")) {
        return LogLevel::warning;
    }
    return LogLevel::info;
}

void end_line() {
    const std::string_view line(os_layer.line.data(), os_layer.line_length);
    os_layer.line_length = 0;
    if (line.empty()) return;
    const LogLevel level = level_of(line);
    if (level == LogLevel::error && os_layer.first_error_length == 0) {
        os_layer.first_error_length =
            line.copy(os_layer.first_error.data(), os_layer.first_error.size());
    }
    os_layer.host->log(level, line);
}

void put(std::string_view text) {
    for (const char c : text) {
        if (c == '\n') {
            end_line();
        } else if (os_layer.line_length < os_layer.line.size()) {
            os_layer.line[os_layer.line_length++] = c;
        }
    }
}

// Formats the one conversion in `format` (as "%4.4s") and takes its arguments from `arguments`.
// ACPICA's conversions have no length modifiers but l and ll.
void put_conversion(std::string_view format, va_list* arguments) {
    std::array<char, 24> one = {};
    if (format.size() >= one.size()) return put(format);
    std::memcpy(one.data(), format.data(), format.size());

    std::array<char, 512> text = {};
    // At most two stars come before the value; an absent one is not consumed by snprintf.
    std::array<int, 2> stars = {};
    std::size_t star_count = 0;
    for (const char c : format) {
        if (c == '*' && star_count < stars.size()) stars[star_count++] = va_arg(*arguments, int);
    }
    const auto print = [&](auto value) {
        switch (star_count) {
            case 0: std::snprintf(text.data(), text.size(), one.data(), value); break;
            case 1: std::snprintf(text.data(), text.size(), one.data(), stars[0], value); break;
            default: std::snprintf(text.data(), text.size(), one.data(), stars[0], stars[1], value);
        }
    };

    switch (format.back()) {
        case 'p': static_cast<void>(va_arg(*arguments, void*)); return put("<pointer>");
        case 's': print(va_arg(*arguments, const char*)); break;
        default:
            if (format.find('l') != std::string_view::npos) {
                print(va_arg(*arguments, unsigned long));
            } else {
                print(va_arg(*arguments, unsigned));
            }
    }
    put(text.data());
}

void put_format(std::string_view format, va_list* arguments) {
    while (!format.empty()) {
        const std::size_t percent = format.find('%');
        put(format.substr(0, percent));
        if (percent == std::string_view::npos) return;
        format.remove_prefix(percent);
        const std::size_t end = format.find_first_of("csdiuoxXp%", 1);
        if (end == std::string_view::npos) return put(format);
        if (format[end] == '%') {
            put("%");
        } else {
            put_conversion(format.substr(0, end + 1), arguments);
        }
        format.remove_prefix(end + 1);
    }
}

}  // namespace

extern "C" {

void acpi_os_vprintf(const char* format, va_list arguments) {
    va_list copy;
    va_copy(copy, arguments);
    put_format(format, &copy);
    va_end(copy);
}

void acpi_os_printf(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    acpi_os_vprintf(format, arguments);
    va_end(arguments);
}

}  // extern "C"
