#include "bench/board_explorer.h"

#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "explore/exhaustive.h"
#include "explore/fault_search.h"
#include "explore/shrink.h"
#include "kernel/vf/fault_point.h"
#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;
using explore::Beginning;

constexpr unsigned shrink_budget = 400;
constexpr unsigned shrink_death_budget = 120;
constexpr unsigned exhaustive_bound = 2;

// The shut-down of all devices takes longer than a short script, and their start much longer: so
// many executions of a block have the one (half of those deviate in nothing else), and in some
// blocks so many have the other. They come together, because each kind writes to other pages.
constexpr std::uint64_t block = 64;
constexpr std::uint64_t shut_downs_of_block = 16;
constexpr std::uint64_t starts_of_block = 8;
constexpr std::uint64_t blocks_with_starts = 16;  // one of so many

}  // namespace

BoardExplorer::BoardExplorer(Board& board, machine::Checkpoint& before_start,
                             worker::SharedLayout& shared, BoardExplorerOptions options,
                             std::vector<ScriptLine> script)
    : board_(board),
      options_(std::move(options)),
      player_(board, std::move(script)),
      shared_(shared),
      notes_(shared.notes),
      before_start_(before_start),
      start_(machine::Checkpoint::take()),
      conductor_(board.machine().names()),
      collector_(board.machine().names()) {
    conductor_.log_to(&notes_);
    if (options_.faults) {
        search_ = std::make_unique<explore::FaultSearch>();
    } else if (options_.strategy == explore::StrategyKind::exhaustive) {
        search_ = std::make_unique<explore::Exhaustive>(options_.bound != 0 ? options_.bound
                                                                            : exhaustive_bound);
    } else {
        return;
    }
    for (const explore::Schedule& schedule : options_.avoided) search_->avoid(schedule.deviations);
}

BoardExplorer::~BoardExplorer() = default;

void BoardExplorer::go_to(Beginning beginning, bool shut_down) {
    if (beginning == Beginning::power_on) {
        before_start_.restore();
    } else {
        if (last_ == Beginning::power_on) {
            // Images of drivers are mapped where the last start put them: as they were again.
            before_start_.restore();
            board_.machine().set_sink(collector_);
            board_.start();
            collector_.take();
        }
        start_.watch(shut_down ? 1 : 0);
    }
    last_ = beginning;
}

Result<void> BoardExplorer::play(const Scenario& scenario, explore::Strategy& strategy,
                                 machine::EventSink& sink, const std::function<void()>& scripted) {
    go_to(scenario.beginning, scenario.shut_down);
    conductor_.conduct(strategy, options_.faults);
    board_.machine().set_sink(sink);
    board_.machine().set_policy(conductor_, true);
    memory_points_.begin(every_access_);
    board_.set_memory_points(&memory_points_);
    if (options_.faults) {
        machine::ArenaScope inside;
        kernel::vf::ask_about_faults();
    }
    return player_.play({.start = scenario.beginning == Beginning::power_on,
                         .shut_down = scenario.shut_down,
                         .removals = options_.faults},
                        scripted);
}

Result<BoardExplorer::Findings> BoardExplorer::execute(explore::Strategy& strategy,
                                                       const Scenario& scenario) {
    Length& length = length_of(scenario.beginning);
    auto played = play(scenario, strategy, collector_, [&] {
        if (length.whole == 0) length.script = conductor_.point_count();
    });
    Findings found = collector_.take();
    if (!played) return played.error();
    // That a device does not start, an LED does not light or firmware gets no event is what a fault
    // leads to.
    if (options_.faults)
        std::erase_if(found, [](const ExecutionFinding& one) {
            return one.id == "explore-001" || one.id == "explore-003" ||
                   one.id.starts_with("firmware-");
        });
    return found;
}

explore::Schedule BoardExplorer::schedule_of(const Scenario& scenario) const {
    return {.seed = options_.seed,
            .beginning = scenario.beginning,
            .faults = options_.faults,
            .instrumented = board_.instrumented(),
            .deviations = {}};
}

