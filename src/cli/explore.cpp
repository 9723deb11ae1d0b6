// gpioclx explore BENCH: the script again and again, each time with other decisions at the choice
// points; what goes wrong comes with a token that repeats it.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "bench/session.h"
#include "cli/command.h"
#include "cli/outputs.h"
#include "cli/recording.h"
#include "cli/token_file.h"
#include "explore/strategy.h"

namespace gpioclx::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct ExploreArguments {
    std::string program;
    std::string bench;
    std::string script;
    std::uint64_t seed = 1;
    std::uint32_t processors = 0;
    std::uint64_t schedules = 10'000;
    std::uint64_t seconds = 0;
    std::string strategy = "portfolio";
    unsigned bound = 0;
    std::string from = "both";
    bool faults = false;
    bool instrument = false;
    bool shut_downs = true;
    std::uint32_t watchdog_ms = 10'000;
    bool coverage = false;
    bool quiet = false;
    OutputArguments outputs;
};

class Explorer {
  public:
    explicit Explorer(const ExploreArguments& arguments) : arguments_(arguments) {}

    ExitCode run() {
        fmt::print("gpioclx: seed {}\n", arguments_.seed);
        std::fflush(stdout);
        if (auto opened = open(); !opened) return bad_input(opened.error());
        auto started = session_->start();
        if (!started) return give_up(started.error());
        if (started->contains("timeout") || !all_started(*started)) {
            print_error({.message = "the devices do not start even without other decisions",
                         .hint = fmt::format("gpioclx run {}", arguments_.bench)});
            return ExitCode::findings;
        }
        begun_ = Clock::now();
        while (goes_on()) {
            const std::uint64_t count =
                std::min<std::uint64_t>(batch_, arguments_.schedules - done_);
            const auto before = Clock::now();
            auto explored = session_->explore(script_, done_, count,
                                              {.strategy = arguments_.strategy,
                                               .bound = arguments_.bound,
                                               .from = arguments_.from,
                                               .shut_downs = arguments_.shut_downs,
                                               .faults = arguments_.faults,
                                               .coverage = arguments_.coverage});
            if (!explored) return give_up(explored.error());
            done_ += explored->executions;
            gave_up_ = explored->gave_up;
            exhausted_ = !gave_up_ && explored->executions < count;
            points_ = explored->points;
            overlaps_ = explored->overlaps;
            left_out_ = explored->left_out;
            pairs_ = std::move(explored->pairs);
            for (const auto& found : explored->found) print(found);
            show_progress();
            // About five times a second.
            if (Clock::now() - before < std::chrono::milliseconds(100)) batch_ *= 2;
        }
        return finish();
    }

  private:
    static ExitCode bad_input(const Error& error) {
        print_error(error);
        return ExitCode::bad_input;
    }

    Result<void> open() {
        if (auto opened = outputs_.open(); !opened) return opened.error();
        bench::SessionOptions options;
        options.bench = arguments_.bench;
        options.seed = arguments_.seed;
        options.verify = true;
        // A checkpoint covers the machine, not other processes.
        options.settings.push_back({.device = "", .name = "umdf_in_machine", .value = 1});
        options.instrument = arguments_.instrument;
        options.watchdog_ms = arguments_.watchdog_ms;
        if (arguments_.processors != 0) options.processors = arguments_.processors;
        options.progress = [this](std::string_view text) {
            if (!arguments_.quiet) fmt::print(stderr, "{}\n", text);
        };
        auto opened = bench::Session::open(std::move(options));
        if (!opened) return opened.error();
        session_ = std::move(*opened);
        script_ = session_->bench().script;
        if (!arguments_.script.empty()) {
            auto given = bench::read_script(arguments_.script);
            if (!given) return given.error();
            script_ = std::move(*given);
        }
        if (!script_.empty()) return {};
        return Error{.message = "the bench has no script: there is nothing to execute",
                     .file = arguments_.bench,
                     .hint = "script = '''...''' in the bench, or --script FILE"};
    }

    static bool all_started(const nlohmann::json& answer) {
        for (const auto& device : answer.at("devices")) {
            const std::string state = device.at("state");
            if (state != "started" && state != "no driver") return false;
        }
        return true;
    }

