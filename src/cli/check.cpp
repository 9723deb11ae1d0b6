// gpioclx check DRIVER_FOLDER --model MODEL: the built-in scenarios on a board that it makes
// itself.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "check/checker.h"
#include "cli/command.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/recording.h"
#include "cli/replay.h"
#include "cli/shell_word.h"
#include "cli/token_file.h"

namespace gpioclx::cli {
namespace {

struct CheckArguments {
    std::string program;
    std::string folder;
    std::string project;
    std::string model;
    std::vector<std::string> properties;
    std::string firmware;
    std::string bench;
    std::string keep;
    std::string scenario;
    std::string token;
    std::uint64_t schedules = check::CheckOptions{}.schedules;
    std::uint64_t seconds = check::CheckOptions{}.seconds;
    std::uint64_t seed = 1;
    std::uint32_t processors = check::CheckOptions{}.processors;
    bool first = false;
    bool instrument = true;
    bool list = false;
    bool quiet = false;
    OutputArguments outputs;
};

ExitCode list_scenarios() {
    for (const check::ScenarioName& name : check::scenario_names())
        fmt::print("{:<14} {}\n", name.name, name.title);
    return ExitCode::clean;
}

// What comes before all scenarios, in findings.
constexpr const char* start_scenario = "start";

class CheckCommand {
  public:
    explicit CheckCommand(const CheckArguments& arguments) : arguments_(arguments) {}

    ExitCode run() {
        check::CheckOptions options;
        if (auto read = read_arguments(options); !read) return bad_input(read.error());
        check::Checker checker(std::move(options));
        if (auto prepared = checker.prepare(); !prepared) {
            tool_output_.print_error(prepared.error());
            return ExitCode::bad_input;
        }
        if (!arguments_.token.empty()) return replay(checker);
        if (auto opened = outputs_.open(); !opened) return bad_input(opened.error());
        describe(checker);
        auto ran = checker.run([](const check::ScenarioResult& result) { show(result); });
        if (!ran) return bad_input(ran.error());
        for (const check::CheckFinding& finding : checker.findings().all()) show(checker, finding);
        return finish(checker);
    }

  private:
    static ExitCode bad_input(const Error& error) {
        print_error(error);
        return ExitCode::bad_input;
    }

    Result<void> read_arguments(check::CheckOptions& options) {
        if (!arguments_.token.empty() && arguments_.scenario.empty()) {
            return Error{.message = "a token belongs to a scenario",
                         .hint = "--scenario NAME --replay TOKEN"};
        }
        options.folder = arguments_.folder;
        options.project = arguments_.project;
        options.model = arguments_.model;
        options.firmware = arguments_.firmware;
        options.bench = arguments_.bench;
        options.keep = arguments_.keep;
        options.scenario = arguments_.scenario;
        options.schedules = arguments_.schedules;
        options.seconds = arguments_.seconds;
        options.first = arguments_.first;
        options.instrument = arguments_.instrument;
        options.seed = arguments_.seed;
        options.processors = arguments_.processors;
        options.progress = [this](std::string_view step) {
            if (!arguments_.quiet) progress_.step(step);
        };
        options.tool_output = [this](std::string_view text) { tool_output_.show(text); };
        for (const std::string& property : arguments_.properties) {
            const auto equals = property.find('=');
            if (equals == std::string::npos || equals == 0) {
                return Error{.message = fmt::format("--with {}: this is no property", property),
                             .hint = "--with NAME=VALUE"};
            }
            options.properties.emplace_back(property.substr(0, equals),
                                            property.substr(equals + 1));
        }
        return {};
    }

    ExitCode replay(const check::Checker& checker) const {
        auto bench = checker.bench_of(arguments_.scenario);
        if (!bench) return bad_input(bench.error());
        return replay_token(arguments_.program, bench->string(), arguments_.token,
                            arguments_.processors, arguments_.quiet, arguments_.outputs);
    }

    void describe(const check::Checker& checker) const {
        const check::CheckedBoard& board = checker.board();
        unsigned pins = 0;
        for (const check::PinBank& bank : board.banks) pins += bank.count;
        fmt::print("gpioclx: seed {}\n", arguments_.seed);
        if (pins != 0) {
            fmt::print("{}: {}, {} pin{} in {} bank{}\n", board.controller,
                       board.serial ? "serial" : "memory-mapped", pins, pins == 1 ? "" : "s",
                       board.banks.size(), board.banks.size() == 1 ? "" : "s");
        }
        if (!checker.accepted().empty()) fmt::print("takes {}\n", checker.accepted());
        fmt::print("board: {}\n\n", checker.folder().string());
        std::fflush(stdout);
    }

