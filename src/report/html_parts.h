// The parts of the page (html.h) that are pictures rather than words.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace gpioclx::report {

extern const std::string_view html_style;

// A row a step, a column a processor. "" if there are no steps.
std::string html_interleaving(const Scenario& scenario);

// The wires that change in the scenario's window, as curves. "" if none does.
std::string html_wires(const Scenario& scenario);

// "79.320 us"
std::string microseconds(std::uint64_t time_ns);

}  // namespace gpioclx::report
