#include "hardware/register_map_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "hardware/map_table.h"
#include "hardware/register_layout.h"
#include "hardware/register_map_variant.h"
#include "hardware/register_reader.h"

namespace gpioclx::hardware {
namespace {

void read_controller(const MapValue& value, RegisterMap& map, MapProblem& problem) {
    MapTable table(value, "controller", problem);
    for (std::string_view key : {"name", "title", "source"}) table.require(key, "\"...\"");
    table.require("pins", "8");
    table.require("size", "0x1000");
    table.require("width", "32");
    map.name = table.text("name").value_or("?");
    map.title = table.text("title").value_or("");
    map.source = table.text("source").value_or("");
    map.pins = table.number("pins", 4096).value_or(1);
    if (map.pins == 0) table.wrong("pins", "a controller has at least one pin", "1 to 4096");
    map.size = table.number("size", 0x1000000).value_or(4);
    map.width = table.number("width", 32).value_or(32);
    if (map.width != 8 && map.width != 16 && map.width != 32) {
        table.wrong("width", fmt::format("{} is not possible", map.width), "8, 16 or 32 bits");
        map.width = 32;
    }
    map.stride = table.number("stride").value_or(map.width / 8);
    if (!std::has_single_bit(map.stride) || map.stride < map.width / 8 || map.stride > 8) {
        table.wrong(
            "stride", fmt::format("{} is not possible", map.stride),
            fmt::format("bytes from word to word: a power of two from {} to 8", map.width / 8));
        map.stride = map.width / 8;
    }
    map.access_bytes = 0;
    for (std::uint32_t bits : table.numbers("access_widths", 64)) {
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            table.wrong("access_widths", fmt::format("{} is not possible", bits),
                        "8, 16, 32, 64 bits");
        }
        map.access_bytes |= bits / 8;
    }
    if (map.access_bytes == 0) map.access_bytes = map.width / 8;
    table.one_of("endian", {"little"});
    map.keep_on_warm_reset = table.one_of("reset_warm", {"reset", "keep"}).value_or(0) == 1;
    if (const auto model = table.text("model")) {
        table.wrong("model", fmt::format("a register map cannot name a C++ model ('{}')", *model),
                    "a bench file does: model = \"path.so\" in [[model]]");
    }
    if (const MapValue* aliases = table.table("aliases")) {
        MapTable alias(*aliases, "controller: aliases", problem);
        map.aliases.xor_offset = alias.number("xor").value_or(0);
        map.aliases.set_offset = alias.number("set").value_or(0);
        map.aliases.clear_offset = alias.number("clear").value_or(0);
        alias.finish();
    }
    table.finish();
}

void read_bank_list(const MapValue& document, RegisterMap& map, MapProblem& problem) {
    MapTable root(document, "register map", problem);
    for (const MapValue* value : root.tables("bank")) {
        MapTable table(*value, "bank", problem);
        BankSpec bank;
        bank.name = table.text("name").value_or(fmt::format("{}", map.banks.size()));
        table.require("pins", "\"0-31\"");
        if (const auto pins = table.pins("pins", map.pins)) {
            bank.first_pin = pins->front();
            bank.pin_count = static_cast<std::uint16_t>(pins->size());
            if (pins->back() - pins->front() + 1u != pins->size() || pins->size() > 32) {
                table.wrong("pins", "a bank is one unbroken range of at most 32 pins",
                            "as in \"0-31\"");
            }
        }
        if (table.has("base")) map.registers_repeat_per_bank = true;
        bank.base = table.number("base").value_or(0);
        table.finish();
        map.banks.push_back(std::move(bank));
    }
}

void read_equal_banks(const MapValue& value, RegisterMap& map, MapProblem& problem) {
    MapTable table(value, "banks", problem);
    for (std::string_view key : {"count", "pins", "stride"}) table.require(key, "4");
    const unsigned count = table.number("count", 128).value_or(1);
    const unsigned pins = table.number("pins", 32).value_or(32);
    const std::uint32_t stride = table.number("stride").value_or(0);
    if (count * pins != map.pins) {
        table.wrong("count",
                    fmt::format("{} banks of {} pins are not the controller's {} pins", count, pins,
                                map.pins),
                    "count times pins is controller.pins");
    }
    map.registers_repeat_per_bank = true;
    for (unsigned i = 0; i < count; ++i) {
        map.banks.push_back({.name = fmt::format("{}", i),
                             .first_pin = static_cast<std::uint16_t>(i * pins),
                             .pin_count = static_cast<std::uint16_t>(pins),
                             .base = i * stride});
    }
    table.finish();
}

void read_banks(const MapValue& document, RegisterMap& map, MapProblem& problem) {
    int line = document.line;
    for (std::string_view key : {"bank", "banks"}) {
        if (const MapValue* value = document.find(key)) line = value->line;
    }
    if (const MapValue* banks = document.find("banks")) {
        read_equal_banks(*banks, map, problem);
    } else if (document.find("bank")) {
        read_bank_list(document, map, problem);
    } else if (map.pins <= 32) {
        map.banks.push_back({.name = "0", .pin_count = static_cast<std::uint16_t>(map.pins)});
    } else {
        problem.add(document.line, fmt::format("{} pins need more than one bank", map.pins),
                    "write bank = [ { pins = \"0-31\" }, .. ] or banks = { count, pins, stride }");
    }
    unsigned next = 0;
    for (const BankSpec& bank : map.banks) {
        if (bank.first_pin != next) {
            problem.add(
                line,
                fmt::format("bank {} begins at pin {}, not at {}", bank.name, bank.first_pin, next),
                "banks follow each other in pin order, without gaps");
        }
        next = bank.first_pin + bank.pin_count;
    }
    if (next != map.pins) {
        problem.add(
            line, fmt::format("the banks have {} pins together, the controller {}", next, map.pins),
            fmt::format("they cover 0-{}", map.pins - 1));
    }
}

// "IOCON:6"
ControlBit read_control_bit(MapTable& table, std::string_view key, unsigned width) {
    ControlBit bit;
    const auto text = table.text(key);
    if (!text) return bit;
    const auto colon = text->find(':');
    const char* const end = text->data() + text->size();
    if (colon != std::string::npos && colon > 0) {
        const auto [stop, error] = std::from_chars(text->data() + colon + 1, end, bit.bit);
        if (error == std::errc{} && stop == end && bit.bit < width) {
            bit.register_name = text->substr(0, colon);
            return bit;
        }
    }
    table.wrong(key, fmt::format("'{}' is no bit of a register", *text),
                "write \"REGISTER:bit\", as in \"IOCON:6\"");
    return bit;
}

OutputSpec read_output(const MapValue& value, const RegisterMap& map, MapProblem& problem) {
    MapTable table(value, "interrupt output", problem);
    OutputSpec output;
    output.line = table.line();
    table.require("name", "\"IRQ\"");
    output.name = table.text("name").value_or("?");
    table.rename("interrupt output " + output.name);
    table.require("pins", "\"0-7\"");
    output.pins = table.pins("pins", map.pins).value_or(PinList{});
    output.assertion = table.text("assert").value_or("");
    output.active_high = table.one_of("active", {"high", "low"}).value_or(0) == 0;
    output.open_drain = table.one_of("type", {"level", "open_drain"}).value_or(0) == 1;
    output.all_pins_when = read_control_bit(table, "all_pins_when", map.width);
    output.open_drain_when = read_control_bit(table, "open_drain_when", map.width);
    output.active_high_when = read_control_bit(table, "active_high_when", map.width);
    table.finish();
    return output;
}

void read_clear_on_read(MapTable& table, InterruptSpec& spec) {
    const MapValue* list = table.value("clear_on_read");
    if (!list) return;
    for (const MapValue& item : list->items) {
        const auto role = role_named(item.text);
        if (role == Role::data || role == Role::input || role == Role::capture) {
            spec.clear_on_read.push_back(*role);
        } else {
            table.wrong("clear_on_read", fmt::format("'{}' is not possible", item.text),
                        "a list of roles: \"data\", \"input\", \"capture\"");
        }
    }
    if (spec.compare == InterruptSpec::Compare::none) {
        table.wrong("clear_on_read", "it belongs to chips that compare",
                    "compare = \"last_read\" or \"previous_clear\"; a register with access "
                    "\"rc\" clears itself");
    }
}

void read_interrupt(const MapValue& value, RegisterMap& map, MapProblem& problem) {
    MapTable table(value, "interrupt", problem);
    InterruptSpec spec;
    spec.line = table.line();
    using Spec = InterruptSpec;
    spec.watch = static_cast<Spec::Watch>(
        table.one_of("watch", {"pads", "inputs", "software_inputs", "function", "input_path"})
            .value_or(0));
    spec.latch_edges_while = static_cast<Spec::Latch>(
        table.one_of("latch_edges_while", {"always", "enabled", "unmasked"}).value_or(0));
    spec.drop_on_disable = table.boolean("drop_on_disable").value_or(false);
    spec.level = static_cast<Spec::LevelRule>(
        table.one_of("level", {"follow", "latch", "none"}).value_or(0));
    spec.on_reconfigure = static_cast<Spec::Reconfigure>(
        table.one_of("on_reconfigure", {"keep", "clear", "may_latch"}).value_or(0));
    spec.compare = static_cast<Spec::Compare>(
        table.one_of("compare", {"none", "last_read", "previous_clear"}).value_or(0));
    spec.freeze = table.boolean("freeze").value_or(false);
    read_clear_on_read(table, spec);
    table.require("assert", "\"status\"");
    spec.assertion = table.text("assert").value_or("status");
    for (const MapValue* output : table.tables("output")) {
        spec.outputs.push_back(read_output(*output, map, problem));
        for (std::size_t i = 0; i + 1 < spec.outputs.size(); ++i) {
            if (spec.outputs[i].name != spec.outputs.back().name) continue;
            problem.add(
                spec.outputs.back().line,
                fmt::format("there is an interrupt output '{}' already", spec.outputs.back().name),
                "give it another name; one output may have pins of several banks");
        }
    }
    spec.debounce_ns = table.number("debounce_ns").value_or(0);
    table.finish();
    map.interrupt = std::move(spec);
}

bool has_function_code(const RegisterMap& map, std::string_view name) {
    const auto names_it = [name](const auto& values) {
        return std::any_of(values.begin(), values.end(),
                           [name](const auto& value) { return value.second == name; });
    };
    for (const RegisterSpec& spec : map.registers) {
        if (spec.role == Role::function && names_it(spec.values)) return true;
        for (const FieldSpec& field : spec.fields) {
            if (field.role == Role::function && names_it(field.values)) return true;
        }
    }
    return false;
}

BusSpec::Mode read_bus_mode(MapTable& table) {
    BusSpec::Mode mode;
    table.require("pointer", "\"increment\"");
    mode.pointer = static_cast<BusSpec::Pointer>(
        table.one_of("pointer", {"stay", "increment", "toggle_pair"}).value_or(0));
    mode.addresses = table.numbers("addresses");
    return mode;
}

void read_bus(const MapValue& value, RegisterMap& map, MapProblem& problem) {
    MapTable table(value, "bus", problem);
    BusSpec bus;
    bus.line = table.line();
    table.require("kind", "\"i2c\"");
    bus.kind = static_cast<BusSpec::Kind>(table.one_of("kind", {"i2c", "spi"}).value_or(0));
    bus.address_bytes = table.number("address_bytes", 2).value_or(1);
    if (bus.address_bytes == 0) table.wrong("address_bytes", "1 or 2 bytes select a register");
    bus.low_byte_first =
        table.one_of("address_order", {"high_first", "low_first"}).value_or(0) == 1;
    bus.pointer_mask = table.number("pointer_mask").value_or(0xFFFFFFFF);
    bus.hole = static_cast<std::uint8_t>(table.number("hole", 0xFF).value_or(0xFF));
    if (bus.kind == BusSpec::Kind::spi) {
        table.require("opcode_write", "0x40");
        table.require("opcode_read", "0x41");
    }
    bus.opcode_write = static_cast<std::uint8_t>(table.number("opcode_write", 0xFF).value_or(0));
    bus.opcode_read = static_cast<std::uint8_t>(table.number("opcode_read", 0xFF).value_or(0));
    bus.address_pins_when = read_control_bit(table, "address_pins_when", map.width);
    if (const auto name = table.text("mode_register")) {
        bus.mode_register = *name;
        table.require("mode", "[ { mask = .., value = .., pointer = .. } ]");
        for (const MapValue* item : table.tables("mode")) {
            MapTable entry(*item, "bus mode", problem);
            BusSpec::Mode mode = read_bus_mode(entry);
            mode.mask = entry.number("mask").value_or(0);
            mode.value = entry.number("value").value_or(0);
            entry.finish();
            bus.modes.push_back(std::move(mode));
        }
    } else {
        bus.modes.push_back(read_bus_mode(table));
    }
    if (map.width != 8 || map.stride != 1) {
        table.wrong("kind", "a chip behind a serial bus has registers of 8 bits",
                    "controller: width = 8, stride = 1");
    }
    table.finish();
    map.bus = std::move(bus);
}

void read_after_reset(const MapValue& document, RegisterMap& map, MapProblem& problem) {
    if (const MapValue* pulls = document.find("pull_after_reset")) {
        MapTable table(*pulls, "pull_after_reset", problem);
        map.pull_up_after_reset = table.pins("up", map.pins).value_or(PinList{});
        map.pull_down_after_reset = table.pins("down", map.pins).value_or(PinList{});
        for (std::uint16_t pin : map.pull_up_after_reset) {
            const auto& down = map.pull_down_after_reset;
            if (std::binary_search(down.begin(), down.end(), pin)) {
                table.wrong("down", fmt::format("pin {} is pulled up already", pin),
                            "each pin stands in up or down, or in none");
            }
        }
        table.finish();
    }
    if (const MapValue* functions = document.find("function_after_reset")) {
        MapTable table(*functions, "function_after_reset", problem);
        for (const auto& [name, pins] : functions->members) {
            if (!has_function_code(map, name)) {
                table.wrong(name, fmt::format("no code of a function register is named '{}'", name),
                            "names are those of the register's values");
            }
            if (auto list = table.pins(name, map.pins)) {
                map.function_after_reset.emplace_back(name, std::move(*list));
            }
        }
        table.finish();
    }
}

RegisterMap read_all(const MapValue& document, MapProblem& problem) {
    RegisterMap map;
    map.file = problem.file();
    MapTable root(document, "register map", problem);
    root.require("controller", "{ name = .. }");
    if (const MapValue* controller = root.table("controller")) {
        read_controller(*controller, map, problem);
    }
    if (problem.any()) return map;
    read_banks(document, map, problem);
    if (problem.any()) return map;
    root.require("register", "[ { name = .. } ]");
    for (const MapValue* value : root.tables("register")) {
        RegisterSpec spec = read_register(*value, map, problem);
        const auto same = std::find_if(map.registers.begin(), map.registers.end(),
                                       [&](const auto& other) { return other.name == spec.name; });
        if (same != map.registers.end()) {
            problem.add(spec.line, fmt::format("there is a register '{}' already", spec.name),
                        fmt::format("give another name, as in {}2; the first is in line {}",
                                    spec.name, same->line));
        }
        map.registers.push_back(std::move(spec));
    }
    if (const MapValue* interrupt = root.table("interrupt")) {
        read_interrupt(*interrupt, map, problem);
    }
    if (const MapValue* bus = root.table("bus")) read_bus(*bus, map, problem);
    read_after_reset(document, map, problem);
    for (const MapValue* note : root.tables("note")) {
        MapTable table(*note, "note", problem);
        table.require("text", "\"...\"");
        map.notes.push_back(table.text("text").value_or(""));
        table.finish();
    }
    for (std::string_view key : {"bank", "banks", "pull_after_reset", "function_after_reset"}) {
        root.value(key);
    }
    root.finish();
    return map;
}

Result<RegisterMap> read_document(MapValue document, const std::string& file,
                                  std::string_view variant) {
    MapProblem problem(file);
    const std::vector<std::string> variants = variant_names(document);
    if (!variant.empty() &&
        std::find(variants.begin(), variants.end(), variant) == variants.end()) {
        return Error{.message = fmt::format("there is no variant '{}'", variant),
                     .file = file,
                     .hint = variants.empty()
                                 ? "the file has none"
                                 : fmt::format("there are: {}", fmt::join(variants, ", "))};
    }
    apply_variant(document, variant, problem);
    RegisterMap map = read_all(document, problem);
    if (problem.any()) return problem.first();
    map.variant = variant;
    map.variants = variants;
    auto layout = build_register_layout(map);
    if (!layout) return layout.error();
    return map;
}

}  // namespace

Result<RegisterMap> read_register_map(const std::string& file, std::string_view variant) {
    auto document = read_map_document(file);
    if (!document) return document.error();
    return read_document(std::move(*document), file, variant);
}

Result<RegisterMap> parse_register_map(std::string_view toml_text, const std::string& file,
                                       std::string_view variant) {
    auto document = parse_map_document(toml_text, file);
    if (!document) return document.error();
    return read_document(std::move(*document), file, variant);
}

}  // namespace gpioclx::hardware
