// gpioclx show WHAT BENCH: the state of a started board as tables.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "bench/session.h"
#include "cli/command.h"
#include "cli/progress.h"

namespace gpioclx::cli {
namespace {

using Json = nlohmann::json;

struct ShowArguments {
    std::string what;
    std::string bench;
    bool json = false;
    bool all = false;
};

std::string cell(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_array()) {
        std::string text;
        for (const Json& element : value) {
            text += text.empty() ? "" : ", ";
            text += element.is_object() ? element.value("owner", element.dump()) : cell(element);
        }
        return text;
    }
    return value.dump();
}

const std::vector<std::string>& columns_of(const std::string& what) {
    static const std::map<std::string, std::vector<std::string>> columns = {
        {"controllers", {"path", "model", "title", "pins", "banks"}},
        {"banks", {"controller", "bank", "enabled", "pending", "outputs"}},
        {"pins",
         {"controller", "pin", "wire", "owners", "direction", "level", "latch", "pull", "interrupt",
          "trigger", "pending"}},
        {"resources", {"path", "hardware_id", "driver", "model", "user", "resource"}},
        {"devices", {"path", "hardware_id", "driver", "state", "status_name", "failed_in"}},
        {"parts", {"name", "model", "pin", "state", "actions"}},
        {"wires", {"name", "level", "ends"}}};
    return columns.at(what == "drivers" ? "devices" : what);
}

void print_table(const Json& rows, const std::vector<std::string>& columns) {
    std::vector<std::size_t> widths;
    for (const std::string& column : columns) {
        std::size_t width = column.size();
        for (const Json& row : rows) width = std::max(width, cell(row.at(column)).size());
        widths.push_back(width);
    }
    const auto line = [&](auto text_of) {
        std::string text;
        for (std::size_t i = 0; i < columns.size(); ++i)
            text += fmt::format("{:<{}}  ", text_of(columns[i]), widths[i]);
        text.erase(text.find_last_not_of(' ') + 1);
        fmt::print("{}\n", text);
    };
    line([](const std::string& column) { return column; });
    for (const Json& row : rows)
        line([&](const std::string& column) { return cell(row.at(column)); });
}

ExitCode died(const bench::Session& session) {
    for (const bench::Finding& finding : session.findings())
        fmt::print(stderr, "{}", bench::to_text(finding));
    return session.exit_code();
}

ExitCode show(const ShowArguments& arguments) {
    bench::SessionOptions options;
    options.bench = arguments.bench;
    // The table alone is the standard output.
    Progress progress(false, stderr);
    ToolOutput tool_output;
    options.progress = [&](std::string_view step) { progress.step(step); };
    options.tool_output = [&](std::string_view text) { tool_output.show(text); };
    options.waiting = [&](std::uint64_t virtual_ns) { progress.waiting(virtual_ns); };
    auto session = bench::Session::open(std::move(options));
    if (!session) return tool_output.print_error(session.error()), ExitCode::bad_input;
    // Resources are firmware's; everything else is told of a started board.
    if ((*session)->alive() && arguments.what != "resources") {
        auto started = (*session)->start();
        if (!(*session)->alive()) return died(**session);
        if (!started) return print_error(started.error()), ExitCode::bad_input;
        if (started->contains("timeout")) print_error({.message = started->at("timeout")});
    }
    if (!(*session)->alive()) return died(**session);
    const bool all = arguments.all && arguments.what == "extension";
    auto answer = (*session)->show(all ? "extension/all" : arguments.what);
    if (!answer) return print_error(answer.error()), ExitCode::bad_input;
    const Json& rows = answer->at(arguments.what == "drivers" ? "devices" : arguments.what);
    if (arguments.json) {
        fmt::print("{}\n", rows.dump(2));
    } else if (rows.is_string()) {
        fmt::print("{}", rows.get<std::string>());
    } else {
        print_table(rows, columns_of(arguments.what));
        for (const Json& problem : answer->value("problems", Json::array())) {
            fmt::print("problem: {}\n", problem.at("problem").get<std::string>());
        }
    }
    return ExitCode::clean;
}

}  // namespace

void add_show(CLI::App& app, Run& run) {
    auto arguments = std::make_shared<ShowArguments>();
    CLI::App* command = app.add_subcommand("show", "Show the state of a board");
    command
        ->add_option("what", arguments->what,
                     "controllers, banks, pins, resources, drivers, devices, wires, parts or "
                     "extension (what GpioClx itself knows)")
        ->required()
        ->check(CLI::IsMember({"controllers", "banks", "pins", "resources", "drivers", "devices",
                               "wires", "parts", "extension"}));
    command->add_option("bench", arguments->bench, "Bench file (.toml)")->required();
    command->add_flag("--json", arguments->json, "As JSON");
    command->add_flag("--all", arguments->all, "extension: also pins that nobody uses");
    command->callback([arguments, &run] { run = [arguments] { return show(*arguments); }; });
}

}  // namespace gpioclx::cli