    // Bad input that shows only now, or a driver that took the worker with it.
    ExitCode give_up(const Error& error) {
        if (session_->alive()) return bad_input(error);
        for (const bench::Finding& finding : session_->findings())
            fmt::print("\n{}", bench::to_text(finding));
        for (const bench::Finding& finding : session_->findings())
            problems_.push_back({.finding = finding, .command = command("")});
        return write_outputs(session_->exit_code());
    }

    bool goes_on() const {
        if (done_ >= arguments_.schedules || exhausted_ || gave_up_) return false;
        return arguments_.seconds == 0 ||
               Clock::now() - begun_ < std::chrono::seconds(arguments_.seconds);
    }

    void print(const bench::Session::Exploration::Found& found) {
        ++found_;
        fmt::print("\n{}  in execution {}{}\n", bench::to_text(found.finding), found.execution + 1,
                   found.decisions.empty() ? ", the plain one" : ", with");
        for (const std::string& decision : found.decisions) fmt::print("    {}\n", decision);
        if (!found.interleaving.empty()) fmt::print("\n{}\n", trace::to_text(found.interleaving));
        fmt::print("  to see it again:\n{}\n", command(found.token));
        std::fflush(stdout);
        problems_.push_back({.finding = found.finding,
                             .command = command(found.token),
                             .token = found.token,
                             .decisions = found.decisions});
    }

    // What repeats one schedule; without a token the exploration as a whole.
    std::string command(const std::string& token) const {
        if (!token.empty())
            return fmt::format("{} replay {} {}", arguments_.program, arguments_.bench,
                               token_word(token));
        return fmt::format("{} explore {} --seed {} --schedules {}{}", arguments_.program,
                           arguments_.bench, arguments_.seed, arguments_.schedules,
                           arguments_.instrument ? " --instrument" : "");
    }

    // Each finding has a schedule of its own; the files about one schedule are about the first.
    ExitCode write_outputs(ExitCode code) {
        report::Report report{
            .command = command(""), .bench = arguments_.bench, .scenarios = {}, .exit_code = code};
        report::Scenario scenario;
        scenario.name = std::filesystem::path(arguments_.bench).stem().string();
        scenario.summary = fmt::format("{} executions, seed {}", done_, arguments_.seed);
        scenario.problems = problems_;
        scenario.suppressed = session_->suppressed();
        if (arguments_.outputs.wants_schedule()) {
            const std::string token = problems_.empty() ? "" : problems_.front().token;
            auto window = record({.bench = arguments_.bench,
                                  .seed = arguments_.seed,
                                  .processors = arguments_.processors,
                                  .token = token,
                                  .instrument = arguments_.instrument,
                                  .script = script_},
                                 outputs_);
            if (!window) return bad_input(window.error());
            scenario.from_ns = window->from_ns;
            scenario.to_ns = window->to_ns;
        }
        report.scenarios.push_back(std::move(scenario));
        if (auto kept = outputs_.finish(std::move(report)); !kept) return bad_input(kept.error());
        for (const std::string& line : outputs_.written()) fmt::print("\n{}\n", line);
        return code;
    }

    void show_progress() const {
        if (arguments_.quiet || isatty(2) == 0) return;
        fmt::print(stderr, "\r{} executions, {:.0f} a second, {} pairs of callbacks, {} found ",
                   done_, rate(), overlaps_, found_);
        if (!goes_on()) fmt::print(stderr, "\n");
    }

    double rate() const {
        const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
        return static_cast<double>(done_) / std::max(seconds, 1e-9);
    }

    void print_coverage() const {
        fmt::print("\ncallbacks that were seen at the same time:\n");
        for (const auto& pair : pairs_)
            fmt::print("{:>10}  {} / {}\n", pair.count, pair.first, pair.second);
    }

