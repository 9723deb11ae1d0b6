// Properties of a model as users write them: name=value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::hardware {

struct ModelProperty {
    std::string name;
    std::string value;
};

// What a model can be told; for help and for messages.
struct PropertyInfo {
    std::string name;
    std::string choices;  // "up|down|none", "TIME,TIME,.."
    std::string default_value;
    std::string meaning;
};

// "200us", "1ms", "50ns", "2s".
Result<std::uint64_t> parse_time_ns(std::string_view text);
Result<std::vector<std::uint64_t>> parse_times_ns(std::string_view text);

// Reads the properties of one device. The first mistake counts; ask `check` at the end, which also
// finds properties that nobody asked for.
class PropertyReader {
  public:
    PropertyReader(std::string device, std::string model, std::span<const ModelProperty> properties,
                   std::span<const PropertyInfo> known);

    // The value, or the default of the property's info.
    std::string_view text(std::string_view name) const;
    bool given(std::string_view name) const;
    bool boolean(std::string_view name);
    // Index among the choices that the property's info lists, separated by '|'.
    std::size_t choice(std::string_view name);
    std::vector<std::uint64_t> times_ns(std::string_view name);

    void wrong(std::string_view name, std::string message, std::string hint = {});
    Result<void> check() const;

  private:
    const PropertyInfo& info(std::string_view name) const;

    std::string device_;
    std::string model_;
    std::span<const ModelProperty> properties_;
    std::span<const PropertyInfo> known_;
    Result<void> problem_;
};

}  // namespace gpioclx::hardware
