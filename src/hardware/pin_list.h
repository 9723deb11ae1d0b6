// Lists of pins as register maps and properties write them: "0-8,34-36,46".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::hardware {

using PinList = std::vector<std::uint16_t>;  // ascending, no pin twice

// Pins must be below `pin_count`. The error has a message and a hint, no place.
Result<PinList> parse_pin_list(std::string_view text, unsigned pin_count);
std::string to_string(const PinList& pins);

}  // namespace gpioclx::hardware
