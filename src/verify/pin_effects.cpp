#include "verify/pin_effects.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "verify/hardware_pin.h"

namespace gpioclx::verify {
namespace {

using hardware::Role;

bool reads(std::string_view callback) {
    return callback == "CLIENT_ReadGpioPins" || callback == "CLIENT_ReadGpioPinsUsingMask";
}
bool writes(std::string_view callback) {
    return callback == "CLIENT_WriteGpioPins" || callback == "CLIENT_WriteGpioPinsUsingMask";
}

// Callbacks that are about certain pins and may change nothing of others.
bool about_pins(const RunningCallback& callback, std::string_view name) {
    return callback.details.pins != 0 && name != "CLIENT_QueryActiveInterrupts" &&
           name != "CLIENT_QueryEnabledInterrupts" && name != "CLIENT_ControllerSpecificFunction";
}

// What a pin is configured to, or drives. Status comes and goes, locks are the engine's.
bool of_the_pin(Role role) {
    switch (role) {
        case Role::output:
        case Role::data:
        case Role::set:
        case Role::clear:
        case Role::toggle:
        case Role::direction:
        case Role::output_enable:
        case Role::input_enable:
        case Role::output_disable:
        case Role::input_disable:
        case Role::function:
        case Role::hardware_control:
        case Role::pull:
        case Role::pull_enable:
        case Role::pull_select:
        case Role::drive:
        case Role::slew:
        case Role::open_drain:
        case Role::schmitt:
        case Role::input_invert:
        case Role::output_invert:
        case Role::int_type:
        case Role::int_polarity:
        case Role::int_both:
        case Role::int_config:
        case Role::detect_rising:
        case Role::detect_falling:
        case Role::detect_high:
        case Role::detect_low:
        case Role::int_enable:
        case Role::int_mask:
        case Role::int_unmask:
        case Role::mask_set:
        case Role::mask_clear:
        case Role::debounce_enable: return true;
        default: return false;
    }
}

bool directs(const hardware::StateEffect& effect) {
    switch (effect.role) {
        case Role::direction:
        case Role::output_enable:
        case Role::output_disable:
        case Role::function:
        case Role::hardware_control: return true;
        default: return false;
    }
}

bool says_pulls(const hardware::RegisterMap& map) {
    const auto pulls = [](Role role) {
        return role == Role::pull || role == Role::pull_enable || role == Role::pull_select ||
               role == Role::pull_command;
    };
    return std::any_of(map.registers.begin(), map.registers.end(),
                       [&](const hardware::RegisterSpec& one) {
                           return pulls(one.role) ||
                                  std::any_of(one.fields.begin(), one.fields.end(),
                                              [&](const auto& field) { return pulls(field.role); });
                       });
}

std::string_view pull_text(hardware::Pull pull) {
    switch (pull) {
        case hardware::Pull::up: return "up";
        case hardware::Pull::down: return "down";
        default: return "none";
    }
}

}  // namespace

std::string PinEffects::text(const WatchedController& controller, const RunningCallback& callback,
                             unsigned pin) const {
    return fmt::format("{} of {} pin {}", machine_.text(callback.name),
                       machine_.text(controller.device), pin);
}

void PinEffects::enters(const WatchedController& controller, const RunningCallback& callback) {
    if (!reads(machine_.text(callback.name))) return;
    seen_high_ = seen_low_ = 0;
    see_levels(controller, callback);
}

void PinEffects::see_levels(const WatchedController& controller, const RunningCallback& callback) {
    for_each_pin(controller, callback.details.first_pin, callback.details.pins,
                 [&](unsigned pin, unsigned number) {
                     const HardwarePin hardware(*controller.hardware, pin);
                     const std::uint64_t bit = std::uint64_t{1} << number;
                     if (!hardware.readable() || hardware.floating())
                         seen_high_ |= bit, seen_low_ |= bit;
                     (hardware.high() ? seen_high_ : seen_low_) |= bit;
                     // What an output drives may be read from its latch.
                     if (hardware.output())
                         (hardware.has(hardware::Plane::latch) ? seen_high_ : seen_low_) |= bit;
                 });
}

void PinEffects::accesses(WatchedController& controller, const RunningCallback& callback,
                          const machine::RegisterAccess& access,
                          const hardware::AccessEffect& effect) {
    const std::string_view name = machine_.text(callback.name);
    if (reads(name)) see_levels(controller, callback);
    if (!access.write || !about_pins(callback, name)) return;
    const hardware::Controller& hardware = *controller.hardware;
    if (name == "CLIENT_DisconnectIoPins" && std::any_of(effect.begin(), effect.end(), directs)) {
        for_each_pin(
            controller, callback.details.first_pin, callback.details.pins,
            [&](unsigned pin, unsigned) { controller.pins[pin].direction_decided = true; });
    }
    const auto meant = [&](unsigned pin) {
        const unsigned number = pin - callback.details.first_pin;
        return number < 64 && (callback.details.pins >> number & 1) != 0;
    };
    for (const hardware::StateEffect& one : effect) {
        std::uint32_t changed = one.changed();
        if (changed == 0 || !of_the_pin(one.role)) continue;
        std::vector<std::uint16_t> others;
        if (one.is_plane) {
            const hardware::Bank& bank = hardware.bank(one.bank);
            // The latch of an input drives nothing.
            if (one.plane == hardware::Plane::latch) changed &= bank[hardware::Plane::is_output];
            for (; changed != 0; changed &= changed - 1) {
                const auto pin = static_cast<std::uint16_t>(
                    bank.first_pin + static_cast<unsigned>(__builtin_ctz(changed)));
                if (!meant(pin)) others.push_back(pin);
            }
        } else if (access.bytes <= hardware.map().stride) {
            for (std::uint16_t pin : hardware.pins_of_bits(access.offset, changed)) {
                if (!meant(pin)) others.push_back(pin);
            }
        }
        if (others.empty()) continue;
        drivers_.report(
            id::neighbour,
            fmt::format("{} of {} writes {} and changes the {} of pin{} {}, which it is not about",
                        name, machine_.text(controller.device), machine_.text(access.register_name),
                        hardware::to_string(one.role), others.size() == 1 ? "" : "s",
                        fmt::join(others, ", ")),
            "");
    }
}

void PinEffects::exits(WatchedController& controller, const RunningCallback& callback,
                       std::uint64_t result, bool succeeded) {
    const std::string_view name = machine_.text(callback.name);
    const machine::CallbackDetails& details = callback.details;
    if (name == "CLIENT_StartController" && succeeded) {
        for (unsigned pin = 0; pin < controller.pins.size(); ++pin)
            controller.pins[pin].drove_at_start = HardwarePin(*controller.hardware, pin).driving();
        return;
    }
    if (name == "CLIENT_ReleaseController") return released(controller);
    if (!succeeded) return;
    if (reads(name)) {
        std::uint64_t values = result;
        if (details.table != nullptr) {
            values = 0;
            for (std::uint32_t i = 0; i < details.count; ++i) {
                if ((details.buffer[i / 8] >> (i % 8) & 1) != 0)
                    values |= std::uint64_t{1} << details.table[i];
            }
        }
        return check_read(controller, callback, values);
    }
    if (writes(name)) return check_written(controller, callback);
    for_each_pin(controller, details.first_pin, details.pins, [&](unsigned pin, unsigned) {
        Promise& promise = controller.pins[pin];
        if (name == "CLIENT_ConnectIoPins") {
            promise.direction = details.direction;
            promise.direction_decided = false;
        }
        if (details.has_pull &&
            (name == "CLIENT_ConnectIoPins" || name == "CLIENT_EnableInterrupt"))
            check_pull(controller, callback, pin);
        if (name != "CLIENT_DisconnectIoPins") return;
        promise.direction = 0;
        promise.preserve = details.preserve;
        if (!promise.preserve) report_driven(controller, pin, "after its connection was closed");
    });
}

void PinEffects::check_read(const WatchedController& controller, const RunningCallback& callback,
                            std::uint64_t values) {
    see_levels(controller, callback);
    const std::uint64_t wrong = (values & ~seen_high_) | (~values & ~seen_low_);
    for_each_pin(controller, callback.details.first_pin, callback.details.pins & wrong,
                 [&](unsigned pin, unsigned number) {
                     drivers_.report(
                         id::read_differs,
                         fmt::format("{} gives {}, and the pin was {} all the time",
                                     text(controller, callback, pin), values >> number & 1,
                                     (values >> number & 1) != 0 ? "low" : "high"),
                         "");
                 });
}

void PinEffects::check_written(const WatchedController& controller,
                               const RunningCallback& callback) {
    const machine::CallbackDetails& details = callback.details;
    for_each_pin(
        controller, details.first_pin, details.set_pins | details.clear_pins,
        [&](unsigned pin, unsigned number) {
            const HardwarePin hardware(*controller.hardware, pin);
            const bool high = (details.set_pins >> number & 1) != 0;
            if (!hardware.output()) {
                drivers_.report(
                    id::output_differs,
                    fmt::format("{} returned, and the pin is no output: what was written "
                                "reaches nobody",
                                text(controller, callback, pin)),
                    "");
            } else if (hardware.has(hardware::Plane::output_invert) ==
                       (hardware.has(hardware::Plane::latch) == high)) {
                drivers_.report(
                    id::output_differs,
                    fmt::format("{} was to drive the pin {}, and the registers drive it {}",
                                text(controller, callback, pin), high ? "high" : "low",
                                high ? "low" : "high"),
                    "");
            }
        });
}

void PinEffects::check_pull(const WatchedController& controller, const RunningCallback& callback,
                            unsigned pin) {
    const std::uint8_t asked = callback.details.pull;
    if (asked < 1 || asked > 3 || !says_pulls(controller.hardware->map())) return;
    const HardwarePin hardware(*controller.hardware, pin);
    if (hardware.output()) return;
    const hardware::Pull wanted = asked == 1   ? hardware::Pull::up
                                  : asked == 2 ? hardware::Pull::down
                                               : hardware::Pull::none;
    if (hardware.pull() == wanted) return;
    drivers_.report(
        id::wrong_pull,
        fmt::format("{} was asked for the pull '{}', and the registers have '{}'",
                    text(controller, callback, pin), pull_text(wanted), pull_text(hardware.pull())),
        "");
}

void PinEffects::report_driven(const WatchedController& controller, unsigned pin,
                               std::string_view when) {
    // What a pin is to be when nobody uses it is the platform's business: a driver that sets it
    // knows.
    if (controller.pins[pin].direction_decided || controller.pins[pin].drove_at_start ||
        !HardwarePin(*controller.hardware, pin).driving())
        return;
    drivers_.report(id::left_driven,
                    fmt::format("{} pin {} is still driven {}, though nobody asked to preserve it; "
                                "before it was connected it was not",
                                machine_.text(controller.device), pin, when),
                    "");
}

void PinEffects::released(const WatchedController& controller) {
    if (!controller.started) return;
    for (unsigned pin = 0; pin < controller.pins.size(); ++pin) {
        if (!controller.pins[pin].preserve)
            report_driven(controller, pin, "after the driver has let go of the controller");
    }
}

}  // namespace gpioclx::verify
