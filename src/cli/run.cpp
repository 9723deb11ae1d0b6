// gpioclx run BENCH: starts the board, plays the script, stops it, says what was found.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "bench/duration.h"
#include "bench/session.h"
#include "cli/command.h"
#include "cli/observers.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/replay.h"
#include "cli/shell_word.h"
#include "cli/token_file.h"
#include "explore/schedule.h"
#include "trace/timeline.h"
#include "trace/waveform.h"

namespace gpioclx::cli {
namespace {

using Json = nlohmann::json;

struct RunArguments {
    std::string program = "gpioclx";  // as it was called
    std::string bench;
    std::uint64_t seed = 1;
    std::uint32_t processors = 0;  // 0: as the bench says
    std::string time;
    std::string script;
    OutputArguments outputs;
    bool trace = false;
    bool wave = false;
    bool quiet = false;
    bool verify = false;
    bool instrument = false;
    std::string token;  // of a schedule to follow; "" = as the seed says
    bool gdb = false;
    std::uint32_t watchdog_ms = 10'000;
};

// One run from the first line of output to the last.
class Runner {
  public:
    explicit Runner(const RunArguments& arguments)
        : arguments_(arguments),
          timeline_(stdout,
                    arguments.trace ? trace::TimelineDetail::full : trace::TimelineDetail::short_,
                    isatty(1) != 0) {}

    ExitCode run() {
        fmt::print("gpioclx: seed {}\n", arguments_.seed);
        std::fflush(stdout);
        if (auto read = read_arguments(); !read) return input_error(read.error());
        if (auto opened = open(); !opened) {
            tool_output_.print_error(opened.error());
            return ExitCode::bad_input;
        }
        ExitCode code = play();
        if (code == ExitCode::bad_input && session_->alive())
            return code;  // said already; nothing was tried, and no file is left behind
        const ExitCode found = session_->exit_code();
        if (!session_->alive()) {
            code = found;
        } else if (found != ExitCode::clean && code != ExitCode::watchdog) {
            code = found;
        }
        return finish(code);
    }

  private:
    // What can be known to be wrong before anything is built or run.
    Result<void> read_arguments() {
        if (!arguments_.time.empty()) {
            auto time = bench::parse_duration_ns(arguments_.time);
            if (!time) {
                Error error = time.error();
                error.message = "--for: " + error.message;
                return error;
            }
            time_ns_ = *time;
        }
        if (!arguments_.script.empty()) {
            auto given = bench::read_script(arguments_.script);
            if (!given) return given.error();
            script_ = std::move(*given);
        }
        return {};
    }

    Result<void> open() {
        bench::SessionOptions options;
        options.bench = arguments_.bench;
        options.seed = arguments_.seed;
        options.watchdog_ms = arguments_.watchdog_ms;
        if (arguments_.processors != 0) options.processors = arguments_.processors;
        options.verify = arguments_.verify;
        options.instrument = arguments_.instrument;
        options.progress = [this](std::string_view step) { progress_.step(step); };
        options.tool_output = [this](std::string_view text) { tool_output_.show(text); };
        options.waiting = [this](std::uint64_t virtual_ns) { progress_.waiting(virtual_ns); };
        options.debugger = arguments_.gdb;
        options.stop_at_findings = !arguments_.token.empty();
        if (!arguments_.quiet) options.observers.push_back(&timeline_observer_);
        options.observers.push_back(&waveform_observer_);
        if (auto opened = outputs_.open(); !opened) return opened.error();
        for (bench::EventObserver* observer : outputs_.observers())
            options.observers.push_back(observer);
        auto session = bench::Session::open(std::move(options));
        if (!session) return session.error();
        session_ = std::move(*session);
        if (!session_->alive()) return {};
        return declare_wires();
    }

    Result<void> declare_wires() {
        auto wires = session_->show("wires");
        if (!wires) return wires.error();
        outputs_.declare_wires(*wires);
        for (const Json& wire : wires->at("wires")) {
            const std::string level = wire.at("level");
            const char symbol = level == "high" ? '1' : level == "low" ? '0' : 'z';
            waveform_.declare(wire.at("name"), symbol);
        }
        return {};
    }

