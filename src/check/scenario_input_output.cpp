// Scenarios of pins that are read and written.
#include <fmt/format.h>

#include "check/scenario_parts.h"

namespace gpioclx::check {
namespace {

std::string bank_text(std::size_t bank) { return fmt::format("all pins of bank {}", bank); }

// Patterns in which each pin differs from each other one at some time.
bool pattern(std::size_t round, std::size_t pin) {
    return round % 2 == 0 ? (pin >> (round / 2) & 1) != 0 : (pin >> (round / 2) & 1) == 0;
}
constexpr std::size_t pattern_rounds = 12;

}  // namespace

std::string ScenarioWriter::inputs() const {
    ScriptText script(board_);
    const std::string what = "an input reads what is on its wire";
    for (unsigned pin : board_.pins) {
        if (!answers_.reads(pin)) continue;
        script.use("io", io_device);
        const std::size_t number = board_.index_of(pin);
        script.set(pin, false);
        script.open(number, generic_read, what, script.pin_text(pin));
        script.read(number, {false}, what, script.pin_text(pin));
        script.set(pin, true);
        script.wait_us(1);
        script.read(number, {true}, what, script.pin_text(pin));
        script.set(pin, false);
        script.wait_us(1);
        script.read(number, {false}, what, script.pin_text(pin));
        script.close(number);
        script.release(pin);
    }
    for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
        const std::vector<unsigned> pins = board_.pins_of_bank(bank);
        bool all = !pins.empty();
        for (unsigned pin : pins) all = all && answers_.reads(pin);
        if (!all) continue;
        const std::size_t number = board_.bank_connection(bank);
        for (unsigned pin : pins) script.set(pin, false);
        script.open(number, generic_read, what, bank_text(bank));
        for (std::size_t round = 0; round < pattern_rounds; ++round) {
            std::vector<bool> levels;
            for (std::size_t i = 0; i < pins.size(); ++i) {
                levels.push_back(pattern(round, i));
                script.set(pins[i], levels.back());
            }
            script.wait_us(1);
            script.read(number, levels, what, bank_text(bank));
        }
        script.close(number);
        for (unsigned pin : pins) script.release(pin);
    }
    return script.whole();
}

std::string ScenarioWriter::outputs() const {
    ScriptText script(board_);
    const std::string what = "an output drives what is written";
    for (unsigned pin : board_.pins) {
        if (!answers_.writes(pin)) continue;
        script.use("io", io_device);
        const std::size_t number = board_.index_of(pin);
        script.open(number, generic_write, what, script.pin_text(pin));
        for (bool level : {true, false, true, true, false}) {
            script.write(number, {level}, what, script.pin_text(pin));
            script.expect_wire(pin, level, what);
        }
        script.close(number);
    }
    for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
        const std::vector<unsigned> pins = board_.pins_of_bank(bank);
        bool all = !pins.empty();
        for (unsigned pin : pins) all = all && answers_.writes(pin);
        if (!all) continue;
        const std::size_t number = board_.bank_connection(bank);
        script.open(number, generic_write, what, bank_text(bank));
        for (std::size_t round = 0; round < pattern_rounds; ++round) {
            std::vector<bool> levels;
            for (std::size_t i = 0; i < pins.size(); ++i) levels.push_back(pattern(round, i));
            script.write(number, levels, what, bank_text(bank));
            for (std::size_t i = 0; i < pins.size(); ++i)
                script.expect_wire(pins[i], levels[i], what);
        }
        script.close(number);
        // One pin at a time, while the others keep theirs.
        for (unsigned pin : pins)
            script.open(board_.index_of(pin), generic_write, what, script.pin_text(pin));
        for (unsigned pin : pins)
            script.write(board_.index_of(pin), {true}, what, script.pin_text(pin));
        // All of them are looked at now and then, the neighbours each time.
        constexpr std::size_t stride = 8;
        for (std::size_t i = 0; i < pins.size(); ++i) {
            script.write(board_.index_of(pins[i]), {false}, what, script.pin_text(pins[i]));
            for (std::size_t j = 0; j < pins.size(); ++j) {
                if (i % stride == 0 || (j + 1 >= i && j <= i + 1))
                    script.expect_wire(pins[j], j > i, "a write leaves other outputs alone");
            }
        }
        for (unsigned pin : pins) script.close(board_.index_of(pin));
    }
    return script.whole();
}

std::string ScenarioWriter::ownership() const {
    const auto pin = io_pin(false, {});
    if (!pin) return {};
    ScriptText script(board_);
    script.use("io", io_device);
    const std::string what = "a pin that was refused to others works";
    const std::size_t number = board_.index_of(*pin);
    std::size_t bank = 0;
    while (*pin >= board_.banks[bank].first + board_.banks[bank].count) ++bank;
    script.set(*pin, true);
    script.open(number, generic_read, what, script.pin_text(*pin));
    // The connection of the whole bank has the pin too.
    script.try_to_open(board_.bank_connection(bank), generic_read);
    script.read(number, {true}, what, script.pin_text(*pin));
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        if (triggers[t].level || !answers_.accepts(t, *pin)) continue;
        const Connection other = connection(triggers[t], *pin);
        script.use(other.handle, triggers[t].device);
        script.try_to_connect(other);
        script.read(number, {true}, what, script.pin_text(*pin));
        script.close(number);
        script.connect(other, what);
        script.wait_idle();
        script.disconnect(other, what);
        script.open(number, generic_read, what, script.pin_text(*pin));
        script.read(number, {true}, what, script.pin_text(*pin));
        break;
    }
    script.close(number);
    script.release(*pin);
    return script.whole();
}

// What the one use leaves behind is not in the way of the next.
std::string ScenarioWriter::reuse() const {
    ScriptText script(board_);
    const std::string what = "a pin that was used for something else";
    for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
        const std::vector<unsigned> pins = board_.pins_of_bank(bank);
        const EdgePins edge = edge_pins();
        if (pins.empty() || edge.trigger == nullptr) continue;
        const unsigned pin = pins.front();
        const auto t = static_cast<std::size_t>(edge.trigger - triggers.data());
        if (!answers_.accepts(t, pin) || !answers_.writes(pin)) continue;
        const Connection one = connection(*edge.trigger, pin);
        const std::size_t number = board_.index_of(pin);
        const std::size_t preserving = board_.preserving_connection(bank);
        script.use("io", io_device);
        script.use(edge.trigger->handle, edge.trigger->device);
        for (const std::size_t output : {preserving, number}) {
            script.open(output, generic_write, what, script.pin_text(pin));
            script.write(output, {true}, what, script.pin_text(pin));
            script.expect_wire(pin, true, what);
            script.close(output);
            if (output == preserving)
                script.expect_wire(pin, true, "an output stays where firmware wants that");
            script.connect(one, what);
            script.set(pin, idle_level(*edge.trigger));
            script.wait_idle();
            script.forget_calls(one);
            cycle(script, *edge.trigger, one, what);
            script.disconnect(one, what);
            if (answers_.reads(pin)) {
                script.set(pin, true);
                script.open(number, generic_read, what, script.pin_text(pin));
                script.read(number, {true}, what, script.pin_text(pin));
                script.close(number);
            }
            script.release(pin);
        }
    }
    return script.whole();
}

}  // namespace gpioclx::check