    static void show(const check::ScenarioResult& result) {
        std::string state = result.executions == 0 ? "not run" : "passed";
        if (!result.skipped.empty()) {
            fmt::print("{:<14} {:<12} {}\n", result.name, "-", result.skipped);
            std::fflush(stdout);
            return;
        }
        if (result.findings > 0)
            state = fmt::format("{} finding{}", result.findings, result.findings == 1 ? "" : "s");
        fmt::print("{:<14} {:<12} {} ({} execution{})\n", result.name, state, result.title,
                   result.executions, result.executions == 1 ? "" : "s");
        std::fflush(stdout);
    }

    // What repeats it, from where this shell stands.
    std::string command(const check::Checker& checker, const check::CheckFinding& finding) const {
        if (checker.reduced() && finding.scenario != start_scenario) {
            const std::string bench =
                shell_word((checker.folder() / (finding.scenario + ".toml")).string());
            return finding.token.empty()
                       ? fmt::format("{} run {} {} --seed {}", shell_word(arguments_.program),
                                     bench, arguments_.instrument ? "--instrument" : "--verify",
                                     arguments_.seed)
                       : fmt::format("{} replay {} {}", shell_word(arguments_.program), bench,
                                     shell_word(token_word(finding.token)));
        }
        std::string text = command_line();
        if (finding.scenario != start_scenario) text += " --scenario " + finding.scenario;
        if (!finding.token.empty()) text += " --replay " + shell_word(token_word(finding.token));
        if (finding.token.empty()) text += " --schedules 0";
        return text;
    }

    std::string command_line() const {
        std::string text = fmt::format("{} check {}", shell_word(arguments_.program),
                                       shell_word(arguments_.folder));
        const auto add = [&text](const char* flag, const std::string& value) {
            if (!value.empty()) text += fmt::format(" {} {}", flag, shell_word(value));
        };
        add("--model", arguments_.model);
        add("--project", arguments_.project);
        for (const std::string& property : arguments_.properties) add("--with", property);
        add("--firmware", arguments_.firmware);
        add("--bench", arguments_.bench);
        if (arguments_.processors != check::CheckOptions{}.processors)
            text += fmt::format(" --processors {}", arguments_.processors);
        if (arguments_.seed != 1) text += fmt::format(" --seed {}", arguments_.seed);
        if (!arguments_.instrument) text += " --no-instrument";
        return text;
    }

    void show(const check::Checker& checker, const check::CheckFinding& finding) const {
        fmt::print("\n{}", bench::to_text(finding.finding));
        if (!finding.more_places.empty()) {
            constexpr std::size_t shown = 8;
            std::string places;
            for (std::size_t i = 0; i < std::min(shown, finding.more_places.size()); ++i)
                places += (i > 0 ? ", " : "") + finding.more_places[i];
            if (finding.more_places.size() > shown)
                places += fmt::format(" and {} more", finding.more_places.size() - shown);
            fmt::print("  also: {}\n", places);
        }
        if (finding.execution > 0) {
            fmt::print("  in execution {}{}\n", finding.execution,
                       finding.decisions.empty() ? "" : ", with");
        }
        for (const std::string& decision : finding.decisions) fmt::print("    {}\n", decision);
        fmt::print("  to see it again:\n{}\n", command(checker, finding));
    }

    // One scenario each; the one whose schedule is looked at comes first.
    report::Report report(const check::Checker& checker) const {
        report::Report report{.command = command_line(),
                              .bench = checker.subject().project_file,
                              .scenarios = {},
                              .exit_code = checker.exit_code()};
        const auto problems_of = [&](const std::string& scenario) {
            std::vector<report::Problem> problems;
            for (const check::CheckFinding& found : checker.findings().all()) {
                if (found.scenario == scenario)
                    problems.push_back({.finding = found.finding,
                                        .command = command(checker, found),
                                        .token = found.token,
                                        .decisions = found.decisions});
            }
            return problems;
        };
        report.scenarios.push_back({.name = start_scenario,
                                    .summary = "the driver starts and says what it accepts",
                                    .problems = problems_of(start_scenario)});
        for (const check::ScenarioResult& result : checker.results()) {
            report.scenarios.push_back(
                {.name = result.name,
                 .summary = result.skipped.empty()
                                ? fmt::format("{}: {} executions, seed {}", result.title,
                                              result.executions, arguments_.seed)
                                : "not run: " + result.skipped,
                 .problems = problems_of(result.name)});
        }
        std::stable_partition(
            report.scenarios.begin(), report.scenarios.end(),
            [](const report::Scenario& scenario) { return !scenario.problems.empty(); });
        return report;
    }

