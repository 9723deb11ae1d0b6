#include "hardware/register_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "hardware/role_meaning.h"

namespace gpioclx::hardware {
namespace {

std::uint32_t all_ones(unsigned bits) { return bits >= 32 ? 0xFFFFFFFFu : (1u << bits) - 1; }

Role read_role(MapTable& table) {
    table.require("role", "\"direction\"");
    const auto name = table.text("role");
    if (!name) return Role::reserved;
    const auto role = role_named(*name);
    if (!role) {
        std::vector<std::string> names;
        for (int i = 0; i <= static_cast<int>(Role::cause); ++i) {
            names.emplace_back(to_string(static_cast<Role>(i)));
        }
        const auto near = nearest_name(*name, names);
        table.wrong(
            "role", fmt::format("'{}' is not known", *name),
            near.empty() ? "roles: " + role_names() : fmt::format("did you mean '{}'?", near));
        return Role::reserved;
    }
    return *role;
}

Access read_access(MapTable& table, Role role) {
    const auto name = table.text("access");
    if (!name) {
        switch (role) {
            case Role::constant:
            case Role::input:
            case Role::raw_status:
            case Role::masked_status:
            case Role::mask_status:
            case Role::capture:
            case Role::cause: return Access::ro;
            case Role::set:
            case Role::clear:
            case Role::toggle: return Access::wo;
            case Role::eoi: return Access::w1c;
            case Role::mask_set: return Access::w1s;
            case Role::mask_clear: return Access::w1c;
            default: return Access::rw;
        }
    }
    if (const auto access = access_named(*name)) return *access;
    table.wrong("access", fmt::format("'{}' is not known", *name), "one of " + access_names());
    return Access::rw;
}

std::vector<std::pair<unsigned, std::string>> read_values(MapTable& table, Role role,
                                                          unsigned bits) {
    std::vector<std::pair<unsigned, std::string>> values;
    const MapValue* codes = table.table("values");
    if (!codes) return values;
    if (!has_values(role)) {
        table.wrong("values", fmt::format("role {} has no codes", to_string(role)),
                    "function, int_config, pull, pull_command, drive and slew have");
        return values;
    }
    for (const auto& [key, value] : codes->members) {
        unsigned code = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), code);
        if (error != std::errc{} || end != key.data() + key.size() || code > all_ones(bits)) {
            table.wrong("values", fmt::format("'{}' is not a code of {} bits", key, bits),
                        fmt::format("write 0 to {} = \"name\"", all_ones(bits)));
        } else if (value.kind != MapValue::Kind::text) {
            table.wrong("values", fmt::format("the meaning of code {} must be a text", code),
                        fmt::format("{} = \"name\"", code));
        } else {
            values.emplace_back(code, value.text);
        }
    }
    return values;
}

// Says so when an argument stands at a role that has no use for it.
void check_argument(MapTable& table, std::string_view key, Role role,
                    std::initializer_list<Role> roles) {
    if (!table.has(key)) return;
    std::string names;
    for (Role possible : roles) {
        if (possible == role) return;
        names += (names.empty() ? "" : ", ") + std::string(to_string(possible));
    }
    table.wrong(key, fmt::format("role {} has no such argument", to_string(role)),
                "it belongs to " + names);
}

RoleArguments read_arguments(MapTable& table, Role role) {
    RoleArguments arguments;
    check_argument(table, "output", role, {Role::direction});
    check_argument(table, "turn_on", role, {Role::direction});
    check_argument(table, "level", role, {Role::int_type});
    check_argument(table, "high", role, {Role::int_polarity, Role::pull_select});
    check_argument(table, "async", role, {Role::detect_rising, Role::detect_falling});
    check_argument(table, "override", role, {Role::int_both});
    check_argument(table, "priority", role, {Role::set, Role::clear});
    check_argument(table, "read", role, {Role::data, Role::input});
    check_argument(table, "write", role, {Role::data, Role::output});
    check_argument(table, "wait_ns", role, {Role::pull_strobe});
    check_argument(table, "pull", role, {Role::pull_enable});
    check_argument(table, "key_bit", role, {Role::lock});
    if (table.has("of") && default_target(role).empty() && role != Role::pull_strobe) {
        table.wrong("of", fmt::format("role {} acts on nothing else", to_string(role)),
                    "it belongs to set, clear, toggle, eoi, mask_set, mask_clear, mask_status, "
                    "pull_strobe");
    }

    arguments.output = table.bit("output").value_or(true);
    arguments.level = table.bit("level").value_or(true);
    arguments.high = table.bit("high").value_or(true);
    arguments.asynchronous = table.boolean("async").value_or(false);
    arguments.override_type = table.boolean("override").value_or(false);
    if (const auto priority = table.one_of("priority", {"set", "clear"})) {
        arguments.priority = (*priority == 0) == (role == Role::set);
    }
    arguments.may_sample = table.one_of("turn_on", {"latch", "may_sample"}).value_or(0) == 1;
    arguments.read = role == Role::input ? ReadRule::pad : ReadRule::latch_if_output;
    if (const auto read =
            table.one_of("read", {"pad", "latch", "latch_if_output", "pad_if_input"})) {
        arguments.read = static_cast<ReadRule>(*read);
    }
    arguments.outputs_only = table.one_of("write", {"all", "outputs_only"}).value_or(0) == 1;
    arguments.key_bit = table.number("key_bit", 31).value_or(0);
    arguments.wait_ns = table.number("wait_ns").value_or(0);
    arguments.pulls_up = table.one_of("pull", {"up", "down"}).value_or(0) == 0;
    return arguments;
}

