// What a register, or a field of a per-pin word, means; and what a write to it does. The names are
// those of register-map files (hardware/maps/README.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpioclx::hardware {

enum class Role : std::uint8_t {
    // data
    input,
    output,
    data,
    set,
    clear,
    toggle,
    // direction
    direction,
    output_enable,
    input_enable,
    output_disable,
    input_disable,
    function,
    hardware_control,
    // electrical
    pull,
    pull_enable,
    pull_select,
    pull_command,
    pull_strobe,
    drive,
    slew,
    open_drain,
    schmitt,
    input_invert,
    output_invert,
    // which events interrupt
    int_type,
    int_polarity,
    int_both,
    int_config,
    detect_rising,
    detect_falling,
    detect_high,
    detect_low,
    // gates
    int_enable,
    int_mask,
    int_unmask,
    mask_set,
    mask_clear,
    mask_status,
    wake_enable,
    event_enable,
    // status
    status,
    raw_status,
    masked_status,
    eoi,
    soft_trigger,
    // filter
    debounce_enable,
    debounce_time,
    debounce_clock,
    level_sync,
    // other
    lock,
    owner,
    constant,
    scratch,
    reserved,
    clock_gate,
    // comparators
    compare_value,   // what the pad is compared with ..
    compare_select,  // .. where this is 1; else with the pad as it was
    capture,
    cause,
};

enum class Access : std::uint8_t { rw, ro, wo, w1s, w1c, w1t, w0c, rc };

std::string_view to_string(Role role);
std::string_view to_string(Access access);
std::optional<Role> role_named(std::string_view name);
std::optional<Access> access_named(std::string_view name);
std::string role_names();  // "input, output, ..." for messages
std::string access_names();

// Roles whose fields take named codes.
bool has_values(Role role);

}  // namespace gpioclx::hardware
