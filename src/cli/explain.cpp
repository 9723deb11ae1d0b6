// gpioclx explain ID: the rule behind a finding, where it is documented, and what to do.
#include <fmt/format.h>

#include <memory>

#include <string>

#include "bench/finding_rule.h"
#include "cli/command.h"

namespace gpioclx::cli {
namespace {

void print(const bench::FindingRule& rule) {
    fmt::print("{}: {}\n", rule.id, rule.rule);
    if (!rule.document.empty()) fmt::print("  rule: {}\n", rule.document);
    fmt::print("  do: {}\n", rule.remedy);
}

ExitCode explain(const std::string& id) {
    if (id.empty()) {
        for (const bench::FindingRule& rule : bench::finding_rules())
            fmt::print("{:14} {}\n", rule.id, rule.rule);
        return ExitCode::clean;
    }
    const bench::FindingRule* rule = bench::finding_rule(id);
    if (rule == nullptr) {
        print_error({.message = fmt::format("there is no finding '{}'", id),
                     .hint = "gpioclx explain lists them all"});
        return ExitCode::bad_input;
    }
    print(*rule);
    return ExitCode::clean;
}

}  // namespace

void add_explain(CLI::App& app, Run& run) {
    CLI::App* command =
        app.add_subcommand("explain", "Tell the rule behind a finding and what to do");
    auto id = std::make_shared<std::string>();
    command->add_option("ID", *id, "The finding's id (V3, irql-001); without it all are listed");
    command->callback([&run, id] { run = [id] { return explain(*id); }; });
}

}  // namespace gpioclx::cli