// "9:2" or "3".
bool read_bit_range(std::string_view text, unsigned& high, unsigned& low) {
    const char* end = text.data() + text.size();
    auto first = std::from_chars(text.data(), end, high);
    if (first.ec != std::errc{}) return false;
    low = high;
    if (first.ptr == end) return true;
    if (*first.ptr != ':') return false;
    auto second = std::from_chars(first.ptr + 1, end, low);
    return second.ec == std::errc{} && second.ptr == end && low <= high;
}

void read_window(MapTable& table, RegisterSpec& spec, MapProblem& problem) {
    const MapValue* value = table.table("mask_window");
    if (!value) return;
    MapTable window(*value, table.what() + ": mask_window", problem);
    window.require("end", "0x3FC");
    window.require("address_bits", "\"9:2\"");
    RegisterSpec::Window result;
    result.end = window.number("end").value_or(0);
    const auto text = window.text("address_bits");
    if (text && (!read_bit_range(*text, result.high_bit, result.low_bit) || result.high_bit > 31)) {
        window.wrong("address_bits", fmt::format("'{}' is not a range of bits", *text),
                     "write \"high:low\", as in \"9:2\"");
    }
    window.finish();
    if (problem.any()) return;
    const std::uint32_t start = spec.offsets.empty() ? 0 : spec.offsets[0];
    const unsigned bits = result.high_bit - result.low_bit + 1;
    const std::uint64_t reach =
        start + (((std::uint64_t{1} << std::min(bits, 32u)) - 1) << std::min(result.low_bit, 31u));
    if (reach != result.end) {
        window.wrong("end",
                     fmt::format("address bits {}:{} reach from 0x{:x} to 0x{:x}, not to 0x{:x}",
                                 result.high_bit, result.low_bit, start, reach, result.end),
                     fmt::format("end = 0x{:x}", reach));
    }
    spec.window = result;
}

void read_page(MapTable& table, RegisterSpec& spec, const RegisterMap& map, MapProblem& problem) {
    const MapValue* value = table.table("page");
    if (!value) return;
    MapTable page(*value, table.what() + ": page", problem);
    RegisterSpec::Page result;
    result.stride = page.number("stride").value_or(0);
    result.offsets = page.numbers("offsets");
    const MapValue* base = page.value("base");
    if (base && base->kind == MapValue::Kind::list) {
        for (const MapValue& tile_value : base->items) {
            MapTable tile(tile_value, page.what() + ": base", problem);
            tile.require("pins", "\"0-9\"");
            tile.require("base", "0x100");
            auto pins = tile.pins("pins", map.pins);
            const auto offset = tile.number("base");
            if (pins && offset) result.bases.emplace_back(std::move(*pins), *offset);
            tile.finish();
        }
    } else if (base) {
        result.bases.emplace_back(PinList{}, page.number("base").value_or(0));
    } else if (result.offsets.size() != map.pins) {
        page.wrong("offsets",
                   fmt::format("{} offsets for {} pins", result.offsets.size(), map.pins),
                   "give one offset for each pin, or base and stride");
    }
    if (base && result.stride == 0) page.require("stride", "0x10");
    page.finish();
    spec.page = std::move(result);
}

void read_fields(MapTable& table, RegisterSpec& spec, const RegisterMap& map, MapProblem& problem) {
    for (const MapValue* value : table.tables("field")) {
        MapTable field(*value, table.what() + ": field", problem);
        FieldSpec result;
        result.line = field.line();
        result.role = read_role(field);
        field.rename(fmt::format("{} {}", field.what(), to_string(result.role)));
        result.access = read_access(field, result.role);
        field.require("bit", "\"7:4\"");
        unsigned high = 0;
        if (const auto bits = field.text("bit")) {
            if (!read_bit_range(*bits, high, result.first_bit) || high >= map.width) {
                field.wrong("bit", fmt::format("'{}' is no range of bits of the word", *bits),
                            fmt::format("write \"high:low\" or \"bit\", up to {}", map.width - 1));
                high = result.first_bit = 0;
            }
            result.bits = high - result.first_bit + 1;
        }
        result.reset = field.number("reset", all_ones(result.bits)).value_or(0);
        result.values = read_values(field, result.role, result.bits);
        result.of = field.text("of").value_or("");
        result.arguments = read_arguments(field, result.role);
        field.finish();
        spec.fields.push_back(std::move(result));
    }
    if (spec.page && spec.fields.empty()) table.require("field", "[ { role = .., bit = .. } ]");
}

