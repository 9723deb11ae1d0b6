// Scenarios of power: the registers are lost and come back while pins are in use, or between uses.
#include <fmt/format.h>

#include "check/scenario_parts.h"

namespace gpioclx::check {
namespace {

constexpr unsigned rounds = 2;
// Longer than any driver's idle time-out that is worth a wait.
constexpr const char* until_idle = "wait 20s";

}  // namespace

// The pins of the scenarios of power, in use: two edges, one of them passive, a level, an output,
// an input, and one with a pull.
struct ScenarioWriter::PowerPins {
    std::vector<Connection> edges;
    const Trigger* edge = nullptr;
    std::optional<Connection> level;
    std::optional<unsigned> output, input;
};

ScenarioWriter::PowerPins ScenarioWriter::power_pins() const {
    PowerPins pins;
    std::vector<unsigned> taken = {board_.pulled_pin(0)};
    const EdgePins edge = edge_pins();
    pins.edge = edge.trigger;
    for (std::size_t i = 0; i < edge.pins.size() && i < 2; ++i) {
        if (edge.pins[i] == taken.front()) continue;
        pins.edges.push_back(connection(*edge.trigger, edge.pins[i], i * connect_passive));
        taken.push_back(edge.pins[i]);
    }
    pins.level = level_connection(taken, connect_passive);
    if (pins.level) taken.push_back(pins.level->pin);
    if ((pins.output = io_pin(true, taken))) taken.push_back(*pins.output);
    pins.input = io_pin(false, taken);
    return pins;
}

void ScenarioWriter::begin_use(ScriptText& script, const PowerPins& pins,
                               const std::string& what) const {
    script.use("io", io_device);
    for (const Connection& one : pins.edges) {
        script.use(pins.edge->handle, pins.edge->device);
        script.set(one.pin, idle_level(*pins.edge));
        script.connect(one, what);
    }
    if (pins.level) {
        script.use(pins.level->handle, level_trigger(*pins.level).device);
        script.connect(*pins.level, what);
    }
    if (pins.output) {
        const std::size_t number = board_.index_of(*pins.output);
        script.open(number, generic_write, what, script.pin_text(*pins.output));
        script.write(number, {true}, what, script.pin_text(*pins.output));
    }
    if (pins.input) {
        script.set(*pins.input, true);
        script.open(board_.index_of(*pins.input), generic_read, what, script.pin_text(*pins.input));
    }
    // Its register is one more to bring back. A driver may refuse it.
    script.try_to_open(board_.pulled_connection(0), generic_read);
    script.wait_idle();
}

// Nothing has happened on the wires: no calls; all is as it was, and works.
void ScenarioWriter::expect_use(ScriptText& script, const PowerPins& pins,
                                const std::string& what) const {
    for (const Connection& one : pins.edges)
        script.expect_calls(one, "0", what + ", before the next edge");
    if (pins.level) script.expect_calls(*pins.level, "0", what + ", while the source is silent");
    if (pins.output) script.expect_wire(*pins.output, true, what + ": an output stays");
    if (pins.input)
        script.read(board_.index_of(*pins.input), {true}, what, script.pin_text(*pins.input));
    for (const Connection& one : pins.edges) cycle(script, *pins.edge, one, what);
    if (pins.level) {
        script.raise(*pins.level);
        script.wait_idle();
        script.expect_calls(*pins.level, "1", what);
    }
    if (!pins.output) return;
    for (const bool level : {false, true}) {
        script.write(board_.index_of(*pins.output), {level}, what, script.pin_text(*pins.output));
        script.expect_wire(*pins.output, level, what);
    }
}

void ScenarioWriter::end_use(ScriptText& script, const PowerPins& pins,
                             const std::string& what) const {
    for (const Connection& one : pins.edges) {
        script.disconnect(one, what);
        script.release(one.pin);
    }
    if (pins.level) script.disconnect(*pins.level, what);
    script.close(board_.pulled_connection(0));
    if (pins.output) script.close(board_.index_of(*pins.output));
    if (pins.input) {
        script.close(board_.index_of(*pins.input));
        script.release(*pins.input);
    }
    script.close_all();
}

std::string ScenarioWriter::sleep() const {
    const PowerPins pins = power_pins();
    if (pins.edges.empty() && !pins.level && !pins.output && !pins.input) return {};
    ScriptText script(board_);
    const std::string what = "after the system slept";
    const auto sleep_and_wake = [&script] {
        for (const char* line : {"sleep", "expect system asleep", "wake", "expect system working"})
            script.line(line);
        script.wait_idle();
    };
    if (!pins.edges.empty()) {  // alone, so that nobody else's unmasking helps
        const Connection& one = pins.edges.front();
        script.use(pins.edge->handle, pins.edge->device);
        script.set(one.pin, idle_level(*pins.edge));
        script.connect(one, what);
        sleep_and_wake();
        cycle(script, *pins.edge, one, what);
        script.disconnect(one, what);
    }
    begin_use(script, pins, what);
    expect_use(script, pins, "before the system sleeps");
    for (unsigned i = 0; i < rounds; ++i) {
        sleep_and_wake();
        expect_use(script, pins, what);
    }
    if (pins.output) {
        script.write(board_.index_of(*pins.output), {false}, what, script.pin_text(*pins.output));
        sleep_and_wake();
        script.expect_wire(*pins.output, false, what + ": an output stays");
        script.write(board_.index_of(*pins.output), {true}, what, script.pin_text(*pins.output));
    }
    // Edges while it falls asleep, sleeps and wakes may be lost with the power; the pin may not.
    const std::string moving = "after edges while the system slept";
    for (unsigned i = 0; i < rounds && !pins.edges.empty(); ++i) {
        const bool idle = idle_level(*pins.edge);
        for (const Connection& one : pins.edges) script.set(one.pin, !idle);
        script.line("sleep");
        for (const Connection& one : pins.edges) script.set(one.pin, idle);
        script.line("wake");
        for (const Connection& one : pins.edges) script.set(one.pin, !idle);
        script.wait_idle();
        for (const Connection& one : pins.edges) script.set(one.pin, idle);
        script.wait_idle();
        for (const Connection& one : pins.edges) script.forget_calls(one);
        expect_use(script, pins, moving);
    }
    end_use(script, pins, what);
    return script.text();
}

std::string ScenarioWriter::deep_idle() const {
    const PowerPins pins = power_pins();
    if (board_.serial || (pins.edges.empty() && !pins.level && !pins.output && !pins.input))
        return {};
    ScriptText script(board_);
    const std::string what = "after all processors stood still";
    begin_use(script, pins, what);
    for (unsigned i = 0; i < rounds; ++i) {
        script.line("deep-idle 1ms");
        script.line("wait 2ms");
        script.wait_idle();
        expect_use(script, pins, what);
    }
    const std::string moving = "after edges while all processors stood still";
    for (unsigned i = 0; i < rounds && !pins.edges.empty(); ++i) {
        const bool idle = idle_level(*pins.edge);
        for (const Connection& one : pins.edges) script.set(one.pin, !idle);
        script.line("deep-idle 1ms");
        for (const Connection& one : pins.edges) script.set(one.pin, idle);
        script.line("wait 2ms");
        script.wait_idle();
        for (const Connection& one : pins.edges) script.forget_calls(one);
        expect_use(script, pins, moving);
    }
    end_use(script, pins, what);
    return script.text();
}

// Nobody has a pin for a long time: a controller that may goes to D3, a bank to F1.
std::string ScenarioWriter::unused() const {
    const PowerPins pins = power_pins();
    if (pins.edges.empty() && !pins.level && !pins.output && !pins.input) return {};
    ScriptText script(board_);
    const std::string what = "after nobody used the controller for a long time";
    for (unsigned i = 0; i < rounds; ++i) {
        script.line(until_idle);
        begin_use(script, pins, what);
        expect_use(script, pins, what);
        script.line(until_idle);
        expect_use(script, pins, "after a long time of nothing");
        end_use(script, pins, what);
    }
    return script.text();
}

}  // namespace gpioclx::check
