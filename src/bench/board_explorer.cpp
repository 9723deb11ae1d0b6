#include "bench/board_explorer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/script_runner.h"
#include "diagnostics/stack_mark.h"
#include "explore/shrink.h"
#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;
using machine::Event;
using machine::EventKind;

constexpr unsigned shrink_budget = 400;
constexpr std::uint64_t patience_ns = 3'000'000;
constexpr std::string_view expectation_failed = "explore-001";
constexpr std::string_view never_done = "explore-002";

}  // namespace

// Where the same thing happens in other words (times, numbers), the place tells them apart.
std::string BoardExplorer::Found::key() const {
    return id + " " + (stack.empty() ? sentence : stack.substr(0, stack.find(" < ")));
}

// Takes the events of an execution; nobody else sees them. Which callbacks overlapped is what says
// how much was tried.
class BoardExplorer::Collector final : public machine::EventSink {
  public:
    explicit Collector(machine::NameTable& names) : names_(names) {}

    void record(const Event& event) override {
        switch (event.kind) {
            case EventKind::finding: return add(event);
            case EventKind::mark: return add_stack(event);
            case EventKind::callback_enter: return enter(event);
            case EventKind::callback_exit: return leave(event);
            default: return;
        }
    }

    std::vector<Found> take() {
        for (auto& callbacks : running_) callbacks.clear();
        return std::exchange(found_, {});
    }
    std::size_t overlap_count() const { return overlaps_.size(); }

  private:
    void add(const Event& event) {
        machine::OutsideArenaScope outside;
        found_.push_back(
            {.id = std::string(names_.text(event.subject)),
             .sentence = std::string(names_.text(event.detail)),
             .stack = {},
             .other_stack = {},
             .actor = std::string(names_.text(event.actor)),
             .held = {},
             .time_ns = event.time_ns,
             .processor = event.processor == machine::no_processor ? -1 : event.processor,
             .level = event.level});
    }
    void add_stack(const Event& event) {
        const std::string_view text = names_.text(event.subject);
        if (found_.empty()) return;
        machine::OutsideArenaScope outside;
        if (text.starts_with(stack_mark)) found_.back().stack = text.substr(stack_mark.size());
        if (text.starts_with(other_stack_mark))
            found_.back().other_stack = text.substr(other_stack_mark.size());
        if (text.starts_with(held_mark)) found_.back().held = text.substr(held_mark.size());
    }
    void enter(const Event& event) {
        if (event.processor == machine::no_processor) return;
        machine::OutsideArenaScope outside;
        for (std::size_t p = 0; p < running_.size(); ++p) {
            if (running_[p].empty()) continue;
            overlaps_.insert(std::minmax(running_[p].back(), event.subject));
        }
        running_[event.processor].push_back(event.subject);
    }
    void leave(const Event& event) {
        if (event.processor == machine::no_processor) return;
        for (auto& callbacks : running_) {  // a thread may have moved
            if (callbacks.empty() || callbacks.back() != event.subject) continue;
            callbacks.pop_back();
            return;
        }
    }

    machine::NameTable& names_;
    std::vector<Found> found_;
    std::array<std::vector<machine::NameId>, machine::max_processors> running_;
    std::set<std::pair<machine::NameId, machine::NameId>> overlaps_;
};

BoardExplorer::BoardExplorer(Board& board, std::uint64_t seed, std::vector<ScriptLine> script)
    : board_(board),
      seed_(seed),
      script_(std::move(script)),
      start_(machine::Checkpoint::take()),
      conductor_(board.machine().names()),
      collector_(std::make_unique<Collector>(board.machine().names())) {}

BoardExplorer::~BoardExplorer() = default;

Result<void> BoardExplorer::play(std::vector<Found>& found) {
    ScriptRunner runner(board_);
    const auto add = [&](std::string_view id, std::string sentence) {
        found.push_back({.id = std::string(id),
                         .sentence = std::move(sentence),
                         .stack = {},
                         .other_stack = {},
                         .actor = {},
                         .time_ns = board_.machine().now_ns()});
    };
    for (const ScriptLine& line : script_) {
        auto outcome = runner.run(line);
        if (outcome && outcome->failed && !outcome->timed_out) {
            // Processors that are held up take longer than the script's author thought.
            board_.run_for(patience_ns);
            outcome = runner.run(line);
        }
        if (!outcome) return outcome.error();
        if (outcome->failed)
            add(outcome->timed_out ? never_done : expectation_failed,
                line.file + ":" + std::to_string(line.line) + ": " + outcome->message);
        if (outcome->timed_out || board_.machine().halted()) return {};
    }
    if (auto reason = board_.stop()) add(never_done, *reason);
    return {};
}

Result<std::vector<BoardExplorer::Found>> BoardExplorer::execute(
    std::unique_ptr<explore::Strategy> strategy) {
    start_.restore();
    conductor_.conduct(std::move(strategy));
    board_.machine().set_sink(*collector_);
    board_.machine().set_policy(conductor_, true);
    std::vector<Found> own;
    const Result<void> played = play(own);
    std::vector<Found> found = collector_->take();
    if (!played) return played.error();
    found.insert(found.end(), own.begin(), own.end());
    return found;
}

Json BoardExplorer::described(const Found& found, const explore::Schedule& schedule,
                              std::uint64_t execution) {
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
            {"decisions", conductor_.told()},
            {"token", explore::to_token(schedule)}};
}

Result<Json> BoardExplorer::explore(std::uint64_t first, std::uint64_t count) {
    Json news = Json::array();
    for (std::uint64_t execution = first; execution < first + count; ++execution) {
        auto found = execute(explore::portfolio(seed_, execution, length_));
        if (!found) return found.error();
        if (execution == 0) length_ = conductor_.point_count();
        const explore::Schedule whole{.seed = seed_, .deviations = conductor_.deviations()};
        for (const Found& one : *found) {
            if (!known_.insert(one.key()).second) continue;
            Found shown = one;
            const auto shows_it = [&](const explore::Schedule& candidate) {
                auto again = execute(explore::repeat(candidate));
                if (!again) return false;
                const auto same =
                    std::find_if(again->begin(), again->end(),
                                 [&one](const Found& other) { return other.key() == one.key(); });
                if (same == again->end()) return false;
                shown = *same;
                return true;
            };
            const explore::Schedule shortest = explore::shrink(whole, shows_it, shrink_budget);
            shows_it(shortest);
            news.push_back(described(shown, shortest, execution));
        }
    }
    start_.restore();
    return Json{{"found", news},
                {"executions", count},
                {"points", length_},
                {"overlaps", collector_->overlap_count()}};
}

}  // namespace gpioclx::bench
