#include "cli/recording.h"

#include <nlohmann/json.hpp>

namespace gpioclx::cli {
namespace {

// False: the machine or the worker came to an end.
Result<bool> play(const std::vector<bench::ScriptLine>& script, bench::Session& session,
                  Outputs& outputs) {
    for (const bench::ScriptLine& line : script) {
        auto step = session.step(line);
        if (!step) {
            if (!session.alive()) return false;
            return step.error();
        }
        if (step->failed) outputs.keep_recent_steps();
        if (step->timed_out || session.halted()) return false;
    }
    return true;
}

}  // namespace

Result<RecordedWindow> record(const RecordedSchedule& schedule, Outputs& outputs) {
    bench::SessionOptions options;
    options.bench = schedule.bench;
    options.seed = schedule.seed;
    options.verify = true;
    // A checkpoint covers the machine, not other processes.
    options.settings.push_back({.device = "", .name = "umdf_in_machine", .value = 1});
    options.instrument = schedule.instrument;
    if (schedule.processors != 0) options.processors = schedule.processors;
    options.observers = outputs.observers();
    auto opened = bench::Session::open(std::move(options));
    if (!opened) return opened.error();
    bench::Session& session = **opened;
    const auto& script = schedule.script.empty() ? session.bench().script : schedule.script;
    RecordedWindow window;
    const auto ended = [&] {
        if (!session.alive()) outputs.keep_recent_steps();
        window.to_ns = session.now_ns();
        return window;
    };
    if (!session.alive()) return ended();
    auto wires = session.show("wires");
    if (!wires) return wires.error();
    outputs.declare_wires(*wires);
    if (!schedule.token.empty()) {  // all at once, as it was explored
        auto replayed = session.replay(script, schedule.token);
        if (!replayed && session.alive()) return replayed.error();
        return ended();
    }
    auto started = session.start();
    if (!started) {
        if (!session.alive()) return ended();
        return started.error();
    }
    window.from_ns = session.now_ns();
    auto played = play(script, session, outputs);
    if (!played) return played.error();
    window.to_ns = session.now_ns();
    if (!*played) return ended();
    if (auto stopped = session.stop(); !stopped && session.alive()) return stopped.error();
    if (!session.alive()) outputs.keep_recent_steps();
    return window;
}

}  // namespace gpioclx::cli
