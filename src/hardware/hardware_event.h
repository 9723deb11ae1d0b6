// Something the hardware noticed that a data sheet forbids or leaves undefined. Events are facts,
// not findings: who listens decides what to make of them. The views point into the reporting
// object and live as long as it does; copy before keeping.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpioclx::hardware {

struct HardwareEvent {
    enum class Kind : std::uint8_t {
        write_to_read_only,
        read_of_write_only,
        reserved_bits_set,  // `bits`: the reserved bits written as 1
        reserved_value,     // a field got a code that the data sheet reserves; `pins`: whose
        unmapped_read,
        unmapped_write,
        access_width,  // the block does not support accesses of this width
        misaligned_access,
        locked_write,    // `pins`: those whose configuration is locked
        pull_sequence,   // `detail` says which step
        floating_read,   // `pins`: inputs that nothing drives; once per floating period
        contention,      // two drivers fight on a wire
        opposing_pulls,  // equally strong pulls both ways: the wire floats
        oscillation,     // a wire does not come to rest
        // The registers of `pins`, or the whole block, have no power.
        unpowered_access,
        count_,
    };

    Kind kind;
    std::string_view source;              // controller or wire
    std::string_view register_name = {};  // empty for wires and unmapped offsets
    std::uint64_t offset = 0;
    std::uint64_t value = 0;      // as written, or 0
    std::uint32_t bits = 0;       // register bits concerned
    std::uint16_t first_pin = 0;  // `pins` is relative to it
    std::uint32_t pins = 0;
    std::string_view detail = {};

    // One line for people: what happened, where.
    std::string text() const;
};

std::string_view to_string(HardwareEvent::Kind kind);
// One word, as scripts write it: "write_to_read_only".
std::string_view word_of(HardwareEvent::Kind kind);
std::optional<HardwareEvent::Kind> kind_named(std::string_view word);
std::string kind_words();

}  // namespace gpioclx::hardware
