#include "bench/status_text.h"

#include <fmt/format.h>

#include <charconv>

namespace gpioclx::bench {
namespace {

struct StatusName {
    std::uint32_t value;
    const char* name;
};

// Generated from wdk/km/ntstatus.h by the build.
constexpr StatusName names[] = {
#include "status_names.inc"
};

}  // namespace

std::string status_text(std::uint32_t status) {
    for (const StatusName& entry : names) {
        if (entry.value == status) return entry.name;
    }
    return fmt::format("0x{:08X}", status);
}

std::optional<std::uint32_t> parse_status(std::string_view text) {
    for (const StatusName& entry : names) {
        if (text == entry.name) return entry.value;
    }
    if (!text.starts_with("0x") && !text.starts_with("0X")) return std::nullopt;
    std::uint32_t value = 0;
    const auto parsed = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace gpioclx::bench
