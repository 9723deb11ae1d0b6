#include "hardware/role.h"

#include <array>

namespace gpioclx::hardware {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Role::cause) + 1> role_table = {
    "input",
    "output",
    "data",
    "set",
    "clear",
    "toggle",
    "direction",
    "output_enable",
    "input_enable",
    "output_disable",
    "input_disable",
    "function",
    "hardware_control",
    "pull",
    "pull_enable",
    "pull_select",
    "pull_command",
    "pull_strobe",
    "drive",
    "slew",
    "open_drain",
    "schmitt",
    "input_invert",
    "output_invert",
    "int_type",
    "int_polarity",
    "int_both",
    "int_config",
    "detect_rising",
    "detect_falling",
    "detect_high",
    "detect_low",
    "int_enable",
    "int_mask",
    "int_unmask",
    "mask_set",
    "mask_clear",
    "mask_status",
    "wake_enable",
    "event_enable",
    "status",
    "raw_status",
    "masked_status",
    "eoi",
    "soft_trigger",
    "debounce_enable",
    "debounce_time",
    "debounce_clock",
    "level_sync",
    "lock",
    "owner",
    "constant",
    "scratch",
    "reserved",
    "clock_gate",
    "compare_value",
    "compare_select",
    "capture",
    "cause"};
static_assert(role_table.back() == "cause", "one name for each role");

constexpr std::array<std::string_view, 8> access_table = {"rw",  "ro",  "wo",  "w1s",
                                                          "w1c", "w1t", "w0c", "rc"};

template <typename Table>
std::string join(const Table& table) {
    std::string text;
    for (std::string_view name : table) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

}  // namespace

std::string_view to_string(Role role) { return role_table[static_cast<std::size_t>(role)]; }

std::string_view to_string(Access access) { return access_table[static_cast<std::size_t>(access)]; }

std::optional<Role> role_named(std::string_view name) {
    for (std::size_t i = 0; i < role_table.size(); ++i) {
        if (role_table[i] == name) return static_cast<Role>(i);
    }
    return std::nullopt;
}

std::optional<Access> access_named(std::string_view name) {
    for (std::size_t i = 0; i < access_table.size(); ++i) {
        if (access_table[i] == name) return static_cast<Access>(i);
    }
    return std::nullopt;
}

std::string role_names() { return join(role_table); }
std::string access_names() { return join(access_table); }

bool has_values(Role role) {
    return role == Role::function || role == Role::int_config || role == Role::pull ||
           role == Role::pull_command || role == Role::drive || role == Role::slew;
}

}  // namespace gpioclx::hardware
