#include "bench/script_player.h"

#include <fmt/format.h>

#include <utility>

#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

constexpr std::uint64_t patience_ns = 3'000'000;
constexpr std::string_view expectation_failed = "explore-001";
constexpr std::string_view never_done = "explore-002";
constexpr std::string_view not_started = "explore-003";

}  // namespace

ScriptPlayer::ScriptPlayer(Board& board, std::vector<ScriptLine> script)
    : board_(board), script_(std::move(script)) {
    const ScriptRunner runner(board);
    for (const ScriptLine& line : script_) prepared_.push_back(runner.prepare(line));
}

void ScriptPlayer::fail(std::string_view id, std::string sentence) {
    machine::OutsideArenaScope outside;
    failures_.push_back({.id = std::string(id),
                         .sentence = std::move(sentence),
                         .time_ns = board_.machine().now_ns()});
}

bool ScriptPlayer::start() {
    if (auto reason = board_.start()) {
        fail(never_done, *reason);
        return false;
    }
    for (const kernel::DeviceStatus& device : board_.kernel().devices()) {
        if (device.state == "started" || device.state == "no driver") continue;
        fail(not_started, fmt::format("{} did not start: {} returned {:#010x}{}", device.path,
                                      device.failed_in.empty() ? "its driver" : device.failed_in,
                                      static_cast<std::uint32_t>(device.status),
                                      device.message.empty() ? "" : ": " + device.message));
        return false;
    }
    return !board_.machine().halted();
}

// False: there is no point in going on.
Result<bool> ScriptPlayer::run(ScriptRunner& runner, const ScriptRunner::Prepared& line) {
    auto outcome = runner.run(line);
    if (outcome && outcome->failed && !outcome->timed_out) {
        // Processors that are held up take longer than the script's author thought.
        board_.run_for(patience_ns);
        outcome = runner.run(line);
    }
    if (!outcome) return outcome.error();
    if (outcome->failed)
        fail(outcome->timed_out ? never_done : expectation_failed,
             fmt::format("{}:{}: {}", line.line->file, line.line->line, outcome->message));
    return !outcome->timed_out && !board_.machine().halted();
}

Result<std::vector<ScriptPlayer::Failure>> ScriptPlayer::play(
    const Extent& extent, const std::function<void()>& scripted) {
    failures_.clear();
    bool goes_on = !extent.start || start();
    ScriptRunner runner(board_);
    for (std::size_t i = 0; i < prepared_.size() && goes_on; ++i) {
        auto ran = run(runner, prepared_[i]);
        if (!ran) return ran.error();
        goes_on = *ran;
    }
    // Devices that did start stop all the same; what never comes to its end is not waited for.
    const bool hangs = !failures_.empty() && failures_.back().id == never_done;
    if (!extent.shut_down || hangs || board_.machine().halted())
        return std::exchange(failures_, {});
    if (scripted) scripted();
    if (auto reason = board_.stop()) fail(never_done, *reason);
    return std::exchange(failures_, {});
}

}  // namespace gpioclx::bench