    ExitCode play() {
        if (!arguments_.token.empty()) return replay();
        auto started = session_->start();
        if (!started) return session_->alive() ? input_error(started.error()) : ExitCode::findings;
        ExitCode code = report_devices(*started);
        if (report_timeout(*started)) return ExitCode::watchdog;
        scripted_from_ns_ = session_->now_ns();
        if (const ExitCode scripted = play_script(); scripted != ExitCode::clean) code = scripted;
        if (!session_->alive() || code == ExitCode::bad_input || code == ExitCode::watchdog)
            return code;
        if (time_ns_ && !session_->run_for(*time_ns_)) return code;
        scripted_to_ns_ = session_->now_ns();
        auto stopped = session_->stop();
        if (stopped && report_timeout(*stopped))
            return code == ExitCode::clean ? ExitCode::watchdog : code;
        if (!stopped && session_->alive()) return input_error(stopped.error());
        return code;
    }

    // All at once, as it was explored.
    ExitCode replay() {
        auto replayed =
            session_->replay(script_ ? *script_ : session_->bench().script, arguments_.token);
        if (!replayed)
            return session_->alive() ? input_error(replayed.error()) : ExitCode::findings;
        scripted_to_ns_ = session_->now_ns();
        devices_ = replayed->at("devices");
        if (report_timeout(*replayed)) return ExitCode::watchdog;
        return ExitCode::clean;  // what went wrong is a finding
    }

    ExitCode play_script() {
        ExitCode code = ExitCode::clean;
        for (const bench::ScriptLine& line : script_ ? *script_ : session_->bench().script) {
            auto step = session_->step(line);
            if (!step) return session_->alive() ? input_error(step.error()) : ExitCode::findings;
            if (step->failed) {
                print_error({.message = step->message, .file = line.file, .line = line.line});
                ++failed_expectations_;
                add_problem(step->timed_out ? "script-002" : "script-001", step->message, line);
                code = ExitCode::findings;
                if (step->timed_out) return ExitCode::watchdog;
            }
            if (session_->halted()) break;
        }
        return code;
    }

    // A driver that fails to start is what a run is about: it counts as a finding.
    ExitCode report_devices(const Json& answer) {
        ExitCode code = ExitCode::clean;
        devices_ = answer.at("devices");
        for (const Json& device : devices_) {
            const std::string state = device.at("state");
            if (state == "started" || state == "no driver") continue;
            if (answer.contains("timeout") && state == "not started") continue;
            code = ExitCode::findings;
            ++failed_devices_;
            print_error({.message = failure_text(device)});
            add_problem("script-003", failure_text(device), {});
        }
        return code;
    }

    // "\\_SB.LED0 (GXLD0001) did not start: EvtDevicePrepareHardware of led returned STATUS_..."
    static std::string failure_text(const Json& device) {
        const std::string where = device.at("failed_in");
        const std::string message = device.value("message", "");
        std::string text =
            fmt::format("{} ({}) did not start: ", device.at("path").get<std::string>(),
                        device.at("hardware_id").get<std::string>());
        const std::string driver = device.at("driver");
        const std::string status = device.at("status_name");
        if (!where.empty() && !driver.empty() && where != "image") {
            text += fmt::format("{} of {} returned {}", where, driver, status);
        } else {
            text += message.empty() ? status : fmt::format("{} ({})", message, status);
        }
        return text;
    }

    // What is a problem of the run and no finding of the machine; with the script's line.
    void add_problem(const char* id, const std::string& sentence, const bench::ScriptLine& line) {
        outputs_.keep_recent_steps();
        bench::Finding finding;
        finding.id = id;
        finding.sentence = sentence;
        finding.time_ns = session_->now_ns();
        if (line.line > 0) {
            bench::StackFrame place;
            place.file = line.file;
            place.line = line.line;
            finding.stack.push_back(std::move(place));
        }
        problems_.push_back(std::move(finding));
    }

    // Virtual time went by and something never happened.
    bool report_timeout(const Json& answer) {
        const auto timeout = answer.find("timeout");
        if (timeout == answer.end()) return false;
        print_error(
            {.message = timeout->get<std::string>(),
             .hint = "a driver waits or polls for something that never happens; see --trace"});
        add_problem("script-002", timeout->get<std::string>(), {});
        return true;
    }

