// NTSTATUS values by name, for scripts and reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpioclx::bench {

// "STATUS_INVALID_PARAMETER"; "0xC0001234" for one without a known name.
std::string status_text(std::uint32_t status);
// Name or number.
std::optional<std::uint32_t> parse_status(std::string_view text);

}  // namespace gpioclx::bench
