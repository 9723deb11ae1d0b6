#include "check/scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "check/scenario_parts.h"

namespace gpioclx::check {

const std::vector<ScenarioName>& scenario_names() {
    static const std::vector<ScenarioName> names = {
        {"inputs", "every pin and every bank read what is on the wires"},
        {"outputs", "every pin and every bank drive what is written"},
        {"edges", "every pin interrupts on each kind of edge, and not on others"},
        {"levels", "every pin interrupts on each level, until its source is silent"},
        {"ownership", "a pin that is taken is refused, and is free again later"},
        {"reuse", "a pin serves as output, input and interrupt in turn"},
        {"passive", "service routines at PASSIVE_LEVEL, level and edge"},
        {"masked", "edges while the pin is being served"},
        {"two-pins", "two pins of a bank at once"},
        {"sweep", "an edge at every moment of another pin's service"},
        {"held", "two pins of a bank are masked at the same time"},
        {"banks", "all banks at once"},
        {"shared", "two devices on one wire"},
        {"connect-load", "a pin interrupts while another one is connected and disconnected"},
        {"connect-edges", "a pin is connected and disconnected while its wire moves"},
        {"io-load", "a pin interrupts while others are opened, read and written"},
        {"burst", "edges faster than they can be served"},
        {"stop-load", "everything stops while interrupts and requests are under way"},
        {"remove-load", "a device is removed while its interrupts arrive"},
        {"sleep", "the system sleeps and wakes while pins are in use"},
        {"deep-idle", "all processors stand still while pins are in use"},
        {"unused", "nobody uses the controller for a long time"}};
    return names;
}

std::vector<Scenario> make_scenarios(const CheckedBoard& board, const Answers& answers) {
    const ScenarioWriter writer(board, answers);
    std::vector<Scenario> scenarios;
    for (const ScenarioName& name : scenario_names())
        scenarios.push_back({.name = name.name, .title = name.title, .script = {}, .skipped = {}});
    std::size_t next = 0;
    const auto add = [&](std::string script, const char* needs) {
        Scenario& scenario = scenarios[next++];
        scenario.skipped = script.empty() ? needs : "";
        scenario.script = std::move(script);
    };
    add(writer.inputs(), "the driver takes no pin as input");
    add(writer.outputs(), "the driver takes no pin as output");
    add(writer.edges(), "the driver takes no edge");
    add(writer.levels(), "the driver takes no level");
    add(writer.ownership(), "the driver takes no pin as input");
    add(writer.reuse(), "no pin is taken as output and on an edge");
    add(writer.passive(), board.serial ? "all service routines of a serial controller are passive"
                                       : "the driver takes no interrupt");
    add(writer.masked(), "the driver takes no edge");
    add(writer.two_pins(), "no two pins of a bank take the same edge");
    add(writer.sweep(), "no two pins of a bank take the same edge");
    add(writer.both_held(), "no two pins of a bank take the same trigger");
    add(writer.banks(), "there is one bank");
    std::vector<bench::PartEntry> parts;
    add(writer.shared(parts), "the driver takes no level");
    scenarios[next - 1].parts = std::move(parts);
    add(writer.connect_load(), "no two pins take the same edge");
    add(writer.connect_edges(), "the driver takes no edge");
    add(writer.io_load(), "the driver takes no edge, or no input or output beside it");
    add(writer.burst(), "the driver takes no edge");
    add(writer.stop_load(), "the driver takes no edge");
    add(writer.remove_load(), "the driver takes no edge");
    add(writer.sleep(), "the driver takes no pin");
    add(writer.deep_idle(), board.serial ? "banks of serial controllers have no power of their own"
                                         : "the driver takes no pin");
    add(writer.unused(), "the driver takes no pin");
    return scenarios;
}

ScenarioWriter::EdgePins ScenarioWriter::edge_pins(bool one_each_bank) const {
    EdgePins best;
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        if (triggers[t].level) continue;
        EdgePins found{&triggers[t], {}};
        for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
            std::vector<unsigned> accepted;
            for (unsigned pin : board_.pins_of_bank(bank)) {
                if (answers_.accepts(t, pin)) accepted.push_back(pin);
            }
            if (accepted.empty()) continue;
            found.pins.push_back(accepted.front());
            // The last one too: masks that are a bit short show there.
            if (!one_each_bank && accepted.size() > 1) found.pins.push_back(accepted.back());
        }
        if (found.pins.size() > best.pins.size()) best = std::move(found);
    }
    return best;
}

std::optional<unsigned> ScenarioWriter::io_pin(bool output,
                                               const std::vector<unsigned>& others) const {
    for (unsigned pin : board_.pins) {
        bool taken = false;
        for (unsigned other : others) taken = taken || other == pin;
        if (!taken && (output ? answers_.writes(pin) : answers_.reads(pin))) return pin;
    }
    return std::nullopt;
}

std::optional<Connection> ScenarioWriter::level_connection(const std::vector<unsigned>& others,
                                                           std::uint32_t flags) const {
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        if (!triggers[t].level) continue;
        for (unsigned pin : board_.pins) {
            const bool taken = std::find(others.begin(), others.end(), pin) != others.end();
            if (!taken && answers_.accepts(t, pin)) return connection(triggers[t], pin, flags);
        }
    }
    return std::nullopt;
}

const Trigger& ScenarioWriter::level_trigger(const Connection& connection) {
    return *std::find_if(triggers.begin(), triggers.end(), [&](const Trigger& trigger) {
        return trigger.handle == connection.handle;
    });
}

Connection ScenarioWriter::connection(const Trigger& trigger, unsigned pin, std::uint32_t flags,
                                      std::uint32_t hold_us) const {
    if (trigger.level) flags |= connect_level;
    if (trigger.high) flags |= connect_active_high;
    return {.handle = trigger.handle, .pin = pin, .flags = flags, .hold_us = hold_us, .unit = 0};
}

void ScenarioWriter::cycle(ScriptText& script, const Trigger& trigger, const Connection& connection,
                           const std::string& what) const {
    const bool idle = idle_level(trigger);
    script.set(connection.pin, !idle);
    script.wait_idle();
    script.expect_calls(connection, "1", what);
    script.set(connection.pin, idle);
    script.wait_idle();
    script.expect_calls(connection, trigger.both ? "1" : "0",
                        trigger.both ? what : what + ", the opposite edge");
}

}  // namespace gpioclx::check
