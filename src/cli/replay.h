// gpioclx replay, for other commands that know bench and token.
#pragma once

#include <cstdint>
#include <string>

#include "cli/outputs.h"
#include "diagnostics/exit_code.h"

namespace gpioclx::cli {

// `processors` 0: as the bench says.
ExitCode replay_token(const std::string& program, const std::string& bench,
                      const std::string& token, std::uint32_t processors, bool quiet,
                      const OutputArguments& outputs);

}  // namespace gpioclx::cli