void read_pins(MapTable& table, RegisterSpec& spec, const RegisterMap& map) {
    const MapValue* value = table.value("pins");
    const unsigned limit =
        map.registers_repeat_per_bank && !map.banks.empty() ? map.banks[0].pin_count : map.pins;
    if (value && value->text == "none") {
        spec.per_pin = false;
    } else {
        spec.pins = table.pins("pins", limit);
    }
    // Words of these roles mean something else than pins.
    if (!value && (spec.role == Role::constant || spec.role == Role::pull_command ||
                   spec.role == Role::debounce_clock)) {
        spec.per_pin = false;
    }
}

void read_reset(MapTable& table, RegisterSpec& spec, const RegisterMap& map) {
    const MapValue* value = table.value("reset");
    if (value && value->kind == MapValue::Kind::text) {
        if (value->text != "pad") {
            table.wrong("reset", fmt::format("'{}' is not a value", value->text),
                        "a number, a list of numbers, or \"pad\"");
        }
    } else {
        spec.reset = table.numbers("reset", all_ones(map.width));
    }
    if (spec.reset.size() > 1 && spec.reset.size() != spec.offsets.size()) {
        table.wrong("reset",
                    fmt::format("{} values for {} words", spec.reset.size(), spec.offsets.size()),
                    "give one value for all words, or one for each");
    }
    spec.keep_on_warm_reset =
        table.one_of("reset_warm", {"reset", "keep"}).value_or(map.keep_on_warm_reset ? 1u : 0u) ==
        1;
}

}  // namespace

RegisterSpec read_register(const MapValue& value, const RegisterMap& map, MapProblem& problem) {
    RegisterSpec spec;
    MapTable table(value, "register", problem);
    spec.line = table.line();
    table.require("name", "\"DIR\"");
    spec.name = table.text("name").value_or("?");
    table.rename("register " + spec.name);
    read_page(table, spec, map, problem);
    read_fields(table, spec, map, problem);
    if (spec.fields.empty()) {
        spec.role = read_role(table);
        spec.access = read_access(table, spec.role);
    }
    if (!spec.page) table.require("offset", "0x400");
    spec.offsets = table.numbers("offset");
    spec.bits = table.number("bits", map.width).value_or(1);
    if (spec.bits == 0) table.wrong("bits", "a field has at least one bit", "bits = 1");
    spec.per_word = table.number("per_word", map.width).value_or(0);
    read_pins(table, spec, map);
    spec.first_bit = table.number("first_bit", map.width - 1).value_or(0);
    spec.mask = table.number("mask", all_ones(map.width)).value_or(all_ones(map.width));
    if (spec.per_pin && table.has("mask")) {
        table.wrong("mask", "only words with pins = \"none\" have a mask",
                    "the bits of a word per pin follow from its pins");
    }
    read_reset(table, spec, map);
    spec.of = table.text("of").value_or("");
    spec.values = read_values(table, spec.role, spec.per_pin ? spec.bits : map.width);
    spec.arguments = read_arguments(table, spec.role);
    read_window(table, spec, problem);
    if (const auto enable =
            table.one_of("write_enable", {"upper_half", "upper_byte", "lower_half"})) {
        spec.write_enable = static_cast<WriteEnable>(*enable + 1);
        const unsigned needed = spec.write_enable == WriteEnable::upper_byte ? 16 : 32;
        if (map.width < needed) {
            table.wrong("write_enable",
                        fmt::format("a word of {} bits has no such half", map.width),
                        fmt::format("controller.width = {}", needed));
        }
    } else if (table.has("enable")) {
        table.wrong("enable", "there is no write_enable", "write_enable = \"upper_half\"");
    }
    spec.write_enable_value = table.bit("enable").value_or(true);
    spec.stride = table.number("stride");
    if (spec.stride && !map.registers_repeat_per_bank) {
        table.wrong("stride", "the controller has one bank, or its banks share registers",
                    "banks = { count, pins, stride } repeats registers");
    }
    spec.locked_by = table.text("locked_by").value_or("");
    table.text("note");
    table.finish();
    return spec;
}

}  // namespace gpioclx::hardware
