// Scenarios of pins that interrupt.
#include <fmt/format.h>

#include "check/scenario_parts.h"

namespace gpioclx::check {

std::string ScenarioWriter::edges() const {
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const Trigger& trigger = triggers[t];
        if (trigger.level) continue;
        const std::string what = fmt::format("an interrupt on {}", trigger.name);
        for (unsigned pin : board_.pins) {
            if (!answers_.accepts(t, pin)) continue;
            script.use(trigger.handle, trigger.device);
            const Connection one = connection(trigger, pin);
            script.set(pin, idle_level(trigger));
            script.connect(one, what);
            script.wait_idle();
            script.expect_calls(one, "0", what + ", before any edge");
            cycle(script, trigger, one, what);
            cycle(script, trigger, one, what);
            if (!trigger.both && !board_.forgets_pulses) {
                // Over before anybody looks.
                script.set(pin, !idle_level(trigger));
                script.wait_ns(500);
                script.set(pin, idle_level(trigger));
                script.wait_idle();
                script.expect_calls(one, "1", what + ", a short pulse");
            }
            script.disconnect(one, what);
            script.set(pin, !idle_level(trigger));
            script.wait_us(pace_.edge_us);
            script.set(pin, idle_level(trigger));
            script.wait_idle();
            script.expect_calls(one, "0", what + ", after disconnecting");
            script.release(pin);
        }
    }
    return script.whole();
}

std::string ScenarioWriter::levels() const {
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const Trigger& trigger = triggers[t];
        if (!trigger.level) continue;
        const std::string what = fmt::format("an interrupt on {}", trigger.name);
        for (unsigned pin : board_.pins) {
            if (!answers_.accepts(t, pin)) continue;
            script.use(trigger.handle, trigger.device);
            Connection one = connection(trigger, pin);
            script.connect(one, what);
            script.wait_idle();
            script.expect_calls(one, "0", what + ", while the source is silent");
            for (int i = 0; i < 2; ++i) {
                script.raise(one);
                script.wait_idle();
                script.expect_calls(one, "1", what);
            }
            script.disconnect(one, what);
            // The source asks before anybody listens.
            one.flags |= connect_raised;
            script.connect(one, what);
            script.wait_idle();
            script.expect_calls(one, "1", what + ", active when it is connected");
            script.disconnect(one, what);
        }
    }
    return script.whole();
}

std::string ScenarioWriter::passive() const {
    if (board_.serial) return {};
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const Trigger& trigger = triggers[t];
        const std::string what = fmt::format("a passive service routine on {}", trigger.name);
        for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
            for (unsigned pin : board_.pins_of_bank(bank)) {
                if (!answers_.accepts(t, pin)) continue;
                script.use(trigger.handle, trigger.device);
                const Connection one = connection(trigger, pin, connect_passive);
                if (!trigger.level) script.set(pin, idle_level(trigger));
                script.connect(one, what);
                for (int i = 0; i < 2; ++i) {
                    if (trigger.level) {
                        script.raise(one);
                        script.wait_idle();
                        script.expect_calls(one, "1", what);
                    } else {
                        cycle(script, trigger, one, what);
                    }
                }
                script.disconnect(one, what);
                if (!trigger.level) script.release(pin);
                break;  // one pin a bank: which pin it is makes no difference here
            }
        }
    }
    return script.whole();
}

// A passive service routine takes long, its pin is masked; what comes meanwhile is served later.
std::string ScenarioWriter::masked() const {
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const Trigger& trigger = triggers[t];
        if (trigger.level || (board_.forgets_pulses && !trigger.both)) continue;
        const std::string what =
            fmt::format("{} while the pin is masked", trigger.both ? "an edge" : trigger.name);
        for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
            const std::vector<unsigned> pins = board_.pins_of_bank(bank);
            if (pins.empty() || !answers_.accepts(t, pins.back())) continue;
            const unsigned pin = pins.back();
            const bool idle = idle_level(trigger);
            const Connection one = connection(trigger, pin, connect_passive, pace_.hold_us);
            script.use(trigger.handle, trigger.device);
            script.set(pin, idle);
            script.connect(one, what);
            script.set(pin, !idle);
            script.await_calls(one, 1, what + ", the first one");
            script.set(pin, idle);
            if (!trigger.both) {
                script.wait_us(pace_.edge_us);
                script.set(pin, !idle);
            }
            script.wait_idle();
            script.expect_calls(one, "2", what);
            script.set(pin, idle);
            script.wait_idle();
            script.forget_calls(one);
            script.disconnect(one, what);
            script.release(pin);
        }
    }
    return script.whole();
}

