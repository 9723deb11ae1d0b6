#include "bench/board_explorer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "explore/shrink.h"
#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;

constexpr unsigned shrink_budget = 400;
constexpr std::uint64_t patience_ns = 3'000'000;
constexpr std::string_view expectation_failed = "explore-001";
constexpr std::string_view never_done = "explore-002";

// The shut-down of all devices takes longer than a short script: so many executions of each block
// have it (and half of those deviate in nothing else), and they come together, because they write
// to other pages.
constexpr std::uint64_t block = 64;
constexpr std::uint64_t shut_downs_of_block = 16;

constexpr unsigned exhaustive_bound = 2;

}  // namespace

BoardExplorer::BoardExplorer(Board& board, BoardExplorerOptions options,
                             std::vector<ScriptLine> script)
    : board_(board),
      options_(std::move(options)),
      script_(std::move(script)),
      start_(machine::Checkpoint::take()),
      conductor_(board.machine().names()),
      collector_(board.machine().names()) {
    const ScriptRunner runner(board);
    for (const ScriptLine& line : script_) prepared_.push_back(runner.prepare(line));
    if (options_.strategy == explore::StrategyKind::exhaustive)
        exhaustive_ = std::make_unique<explore::Exhaustive>(
            options_.bound != 0 ? options_.bound : exhaustive_bound);
}

BoardExplorer::~BoardExplorer() = default;

Result<void> BoardExplorer::play(std::vector<ExecutionFinding>& found, bool shut_down) {
    ScriptRunner runner(board_);
    const auto add = [&](std::string_view id, std::string sentence) {
        found.push_back({.id = std::string(id),
                         .sentence = std::move(sentence),
                         .stack = {},
                         .other_stack = {},
                         .actor = {},
                         .time_ns = board_.machine().now_ns()});
    };
    for (const ScriptRunner::Prepared& line : prepared_) {
        auto outcome = runner.run(line);
        if (outcome && outcome->failed && !outcome->timed_out) {
            // Processors that are held up take longer than the script's author thought.
            board_.run_for(patience_ns);
            outcome = runner.run(line);
        }
        if (!outcome) return outcome.error();
        if (outcome->failed)
            add(outcome->timed_out ? never_done : expectation_failed,
                line.line->file + ":" + std::to_string(line.line->line) + ": " + outcome->message);
        if (outcome->timed_out || board_.machine().halted()) return {};
    }
    if (!shut_down) return {};
    script_points_ = script_points_ == 0 ? conductor_.point_count() : script_points_;
    if (auto reason = board_.stop()) add(never_done, *reason);
    return {};
}

Result<std::vector<ExecutionFinding>> BoardExplorer::execute(explore::Strategy& strategy,
                                                             bool shut_down) {
    start_.watch(shut_down ? 1 : 0);
    conductor_.conduct(strategy);
    board_.machine().set_sink(collector_);
    board_.machine().set_policy(conductor_, true);
    std::vector<ExecutionFinding> own;
    const Result<void> played = play(own, shut_down);
    std::vector<ExecutionFinding> found = collector_.take();
    if (!played) return played.error();
    found.insert(found.end(), own.begin(), own.end());
    return found;
}

Json BoardExplorer::described(const ExecutionFinding& found, const explore::Schedule& schedule,
                              std::uint64_t execution) const {
    return {{"id", found.id},
            {"sentence", found.sentence},
            {"stack", found.stack},
            {"other_stack", found.other_stack},
            {"actor", found.actor},
            {"time_ns", found.time_ns},
            {"processor", found.processor},
            {"level", found.level},
            {"execution", execution},
            {"key", found.key()},
            {"decisions", conductor_.told()},
            {"token", explore::to_token(schedule)}};
}

BoardExplorer::Scenario BoardExplorer::scenario_of(std::uint64_t execution) {
    const std::uint64_t blocks = execution / block, place = execution % block;
    if (place < shut_downs_of_block)
        return {.shut_down = true, .index = blocks * shut_downs_of_block + place};
    // The plain one had this part too.
    return {.shut_down = false,
            .index = blocks * (block - shut_downs_of_block) + place - shut_downs_of_block + 1};
}

std::unique_ptr<explore::Strategy> BoardExplorer::strategy_of(const Scenario& scenario) const {
    explore::Stretch stretch{0, scenario.shut_down ? points_ : script_points_};
    if (scenario.shut_down && scenario.index % 2 == 1) stretch.first = script_points_;
    return explore::nth_strategy(options_.strategy, options_.bound, options_.seed, scenario.index,
                                 stretch);
}

// How long the plain execution is; in another worker than the one that began, nobody knows.
Result<void> BoardExplorer::measure_plain() {
    if (points_ != 0) return {};
    auto found = execute(*explore::plain(), true);
    if (!found) return found.error();
    points_ = std::max<std::uint64_t>(conductor_.point_count(), 1);
    return {};
}

void BoardExplorer::add_news(const std::vector<ExecutionFinding>& found, std::uint64_t execution,
                             Json& news) {
    const explore::Schedule whole{.seed = options_.seed, .deviations = conductor_.deviations()};
    for (const ExecutionFinding& one : found) {
        if (!options_.known.insert(one.key()).second) continue;
        ExecutionFinding shown = one;
        const auto shows_it = [&](const explore::Schedule& candidate) {
            auto again = execute(*explore::repeat(candidate), true);
            if (!again) return false;
            const auto same = std::find_if(again->begin(), again->end(), [&one](const auto& other) {
                return other.key() == one.key();
            });
            if (same == again->end()) return false;
            shown = *same;
            return true;
        };
        const explore::Schedule shortest = explore::shrink(whole, shows_it, shrink_budget);
        shows_it(shortest);
        news.push_back(described(shown, shortest, execution));
    }
}

Result<Json> BoardExplorer::explore(std::uint64_t first, std::uint64_t count) {
    if (auto measured = measure_plain(); !measured) return measured.error();
    Json news = Json::array();
    std::uint64_t done = 0;
    for (; done < count; ++done) {
        const Scenario scenario = exhaustive_ ? Scenario{} : scenario_of(first + done);
        std::unique_ptr<explore::Strategy> own;
        if (!exhaustive_) own = strategy_of(scenario);
        explore::Strategy* strategy = exhaustive_ ? exhaustive_->next() : own.get();
        if (strategy == nullptr) break;
        auto found = execute(*strategy, scenario.shut_down);
        if (!found) return found.error();
        if (exhaustive_) exhaustive_->executed(conductor_.way());
        if (!found->empty()) add_news(*found, first + done, news);
    }
    start_.watch(0);
    const std::size_t restored_bytes = start_.restored_bytes();
    start_.unwatch();
    return Json{{"found", news},
                {"executions", done},
                {"points", points_},
                {"overlaps", collector_.coverage().pair_count()},
                {"left_out", exhaustive_ ? exhaustive_->left_out() : 0},
                {"restored_bytes", restored_bytes}};
}

Json BoardExplorer::coverage() const {
    Json pairs = Json::array();
    for (const auto& pair : collector_.coverage().pairs(board_.machine().names()))
        pairs.push_back({{"first", pair.first}, {"second", pair.second}, {"count", pair.count}});
    return pairs;
}

}  // namespace gpioclx::bench
