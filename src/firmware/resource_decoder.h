// From the bytes of a resource template to resources. Needs a running firmware: ACPICA converts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "diagnostics/result.h"
#include "firmware/resource.h"

namespace gpioclx::firmware {

struct ResourceOrigin {
    std::string place;  // for messages: "\_SB.DEV0 _CRS"
    // The full path of the device that a resource source names; empty if there is none.
    std::function<std::optional<std::string>(const std::string& source)> resolve;
};

// Order as in the template (A10). Refused: a template without end, descriptors that lie about
// their lengths, a source that does not exist, GpioInt with other than one pin (A14), level with
// both polarities (A15), GpioIo and PinFunction without pins.
Result<std::vector<Resource>> decode_resources(std::span<const std::uint8_t> bytes,
                                               const ResourceOrigin& origin);

}  // namespace gpioclx::firmware
