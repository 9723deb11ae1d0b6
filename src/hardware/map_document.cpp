#include "hardware/map_document.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "diagnostics/toml_text.h"

namespace gpioclx::hardware {
namespace {

Error unsupported(const toml::node& node, const std::string& file) {
    return {.message = "a register map has no use for this kind of value",
            .file = file,
            .line = static_cast<int>(node.source().begin.line),
            .hint = "write a text, a whole number, true, false, a list or a table"};
}

Result<MapValue> convert(const toml::node& node, const std::string& file) {
    MapValue value;
    value.line = static_cast<int>(node.source().begin.line);
    if (const auto* table = node.as_table()) {
        for (const auto& [key, child] : *table) {
            auto converted = convert(child, file);
            if (!converted) return converted;
            // Tables that dotted headers imply have no line of their own.
            if (value.line == 0) value.line = converted->line;
            value.members.push_back({std::string(key.str()), std::move(*converted)});
        }
    } else if (const auto* list = node.as_array()) {
        value.kind = MapValue::Kind::list;
        for (const toml::node& child : *list) {
            auto converted = convert(child, file);
            if (!converted) return converted;
            value.items.push_back(std::move(*converted));
        }
    } else if (const auto* text = node.as_string()) {
        value.kind = MapValue::Kind::text;
        value.text = text->get();
    } else if (const auto* number = node.as_integer()) {
        value.kind = MapValue::Kind::number;
        value.number = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.kind = MapValue::Kind::boolean;
        value.boolean = boolean->get();
    } else {
        return unsupported(node, file);
    }
    return value;
}

}  // namespace

const MapValue* MapValue::find(std::string_view key) const {
    for (const auto& [name, value] : members) {
        if (name == key) return &value;
    }
    return nullptr;
}

MapValue* MapValue::find(std::string_view key) {
    return const_cast<MapValue*>(std::as_const(*this).find(key));
}

void MapValue::assign(std::string_view key, const MapValue& value) {
    if (MapValue* there = find(key)) {
        *there = value;
    } else {
        members.push_back({std::string(key), value});
    }
}

std::string_view to_string(MapValue::Kind kind) {
    switch (kind) {
        case MapValue::Kind::table: return "a table";
        case MapValue::Kind::list: return "a list";
        case MapValue::Kind::text: return "a text";
        case MapValue::Kind::number: return "a number";
        case MapValue::Kind::boolean: return "true or false";
    }
    return "?";
}

Result<MapValue> parse_map_document(std::string_view toml_text, const std::string& file) {
    auto parsed = parse_toml(toml_text, file);
    if (!parsed) return parsed.error();
    return convert(*parsed, file);
}

Result<MapValue> read_map_document(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error{.message = fmt::format("cannot be read: {}", std::strerror(errno)),
                     .file = file};
    }
    std::ostringstream text;
    text << stream.rdbuf();
    return parse_map_document(text.str(), file);
}

}  // namespace gpioclx::hardware
