#include "hardware/hardware_event.h"

#include <fmt/format.h>

#include <iterator>

namespace gpioclx::hardware {

std::string_view to_string(HardwareEvent::Kind kind) {
    using Kind = HardwareEvent::Kind;
    switch (kind) {
        case Kind::write_to_read_only: return "write to a read-only register";
        case Kind::read_of_write_only: return "read of a write-only register";
        case Kind::reserved_bits_set: return "reserved bits written as 1";
        case Kind::reserved_value: return "reserved code written to a field";
        case Kind::unmapped_read: return "read where no register is";
        case Kind::unmapped_write: return "write where no register is";
        case Kind::access_width: return "access of an unsupported width";
        case Kind::misaligned_access: return "misaligned access";
        case Kind::locked_write: return "write to the locked configuration of a pin";
        case Kind::pull_sequence: return "pull sequence violated";
        case Kind::floating_read: return "read of a floating pin";
        case Kind::contention: return "two drivers fight";
        case Kind::opposing_pulls: return "equally strong pulls both ways";
        case Kind::oscillation: return "wire does not come to rest";
        case Kind::unpowered_access: return "access to a register without power";
        case Kind::count_: break;
    }
    return "?";
}

namespace {
constexpr std::string_view words[] = {
    "write_to_read_only", "read_of_write_only", "reserved_bits_set", "reserved_value",
    "unmapped_read",      "unmapped_write",     "access_width",      "misaligned_access",
    "locked_write",       "pull_sequence",      "floating_read",     "contention",
    "opposing_pulls",     "oscillation",        "unpowered_access"};
static_assert(std::size(words) == static_cast<std::size_t>(HardwareEvent::Kind::count_));
}  // namespace

std::string_view word_of(HardwareEvent::Kind kind) { return words[static_cast<std::size_t>(kind)]; }

std::optional<HardwareEvent::Kind> kind_named(std::string_view word) {
    for (std::size_t i = 0; i < std::size(words); ++i) {
        if (words[i] == word) return static_cast<HardwareEvent::Kind>(i);
    }
    return std::nullopt;
}

std::string kind_words() {
    std::string text;
    for (std::string_view word : words) text += (text.empty() ? "" : " ") + std::string(word);
    return text;
}

std::string HardwareEvent::text() const {
    std::string text = fmt::format("{}: {}", source, to_string(kind));
    if (!register_name.empty()) {
        text += fmt::format(", {} (offset 0x{:x})", register_name, offset);
    } else if (kind <= Kind::misaligned_access) {
        text += fmt::format(", offset 0x{:x}", offset);
    }
    if (bits != 0) text += fmt::format(", bits 0x{:x} of 0x{:x}", bits, value);
    if (pins != 0) {
        text += ", pin";
        for (unsigned i = 0; i < 32; ++i) {
            if ((pins >> i) & 1) text += fmt::format(" {}", first_pin + i);
        }
    }
    if (!detail.empty()) text += fmt::format(": {}", detail);
    return text;
}

}  // namespace gpioclx::hardware
