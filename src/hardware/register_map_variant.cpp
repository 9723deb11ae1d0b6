#include "hardware/register_map_variant.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::hardware {
namespace {

MapValue* named(MapValue* list, std::string_view name) {
    if (!list) return nullptr;
    for (MapValue& item : list->items) {
        const MapValue* item_name = item.find("name");
        if (item_name && item_name->text == name) return &item;
    }
    return nullptr;
}

std::string hint_names(const MapValue* list) {
    std::string text = "there are";
    if (!list) return "there are none";
    for (const MapValue& item : list->items) {
        if (const MapValue* name = item.find("name")) text += " " + name->text;
    }
    return text;
}

void remove_registers(MapValue& document, const MapValue& names, MapTable& table) {
    MapValue* registers = document.find("register");
    if (names.kind != MapValue::Kind::list) {
        return table.wrong("remove", "must be a list of names", "remove = [\"NAME\"]");
    }
    for (const MapValue& name : names.items) {
        MapValue* there = named(registers, name.text);
        if (!there) {
            table.wrong("remove", fmt::format("there is no register '{}'", name.text),
                        hint_names(registers));
            return;
        }
        registers->items.erase(registers->items.begin() + (there - registers->items.data()));
    }
}

void replace_in_registers(MapValue& document, const MapValue& replacements, MapTable& table) {
    MapValue* registers = document.find("register");
    for (const auto& [name, keys] : replacements.members) {
        MapValue* there = named(registers, name);
        if (!there) {
            table.wrong("replace", fmt::format("there is no register '{}'", name),
                        hint_names(registers));
            return;
        }
        if (keys.kind != MapValue::Kind::table) {
            return table.wrong("replace", fmt::format("what replaces {} must be a table", name),
                               fmt::format("replace = {{ {} = {{ offset = 0x10 }} }}", name));
        }
        for (const auto& [key, value] : keys.members) there->assign(key, value);
    }
}

void change_output_pins(MapValue& document, const MapValue& outputs, MapTable& table) {
    MapValue* interrupt = document.find("interrupt");
    MapValue* list = interrupt ? interrupt->find("output") : nullptr;
    for (const auto& [name, pins] : outputs.members) {
        MapValue* there = named(list, name);
        if (!there) {
            table.wrong("output_pins", fmt::format("there is no interrupt output '{}'", name),
                        hint_names(list));
            return;
        }
        there->assign("pins", pins);
    }
}

}  // namespace

std::vector<std::string> variant_names(const MapValue& document) {
    std::vector<std::string> names;
    if (const MapValue* variants = document.find("variant")) {
        for (const auto& [name, value] : variants->members) names.push_back(name);
    }
    return names;
}

void apply_variant(MapValue& document, std::string_view variant, MapProblem& problem) {
    MapValue changes;
    if (const MapValue* variants = document.find("variant")) {
        if (!variant.empty()) {
            const MapValue* there = variants->find(variant);
            if (there) changes = *there;
        }
        std::erase_if(document.members,
                      [](const auto& member) { return member.name == "variant"; });
    }
    MapTable table(changes, fmt::format("variant {}", variant), problem);
    MapValue* controller = document.find("controller");
    for (std::string_view key : {"pins", "size", "title"}) {
        const MapValue* value = table.value(key);
        if (value && controller) controller->assign(key, *value);
    }
    // Whole tables that a variant gives anew.
    for (std::string_view key :
         {"bank", "banks", "bus", "interrupt", "pull_after_reset", "function_after_reset"}) {
        if (const MapValue* value = table.value(key)) document.assign(key, *value);
    }
    const MapValue* remove = table.value("remove");
    if (remove) remove_registers(document, *remove, table);
    const MapValue* replace = table.table("replace");
    if (replace) replace_in_registers(document, *replace, table);
    for (const MapValue* added : table.tables("add")) {
        if (MapValue* registers = document.find("register")) registers->items.push_back(*added);
    }
    const MapValue* outputs = table.table("output_pins");
    if (outputs) change_output_pins(document, *outputs, table);
    table.finish();
}

}  // namespace gpioclx::hardware
