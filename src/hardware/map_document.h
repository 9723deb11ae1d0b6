// A TOML file as a plain tree that knows the line of everything in it. The rest of the folder reads
// this, so that only one file sees the TOML library and variants can be applied to the tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::hardware {

struct MapMember;

struct MapValue {
    enum class Kind : std::uint8_t { table, list, text, number, boolean };

    Kind kind = Kind::table;
    int line = 0;
    std::string text;
    std::int64_t number = 0;
    bool boolean = false;
    std::vector<MapValue> items;     // list
    std::vector<MapMember> members;  // table, keys sorted

    const MapValue* find(std::string_view key) const;
    MapValue* find(std::string_view key);
    void assign(std::string_view key, const MapValue& value);  // adds or replaces
};

struct MapMember {
    std::string name;
    MapValue value;
};

std::string_view to_string(MapValue::Kind kind);

Result<MapValue> parse_map_document(std::string_view toml_text, const std::string& file);
Result<MapValue> read_map_document(const std::string& file);

}  // namespace gpioclx::hardware
