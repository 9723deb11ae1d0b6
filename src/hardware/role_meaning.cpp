#include "hardware/role_meaning.h"

#include <cassert>

namespace gpioclx::hardware {

std::optional<PlaneRef> plane_of(Role role, const RoleArguments& arguments) {
    switch (role) {
        case Role::output:
        case Role::data: return PlaneRef{Plane::latch};
        case Role::direction: return PlaneRef{Plane::direction, !arguments.output};
        case Role::output_enable: return PlaneRef{Plane::direction};
        case Role::output_disable: return PlaneRef{Plane::direction, true};
        case Role::input_enable: return PlaneRef{Plane::input_enable};
        case Role::input_disable: return PlaneRef{Plane::input_enable, true};
        case Role::hardware_control: return PlaneRef{Plane::hardware};
        case Role::pull_enable: return PlaneRef{Plane::pull_enable};
        case Role::pull_select: return PlaneRef{Plane::pull_select, !arguments.high};
        case Role::pull_strobe: return PlaneRef{Plane::pull_strobe};
        case Role::open_drain: return PlaneRef{Plane::open_drain};
        case Role::input_invert: return PlaneRef{Plane::input_invert};
        case Role::output_invert: return PlaneRef{Plane::output_invert};
        case Role::int_type: return PlaneRef{Plane::type_level, !arguments.level};
        case Role::int_polarity: return PlaneRef{Plane::polarity_high, !arguments.high};
        case Role::int_both: return PlaneRef{Plane::both};
        case Role::detect_rising:
            return PlaneRef{arguments.asynchronous ? Plane::detect_rising_async
                                                   : Plane::detect_rising};
        case Role::detect_falling:
            return PlaneRef{arguments.asynchronous ? Plane::detect_falling_async
                                                   : Plane::detect_falling};
        case Role::detect_high: return PlaneRef{Plane::detect_high};
        case Role::detect_low: return PlaneRef{Plane::detect_low};
        case Role::int_enable: return PlaneRef{Plane::enable};
        case Role::int_mask: return PlaneRef{Plane::unmask, true};
        case Role::int_unmask: return PlaneRef{Plane::unmask};
        case Role::status:
        case Role::raw_status:
        case Role::masked_status: return PlaneRef{Plane::status};
        case Role::soft_trigger: return PlaneRef{Plane::soft_trigger};
        case Role::lock: return PlaneRef{Plane::lock};
        case Role::debounce_enable: return PlaneRef{Plane::debounce};
        case Role::compare_value: return PlaneRef{Plane::compare_value};
        case Role::compare_select: return PlaneRef{Plane::compare_select};
        case Role::capture: return PlaneRef{Plane::capture};
        case Role::cause: return PlaneRef{Plane::cause};
        default: return std::nullopt;
    }
}

bool is_coded(Role role) {
    return role == Role::function || role == Role::int_config || role == Role::pull;
}

bool is_single_bit(Role role) {
    return plane_of(role, {}).has_value() || !default_target(role).empty() || role == Role::input;
}

Effect effect_of(Plane plane) {
    switch (plane) {
        case Plane::latch:
        case Plane::direction:
        case Plane::hardware:
        case Plane::open_drain:
        case Plane::output_invert: return Effect::pads;
        case Plane::debounce: return Effect::filter;
        case Plane::pull_enable:
        case Plane::pull_select:
        case Plane::pull_strobe: return Effect::pulls;
        case Plane::type_level:
        case Plane::polarity_high:
        case Plane::both:
        case Plane::detect_rising:
        case Plane::detect_falling:
        case Plane::detect_high:
        case Plane::detect_low:
        case Plane::detect_rising_async:
        case Plane::detect_falling_async: return Effect::config;
        default: return Effect::none;
    }
}

std::string_view default_target(Role role) {
    switch (role) {
        case Role::set:
        case Role::clear:
        case Role::toggle: return "output";
        case Role::eoi: return "status";
        case Role::mask_set:
        case Role::mask_clear:
        case Role::mask_status: return "int_mask";
        default: return {};
    }
}

namespace {

void give_write_rule(Part& part, Access access) {
    switch (access) {
        case Access::rw:
        case Access::wo: part.write = Part::Write::assign; break;
        case Access::ro: part.write = Part::Write::ignored; break;
        case Access::w1s: part.write = Part::Write::set; break;
        case Access::w1c: part.write = Part::Write::clear; break;
        case Access::w1t: part.write = Part::Write::toggle; break;
        case Access::w0c: part.write = Part::Write::clear_zeros; break;
        case Access::rc:
            part.write = Part::Write::ignored;
            part.read_clears = true;
            break;
    }
}

Part::Read read_of(ReadRule rule) {
    switch (rule) {
        case ReadRule::pad: return Part::Read::pad;
        case ReadRule::latch: return Part::Read::latch;
        case ReadRule::latch_if_output: return Part::Read::data;
        case ReadRule::pad_if_input: return Part::Read::input_path;
    }
    return Part::Read::pad;
}

void give_plane_meaning(Part& part, Role role, Access access, const RoleArguments& arguments) {
    part.resets = true;
    part.read = access == Access::wo ? Part::Read::zero : Part::Read::plane;
    give_write_rule(part, access);
    if (role == Role::data || role == Role::output) {
        part.outputs_only = arguments.outputs_only;
        if (role == Role::data && access != Access::wo) {
            part.read = read_of(arguments.read);
        }
    }
    if (role == Role::status || role == Role::raw_status) part.read = Part::Read::raw;
    if (role == Role::masked_status) part.read = Part::Read::masked;
    if (role == Role::pull_strobe) part.write = Part::Write::strobe;
    if (role == Role::soft_trigger) part.write = Part::Write::soft_trigger;
    if (role == Role::lock && arguments.key_bit != 0) {
        // What was written reads back; it locks when the key was given.
        part.write = Part::Write::lock_sequence;
        part.read = Part::Read::store;
        part.read_clears = true;
    }
    part.may_sample = role == Role::direction && arguments.may_sample;
    part.priority = arguments.priority;
}

}  // namespace

void give_meaning(Part& part, Role role, Access access, const RoleArguments& arguments,
                  PlaneRef target) {
    part.role = role;
    part.access = access;
    part.plane = target.plane;
    part.invert = target.inverted ? 0xFFFFFFFFu : 0;
    part.effect = effect_of(target.plane);
    part.priority = arguments.priority;
    switch (role) {
        case Role::input:
            part.read = read_of(arguments.read);
            part.effect = Effect::none;
            return;
        case Role::set:
        case Role::mask_set: part.write = Part::Write::set; break;
        case Role::clear:
        case Role::mask_clear: part.write = Part::Write::clear; break;
        case Role::toggle: part.write = Part::Write::toggle; break;
        case Role::mask_status: part.read = Part::Read::plane; return;
        case Role::eoi:
            part.write = access == Access::w0c ? Part::Write::clear_zeros : Part::Write::clear;
            return;
        case Role::reserved: return;
        default:
            if (plane_of(role, arguments)) return give_plane_meaning(part, role, access, arguments);
            part.read = access == Access::wo ? Part::Read::zero : Part::Read::store;
            part.effect = Effect::none;
            if (is_coded(role)) {
                part.write = access == Access::ro ? Part::Write::ignored : Part::Write::fields;
                part.effect = role == Role::function ? Effect::pads
                              : role == Role::pull   ? Effect::pulls
                                                     : Effect::config;
            } else if (role != Role::constant && access != Access::ro) {
                part.write = Part::Write::store;
            }
            return;
    }
    // The set and clear registers of many chips read as the register they act on.
    if (access != Access::wo) part.read = Part::Read::plane;
}

namespace {
constexpr std::string_view function_names[] = {"input", "output", "gpio"};
constexpr std::string_view trigger_names[] = {"off", "low", "high", "rising", "falling", "both"};
constexpr std::string_view pull_names[] = {"none", "up", "down"};

template <std::size_t count>
std::optional<std::uint8_t> index_of(const std::string_view (&names)[count],
                                     std::string_view name) {
    for (std::size_t i = 0; i < count; ++i) {
        if (names[i] == name) return static_cast<std::uint8_t>(i);
    }
    return std::nullopt;
}
}  // namespace

std::optional<std::uint8_t> code_meaning(Role role, std::string_view name) {
    if (role == Role::int_config) return index_of(trigger_names, name);
    if (role == Role::pull || role == Role::pull_command) return index_of(pull_names, name);
    assert(role == Role::function);
    if (const auto index = index_of(function_names, name)) return index;
    if (name == "interrupt") return static_cast<std::uint8_t>(Function::interrupt);
    if (name == "analog") return static_cast<std::uint8_t>(Function::analog);
    if (name.starts_with("alt")) return static_cast<std::uint8_t>(Function::hardware);
    return std::nullopt;
}

std::string_view code_names(Role role) {
    if (role == Role::int_config) return "off, low, high, rising, falling, both";
    if (role == Role::function) return "input, output, gpio, interrupt, analog, alt...";
    return "none, up, down";
}

std::uint8_t reserved_code(Role role) {
    if (role == Role::int_config) return static_cast<std::uint8_t>(Trigger::reserved);
    if (role == Role::function) return static_cast<std::uint8_t>(Function::reserved);
    return static_cast<std::uint8_t>(PullCode::reserved);
}

}  // namespace gpioclx::hardware
