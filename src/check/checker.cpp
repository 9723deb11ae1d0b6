#include "check/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/status_text.h"
#include "check/bench_text.h"

namespace gpioclx::check {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr const char* refused_badly = "check-008";
// A scenario that fails so often says nothing new any more.
constexpr unsigned failures_max = 24;

std::uint64_t hash_of(const std::string& text) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (unsigned char c : text) hash = (hash ^ c) * 0x100000001B3;
    return hash;
}

}  // namespace

Result<fs::path> Checker::write(const std::string& name, const std::string& text) const {
    const fs::path path = file(name);
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream << text;
    stream.flush();
    if (!stream) return Error{.message = "the file cannot be written", .file = path.string()};
    return path;
}

// The same one each time, so that what is told to repeat a finding stays true; another one while a
// check that runs at the same time has it.
Result<void> Checker::choose_folder() {
    const std::string name =
        fmt::format("{}-{:08x}", subject_.name,
                    hash_of(subject_.folder.string() + "|" + subject_.model) & 0xFFFFFFFF);
    constexpr int at_once = 64;
    for (int i = 1; i <= at_once; ++i) {
        folder_ = !options_.keep.empty() ? fs::absolute(options_.keep)
                                         : bench::cache_folder() / "check" /
                                               (i == 1 ? name : fmt::format("{}.{}", name, i));
        std::error_code failed;
        fs::create_directories(folder_, failed);
        if (failed) return Error{.message = failed.message(), .file = folder_.string()};
        if (!options_.keep.empty() || lock_.try_take(folder_)) return {};
    }
    return Error{.message = "too many checks of this driver run at the same time",
                 .file = folder_.string()};
}

Result<std::unique_ptr<bench::Session>> Checker::open(const fs::path& bench) {
    bench::SessionOptions options;
    options.bench = bench;
    options.seed = options_.seed;
    options.processors = options_.processors;
    options.verify = true;
    // A checkpoint covers the machine, not other processes.
    options.settings.push_back({.device = "", .name = "umdf_in_machine", .value = 1});
    options.instrument = options_.instrument;
    options.watchdog_ms = options_.watchdog_ms;
    options.progress = options_.progress;
    options.tool_output = options_.tool_output;
    return bench::Session::open(std::move(options));
}

Result<void> Checker::prepare() {
    auto installation = bench::find_installation();
    if (!installation) return installation.error();
    installation_ = std::move(*installation);
    auto subject = read_subject(options_.folder, options_.project, options_.model,
                                options_.properties, installation_);
    if (!subject) return subject.error();
    subject_ = std::move(*subject);
    if (!options_.scenario.empty()) {
        std::string known;
        bool found = false;
        for (const ScenarioName& name : scenario_names()) {
            found = found || name.name == options_.scenario;
            known += (known.empty() ? "" : ", ") + std::string(name.name);
        }
        if (!found) {
            return Error{.message = fmt::format("there is no scenario '{}'", options_.scenario),
                         .hint = known};
        }
    }
    if (auto chosen = choose_folder(); !chosen) return chosen;
    if (auto made = make_bare_board(); !made) return made;
    if (!starts_) return {};
    if (auto added = add_users(); !added) return added;
    return ask_driver();
}

Result<void> Checker::ask_driver() {
    auto path = write("board.toml", to_text(board_.bench, ""));
    if (!path) return path.error();
    auto session = open(*path);
    if (!session) return session.error();
    auto started = (*session)->start();
    if (!started && (*session)->alive()) return started.error();
    Result<Answers> answers = started ? ask(**session, board_) : Result<Answers>(started.error());
    if (!answers && (*session)->alive()) return answers.error();
    if (answers) {
        (void)(*session)->stop();
    }
    take_findings(**session, "start", nullptr);
    if (!answers) return {};
    accepted_ = describe(*answers, board_);
    note_refusals(*answers);
    answers_ = std::move(*answers);
    scenarios_ = make_scenarios(board_, answers_);
    return write_scenarios(0);
}

void Checker::note_refusals(const Answers& answers) {
    const auto look = [this](const std::string& what,
                             const std::map<unsigned, std::uint32_t>& statuses) {
        for (const auto& [pin, status] : statuses) {
            if (!failed(status) || refused(status)) continue;
            add({.finding = {.id = refused_badly,
                             .sentence = fmt::format(
                                 "{} (pin {}): refused with {}, where STATUS_NOT_SUPPORTED says "
                                 "that the hardware cannot do it",
                                 what, pin, bench::status_text(status)),
                             .actor = {},
                             .stack = {}},
                 .scenario = "start",
                 .token = {},
                 .decisions = {},
                 .more_places = {}},
                nullptr);
        }
    };
    look("opening for input", answers.input);
    look("opening for output", answers.output);
    for (const auto& [trigger, statuses] : answers.interrupt)
        look(fmt::format("an interrupt on {}", triggers[trigger].name), statuses);
}

Result<void> Checker::write_scenarios(std::size_t first) {
    for (std::size_t i = first; i < scenarios_.size(); ++i) {
        const Scenario& scenario = scenarios_[i];
        if (scenario.script.empty()) continue;
        bench::BenchFile bench = board_.bench;
        bench.title = fmt::format("{}: {}", subject_.name, scenario.title);
        bench.parts.insert(bench.parts.end(), scenario.parts.begin(), scenario.parts.end());
        auto path = write(scenario.name + ".toml", to_text(bench, scenario.script));
        if (!path) return path.error();
    }
    return {};
}

Result<fs::path> Checker::bench_of(const std::string& scenario) const {
    for (const Scenario& one : scenarios_) {
        if (one.name != scenario) continue;
        if (!one.script.empty()) return file(one.name + ".toml");
        return Error{.message = fmt::format("scenario '{}' has nothing to do here: {}", scenario,
                                            one.skipped)};
    }
    return Error{.message = fmt::format("there is no scenario '{}'", scenario)};
}