    ExitCode finish() {
        if (arguments_.coverage) print_coverage();
        if (gave_up_)
            fmt::print(
                "\nthe driver ended too many workers, or the plain one: nothing more was "
                "tried\n");
        if (exhausted_ && arguments_.faults)
            fmt::print("\nnothing is left to try: all that may fail has failed once\n");
        else if (exhausted_)
            fmt::print(
                "\nnothing is left to try within this bound; {} executions that would have gone "
                "the "
                "same way were left out\n",
                left_out_);
        fmt::print(
            "\n{} executions ({:.0f} a second) of {} points, {} pairs of callbacks at the same "
            "time: {}\n",
            done_, rate(), points_, overlaps_,
            found_ == 0 ? "nothing found"
                        : fmt::format("{} {}", found_, found_ == 1 ? "finding" : "findings"));
        if (const std::size_t suppressed = session_->suppressed().size(); suppressed != 0)
            fmt::print("{} suppressed by the bench\n", suppressed);
        for (const std::string& warning : session_->unused_suppressions())
            fmt::print("{}\n", warning);
        const ExitCode code = session_->exit_code();
        return write_outputs(code != ExitCode::clean ? code
                             : found_ == 0           ? ExitCode::clean
                                                     : ExitCode::findings);
    }

    const ExploreArguments& arguments_;
    std::unique_ptr<bench::Session> session_;
    std::vector<bench::ScriptLine> script_;
    Clock::time_point begun_;
    std::uint64_t batch_ = 8;
    std::uint64_t done_ = 0;
    std::uint64_t found_ = 0;
    std::uint64_t points_ = 0;
    std::uint64_t overlaps_ = 0;
    std::vector<report::Problem> problems_;
    Outputs outputs_{arguments_.outputs};
    std::uint64_t left_out_ = 0;
    bool exhausted_ = false;
    bool gave_up_ = false;
    std::vector<bench::Session::Exploration::Overlap> pairs_;
};

}  // namespace

void add_explore(CLI::App& app, Run& run, const std::string& program) {
    CLI::App* command = app.add_subcommand(
        "explore", "Execute a bench's script under many schedules and look for what goes wrong");
    auto arguments = std::make_shared<ExploreArguments>();
    arguments->program = program;
    command->add_option("bench", arguments->bench, "Bench file (.toml)")->required();
    command->add_option("--seed", arguments->seed, "Seed of all decisions")->capture_default_str();
    command->add_option("--processors", arguments->processors, "Virtual processors (1-8)")
        ->check(CLI::Range(1, 8));
    command->add_option("--script", arguments->script, "Stimulus script instead of the bench's");
    command->add_option("--schedules", arguments->schedules, "How many executions")
        ->capture_default_str();
    command->add_option("--seconds", arguments->seconds, "Stop after this much time (wall clock)");
    command
        ->add_option(
            "--strategy", arguments->strategy,
            "What to try: all in turns (portfolio), random, pct, delay-bounded, exhaustive")
        ->check(CLI::IsMember(explore::strategy_names()))
        ->capture_default_str();
    command
        ->add_option(
            "--bound", arguments->bound,
            "Deviations of delay-bounded (1 to 4 in turns) and exhaustive (2), depth of pct "
            "(1 to 4 in turns)")
        ->check(CLI::Range(1, 16));
    command
        ->add_option("--from", arguments->from,
                     "Where executions begin: behind the start of the devices (started), before it "
                     "(power-on), or both, nearly all behind it")
        ->check(CLI::IsMember({"both", "started", "power-on"}))
        ->capture_default_str();
    command
        ->add_option("--watchdog", arguments->watchdog_ms,
                     "Wall-clock milliseconds without progress before a driver counts as hanging")
        ->capture_default_str();
    command->add_flag("--faults", arguments->faults,
                      "Instead: whatever may fail (allocations, transfers, devices that vanish) "
                      "fails once, from power on");
    command->add_flag("!--no-shut-down", arguments->shut_downs,
                      "Executions end with the script: the devices are never shut down");
    command->add_flag("--instrument", arguments->instrument,
                      "Also build the drivers so that they tell of each access to memory: data "
                      "races, and schedules that come in between two accesses");
    command->add_flag("--coverage", arguments->coverage,
                      "Lists which callbacks were seen at the same time");
    command->add_flag("-q,--quiet", arguments->quiet, "No progress");
    add_output_options(*command, arguments->outputs);
    command->callback(
        [arguments, &run] { run = [arguments] { return Explorer(*arguments).run(); }; });
}

}  // namespace gpioclx::cli
