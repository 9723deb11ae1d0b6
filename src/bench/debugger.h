// A debugger in front of the worker. The drivers' images are mapped by the loader of src/kernel,
// which no debugger knows; a script of ours stops where the worker announces one (announce_image)
// and reads its symbols from the file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::bench {

// The command to put in front of the worker: gdb, or what GPIOCLX_GDB says instead ("gdb -batch -x
// steps.gdb"), with the script before the user's own options. `cache`: where the script is kept.
// Error: there is no such program.
// `at_findings`: it stops where the first finding is reported, below the driver's frames.
Result<std::vector<std::string>> debugger_command(const std::vector<std::filesystem::path>& images,
                                                  const std::filesystem::path& cache,
                                                  bool at_findings);

}  // namespace gpioclx::bench
