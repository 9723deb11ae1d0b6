// Variables of drivers in the names of points. What counts is what a variable is called: its place
// among the others changes with each one that is added, and with the order of the functions that
// use it. Its number serves where nothing is called so any more: it was renamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "explore/schedule.h"

namespace gpioclx::explore {

// Not 0.
std::uint32_t hash_of_text(std::string_view text);

struct VariableName {
    std::string_view driver;
    std::string_view name;
    std::size_t number = 0;  // in order of addresses

    Variable hashed() const;
};

// "racing!Count, variable 3 #51234+0x8". `called`: Variable::name, of it or of what it was before.
std::string text_of(const VariableName& variable, std::uint32_t called, std::size_t offset);
// What a point is told apart by: what stands behind the mark, else all of it.
std::string_view identity_in(std::string_view text);
// The part for people.
std::string_view shown_in(std::string_view text);
std::optional<Variable> variable_in(std::string_view text);

}  // namespace gpioclx::explore