Json BoardExplorer::described(const ExecutionFinding& found, const explore::Schedule& schedule,
                              std::uint64_t execution) const {
    explore::Schedule named = schedule;
    named.variables = conductor_.variables();
    return {{"id", found.id},
            {"sentence", found.sentence},
            {"stack", found.stack},
            {"other_stack", found.other_stack},
            {"held", found.held},
            {"actor", found.actor},
            {"time_ns", found.time_ns},
            {"processor", found.processor},
            {"level", found.level},
            {"execution", execution},
            {"key", found.key()},
            {"decisions", conductor_.told()},
            {"token", explore::to_token(named)}};
}

BoardExplorer::Scenario BoardExplorer::scenario_of(std::uint64_t execution) const {
    if (options_.from == ExploredFrom::power_on || options_.faults)
        return {.beginning = Beginning::power_on, .shut_down = true, .index = execution};
    if (!options_.shut_downs) return {.shut_down = false, .index = execution};
    if (search_) return {};
    const std::uint64_t blocks = execution / block, place = execution % block;
    if (place < shut_downs_of_block)
        return {.shut_down = true, .index = blocks * shut_downs_of_block + place};
    const std::uint64_t behind = place - shut_downs_of_block;
    if (options_.from == ExploredFrom::both && blocks % blocks_with_starts == 0 &&
        behind < starts_of_block)
        return {.beginning = Beginning::power_on,
                .shut_down = true,
                .index = blocks / blocks_with_starts * starts_of_block + behind};
    // The plain one had this part too.
    return {.shut_down = false, .index = blocks * (block - shut_downs_of_block) + behind + 1};
}

std::unique_ptr<explore::Strategy> BoardExplorer::strategy_of(const Scenario& scenario) {
    const Length& length = length_of(scenario.beginning);
    explore::Stretch stretch{0, scenario.shut_down ? length.whole : length.script};
    if (scenario.beginning == Beginning::started && scenario.shut_down && scenario.index % 2 == 1)
        stretch.first = length.script;
    return explore::nth_strategy(options_.strategy, options_.bound, options_.seed, scenario.index,
                                 stretch);
}

// How long the plain execution is; in another worker than the one that began, nobody knows.
Result<void> BoardExplorer::measure_plain(Beginning beginning) {
    Length& length = length_of(beginning);
    if (length.whole != 0) return {};
    notes_.announce(ExecutionPurpose::plain, 0, schedule_of({.beginning = beginning}));
    auto found = execute(*explore::plain(), {.beginning = beginning});
    if (found && board_.instrumented()) {
        // The first one showed which memory is contested: its points count too.
        length = {};
        found = execute(*explore::plain(), {.beginning = beginning});
    }
    if (!found) return found.error();
    length.whole = std::max<std::uint64_t>(conductor_.point_count(), 1);
    if (length.script == 0) length.script = length.whole;
    return {};
}

std::optional<ExecutionFinding> BoardExplorer::find_again(const explore::Schedule& schedule,
                                                          const std::string& key) {
    auto found = execute(*explore::repeat(schedule), {.beginning = schedule.beginning});
    if (!found) return std::nullopt;
    for (ExecutionFinding& one : *found) {
        if (one.key() == key) return std::move(one);
    }
    return std::nullopt;
}

void BoardExplorer::add_news(const Findings& found, const Scenario& scenario,
                             std::uint64_t execution, Json& news) {
    explore::Schedule whole = schedule_of(scenario);
    whole.deviations = conductor_.deviations();
    for (const ExecutionFinding& one : found) {
        const std::string key = one.key();
        if (!options_.known.insert(key).second) continue;
        notes_.announce(ExecutionPurpose::shrunk, execution, whole);
        const explore::Schedule shortest = explore::shrink(
            whole,
            [&](const explore::Schedule& candidate) {
                return find_again(candidate, key).has_value();
            },
            shrink_budget);
        const auto shown = find_again(shortest, key);
        news.push_back(described(shown ? *shown : one, shortest, execution));
    }
}

