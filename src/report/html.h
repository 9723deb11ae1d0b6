// One failing schedule as a page: a file that a browser opens without a server and without asking
// anybody for anything. No script in it.
#pragma once

#include <filesystem>
#include <string>

#include "report/report.h"
#include "report/source_text.h"

namespace gpioclx::report {

// The first scenario; the others are listed. Paths are shown relative to `base` (place.h).
std::string to_html(const Report& report, const std::filesystem::path& base, SourceText& sources);

// Characters that mean something in HTML, and those that cannot stand in it.
std::string html_text(std::string_view text);

}  // namespace gpioclx::report