std::string ScenarioWriter::two_pins() const {
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const Trigger& trigger = triggers[t];
        const std::string what = fmt::format("{} on two pins of a bank at once", trigger.name);
        for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
            const std::vector<unsigned> pins = board_.pins_of_bank(bank);
            if (pins.size() < 2 || !answers_.accepts(t, pins.front()) ||
                !answers_.accepts(t, pins.back()))
                continue;
            script.use(trigger.handle, trigger.device);
            // One routine at DIRQL, one passive: serving one masks and unmasks beside the other.
            const Connection first = connection(trigger, pins.front(), 0, pace_.interrupt_us);
            const Connection second = connection(trigger, pins.back(), connect_passive);
            for (const Connection& one : {first, second}) {
                if (!trigger.level) script.set(one.pin, idle_level(trigger));
                script.connect(one, what);
            }
            script.wait_idle();
            for (int i = 0; i < 2; ++i) {
                for (const Connection& one : {first, second}) {
                    if (trigger.level) {
                        script.raise(one);
                    } else {
                        script.set(one.pin, !idle_level(trigger));
                    }
                }
                script.wait_idle();
                for (const Connection& one : {first, second}) script.expect_calls(one, "1", what);
                if (trigger.level) continue;
                for (const Connection& one : {second, first})
                    script.set(one.pin, idle_level(trigger));
                script.wait_idle();
                for (const Connection& one : {first, second})
                    script.expect_calls(one, trigger.both ? "1" : "0", what);
            }
            for (const Connection& one : {first, second}) {
                script.disconnect(one, what);
                if (!trigger.level) script.release(one.pin);
            }
        }
    }
    return script.whole();
}

// What is looked at, cleared and written a moment too late shows when the other pin moves just
// then.
std::string ScenarioWriter::sweep() const {
    ScriptText script(board_);
    constexpr unsigned steps = 24;
    for (std::size_t t = 0; t < triggers.size() && script.text().empty(); ++t) {
        const Trigger& trigger = triggers[t];
        // A change on another pin ends the interrupt of a comparator, and with it a short edge.
        if (trigger.level || (board_.forgets_pulses && !trigger.both)) continue;
        const std::string what = fmt::format("{} while another pin is served", trigger.name);
        for (std::size_t bank = 0; bank < board_.banks.size(); ++bank) {
            const std::vector<unsigned> pins = board_.pins_of_bank(bank);
            if (pins.size() < 2 || !answers_.accepts(t, pins.front()) ||
                !answers_.accepts(t, pins.back()))
                continue;
            script.use(trigger.handle, trigger.device);
            for (std::uint32_t flags : {std::uint32_t{0}, std::uint32_t{connect_passive}}) {
                if (board_.serial && flags != 0) continue;
                const Connection first = connection(trigger, pins.front(), flags);
                const Connection second = connection(trigger, pins.back(), flags);
                for (const Connection& one : {first, second}) {
                    script.set(one.pin, idle_level(trigger));
                    script.connect(one, what);
                }
                script.wait_idle();
                for (unsigned step = 0; step < steps; ++step) {
                    script.set(first.pin, !idle_level(trigger));
                    script.wait_ns(step * pace_.sweep_ns);
                    script.set(second.pin, !idle_level(trigger));
                    script.wait_idle();
                    for (const Connection& one : {first, second})
                        script.expect_calls(one, "1", what);
                    for (const Connection& one : {first, second}) {
                        script.set(one.pin, idle_level(trigger));
                        script.wait_idle();
                        script.forget_calls(one);
                    }
                }
                for (const Connection& one : {first, second}) {
                    script.disconnect(one, what);
                    script.release(one.pin);
                }
            }
            break;  // the other banks are served by the same routines
        }
    }
    return script.whole();
}

