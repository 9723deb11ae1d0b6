// Scenarios in which several things happen at once.
#include <fmt/format.h>

#include "check/scenario_parts.h"

namespace gpioclx::check {
namespace {

constexpr unsigned load_times = 4;
constexpr unsigned load_edges = 12;

}  // namespace

// The interrupting pin is served passively: its mask and unmask meet the other pin's enable.
std::string ScenarioWriter::connect_load() const {
    const EdgePins edge = edge_pins();
    if (edge.pins.size() < 2) return {};
    ScriptText script(board_);
    const Trigger& trigger = *edge.trigger;
    const bool idle = idle_level(trigger);
    script.use(trigger.handle, trigger.device);
    for (std::uint32_t flags : {std::uint32_t{0}, std::uint32_t{connect_passive}}) {
        const std::string what =
            fmt::format("{} while another pin is connected and disconnected", trigger.name);
        const Connection steady = connection(trigger, edge.pins[0], flags);
        const Connection other = connection(trigger, edge.pins[1]);
        script.set(steady.pin, idle);
        script.set(other.pin, idle);
        script.connect(steady, what);
        script.wait_idle();
        for (unsigned i = 0; i < load_edges; ++i) {
            script.begin("load", trigger.handle, RepeatAction::connect, load_times, 0, &other);
            script.wait_ns(i * pace_.sweep_ns);
            script.set(steady.pin, (i % 2 == 0) != idle);
            script.finish("load", what + ", connecting the other", script.pin_text(other.pin));
            script.wait_idle();
            script.expect_calls(steady, i % 2 == 0 || trigger.both ? "1" : "0", what);
        }
        script.connect(other, what);
        cycle(script, trigger, other, what + ", the other pin afterwards");
        script.disconnect(other, what);
        script.disconnect(steady, what);
        script.release(steady.pin);
        script.release(other.pin);
    }
    return script.whole();
}

std::string ScenarioWriter::connect_edges() const {
    const EdgePins edge = edge_pins();
    if (edge.pins.empty()) return {};
    ScriptText script(board_);
    const Trigger& trigger = *edge.trigger;
    const bool idle = idle_level(trigger);
    const std::string what =
        fmt::format("{} after edges while the pin was connected and disconnected", trigger.name);
    script.use(trigger.handle, trigger.device);
    for (std::uint32_t flags : {std::uint32_t{0}, std::uint32_t{connect_passive}}) {
        const Connection one = connection(trigger, edge.pins.back(), flags);
        script.set(one.pin, idle);
        script.begin("load", trigger.handle, RepeatAction::connect, load_times, 0, &one);
        for (int i = 0; i < 6; ++i) {
            script.set(one.pin, (i % 2 == 0) != idle);
            script.wait_us(pace_.edge_us / 4);
        }
        script.finish("load", what + ", connecting", script.pin_text(one.pin));
        script.wait_idle();
        script.connect(one, what);
        script.wait_idle();
        script.expect_calls(one, "0", what + ", before the next edge");
        cycle(script, trigger, one, what);
        script.disconnect(one, what);
        script.release(one.pin);
    }
    return script.whole();
}

std::string ScenarioWriter::io_load() const {
    const EdgePins edge = edge_pins();
    if (edge.pins.empty()) return {};
    const unsigned pin = edge.pins.front();
    const auto input = io_pin(false, {pin});
    const auto output = io_pin(true, {pin, input.value_or(pin)});
    if (!input && !output) return {};
    const auto sampled = io_pin(false, {pin, input.value_or(pin), output.value_or(pin)});
    // It is masked while it is served, beside the opening and closing of others.
    const auto level = level_connection(
        {pin, input.value_or(pin), output.value_or(pin), sampled.value_or(pin)}, connect_passive);
    ScriptText script(board_);
    const Trigger& trigger = *edge.trigger;
    const bool idle = idle_level(trigger);
    const std::string what = fmt::format("{} while other pins are read and written", trigger.name);
    script.use(trigger.handle, trigger.device);
    script.use("io", io_device);
    for (std::uint32_t flags : {std::uint32_t{0}, std::uint32_t{connect_passive}}) {
        const Connection one = connection(trigger, pin, flags);
        script.set(pin, idle);
        script.connect(one, what);
        if (level) {
            script.use(level->handle, level_trigger(*level).device);
            script.connect(*level, what);
        }
        script.wait_idle();
        if (output) {
            const std::size_t number = board_.index_of(*output);
            script.open(number, generic_write, what, script.pin_text(*output));
        }
        if (input) script.set(*input, true);
        if (sampled) {
            script.set(*sampled, true);
            script.open(board_.index_of(*sampled), generic_read, what, script.pin_text(*sampled));
        }
        for (unsigned i = 0; i < load_edges; ++i) {
            // A read of one pin may clear what is pending on another.
            if (sampled)
                script.begin("reads", "io", RepeatAction::read, load_times,
                             board_.index_of(*sampled));
            if (output)
                script.begin("writes", "io", RepeatAction::write, load_times,
                             board_.index_of(*output));
            if (input)
                script.begin("opens", "io", RepeatAction::open, load_times,
                             board_.index_of(*input));
            script.wait_ns(i * pace_.sweep_ns);
            script.set(pin, (i % 2 == 0) != idle);
            if (level) script.raise(*level);
            if (output) {
                script.finish("writes", what + ", writing", script.pin_text(*output));
                // The last of an even number of writes is a one.
                script.expect_wire(*output, true, what);
            }
            if (input) script.finish("opens", what + ", opening", script.pin_text(*input));
            if (sampled) script.finish("reads", what + ", reading", script.pin_text(*sampled));
            script.wait_idle();
            script.expect_calls(one, i % 2 == 0 || trigger.both ? "1" : "0", what);
            if (level) script.expect_calls(*level, "1", what);
        }
        if (level) script.disconnect(*level, what);
        if (output) script.close(board_.index_of(*output));
        if (input) script.release(*input);
        if (sampled && edge.pins.size() > 1 && edge.pins[1] != *sampled && edge.pins[1] != input &&
            edge.pins[1] != output && !board_.forgets_pulses) {
            // The controller's interrupt is off while a passive routine of it runs, and a read ends
            // what is pending: that must come back.
            const Connection slow =
                connection(trigger, pin, flags | connect_passive, pace_.hold_us);
            const Connection other = connection(trigger, edge.pins[1], flags);
            const std::string late = what + ", read while another pin is served";
            script.set(pin, idle);
            script.wait_idle();
            script.disconnect(one, what);
            script.set(other.pin, idle);
            script.connect(slow, late);
            script.connect(other, late);
            script.set(pin, !idle);
            script.await_calls(slow, 1, late);
            script.set(other.pin, !idle);
            script.wait_us(pace_.edge_us);
            script.read(board_.index_of(*sampled), {true}, late, script.pin_text(*sampled));
            script.wait_idle();
            script.expect_calls(other, "1", late);
            script.disconnect(other, late);
            script.release(other.pin);
            script.forget_calls(slow);
        }
        if (sampled) {
            script.close(board_.index_of(*sampled));
            script.release(*sampled);
        }
        script.disconnect(one, what);
        script.release(pin);
    }
    return script.whole();
}

// However many edges there are, the pin must not be silent afterwards.
std::string ScenarioWriter::burst() const {
    const EdgePins edge = edge_pins();
    if (edge.pins.empty()) return {};
    ScriptText script(board_);
    const Trigger& trigger = *edge.trigger;
    const bool idle = idle_level(trigger);
    const std::string what = fmt::format("{} in a burst", trigger.name);
    script.use(trigger.handle, trigger.device);
    for (std::uint32_t flags : {std::uint32_t{0}, std::uint32_t{connect_passive}}) {
        const Connection one = connection(trigger, edge.pins.back(), flags, pace_.interrupt_us);
        script.set(one.pin, idle);
        script.connect(one, what);
        script.wait_idle();
        constexpr int edges = 7;  // odd: the wire ends on the other side
        for (int i = 0; i < edges; ++i) {
            script.set(one.pin, (i % 2 == 0) != idle);
            script.wait_us(i % 3 + 1);
        }
        script.wait_idle();
        script.expect_calls(one, fmt::format("1..{}", trigger.both ? edges : (edges + 1) / 2),
                            what);
        script.set(one.pin, idle);
        script.wait_idle();
        script.forget_calls(one);
        cycle(script, trigger, one, what + ", the next edge");
        script.disconnect(one, what);
        script.release(one.pin);
    }
    return script.whole();
}

std::string ScenarioWriter::stop_load() const {
    const EdgePins edge = edge_pins();
    if (edge.pins.empty()) return {};
    ScriptText script(board_);
    const Trigger& trigger = *edge.trigger;
    const bool idle = idle_level(trigger);
    const std::string what = fmt::format("{} while everything stops", trigger.name);
    script.use(trigger.handle, trigger.device);
    std::uint32_t flags = 0;
    std::vector<Connection> all;
    for (unsigned pin : edge.pins) {
        all.push_back(connection(trigger, pin, flags, flags == 0 ? 0 : pace_.hold_us / 4));
        flags ^= connect_passive;
    }
    for (const Connection& one : all) {
        script.set(one.pin, idle);
        script.connect(one, what);
    }
    script.wait_idle();
    const auto input = io_pin(false, edge.pins);
    if (input) {
        script.use("io", io_device);
        script.set(*input, false);
        script.open(board_.index_of(*input), generic_read, what, script.pin_text(*input));
        script.begin("reads", "io", RepeatAction::read, load_times, board_.index_of(*input));
    }
    for (const Connection& one : all) script.set(one.pin, !idle);
    script.wait_us(2);
    for (const Connection& one : all) script.set(one.pin, idle);
    // The end of the script: the devices are stopped.
    return script.text();
}

std::string ScenarioWriter::remove_load() const {
    const EdgePins edge = edge_pins();
    if (edge.pins.empty()) return {};
    ScriptText script(board_);
    const Trigger& trigger = *edge.trigger;
    const bool idle = idle_level(trigger);
    const std::string what = fmt::format("{} while the device is removed", trigger.name);
    script.use(trigger.handle, trigger.device);
    const Connection one = connection(trigger, edge.pins.front());
    script.set(one.pin, idle);
    script.connect(one, what);
    script.wait_idle();
    for (int i = 0; i < 4; ++i) {
        script.set(one.pin, (i % 2 == 0) != idle);
        script.wait_us(1);
    }
    script.close_all();
    script.line(fmt::format("remove {}", trigger.device));
    script.set(one.pin, !idle);
    script.wait_us(pace_.edge_us);
    script.set(one.pin, idle);
    script.wait_idle();
    // The controller is as good as before for others.
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        if (&triggers[t] == edge.trigger || triggers[t].level || !answers_.accepts(t, one.pin))
            continue;
        const Connection next = connection(triggers[t], one.pin);
        script.use(next.handle, triggers[t].device);
        script.set(one.pin, idle_level(triggers[t]));
        script.connect(next, what);
        script.wait_idle();
        cycle(script, triggers[t], next, fmt::format("{} afterwards", triggers[t].name));
        script.disconnect(next, what);
        break;
    }
    script.release(one.pin);
    script.close_all();
    return script.text();
}

}  // namespace gpioclx::check
