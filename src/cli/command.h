// The subcommands. Each registers its options and leaves behind what to run when it was chosen.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "diagnostics/exit_code.h"
#include "diagnostics/result.h"

namespace gpioclx::cli {

using Run = std::function<ExitCode()>;

void add_build(CLI::App& app, Run& run);
void add_check(CLI::App& app, Run& run, const std::string& program);
void add_explore(CLI::App& app, Run& run, const std::string& program);
void add_explain(CLI::App& app, Run& run);
void add_exports(CLI::App& app, Run& run);
// `program`: how the user called the tool, for the command that repeats a run.
void add_run(CLI::App& app, Run& run, const std::string& program);
// As run, with the decisions of a token.
void add_replay(CLI::App& app, Run& run, const std::string& program);
void add_show(CLI::App& app, Run& run);

// "gpioclx: error: ..." on the standard error output.
void print_error(const Error& error);

}  // namespace gpioclx::cli