    ExitCode finish(ExitCode code) {
        std::fflush(stdout);
        if (arguments_.wave && scripted_to_ns_ > scripted_from_ns_) {
            fmt::print("\n{}", waveform_.draw(scripted_from_ns_, scripted_to_ns_, 88, true));
        }
        fmt::print("\n");
        for (const Json& device : devices_) {
            if (device.at("state") == "no driver") continue;
            fmt::print("{:<20} {:<12} {}\n", device.at("path").get<std::string>(),
                       device.at("driver").get<std::string>(),
                       device.at("state").get<std::string>());
        }
        for (const bench::Finding& finding : session_->findings())
            fmt::print("\n{}", bench::to_text(finding));
        for (const bench::HardwareReport& report : session_->hardware_reports())
            fmt::print("\n{}", bench::to_text(report));
        for (const std::string& warning : session_->unused_suppressions())
            fmt::print("\n{}\n", warning);
        if (!session_->alive()) outputs_.keep_recent_steps();
        if (auto kept = outputs_.finish(report(code)); !kept) {
            print_error(kept.error());
            code = ExitCode::bad_input;
        } else {
            for (const std::string& line : outputs_.written()) fmt::print("\n{}\n", line);
        }
        if (code == ExitCode::clean) {
            const std::size_t suppressed = session_->suppressed().size();
            fmt::print(
                "\n{} of virtual time, nothing found{}\n", bench::duration_text(session_->now_ns()),
                suppressed == 0 ? "" : fmt::format(" ({} suppressed by the bench)", suppressed));
            return code;
        }
        fmt::print("\n{}\nto see it again:\n{}\n", summary(), rerun_command());
        return code;
    }

    report::Report report(ExitCode code) const {
        report::Scenario scenario;
        scenario.name = std::filesystem::path(arguments_.bench).stem().string();
        scenario.summary = fmt::format("{} of virtual time, seed {}",
                                       bench::duration_text(session_->now_ns()), arguments_.seed);
        for (const auto* findings : {&session_->findings(), &problems_}) {
            for (const bench::Finding& finding : *findings)
                scenario.problems.push_back(
                    {.finding = finding, .command = rerun_command(), .token = arguments_.token});
        }
        scenario.suppressed = session_->suppressed();
        scenario.hardware_reports = session_->hardware_reports();
        scenario.from_ns = scripted_from_ns_;
        scenario.to_ns = scripted_to_ns_ != 0 ? scripted_to_ns_ : session_->now_ns();
        return {.command = rerun_command(),
                .bench = arguments_.bench,
                .scenarios = {std::move(scenario)},
                .exit_code = code};
    }

    std::string summary() const {
        std::string text;
        const auto count = [&text](std::size_t number, std::string_view what) {
            if (number == 0) return;
            text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", number, what,
                                number == 1 ? "" : "s");
        };
        count(session_->findings().size(), "finding");
        count(failed_expectations_, "failed expectation");
        count(failed_devices_, "failed device");
        if (const std::size_t suppressed = session_->suppressed().size(); suppressed != 0)
            text +=
                fmt::format("{}{} suppressed by the bench", text.empty() ? "" : ", ", suppressed);
        return text.empty() ? "the run did not come to its end" : text;
    }

    // As it can be pasted into a shell that stands where this one did.
    std::string rerun_command() const {
        std::string command = shell_word(arguments_.program);
        if (arguments_.token.empty()) {
            command +=
                fmt::format(" run {} --seed {}", shell_word(arguments_.bench), arguments_.seed);
        } else {
            command += fmt::format(" replay {} {}", shell_word(arguments_.bench),
                                   shell_word(token_word(arguments_.token)));
        }
        if (arguments_.processors != 0)
            command += fmt::format(" --processors {}", arguments_.processors);
        if (arguments_.verify && arguments_.token.empty()) command += " --verify";
        if (arguments_.instrument && arguments_.token.empty()) command += " --instrument";
        if (!arguments_.script.empty()) command += " --script " + shell_word(arguments_.script);
        if (!arguments_.time.empty()) command += " --for " + shell_word(arguments_.time);
        if (arguments_.watchdog_ms != RunArguments{}.watchdog_ms)
            command += fmt::format(" --watchdog {}", arguments_.watchdog_ms);
        return command;
    }

    ExitCode input_error(const Error& error) {
        print_error(error);
        return ExitCode::bad_input;
    }

