#include "hardware/model_property.h"

#include <fmt/format.h>

#include <cassert>
#include <charconv>

namespace gpioclx::hardware {

Result<std::uint64_t> parse_time_ns(std::string_view text) {
    std::uint64_t count = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    constexpr std::pair<std::string_view, std::uint64_t> units[] = {
        {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
    for (const auto& [name, factor] : units) {
        if (error == std::errc{} && unit == name && count <= ~std::uint64_t{0} / factor) {
            return count * factor;
        }
    }
    return Error{.message = fmt::format("'{}' is not a time", text),
                 .hint = "write a whole number with ns, us, ms or s, as in 200us"};
}

Result<std::vector<std::uint64_t>> parse_times_ns(std::string_view text) {
    std::vector<std::uint64_t> times;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        auto time = parse_time_ns(text.substr(0, comma));
        if (!time) return time.error();
        times.push_back(*time);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return times;
}

PropertyReader::PropertyReader(std::string device, std::string model,
                               std::span<const ModelProperty> properties,
                               std::span<const PropertyInfo> known)
    : device_(std::move(device)), model_(std::move(model)), properties_(properties), known_(known) {
    for (const ModelProperty& property : properties_) {
        std::string names;
        bool found = false;
        for (const PropertyInfo& info : known_) {
            found |= info.name == property.name;
            names += (names.empty() ? "" : ", ") + info.name;
        }
        if (!found) {
            wrong(property.name, "there is no such property",
                  names.empty() ? "the model has none" : "properties: " + names);
        }
    }
}

const PropertyInfo& PropertyReader::info(std::string_view name) const {
    for (const PropertyInfo& info : known_) {
        if (info.name == name) return info;
    }
    assert(!"a model asks for a property that it does not list");
    return known_.front();
}

bool PropertyReader::given(std::string_view name) const {
    for (const ModelProperty& property : properties_) {
        if (property.name == name) return true;
    }
    return false;
}

std::string_view PropertyReader::text(std::string_view name) const {
    for (const ModelProperty& property : properties_) {
        if (property.name == name) return property.value;
    }
    return info(name).default_value;
}

bool PropertyReader::boolean(std::string_view name) {
    const std::string_view value = text(name);
    if (value == "true" || value == "yes" || value == "on" || value == "1") return true;
    if (value != "false" && value != "no" && value != "off" && value != "0") {
        wrong(name, fmt::format("'{}' is neither true nor false", value), "write true or false");
    }
    return false;
}

std::size_t PropertyReader::choice(std::string_view name) {
    const std::string_view value = text(name);
    std::string_view choices = info(name).choices;
    for (std::size_t index = 0; !choices.empty(); ++index) {
        const std::size_t bar = choices.find('|');
        if (choices.substr(0, bar) == value) return index;
        choices = bar == std::string_view::npos ? std::string_view() : choices.substr(bar + 1);
    }
    wrong(name, fmt::format("'{}' is not possible", value),
          fmt::format("choose {}", info(name).choices));
    return 0;
}

std::vector<std::uint64_t> PropertyReader::times_ns(std::string_view name) {
    auto times = parse_times_ns(text(name));
    if (times) return std::move(*times);
    wrong(name, times.error().message, times.error().hint);
    return {};
}

void PropertyReader::wrong(std::string_view name, std::string message, std::string hint) {
    if (!problem_) return;
    problem_ =
        Error{.message = fmt::format("{} ({}): property {}: {}", device_, model_, name, message),
              .hint = std::move(hint)};
}

Result<void> PropertyReader::check() const { return problem_; }

}  // namespace gpioclx::hardware
