#include "bench/script_player.h"

#include <fmt/format.h>

#include <utility>

#include "bench/status_text.h"
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

void ScriptPlayer::fail(std::string_view id, const std::string& sentence) {
    machine::Machine& machine = board_.machine();
    machine.emit(machine::EventKind::finding, machine.name(id), machine.name(sentence));
}

bool ScriptPlayer::start() {
    hangs_ = false;
    if (auto reason = board_.start()) {
        fail(never_done, *reason);
        hangs_ = true;
        return false;
    }
    for (const kernel::DeviceStatus& device : board_.kernel().devices()) {
        if (device.state == "started" || device.state == "no driver") continue;
        fail(not_started, fmt::format("{} did not start: {} returned {}{}", device.path,
                                      device.failed_in.empty() ? "its driver" : device.failed_in,
                                      status_text(device.status),
                                      device.message.empty() ? "" : ": " + device.message));
        return false;
    }
    return !board_.machine().halted();
}

// False: there is no point in going on.
Result<bool> ScriptPlayer::run(ScriptRunner& runner, const ScriptRunner::Prepared& line) {
    auto outcome = runner.run(line);
    if (outcome && outcome->failed && !outcome->timed_out && !outcome->unfinished) {
        // Processors that are held up take longer than the script's author thought.
        board_.run_for(patience_ns);
        outcome = runner.run(line);
    }
    if (!outcome) return outcome.error();
    if (outcome->failed && !outcome->finding.empty() && !outcome->timed_out)
        fail(outcome->finding, outcome->message);
    else if (outcome->failed)
        fail(outcome->timed_out || outcome->unfinished ? never_done : expectation_failed,
             fmt::format("{}:{}: {}", line.line->file, line.line->line, outcome->message));
    return !outcome->timed_out && !board_.machine().halted();
}

void ScriptPlayer::offer_removals(const ScriptRunner::Prepared& line) {
    machine::Machine& machine = board_.machine();
    for (const kernel::DeviceStatus& device : board_.kernel().devices()) {
        if (device.state != "started") continue;
        if (machine.choose({.kind = machine::ChoiceKind::fault,
                            .actor = machine.name(device.path),
                            .operation = machine.name("surprise removal"),
                            .object = line.mark},
                           2) == 0)
            continue;
        machine::ArenaScope inside;
        // A device that others stand on may refuse; then nothing happens.
        (void)board_.remove_device(device.path, true);
        return;
    }
}

Result<void> ScriptPlayer::play(const Extent& extent, const std::function<void()>& scripted) {
    // Devices that did start are stopped all the same.
    const bool started = !extent.start || start();
    if (hangs_) return {};
    ScriptRunner runner(board_);
    for (std::size_t i = 0; i < prepared_.size() && started; ++i) {
        if (extent.removals) offer_removals(prepared_[i]);
        auto goes_on = run(runner, prepared_[i]);
        if (!goes_on) return goes_on.error();
        if (!*goes_on) return {};
    }
    if (!extent.shut_down || board_.machine().halted()) return {};
    if (scripted) scripted();
    if (auto reason = board_.stop()) fail(never_done, *reason);
    return {};
}

}  // namespace gpioclx::bench
