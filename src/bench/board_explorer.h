// Executes a bench's script again and again from one checkpoint, under the decisions of a strategy
// (explore/), and collects what is found.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "bench/board.h"
#include "bench/execution_collector.h"
#include "bench/script_runner.h"
#include "explore/conductor.h"
#include "explore/exhaustive.h"
#include "machine/checkpoint.h"

namespace gpioclx::bench {

struct BoardExplorerOptions {
    std::uint64_t seed = 1;
    explore::StrategyKind strategy = explore::StrategyKind::portfolio;
    unsigned bound = 0;              // of the strategy; 0: its own choice
    std::set<std::string> known = {};  // keys of findings that need not be told again
};

class BoardExplorer {
  public:
    // The board stands where each execution begins. `board` and `script` live longer.
    BoardExplorer(Board& board, BoardExplorerOptions options, std::vector<ScriptLine> script);
    ~BoardExplorer();

    // Executions `first` to `first + count`, or fewer if nothing is left to try. Answers what was
    // found for the first time, each with the shortest schedule that shows it. Errors: a script
    // that is bad input.
    Result<nlohmann::json> explore(std::uint64_t first, std::uint64_t count);
    // Pairs of callbacks that were seen at the same time.
    nlohmann::json coverage() const;

  private:
    // What an execution consists of besides the script, and the how manieth of its kind it is.
    struct Scenario {
        bool shut_down = true;
        std::uint64_t index = 0;
    };
    static Scenario scenario_of(std::uint64_t execution);

    std::unique_ptr<explore::Strategy> strategy_of(const Scenario& scenario) const;
    Result<std::vector<ExecutionFinding>> execute(explore::Strategy& strategy, bool shut_down);
    Result<void> play(std::vector<ExecutionFinding>& found, bool shut_down);
    Result<void> measure_plain();
    void add_news(const std::vector<ExecutionFinding>& found, std::uint64_t execution,
                  nlohmann::json& news);
    nlohmann::json described(const ExecutionFinding& found, const explore::Schedule& schedule,
                             std::uint64_t execution) const;

    Board& board_;
    BoardExplorerOptions options_;
    std::vector<ScriptLine> script_;
    std::vector<ScriptRunner::Prepared> prepared_;
    machine::Checkpoint start_;
    explore::Conductor conductor_;
    ExecutionCollector collector_;
    std::unique_ptr<explore::Exhaustive> exhaustive_;
    std::uint64_t script_points_ = 0;  // of the plain execution, until the shut-down
    std::uint64_t points_ = 0;         // and with it
};

}  // namespace gpioclx::bench
