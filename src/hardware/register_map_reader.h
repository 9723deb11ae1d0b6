// Reads a register-map file and checks it completely: what it returns can be built into a
// Controller. A mistake names file, line, key and what would be right.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/result.h"
#include "hardware/register_map.h"

namespace gpioclx::hardware {

// `variant` empty: the plain controller.
Result<RegisterMap> read_register_map(const std::string& file, std::string_view variant = {});
Result<RegisterMap> parse_register_map(std::string_view toml_text, const std::string& file,
                                       std::string_view variant = {});

}  // namespace gpioclx::hardware