void Checker::add(CheckFinding finding, ScenarioResult* result) {
    if (findings_.add(std::move(finding)) && result != nullptr) ++result->findings;
}

void Checker::take_findings(const bench::Session& session, const std::string& scenario,
                            ScenarioResult* result) {
    for (const bench::Finding& finding : session.findings()) {
        add({.finding = finding,
             .scenario = scenario,
             .token = {},
             .decisions = {},
             .more_places = {}},
            result);
    }
    if (!session.alive() && session.exit_code() > worst_) worst_ = session.exit_code();
}

Result<void> Checker::run_plain(const Scenario& scenario, ScenarioResult& result) {
    auto session = open(file(scenario.name + ".toml"));
    if (!session) return session.error();
    auto started = (*session)->start();
    if (!started && (*session)->alive()) return started.error();
    bool stops = static_cast<bool>(started);
    unsigned failures = 0;
    for (const bench::ScriptLine& line : (*session)->bench().script) {
        if (!stops || (*session)->halted()) break;
        auto step = (*session)->step(line);
        if (!step) {
            if ((*session)->alive()) return step.error();
            stops = false;
            break;
        }
        if (!step->failed) continue;
        result.failed = true;
        ++failures;
        answers_.take_back(step->message, failures == failures_max);
        if (failures == failures_max) stops = false;
        add({.finding = {.id = step->finding.empty() ? "check-009" : step->finding,
                         .sentence = step->message,
                         .time_ns = (*session)->now_ns(),
                         .actor = {},
                         .stack = {}},
             .scenario = scenario.name,
             .token = {},
             .decisions = {},
             .more_places = {}},
            &result);
        if (step->timed_out) stops = false;
    }
    if (stops) {
        auto stopped = (*session)->stop();
        if (!stopped && (*session)->alive()) return stopped.error();
        if (stopped && stopped->contains("timeout")) {
            result.failed = true;
            add({.finding = {.id = "check-010",
                             .sentence = stopped->at("timeout").get<std::string>(),
                             .time_ns = (*session)->now_ns(),
                             .actor = {},
                             .stack = {}},
                 .scenario = scenario.name,
                 .token = {},
                 .decisions = {},
                 .more_places = {}},
                &result);
        }
    }
    take_findings(**session, scenario.name, &result);
    result.failed = result.failed || !(*session)->alive() || (*session)->halted();
    ++result.executions;
    return {};
}

Result<void> Checker::explore(const Scenario& scenario, ScenarioResult& result, double seconds) {
    if (options_.schedules == 0 || seconds <= 0) return {};
    auto session = open(file(scenario.name + ".toml"));
    if (!session) return session.error();
    auto started = (*session)->start();
    if (!started) return (*session)->alive() ? Result<void>(started.error()) : Result<void>();
    const auto begun = Clock::now();
    const auto elapsed = [begun] {
        return std::chrono::duration<double>(Clock::now() - begun).count();
    };
    std::uint64_t done = 0, batch = 1;
    while (done < options_.schedules && elapsed() < seconds && !enough()) {
        const auto before = elapsed();
        const std::uint64_t count = std::min(batch, options_.schedules - done);
        auto explored = (*session)->explore((*session)->bench().script, done, count);
        if (!explored) {
            if ((*session)->alive()) return explored.error();
            take_findings(**session, scenario.name, &result);
            break;
        }
        done += count;
        result.points = explored->points;
        for (const auto& found : explored->found) {
            add({.finding = found.finding,
                 .scenario = scenario.name,
                 .token = found.token,
                 .decisions = found.decisions,
                 .more_places = {},
                 .execution = found.execution + 1},
                &result);
        }
        if (elapsed() - before < 0.1) batch *= 2;
    }
    result.executions += done;
    return {};
}

// First all as they are, because that is quick and finds most; then other schedules of those that
// came to their end as expected. What fails as it is would fail so in each execution, and hide
// everything else; a rule that is broken on the way hides nothing.
Result<void> Checker::run(const std::function<void(const ScenarioResult&)>& done) {
    const auto begun = Clock::now();
    std::vector<std::size_t> chosen;
    std::size_t left = 0;
    bool any_failed = false;
    for (std::size_t i = 0; i < scenarios_.size(); ++i) {
        if (i == single_pin_scenarios && any_failed) {
            reduced_ = true;
            scenarios_ = make_scenarios(board_, answers_);
            if (auto written = write_scenarios(i); !written) return written;
        }
        const Scenario& scenario = scenarios_[i];
        if (!options_.scenario.empty() && options_.scenario != scenario.name) continue;
        ScenarioResult result{
            .name = scenario.name, .title = scenario.title, .skipped = scenario.skipped};
        if (scenario.skipped.empty() && !enough()) {
            if (auto ran = run_plain(scenario, result); !ran) return ran;
            any_failed = any_failed || result.failed;
            left += !result.failed;
        }
        chosen.push_back(i);
        results_.push_back(std::move(result));
    }
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        ScenarioResult& result = results_[i];
        if (result.skipped.empty() && !result.failed && !enough()) {
            const double used = std::chrono::duration<double>(Clock::now() - begun).count();
            const double share =
                (static_cast<double>(options_.seconds) - used) / static_cast<double>(left--);
            if (auto explored = explore(scenarios_[chosen[i]], result, share); !explored)
                return explored;
        }
        done(result);
    }
    return {};
}

ExitCode Checker::exit_code() const {
    if (worst_ != ExitCode::clean) return worst_;
    return findings_.all().empty() ? ExitCode::clean : ExitCode::findings;
}

}  // namespace gpioclx::check
