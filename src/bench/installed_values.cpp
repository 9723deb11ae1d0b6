#include "bench/installed_values.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "bench/bench_file.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;
using Bytes = std::vector<unsigned char>;

constexpr std::uint32_t reg_sz = 1, reg_expand_sz = 2, reg_dword = 4, reg_multi_sz = 7;

Bytes dword(std::uint32_t value) {
    Bytes data;
    for (int shift = 0; shift < 32; shift += 8)
        data.push_back(static_cast<unsigned char>(value >> shift));
    return data;
}

void append_utf8(Bytes& text, unsigned unit) {
    const auto tail = [&](int shift) {
        text.push_back(static_cast<unsigned char>(0x80 | (unit >> shift & 0x3F)));
    };
    if (unit < 0x80) {
        text.push_back(static_cast<unsigned char>(unit));
    } else if (unit < 0x800) {
        text.push_back(static_cast<unsigned char>(0xC0 | unit >> 6));
        tail(0);
    } else {  // the halves of a surrogate pair come through one by one
        text.push_back(static_cast<unsigned char>(0xE0 | unit >> 12));
        tail(6);
        tail(0);
    }
}

Bytes portable_data(const driverkit::InfRegistryValue& value) {
    if (value.type != reg_sz && value.type != reg_expand_sz && value.type != reg_multi_sz)
        return value.data;
    Bytes text;
    for (std::size_t i = 0; i + 3 < value.data.size(); i += 2)
        append_utf8(text, static_cast<unsigned>(value.data[i] | value.data[i + 1] << 8));
    return text;
}

}  // namespace

Json installed_values(const driverkit::DriverImage& image,
                      driverkit::InfRegistryValue::Scope scope) {
    Json values = Json::array();
    for (const driverkit::InfRegistryValue& value : image.registry) {
        if (value.scope != scope) continue;
        values.push_back({{"key", value.key},
                          {"name", value.name},
                          {"type", value.type},
                          {"data", portable_data(value)}});
    }
    return values;
}

void add_numbers(Json& values, const std::map<std::string, std::uint32_t>& numbers) {
    for (const auto& [path, number] : numbers) {
        const RegistryPath place = registry_path(path);
        values.push_back({{"key", place.key},
                          {"name", place.name},
                          {"type", reg_dword},
                          {"data", dword(number)}});
    }
}

}  // namespace gpioclx::bench
