// Virtual times as users write them: "50ms", "200us", "10ns", "2s".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "diagnostics/result.h"

namespace gpioclx::bench {

Result<std::uint64_t> parse_duration_ns(std::string_view text);
// The shortest exact form: 1500000 -> "1.5ms".
std::string duration_text(std::uint64_t ns);

}  // namespace gpioclx::bench
