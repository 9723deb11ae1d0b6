// Plays a whole script without anybody asking for each line: for executions under a schedule,
// whether they are explored or repeated.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/board.h"
#include "bench/script_runner.h"

namespace gpioclx::bench {

class ScriptPlayer {
  public:
    // `board` lives longer; it stands anywhere.
    ScriptPlayer(Board& board, std::vector<ScriptLine> script);

    struct Extent {
        bool start = false;     // the devices first
        bool shut_down = true;  // and in the end
        bool removals = false;  // asks before each line whether a device vanishes (a fault)
    };
    // What does not come about becomes a finding (explore-001 ...) in the event stream.
    // `scripted`: called when the script is at its end and the shut-down comes.
    // Errors: a script that is bad input.
    Result<void> play(const Extent& extent, const std::function<void()>& scripted = {});

  private:
    Result<bool> run(ScriptRunner& runner, const ScriptRunner::Prepared& line);
    bool start();
    void offer_removals(const ScriptRunner::Prepared& line);
    void fail(std::string_view id, const std::string& sentence);

    Board& board_;
    std::vector<ScriptLine> script_;
    std::vector<ScriptRunner::Prepared> prepared_;
    bool hangs_ = false;  // the start did not come to its end
};

}  // namespace gpioclx::bench
