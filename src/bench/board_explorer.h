// Executes a bench's script again and again from a checkpoint, under the decisions of a strategy
// (explore/), and collects what is found.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/board.h"
#include "bench/execution_collector.h"
#include "bench/explore_notes.h"
#include "bench/script_player.h"
#include "explore/conductor.h"
#include "explore/search.h"
#include "machine/checkpoint.h"

namespace gpioclx::bench {

// Where executions begin.
enum class ExploredFrom : std::uint8_t {
    both,     // nearly all behind the start of the devices, a few before it
    started,  // all behind it
    power_on  // all before it
};

struct BoardExplorerOptions {
    std::uint64_t seed = 1;
    explore::StrategyKind strategy = explore::StrategyKind::portfolio;
    unsigned bound = 0;  // of the strategy; 0: its own choice
    ExploredFrom from = ExploredFrom::both;
    bool shut_downs = true;  // some executions go on with the shut-down of all devices
    // Instead of all that: from power on, whatever may fail fails once.
    bool faults = false;
    std::set<std::string> known = {};  // keys of findings that need not be told again
    // Executions that are not to be made, because they end the process.
    std::set<std::uint64_t> skipped = {};
    std::vector<explore::Schedule> avoided = {};
};

class BoardExplorer {
  public:
    // The board stands behind the start of its devices. `board`, `before_start` (a checkpoint of
    // it) and `notes` live longer.
    BoardExplorer(Board& board, machine::Checkpoint& before_start, worker::SharedLayout& shared,
                  BoardExplorerOptions options, std::vector<ScriptLine> script);
    ~BoardExplorer();

    // Executions `first` to `first + count`, or fewer if nothing is left to try. Answers what was
    // found for the first time, each with the shortest schedule that shows it. Errors: a script
    // that is bad input.
    Result<nlohmann::json> explore(std::uint64_t first, std::uint64_t count);
    // Pairs of callbacks that were seen at the same time.
    nlohmann::json coverage() const;

    // Executes it once more for somebody who wants to see it.
    Result<void> exhibit(const explore::Schedule& schedule, machine::EventSink& sink);
    // The shortest schedule found that ends a process in the same way: tried in children. The notes
    // are of its execution, which `sink` has seen (from another process: it must read again how
    // far events were written).
    explore::Schedule shrink_death(const explore::Schedule& schedule, worker::CrashKind kind,
                                   std::uint64_t at, std::uint32_t patience_ms,
                                   machine::EventSink& sink);

  private:
    // What an execution consists of besides the script, and the how manieth of its kind it is.
    struct Scenario {
        explore::Beginning beginning = explore::Beginning::started;
        bool shut_down = true;
        std::uint64_t index = 0;
    };
    // Points of a plain execution.
    struct Length {
        std::uint64_t script = 0;  // until the shut-down
        std::uint64_t whole = 0;
    };
    using Findings = std::vector<ExecutionFinding>;

    Scenario scenario_of(std::uint64_t execution) const;
    Length& length_of(explore::Beginning beginning) {
        return lengths_[static_cast<std::size_t>(beginning)];
    }
    std::unique_ptr<explore::Strategy> strategy_of(const Scenario& scenario);
    void go_to(explore::Beginning beginning, bool shut_down);
    Result<void> play(const Scenario& scenario, explore::Strategy& strategy,
                      machine::EventSink& sink, const std::function<void()>& scripted = {});
    explore::Schedule schedule_of(const Scenario& scenario) const;
    Result<Findings> execute(explore::Strategy& strategy, const Scenario& scenario);
    Result<void> measure_plain(explore::Beginning beginning);
    void add_news(const Findings& found, const Scenario& scenario, std::uint64_t execution,
                  nlohmann::json& news);
    std::optional<ExecutionFinding> find_again(const explore::Schedule& schedule,
                                               const std::string& key);
    nlohmann::json described(const ExecutionFinding& found, const explore::Schedule& schedule,
                             std::uint64_t execution) const;
    bool dies(const explore::Schedule& schedule, worker::CrashKind kind, std::uint64_t at,
              machine::EventSink* sink = nullptr);

    Board& board_;
    BoardExplorerOptions options_;
    ScriptPlayer player_;
    worker::SharedLayout& shared_;
    ExploreNotes notes_;
    machine::Checkpoint& before_start_;
    machine::Checkpoint start_;
    explore::Beginning last_ = explore::Beginning::started;  // of the execution before
    explore::Conductor conductor_;
    verify::MemoryPoints memory_points_;
    bool every_access_ = true;  // is a point: who did not see the executions before knows no better
    ExecutionCollector collector_;
    std::unique_ptr<explore::Search> search_;  // null: the number says what is executed
    Length lengths_[2];
    std::uint32_t patience_ms_ = 0;  // with a child that makes no progress
};

}  // namespace gpioclx::bench
