// Findings in the form that test runners write for continuous integration: a test case a scenario.
#pragma once

#include <string>

#include "report/report.h"

namespace gpioclx::report {

std::string to_junit(const Report& report);

}  // namespace gpioclx::report
