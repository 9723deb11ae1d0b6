// gpioclx build FOLDER: turns a Windows driver folder into a loadable driver.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>

#include "bench/installation.h"
#include "bench/session.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "driverkit/driver_image.h"

namespace gpioclx::cli {
namespace {

struct BuildArguments {
    std::string folder;
    std::string project;
    std::string configuration;
    std::string output;
    std::string wdk;
    std::string exports;  // file with names; for the tool's own drivers, before it is installed
    std::vector<std::string> extra_exports;
    bool own = false;
    bool verbose = false;
};

ExitCode build(const BuildArguments& arguments) {
    driverkit::BuildOptions options;
    options.project = arguments.project;
    options.configuration = arguments.configuration;
    options.extensions = arguments.own;
    options.extra_exports = arguments.extra_exports;
    options.wdk = arguments.wdk;
    std::set<std::string, std::less<>> provided;
    if (options.wdk.empty()) {
        auto installation = bench::find_installation();
        if (!installation) return print_error(installation.error()), ExitCode::bad_input;
        options.wdk = installation->wdk;
        auto names = bench::kernel_exports(*installation);
        if (!names) return print_error(names.error()), ExitCode::bad_input;
        provided.insert(names->begin(), names->end());
        options.exports = [&provided](std::string_view name) { return provided.contains(name); };
    }
    Progress progress(false);
    ToolOutput tool_output;
    options.progress = [&](std::string_view step) { progress.step(step); };
    options.tool_output = [&](std::string_view text) { tool_output.show(text); };
    auto image = driverkit::build(arguments.folder, options);
    if (!image) return tool_output.print_error(image.error()), ExitCode::bad_input;
    std::string ids;
    for (const std::string& id : image->hardware_ids) ids += (ids.empty() ? "" : ", ") + id;
    if (!arguments.output.empty()) {
        std::error_code error;
        std::filesystem::copy_file(image->image, arguments.output,
                                   std::filesystem::copy_options::overwrite_existing, error);
        if (error)
            return print_error({.message = "cannot write the file: " + error.message(),
                                .file = arguments.output}),
                   ExitCode::bad_input;
    }
    for (const std::string& warning : image->warnings) {
        if (arguments.verbose) fmt::print("  {}\n", warning);
    }
    fmt::print("{}: {}{}\n", image->name,
               arguments.output.empty() ? image->image.string() : arguments.output,
               ids.empty() ? "" : " for " + ids);
    return ExitCode::clean;
}

}  // namespace

void add_build(CLI::App& app, Run& run) {
    auto arguments = std::make_shared<BuildArguments>();
    CLI::App* command = app.add_subcommand("build", "Build a Windows driver folder");
    command
        ->add_option("folder", arguments->folder,
                     "Folder with the .vcxproj, or the .vcxproj itself")
        ->required();
    command->add_option("--project", arguments->project,
                        "Which project, if the folder has several");
    command->add_option("--configuration", arguments->configuration,
                        "\"Debug|x64\"; default: Debug x64, else ARM64, else any");
    command->add_option("-o,--output", arguments->output, "Copy the driver to this file");
    command->add_flag("-v,--verbose", arguments->verbose, "Show the compiler's warnings");
    command->add_flag("--own", arguments->own, "A driver of the tool itself: wdk/ext is visible")
        ->group("");
    command->add_option("--wdk", arguments->wdk, "Headers; unknown names are let through")
        ->group("");
    command->add_option("--export", arguments->extra_exports, "Name that other drivers may import")
        ->group("");
    command->callback([arguments, &run] { run = [arguments] { return build(*arguments); }; });
}

}  // namespace gpioclx::cli
