// gpioclx exports: the names that the kernel and the framework provide to drivers, one a line.
#include <fmt/format.h>

#include <set>
#include <string>

#include "cli/command.h"
#include "ext/gx_export.h"

extern "C" const GX_EXPORT __start_gx_exports[];
extern "C" const GX_EXPORT __stop_gx_exports[];

namespace gpioclx::cli {

void add_exports(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand("exports", "List the functions that drivers can call");
    command->callback([&run] {
        run = [] {
            std::set<std::string> names;
            for (const GX_EXPORT* entry = __start_gx_exports; entry != __stop_gx_exports; ++entry)
                names.insert(entry->Name);
            for (const std::string& name : names) fmt::print("{}\n", name);
            return ExitCode::clean;
        };
    });
}

}  // namespace gpioclx::cli