// Masking or unmasking one pin must leave the other one as it is.
std::string ScenarioWriter::both_held() const {
    if (board_.serial) return {};  // one at a time is served there
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const Trigger& trigger = triggers[t];
        const std::string what =
            fmt::format("{} on two pins that are masked at the same time", trigger.name);
        const std::vector<unsigned> pins = board_.pins_of_bank(0);
        if (pins.size() < 2 || !answers_.accepts(t, pins.front()) ||
            !answers_.accepts(t, pins.back()))
            continue;
        script.use(trigger.handle, trigger.device);
        // A level that is not masked after all interrupts again and again; long enough for a storm.
        const std::uint32_t hold_us = trigger.level ? 50'000 : pace_.hold_us;
        const Connection first = connection(trigger, pins.front(), connect_passive, hold_us);
        const Connection second = connection(trigger, pins.back(), connect_passive, 2 * hold_us);
        for (const Connection& one : {first, second}) {
            if (!trigger.level) script.set(one.pin, idle_level(trigger));
            script.connect(one, what);
        }
        script.wait_idle();
        for (const Connection& one : {first, second}) {
            if (trigger.level) {
                script.raise(one);
            } else {
                script.set(one.pin, !idle_level(trigger));
            }
            script.await_calls(one, 1, what);
        }
        script.wait_idle();
        for (const Connection& one : {first, second}) script.expect_calls(one, "1", what);
        for (const Connection& one : {first, second}) {
            if (!trigger.level) {
                script.set(one.pin, idle_level(trigger));
                script.wait_idle();
                script.forget_calls(one);
            }
            script.disconnect(one, what);
            if (!trigger.level) script.release(one.pin);
        }
    }
    return script.whole();
}

std::string ScenarioWriter::banks() const {
    const EdgePins edge = edge_pins(true);
    if (edge.pins.size() < 2) return {};
    ScriptText script(board_);
    const std::string what = fmt::format("{} in all banks at once", edge.trigger->name);
    script.use(edge.trigger->handle, edge.trigger->device);
    std::vector<Connection> all;
    for (unsigned pin : edge.pins) all.push_back(connection(*edge.trigger, pin));
    for (const Connection& one : all) {
        script.set(one.pin, idle_level(*edge.trigger));
        script.connect(one, what);
    }
    script.wait_idle();
    for (int i = 0; i < 3; ++i) {
        for (const Connection& one : all) script.set(one.pin, !idle_level(*edge.trigger));
        script.wait_idle();
        for (const Connection& one : all) script.expect_calls(one, "1", what);
        for (const Connection& one : all) script.set(one.pin, idle_level(*edge.trigger));
        script.wait_idle();
        for (const Connection& one : all)
            script.expect_calls(one, edge.trigger->both ? "1" : "0", what);
    }
    for (const Connection& one : all) {
        script.disconnect(one, what);
        script.release(one.pin);
    }
    return script.whole();
}

std::string ScenarioWriter::shared(std::vector<bench::PartEntry>& parts) const {
    ScriptText script(board_);
    for (std::size_t t = 0; t < triggers.size() && script.text().empty(); ++t) {
        const Trigger& trigger = triggers[t];
        if (!trigger.level) continue;
        for (unsigned pin : board_.pins) {
            if (!answers_.accepts(t, pin)) continue;
            parts.push_back(
                {.name = "shared_wire",
                 .model = "pull",
                 .pins = {fmt::format("{}:{}", board_.controller, pin)},
                 .properties = {{"to", trigger.high ? "down" : "up"}, {"strength", "strong"}}});
            const std::string what = fmt::format("{} shared by two devices", trigger.name);
            const auto& devices = trigger.high ? shared_high_devices : shared_low_devices;
            Connection first = connection(trigger, pin, connect_open_drain);
            Connection second = first;
            first.handle = "s0";
            second.handle = "s1";
            second.unit = 1;
            script.use("s0", devices[0]);
            script.use("s1", devices[1]);
            script.connect(first, what);
            script.connect(second, what);
            const auto expect = [&](const char* calls, const char* others) {
                script.wait_idle();
                script.expect_calls(first, calls, what);
                script.expect_calls(second, others, what);
            };
            expect("0", "0");
            script.raise(first);
            expect("1", "0");
            script.raise(second);
            expect("0", "1");
            script.raise(first);
            script.raise(second);
            expect("1", "1");
            script.disconnect(first, what);
            script.raise(second);
            script.wait_idle();
            script.expect_calls(second, "1", what + ", one of them gone");
            script.disconnect(second, what);
            break;
        }
    }
    return script.whole();
}

}  // namespace gpioclx::check
