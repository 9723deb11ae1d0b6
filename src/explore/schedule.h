// What was decided in an execution, where it was not the default. Points are named, not counted
// through: a schedule survives an edit elsewhere in the driver.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::explore {

struct Deviation {
    std::uint32_t point;       // 24 bits of a hash of the point's name
    std::uint32_t occurrence;  // 1: the first point of that name
    std::uint8_t alternative;  // never 0

    bool operator==(const Deviation&) const = default;
};

// A variable that a deviation is about: 24 bits of hashes of its name and of its place among the
// variables of its driver (variable_name.h).
struct Variable {
    std::uint32_t name;
    std::uint32_t number;

    bool operator==(const Variable&) const = default;
};

// Where the execution begins.
enum class Beginning : std::uint8_t {
    started,  // all devices have started, as the seed says
    power_on  // nothing has
};

struct Schedule {
    std::uint64_t seed = 1;  // of what came before the beginning
    Beginning beginning = Beginning::started;
    bool faults = false;        // what may fail was asked about
    bool instrumented = false;  // drivers told of their memory
    std::vector<Deviation> deviations;
    std::vector<Variable> variables = {};  // of places between two accesses, each once

    bool operator==(const Schedule&) const = default;
};

// "x2" and digits of base 64 (letters, digits, '-' and '_'): about seven a deviation, eight a
// variable.
std::string to_token(const Schedule& schedule);
// Errors: it is no token, or a character of it is missing or wrong.
Result<Schedule> from_token(std::string_view token);

}  // namespace gpioclx::explore
