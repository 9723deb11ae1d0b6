#include "bench/duration.h"

#include <fmt/format.h>

#include "hardware/model_property.h"

namespace gpioclx::bench {

Result<std::uint64_t> parse_duration_ns(std::string_view text) {
    return hardware::parse_time_ns(text);
}

std::string duration_text(std::uint64_t ns) {
    if (ns >= 1'000'000'000) return fmt::format("{:g}s", static_cast<double>(ns) / 1e9);
    if (ns >= 1'000'000) return fmt::format("{:g}ms", static_cast<double>(ns) / 1e6);
    if (ns >= 1'000) return fmt::format("{:g}us", static_cast<double>(ns) / 1e3);
    return fmt::format("{}ns", ns);
}

}  // namespace gpioclx::bench