    RunArguments arguments_;
    trace::Timeline timeline_;
    WriterObserver timeline_observer_{timeline_};
    trace::Waveform waveform_;
    WriterObserver waveform_observer_{waveform_};
    Outputs outputs_{arguments_.outputs};
    std::unique_ptr<bench::Session> session_;
    Progress progress_{arguments_.quiet};
    ToolOutput tool_output_;
    std::optional<std::vector<bench::ScriptLine>> script_;  // of --script
    std::optional<std::uint64_t> time_ns_;                  // of --for
    Json devices_ = Json::array();
    std::uint64_t scripted_from_ns_ = 0;
    std::uint64_t scripted_to_ns_ = 0;
    std::size_t failed_expectations_ = 0;
    std::size_t failed_devices_ = 0;
    std::vector<bench::Finding> problems_;  // of the run, in the form of findings
};

}  // namespace

namespace {

ExitCode replay(RunArguments arguments) {
    auto token = token_of_word(arguments.token);
    if (!token) {
        print_error(token.error());
        return ExitCode::bad_input;
    }
    arguments.token = *token;
    auto schedule = explore::from_token(arguments.token);
    if (!schedule) {
        print_error(schedule.error());
        return ExitCode::bad_input;
    }
    arguments.seed = schedule->seed;
    arguments.instrument = schedule->instrumented;
    return Runner(arguments).run();
}

// What a run and its repetition have in common.
void add_options(CLI::App* command, const std::shared_ptr<RunArguments>& arguments) {
    command->add_option("--processors", arguments->processors, "Virtual processors (1-8)")
        ->check(CLI::Range(1, 8));
    command->add_option("--for", arguments->time,
                        "Run this much virtual time after the script: 10ms");
    command->add_option("--script", arguments->script, "Script file instead of the bench's");
    add_output_options(*command, arguments->outputs);
    command->add_flag("--trace", arguments->trace, "Show registers, locks, waits and threads too");
    command->add_flag("--wave", arguments->wave, "Draw the wires");
    command->add_flag("-q,--quiet", arguments->quiet, "Only the summary");
    command->add_flag("--gdb", arguments->gdb, "Start the worker under a debugger");
    command
        ->add_option("--watchdog", arguments->watchdog_ms,
                     "Wall-clock milliseconds without progress before a driver counts as hanging")
        ->capture_default_str();
}

}  // namespace

void add_run(CLI::App& app, Run& run, const std::string& program) {
    auto arguments = std::make_shared<RunArguments>();
    arguments->program = program;
    CLI::App* command = app.add_subcommand("run", "Run a bench");
    command->add_option("bench", arguments->bench, "Bench file (.toml)")->required();
    command
        ->add_option("--seed", arguments->seed,
                     "Seed of the schedule; 0 never deviates from the default")
        ->capture_default_str();
    add_options(command, arguments);
    command->add_flag("--verify", arguments->verify,
                      "Also find what did not go wrong in this run but could: lock orders");
    command->add_flag("--instrument", arguments->instrument,
                      "Also build the drivers so that they tell of each access to memory: data "
                      "races; includes --verify");
    command->callback(
        [arguments, &run] { run = [arguments] { return Runner(*arguments).run(); }; });
}

void add_replay(CLI::App& app, Run& run, const std::string& program) {
    auto arguments = std::make_shared<RunArguments>();
    arguments->program = program;
    arguments->verify = true;
    CLI::App* command = app.add_subcommand("replay", "Repeat what gpioclx explore found");
    command->add_option("bench", arguments->bench, "Bench file (.toml)")->required();
    command->add_option("token", arguments->token, "As explore printed it, or the file it named")
        ->required();
    add_options(command, arguments);
    command->callback([arguments, &run] { run = [arguments] { return replay(*arguments); }; });
}

ExitCode replay_token(const std::string& program, const std::string& bench,
                      const std::string& token, std::uint32_t processors, bool quiet,
                      const OutputArguments& outputs) {
    RunArguments arguments;
    arguments.outputs = outputs;
    arguments.program = program;
    arguments.bench = bench;
    arguments.token = token;
    arguments.processors = processors;
    arguments.quiet = quiet;
    arguments.verify = true;
    return replay(arguments);
}

}  // namespace gpioclx::cli
