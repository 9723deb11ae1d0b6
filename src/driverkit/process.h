// Runs a tool (compiler, linker, symbolizer) and waits for it. No shell in between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

struct ProcessOutcome {
    int exit_code = 0;   // 128 + signal number where a signal ended it
    std::string out;     // standard output
    std::string errors;  // standard error
};

// command[0] is looked up in PATH. Error: the tool cannot be started (`package` names the Debian
// package to install). A non-zero exit code is not an error here.
Result<ProcessOutcome> run_process(const std::vector<std::string>& command,
                                   std::string_view package, std::string_view input = {});

}  // namespace gpioclx::driverkit
