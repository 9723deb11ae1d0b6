#include "verify/interrupt_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "verify/hardware_pin.h"

namespace gpioclx::verify {
namespace {

using hardware::Plane;
using hardware::Role;

constexpr std::string_view enable = "CLIENT_EnableInterrupt";
constexpr std::string_view disable = "CLIENT_DisableInterrupt";
constexpr std::string_view mask = "CLIENT_MaskInterrupts";
constexpr std::string_view unmask = "CLIENT_UnmaskInterrupt";
constexpr std::string_view reconfigure = "CLIENT_ReconfigureInterrupt";
constexpr std::string_view clear = "CLIENT_ClearActiveInterrupts";
constexpr std::string_view query_active = "CLIENT_QueryActiveInterrupts";
constexpr std::string_view release = "CLIENT_ReleaseController";
constexpr std::string_view start = "CLIENT_StartController";

bool about_gates(std::string_view callback) {
    return callback == enable || callback == disable || callback == mask || callback == unmask ||
           callback == reconfigure;
}

// Which triggers the registers of the map can say at all.
struct Vocabulary {
    bool high = false, low = false, rising = false, falling = false, both = false;
};

Vocabulary vocabulary_of(const hardware::RegisterMap& map) {
    Vocabulary words;
    bool type = false, polarity = false;
    const auto has = [&](Role role, const std::vector<std::pair<unsigned, std::string>>& values) {
        switch (role) {
            case Role::detect_high: words.high = true; break;
            case Role::detect_low: words.low = true; break;
            case Role::detect_rising: words.rising = true; break;
            case Role::detect_falling: words.falling = true; break;
            case Role::int_both: words.both = true; break;
            case Role::int_type: type = true; break;
            case Role::int_polarity: polarity = true; break;
            case Role::int_config:
                for (const auto& [code, value] : values) {
                    words.high |= value == "high";
                    words.low |= value == "low";
                    words.rising |= value == "rising";
                    words.falling |= value == "falling";
                    words.both |= value == "both";
                }
                break;
            default: break;
        }
    };
    for (const hardware::RegisterSpec& one : map.registers) {
        has(one.role, one.values);
        for (const hardware::FieldSpec& field : one.fields) has(field.role, field.values);
    }
    if (type && polarity) words.high = words.low = words.rising = words.falling = true;
    words.both |= words.rising && words.falling && !polarity;
    return words;
}

// Whether registers can keep a pin from interrupting. Where they cannot, the driver does it.
bool has_gates(const hardware::RegisterMap& map) {
    const auto gate = [](Role role) {
        switch (role) {
            case Role::int_enable:
            case Role::int_mask:
            case Role::int_unmask:
            case Role::mask_set:
            case Role::mask_clear:
            case Role::int_config:
            case Role::detect_rising:
            case Role::detect_falling:
            case Role::detect_high:
            case Role::detect_low: return true;
            default: return false;
        }
    };
    return std::any_of(map.registers.begin(), map.registers.end(),
                       [&](const hardware::RegisterSpec& one) {
                           return gate(one.role) ||
                                  std::any_of(one.fields.begin(), one.fields.end(),
                                              [&](const auto& field) { return gate(field.role); });
                       });
}

// Where one kind of register both enables and masks, Mask and Unmask write what Enable writes.
bool one_gate(const hardware::RegisterMap& map) {
    bool enables = false, masks = false, detects = false;
    for (const hardware::RegisterSpec& one : map.registers) {
        enables |= one.role == Role::int_enable;
        masks |= one.role == Role::int_mask || one.role == Role::int_unmask;
        detects |= one.role == Role::detect_rising || one.role == Role::detect_high;
    }
    return enables + masks == 1 || (detects && !enables && !masks);
}

bool is_gate(Role role) {
    return role == Role::int_enable || role == Role::int_mask || role == Role::int_unmask ||
           role == Role::detect_rising || role == Role::detect_falling ||
           role == Role::detect_high || role == Role::detect_low;
}

// Wait locks keep no service routine out.
bool holds_interrupt_lock(const machine::Machine& machine, const LockSet& locks) {
    return std::any_of(locks.begin(), locks.end(), [&machine](const HeldLock& lock) {
        return !machine.text(lock.name).ends_with("wait lock");
    });
}

// A level is pending as long as it is there, whatever the hardware remembers of it.
bool at_active_level(const Promise& promise, const HardwarePin& hardware) {
    return promise.level && promise.polarity != 0 &&
           (promise.polarity == 3 || hardware.high() == (promise.polarity == 1));
}

std::string_view trigger_text(bool high, bool low, bool rising, bool falling) {
    if (high && low) return "both levels";
    if (high) return rising || falling ? "a high level and edges" : "a high level";
    if (low) return rising || falling ? "a low level and edges" : "a low level";
    if (rising && falling) return "both edges";
    if (rising) return "a rising edge";
    if (falling) return "a falling edge";
    return "nothing";
}

}  // namespace

std::string InterruptEffects::text(const WatchedController& controller,
                                   const RunningCallback& callback, unsigned pin) const {
    return fmt::format("{} of {} pin {}", machine_.text(callback.name),
                       machine_.text(controller.device), pin);
}

void InterruptEffects::enters(WatchedController& controller, const RunningCallback& callback) {
    if (about_gates(name(callback))) {
        const bool sets_trigger = name(callback) == enable || name(callback) == reconfigure;
        for_each_pin(controller, callback.details.first_pin, callback.details.pins,
                     [&](unsigned pin, unsigned) {
                         Promise& promise = controller.pins[pin];
                         ++promise.changing;
                         if (!sets_trigger) return;
                         // Emulated both edges turn a pin around before its Enable has returned:
                         // what was asked for last counts.
                         promise.level = callback.details.level;
                         promise.polarity = callback.details.polarity;
                     });
    }
    if (name(callback) != query_active) return;
    seen_pending_ = 0;
    see_pending(controller, callback);
}

void InterruptEffects::accesses(const WatchedController& controller,
                                const RunningCallback& callback,
                                const machine::RegisterAccess& access,
                                const hardware::AccessEffect& effect) {
    if (name(callback) == query_active) see_pending(controller, callback);
    if (!access.write || (!about_gates(name(callback)) && name(callback) != clear)) return;
    const bool unlocked = (name(callback) == enable || name(callback) == disable) &&
                          !access.over_bus && !controller.running.empty() &&
                          controller.running.back()->callbacks.back().name == callback.name &&
                          one_gate(controller.hardware->map()) &&
                          !holds_interrupt_lock(machine_, controller.running.back()->locks);
    for (const hardware::StateEffect& one : effect) {
        if (unlocked && is_gate(one.role) && one.kept() != 0) {
            drivers_.report(
                id::enable_without_lock,
                fmt::format("{} of {} writes all of {} without the bank's interrupt lock, and the "
                            "service routine masks pins in it: what it masks or unmasks meanwhile "
                            "is lost. Hold GPIO_CLX_AcquireInterruptLock from where the value is "
                            "made up to the write",
                            name(callback), machine_.text(controller.device),
                            machine_.text(access.register_name)),
                "");
        }
        if (one.is_plane && one.plane == Plane::status && one.role != Role::soft_trigger)
            check_cleared(controller, callback, access, one);
    }
}

// Which pins are pending at this moment is chance; that all those are cleared is not.
void InterruptEffects::check_cleared(const WatchedController& controller,
                                     const RunningCallback& callback,
                                     const machine::RegisterAccess& access,
                                     const hardware::StateEffect& effect) {
    const hardware::Bank& bank = controller.hardware->bank(effect.bank);
    std::uint32_t cleared = effect.command ? effect.lanes : effect.old_bits & ~effect.new_bits;
    for (cleared &= bank.pins; cleared != 0; cleared &= cleared - 1) {
        const unsigned pin = bank.first_pin + static_cast<unsigned>(__builtin_ctz(cleared));
        const unsigned number = pin - callback.details.first_pin;
        if (number < 64 && (callback.details.pins >> number & 1) != 0) continue;
        const Promise& promise = controller.pins[pin];
        if (!promise.enabled || promise.changing != 0) continue;
        drivers_.report(
            id::clears_others,
            fmt::format("{} of {} clears the interrupt of pin {} too, which it is not about: if "
                        "one is pending there, it is lost. What is written to {} must clear the "
                        "callback's pins alone",
                        name(callback), machine_.text(controller.device), pin,
                        machine_.text(access.register_name)),
            "");
    }
}

void InterruptEffects::see_pending(const WatchedController& controller,
                                   const RunningCallback& callback) {
    for_each_pin(controller, callback.details.first_pin, callback.operand & ~seen_pending_,
                 [&](unsigned pin, unsigned number) {
                     const HardwarePin hardware(*controller.hardware, pin);
                     if (hardware.pending() || at_active_level(controller.pins[pin], hardware))
                         seen_pending_ |= std::uint64_t{1} << number;
                 });
}

void InterruptEffects::exits(WatchedController& controller, const RunningCallback& callback,
                             std::uint64_t result, bool succeeded) {
    const std::string_view what = name(callback);
    if (what == query_active) {
        if (succeeded) check_active(controller, callback, result);
        return;
    }
    if (what == release) return stopped(controller);
    if (what == start && succeeded) {
        for (unsigned pin = 0; pin < controller.pins.size(); ++pin)
            controller.pins[pin].open_at_start = HardwarePin(*controller.hardware, pin).open();
        return;
    }
    if (!about_gates(what)) return;
    const bool opens = what == enable || what == unmask;
    const bool shuts = what == disable || what == mask;
    const std::uint64_t pins = callback.details.pins & (what == mask ? ~result : ~std::uint64_t{0});
    for_each_pin(
        controller, callback.details.first_pin, callback.details.pins,
        [&](unsigned pin, unsigned number) {
            Promise& promise = controller.pins[pin];
            --promise.changing;
            if (!succeeded || (pins >> number & 1) == 0) return;
            if (what == enable || what == disable) {
                promise.enabled = what == enable;
                promise.masked = false;
                std::erase(controller.enabled, static_cast<std::uint16_t>(pin));
                if (what == enable) controller.enabled.push_back(static_cast<std::uint16_t>(pin));
            }
            if (what == mask) promise.masked = true;
            if (what == unmask) promise.masked = false;
            // Somebody else is at it: what they leave behind is judged then, or at rest.
            if (promise.changing != 0) return;
            const HardwarePin hardware(*controller.hardware, pin);
            // A chip that compares notes no edge while its gate is shut: its driver leaves the gate
            // of a masked one open and keeps what comes.
            const bool by_driver = what == mask && hardware.compares() && !promise.level;
            if (shuts && hardware.open() && !by_driver && has_gates(controller.hardware->map())) {
                drivers_.report(id::still_open,
                                fmt::format("{} returned, and the registers still let the pin "
                                            "interrupt: nobody expects it to",
                                            text(controller, callback, pin)),
                                "");
            }
            if (opens && promise.enabled && !promise.masked && !hardware.open()) {
                drivers_.report(id::not_open,
                                fmt::format("{} returned, and the registers do not let the pin "
                                            "interrupt: its interrupts are lost",
                                            text(controller, callback, pin)),
                                "");
            }
            if (what == enable || what == reconfigure) check_trigger(controller, callback, pin);
            // What it was before the driver came may be the platform's wish.
            if (what == enable && hardware.output() && hardware.driving() &&
                !promise.drove_at_start) {
                drivers_.report(
                    id::still_output,
                    fmt::format("{} returned, and the pin is still an output: it drives "
                                "the wire that the interrupt is to come from",
                                text(controller, callback, pin)),
                    "");
            }
        });
}

void InterruptEffects::check_trigger(const WatchedController& controller,
                                     const RunningCallback& callback, unsigned pin) {
    const HardwarePin hardware(*controller.hardware, pin);
    if (hardware.compares() || !hardware.open()) return;
    const Vocabulary words = vocabulary_of(controller.hardware->map());
    const Promise& asked = controller.pins[pin];
    const bool up = (asked.polarity & 1) != 0, down = (asked.polarity & 2) != 0;
    const bool high = asked.level && up, low = asked.level && down;
    const bool rising = !asked.level && up, falling = !asked.level && down;
    const bool sayable = (high && low) ? false
                         : (rising && falling)
                             ? words.both
                             : (!high || words.high) && (!low || words.low) &&
                                   (!rising || words.rising) && (!falling || words.falling);
    if (!sayable) return;
    if (hardware.level_high() == high && hardware.level_low() == low &&
        hardware.rising() == rising && hardware.falling() == falling)
        return;
    drivers_.report(
        id::wrong_trigger,
        fmt::format("{} was asked for {}, and the registers ask for {}",
                    text(controller, callback, pin), trigger_text(high, low, rising, falling),
                    trigger_text(hardware.level_high(), hardware.level_low(), hardware.rising(),
                                 hardware.falling())),
        "");
}

void InterruptEffects::note_pending(WatchedController& controller) {
    for (const std::uint16_t pin : controller.enabled) {
        const HardwarePin hardware(*controller.hardware, pin);
        if (!hardware.compares()) return;
        controller.pins[pin].was_pending |= hardware.pending();
    }
}

void InterruptEffects::check_active(WatchedController& controller, const RunningCallback& callback,
                                    std::uint64_t active) {
    see_pending(controller, callback);
    for_each_pin(
        controller, callback.details.first_pin, active & callback.operand,
        [&](unsigned pin, unsigned number) {
            const bool was_pending = std::exchange(controller.pins[pin].was_pending, false);
            if (was_pending || (seen_pending_ >> number & 1) != 0) return;
            drivers_.report(
                id::not_pending,
                fmt::format("{} is reported active, and the hardware has nothing pending on it: a "
                            "peripheral is called for nothing, or the wrong one",
                            text(controller, callback, pin)),
                "");
        });
}

// What was open when the driver got the controller is not its doing.
void InterruptEffects::stopped(const WatchedController& controller) {
    if (!controller.started) return;
    for (unsigned pin = 0; pin < controller.pins.size(); ++pin) {
        const HardwarePin hardware(*controller.hardware, pin);
        if (hardware.compares() || controller.pins[pin].open_at_start || !hardware.open()) continue;
        drivers_.report(id::left_enabled,
                        fmt::format("{} pin {}: the driver has let go of the controller, and the "
                                    "registers still let the pin interrupt: whoever comes next is "
                                    "interrupted for nothing",
                                    machine_.text(controller.device), pin),
                        "");
    }
}

void InterruptEffects::idle(WatchedController& controller, bool for_good) {
    const std::uint64_t now_ns = machine_.now_ns();
    for (const std::uint16_t pin : controller.enabled) {
        Promise& promise = controller.pins[pin];
        if (!promise.enabled || promise.masked || promise.changing != 0) {
            promise.pending_since_ns = 0;
            continue;
        }
        const HardwarePin hardware(*controller.hardware, pin);
        if (!hardware.pending()) {
            promise.pending_since_ns = 0;
            continue;
        }
        if (promise.pending_since_ns == 0) promise.pending_since_ns = now_ns;
        if (!for_good && now_ns - promise.pending_since_ns < patience_ns) continue;
        drivers_.report(
            id::not_served,
            fmt::format(
                "{} pin {}: an interrupt is pending, enabled and not masked, the system is "
                "idle, and nobody serves it{}: it is lost until something else interrupts",
                machine_.text(controller.device), pin,
                hardware.open()
                    ? hardware.asserting() ? "" : " (it does not assert the controller's interrupt)"
                    : " (the registers do not let it through)"),
            "");
    }
}

}  // namespace gpioclx::verify