    Result<void> write_outputs(const check::Checker& checker) {
        report::Report report = this->report(checker);
        report::Scenario& first = report.scenarios.front();
        const auto bench = checker.bench_of(first.name);
        if (arguments_.outputs.wants_schedule() && (bench || first.name == start_scenario)) {
            auto window = record(
                {.bench = bench ? bench->string() : (checker.folder() / "board.toml").string(),
                 .seed = arguments_.seed,
                 .processors = arguments_.processors,
                 .token = first.problems.empty() ? "" : first.problems.front().token,
                 .instrument = arguments_.instrument},
                outputs_);
            if (!window) return window.error();
            first.from_ns = window->from_ns;
            first.to_ns = window->to_ns;
        }
        if (auto kept = outputs_.finish(std::move(report)); !kept) return kept;
        for (const std::string& line : outputs_.written()) fmt::print("\n{}\n", line);
        return {};
    }

    ExitCode finish(const check::Checker& checker) {
        if (auto written = write_outputs(checker); !written) return bad_input(written.error());
        std::uint64_t executions = 0;
        for (const check::ScenarioResult& result : checker.results())
            executions += result.executions;
        const std::size_t count = checker.findings().all().size();
        fmt::print("\n{} executions: {}\n", executions,
                   count == 0 ? "nothing found"
                              : fmt::format("{} finding{}", count, count == 1 ? "" : "s"));
        return checker.exit_code();
    }

    const CheckArguments& arguments_;
    Outputs outputs_{arguments_.outputs};
    Progress progress_{false, stderr};
    ToolOutput tool_output_;
};

}  // namespace

void add_check(CLI::App& app, Run& run, const std::string& program) {
    auto arguments = std::make_shared<CheckArguments>();
    arguments->program = program;
    CLI::App* command = app.add_subcommand(
        "check", "Try a controller's driver on a board made for it, under many schedules");
    command->add_option("folder", arguments->folder, "Folder of the driver");
    command->add_option("--model", arguments->model,
                        "Hardware behind it: a register map's name or file, or a C++ model (.so)");
    command->add_option("--with", arguments->properties, "Property of the model: NAME=VALUE")
        ->take_all();
    command->add_option("--project", arguments->project, "Which project, if there are several");
    command->add_option("--firmware", arguments->firmware,
                        "ASL or AML that has the controller, instead of ours");
    command->add_option("--bench", arguments->bench,
                        "Bench with firmware, drivers and models, instead of ours");
    command->add_option("--keep", arguments->keep, "Folder for the board's files");
    command->add_option("--scenario", arguments->scenario, "Only this one");
    command->add_flag("--list", arguments->list, "List the scenarios");
    command->add_option("--schedules", arguments->schedules, "Executions of each scenario")
        ->capture_default_str();
    command->add_option("--seconds", arguments->seconds, "For all scenarios (wall clock)")
        ->capture_default_str();
    command->add_flag("!--no-instrument", arguments->instrument,
                      "Drivers are built as they are, without telling of their memory: no data "
                      "races, quicker");
    command->add_flag("--first", arguments->first, "End with the first finding");
    command->add_option("--seed", arguments->seed, "Seed of all decisions")->capture_default_str();
    command->add_option("--processors", arguments->processors, "Virtual processors (1-8)")
        ->check(CLI::Range(1, 8));
    command->add_option("--replay", arguments->token, "Repeat what was found, with its scenario");
    command->add_flag("-q,--quiet", arguments->quiet, "No progress");
    add_output_options(*command, arguments->outputs);
    command->callback([arguments, &run] {
        run = [arguments] {
            if (arguments->list) return list_scenarios();
            if (arguments->folder.empty() ||
                (arguments->model.empty() && arguments->bench.empty())) {
                print_error({.message = "a driver's folder and --model are needed",
                             .hint = "gpioclx check FOLDER --model pl061"});
                return ExitCode::bad_input;
            }
            return CheckCommand(*arguments).run();
        };
    });
}

}  // namespace gpioclx::cli
