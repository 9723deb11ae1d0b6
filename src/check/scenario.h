// The built-in scenarios: what is done to any controller driver, without a script of its author's.
#pragma once

#include <string>
#include <vector>

#include "check/answers.h"
#include "check/board_files.h"

namespace gpioclx::check {

struct Scenario {
    std::string name;     // for --scenario
    std::string title;    // one line
    std::string script;   // empty: there is nothing to do
    std::string skipped;  // why
    std::vector<bench::PartEntry> parts = {};
};

struct ScenarioName {
    const char* name;
    const char* title;
};
// All of them, in the order in which they run.
const std::vector<ScenarioName>& scenario_names();

// How many of them, at the beginning, try each pin alone. What fails there is left out of the
// others, which would say it again.
inline constexpr std::size_t single_pin_scenarios = 4;

// For this board, with what the driver accepts.
std::vector<Scenario> make_scenarios(const CheckedBoard& board, const Answers& answers);

}  // namespace gpioclx::check
