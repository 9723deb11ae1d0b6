#include "explore/variable_name.h"

#include <fmt/format.h>

#include <charconv>

namespace gpioclx::explore {
namespace {

constexpr std::string_view number_mark = ", variable ", identity_mark = " #";

std::uint32_t short_hash(std::string_view text) {
    const std::uint32_t hash = hash_of_text(text);
    return (hash ^ hash >> 24) & 0xFFFFFF;
}

std::uint32_t hash_of_number(std::string_view driver, std::string_view digits) {
    return short_hash(fmt::format("{} {}", driver, digits));
}

}  // namespace

std::uint32_t hash_of_text(std::string_view text) {
    std::uint32_t hash = 0x811C9DC5;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    return hash != 0 ? hash : 1;
}

Variable VariableName::hashed() const {
    return {.name = short_hash(fmt::format("{}!{}", driver, name)),
            .number = hash_of_number(driver, fmt::format("{}", number))};
}

std::string text_of(const VariableName& variable, std::uint32_t called, std::size_t offset) {
    return fmt::format("{}!{}{}{}{}{:x}+{:#x}", variable.driver, variable.name, number_mark,
                       variable.number, identity_mark, called, offset);
}

std::string_view identity_in(std::string_view text) {
    const std::size_t at = text.find(identity_mark);
    return at == std::string_view::npos ? text : text.substr(at);
}

std::string_view shown_in(std::string_view text) { return text.substr(0, text.find(number_mark)); }

std::optional<Variable> variable_in(std::string_view text) {
    const std::size_t driver = text.find('!'), number = text.find(number_mark),
                      identity = text.find(identity_mark);
    if (driver > number || number > identity || identity == std::string_view::npos)
        return std::nullopt;
    const std::size_t digits = number + number_mark.size();
    Variable variable{
        .name = 0,
        .number = hash_of_number(text.substr(0, driver), text.substr(digits, identity - digits))};
    std::from_chars(text.data() + identity + identity_mark.size(), text.data() + text.size(),
                    variable.name, 16);
    return variable;
}

}  // namespace gpioclx::explore
