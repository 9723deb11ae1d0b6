#include <fmt/format.h>
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "bench/board_service.h"
#include "cli/command.h"
#include "worker/worker_process.h"

namespace gpioclx::cli {

void print_error(const Error& error) {
    std::fflush(stdout);
    fmt::print(stderr, "{}gpioclx: error: {}{}\n", isatty(2) ? "\033[31m" : "", error.text(),
               isatty(2) ? "\033[0m" : "");
}

namespace {

int run_command_line(int argc, char** argv) {
    CLI::App app{"Runs unmodified Windows GPIO drivers on a deterministic machine.", "gpioclx"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "gpioclx 0.1.0");
    app.footer(
        "Exit codes: 0 clean, 1 findings or failed expectations, 2 usage or bad input, 3 time-out, "
        "4 fault of the tool.");
    Run run;
    add_run(app, run, argv[0]);
    add_check(app, run, argv[0]);
    add_explore(app, run, argv[0]);
    add_replay(app, run, argv[0]);
    add_build(app, run);
    add_show(app, run);
    add_explain(app, run);
    add_exports(app, run);
    const auto is_named = [&](CLI::App* command) { return command->check_name(argv[1]); };
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_named).empty()) {
        print_error(
            {.message = fmt::format("there is no command '{}'", argv[1]),
             .hint =
                 "run, check, explore, replay, build, show, explain or exports; gpioclx --help"});
        return static_cast<int>(ExitCode::bad_input);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
        const auto used = app.get_subcommands();
        const std::string help = used.empty()
                                     ? "gpioclx --help"
                                     : fmt::format("gpioclx {} --help", used.front()->get_name());
        print_error({.message = error.what(), .hint = help});
        return static_cast<int>(ExitCode::bad_input);
    }
    return static_cast<int>(run());
}

}  // namespace
}  // namespace gpioclx::cli

int main(int argc, char** argv) {
    // The supervisor starts its own binary as worker; users never do.
    if (argc == 4 && std::strcmp(argv[1], "worker") == 0) {
        return gpioclx::worker::run_worker(std::atoi(argv[2]), std::atoi(argv[3]),
                                           &gpioclx::bench::make_board_service);
    }
    return gpioclx::cli::run_command_line(argc, argv);
}
