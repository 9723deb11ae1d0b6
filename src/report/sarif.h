// Findings as SARIF 2.1.0, for code scanning services and editors.
#pragma once

#include <filesystem>
#include <string>

#include "report/report.h"
#include "report/source_text.h"

namespace gpioclx::report {

// One run of the tool. Paths are relative to `base` (place.h). Nothing in it comes from a clock:
// the same findings give the same text.
std::string to_sarif(const Report& report, const std::filesystem::path& base, SourceText& sources);

}  // namespace gpioclx::report
