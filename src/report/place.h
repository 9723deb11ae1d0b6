// Where in the user's files a finding is, as other tools want to be told.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/finding.h"

namespace gpioclx::report {

// The folder that paths are given relative to: the nearest one above `start` that is a checkout
// (has .git), which is what services show; else `start` itself.
std::filesystem::path base_folder(const std::filesystem::path& start);

// Relative to the base, with '/'; the whole path if the file is not below it.
std::string relative_to(const std::filesystem::path& base, const std::string& file);

// A URI reference: characters that may not stand there are written %20.
std::string uri_of(const std::string& path);

// Where a finding is to be shown: the innermost frame of the driver that has a source line. Null if
// none has.
const bench::StackFrame* place_of(const bench::Finding& finding);
const bench::StackFrame* place_of(const std::vector<bench::StackFrame>& stack);

// The same for the same mistake, also after lines were added above it, on another machine and under
// another schedule: made from the id, the functions of the stack, and the text of the line.
std::string fingerprint(const bench::Finding& finding, const std::string& source_line);

}  // namespace gpioclx::report