Result<Json> BoardExplorer::explore(std::uint64_t first, std::uint64_t count) {
    Json news = Json::array();
    every_access_ = false;
    std::uint64_t done = 0;
    for (; done < count; ++done) {
        const std::uint64_t execution = first + done;
        if (options_.skipped.contains(execution)) continue;
        const Scenario scenario = scenario_of(execution);
        if (auto measured = measure_plain(scenario.beginning); !measured) return measured.error();
        std::unique_ptr<explore::Strategy> own;
        if (!search_) own = strategy_of(scenario);
        explore::Strategy* strategy = search_ ? search_->next() : own.get();
        if (strategy == nullptr) break;
        notes_.announce(ExecutionPurpose::explored, execution, schedule_of(scenario));
        auto found = execute(*strategy, scenario);
        if (!found) return found.error();
        if (search_) search_->executed(conductor_.way());
        if (!found->empty()) add_news(*found, scenario, execution, news);
    }
    notes_.announce(ExecutionPurpose::none, 0, {});
    go_to(Beginning::started, false);
    const std::size_t restored_bytes = start_.restored_bytes();
    start_.unwatch();
    const bool early = options_.faults || options_.from == ExploredFrom::power_on;
    return Json{{"found", news},
                {"executions", done},
                {"points", length_of(early ? Beginning::power_on : Beginning::started).whole},
                {"overlaps", collector_.coverage().pair_count()},
                {"left_out", search_ ? search_->left_out() : 0},
                {"restored_bytes", restored_bytes}};
}

Json BoardExplorer::coverage() const {
    Json pairs = Json::array();
    for (const auto& pair : collector_.coverage().pairs(board_.machine().names()))
        pairs.push_back({{"first", pair.first}, {"second", pair.second}, {"count", pair.count}});
    return pairs;
}

Result<void> BoardExplorer::exhibit(const explore::Schedule& schedule, machine::EventSink& sink) {
    notes_.announce(ExecutionPurpose::none, 0, schedule);
    const auto strategy = explore::repeat(schedule);
    auto played = play({.beginning = schedule.beginning}, *strategy, sink);
    go_to(Beginning::started, false);
    start_.unwatch();
    return played;
}

// In a child, whose memory is a copy; only what it leaves in the shared memory is seen here. A
// child that hangs is ended by its alarm.
bool BoardExplorer::dies(const explore::Schedule& schedule, worker::CrashKind kind,
                         std::uint64_t at, machine::EventSink* sink) {
    worker::CrashRecord& crash = shared_.crash;
    crash.kind.store(worker::CrashKind::none);
    go_to(schedule.beginning, true);
    const pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) {
        // As the watchdog does it: the handler of this signal writes down where it hangs.
        std::signal(SIGALRM, [](int) { raise(SIGUSR2); });
        constexpr std::uint32_t longest_ms = 2'000;
        const std::uint32_t ms = std::min(patience_ms_, longest_ms);
        const itimerval timer{{0, 0}, {ms / 1000, static_cast<long>(ms % 1000) * 1000}};
        setitimer(ITIMER_REAL, &timer, nullptr);
        if (sink != nullptr)
            (void)exhibit(schedule, *sink);
        else
            (void)execute(*explore::repeat(schedule), {.beginning = schedule.beginning});
        _exit(0);
    }
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        shared_.heartbeat.fetch_add(1, std::memory_order_relaxed);
        usleep(200);
    }
    last_ = schedule.beginning;
    const worker::CrashKind seen = crash.kind.exchange(worker::CrashKind::none);
    // Where a hang is noticed says little.
    return seen == kind && (kind == worker::CrashKind::hang || crash.frames[0] == at);
}

explore::Schedule BoardExplorer::shrink_death(const explore::Schedule& schedule,
                                              worker::CrashKind kind, std::uint64_t at,
                                              std::uint32_t patience_ms, machine::EventSink& sink) {
    patience_ms_ = patience_ms;
    notes_.announce(ExecutionPurpose::none, 0, schedule);
    const unsigned budget = kind == worker::CrashKind::hang ? 6 : shrink_death_budget;
    explore::Schedule shortest = explore::shrink(
        schedule, [&](const explore::Schedule& candidate) { return dies(candidate, kind, at); },
        budget);
    dies(shortest, kind, at, &sink);
    go_to(Beginning::started, false);
    start_.unwatch();
    return shortest;
}

}  // namespace gpioclx::bench
