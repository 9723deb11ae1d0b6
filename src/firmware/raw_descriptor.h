// The outside of a resource descriptor: where it ends, what it is called, and whether the offsets
// inside stay inside. ACPICA follows those offsets unchecked, and a template may be any bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpioclx::firmware {

// What a PinGroup, PinGroupFunction or PinGroupConfig consists of.
struct PinGroupParts {
    enum class Kind { group, function, config } kind = Kind::group;
    std::string source;
    std::string label;
    std::vector<std::uint16_t> pins;
    std::uint16_t function = 0;
    std::uint8_t type = 0;
    std::uint32_t value = 0;
    bool shared = false;
    std::vector<std::uint8_t> vendor_data;
};

struct RawDescriptor {
    std::span<const std::uint8_t> bytes;

    // Large descriptors: first byte; small ones: first byte without its length bits.
    std::uint8_t tag() const;
    std::string_view name() const;  // as ASL calls it
    bool is_end() const;
    // What ACPICA converts for us. The others are reported by name only.
    bool is_converted() const;
    // Why the insides are wrong; empty if they are right.
    std::optional<std::string> defect() const;

    bool is_pin_group() const;
    // Of a pin group without a defect.
    PinGroupParts pin_group_parts() const;
};

// The descriptor at the start of `bytes`; empty if it does not end within.
std::optional<RawDescriptor> first_descriptor(std::span<const std::uint8_t> bytes);

}  // namespace gpioclx::firmware
