// Executes a bench's script again and again from one checkpoint, under the decisions of a strategy
// (explore/), and collects what is found.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "bench/board.h"
#include "explore/conductor.h"
#include "machine/checkpoint.h"

namespace gpioclx::bench {

class BoardExplorer {
  public:
    // The board stands where each execution begins. `board` and `script` live longer.
    BoardExplorer(Board& board, std::uint64_t seed, std::vector<ScriptLine> script);
    ~BoardExplorer();

    // Executions `first` to `first + count` of the portfolio. Answers what was found for the first
    // time, each with the shortest schedule that shows it. Errors: a script that is bad input.
    Result<nlohmann::json> explore(std::uint64_t first, std::uint64_t count);

  private:
    struct Found {
        std::string id, sentence, stack, other_stack, actor, held = {};
        std::uint64_t time_ns = 0;
        int processor = -1;
        int level = 0;
        std::string key() const;
    };
    class Collector;

    // From the checkpoint to the end of the shut-down.
    Result<std::vector<Found>> execute(std::unique_ptr<explore::Strategy> strategy);
    Result<void> play(std::vector<Found>& found);
    nlohmann::json described(const Found& found, const explore::Schedule& schedule,
                             std::uint64_t execution);

    Board& board_;
    std::uint64_t seed_;
    std::vector<ScriptLine> script_;
    machine::Checkpoint start_;
    explore::Conductor conductor_;
    std::unique_ptr<Collector> collector_;
    std::set<std::string> known_;
    std::uint64_t length_ = 0;  // points of the plain execution
};

}  // namespace gpioclx::bench
