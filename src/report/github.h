// Findings as annotations of GitHub Actions: commands on the standard output, which the service
// shows beside the driver's lines.
#pragma once

#include <filesystem>
#include <string>

#include "report/report.h"

namespace gpioclx::report {

// One line a finding; what hardware told of is a notice. Paths are relative to `base`.
std::string to_github(const Report& report, const std::filesystem::path& base);

}  // namespace gpioclx::report
