// Pads: what the controller drives and pulls, and what comes back from the wires.
#include <bit>
#include <utility>

#include "hardware/controller.h"

namespace gpioclx::hardware {

void Controller::touch(Bank& bank, Effect effect) {
    bank.effects |= static_cast<std::uint8_t>(effect);
    if (bank.touched) return;
    bank.touched = true;
    touched_.push_back(static_cast<std::uint16_t>(&bank - banks_.data()));
}

// Brings about what an access changed. All pads take their new drivers before any wire resolves:
// two pins that swap roles in one write do not fight in between.
void Controller::settle() {
    busy_ = true;
    constexpr auto pads =
        static_cast<std::uint8_t>(Effect::pads) | static_cast<std::uint8_t>(Effect::pulls);
    std::uint32_t wires_changed = 0;
    for (std::size_t i = 0; i < touched_.size(); ++i) {
        Bank& bank = banks_[touched_[i]];
        if (bank.effects & static_cast<std::uint8_t>(Effect::config)) update_triggers(bank);
        if (bank.effects & static_cast<std::uint8_t>(Effect::filter)) restart_filter(bank);
        if (bank.effects & pads) update_pads(bank);
        wires_changed |= bank.staged;
    }
    if (wires_changed != 0) {
        const std::size_t count = touched_.size();
        for (std::size_t i = 0; i < count; ++i) {
            Bank& bank = banks_[touched_[i]];
            for (std::uint32_t rest = std::exchange(bank.staged, 0); rest != 0; rest &= rest - 1) {
                terminals_[bank.first_pin + std::countr_zero(rest)].settle();
            }
        }
    }
    // Wires may have touched more banks of this controller meanwhile.
    for (std::size_t i = 0; i < touched_.size(); ++i) {
        Bank& bank = banks_[touched_[i]];
        bank.effects = 0;
        bank.touched = false;
        detect(bank);
    }
    touched_.clear();
    busy_ = false;
    if (!queued_outputs_.empty()) flush_outputs();
}

void Controller::update_pads(Bank& bank) {
    const std::uint32_t direction = bank[Plane::direction];
    std::uint32_t outputs = direction;
    if (layout_.has_function) {
        outputs = bank[Plane::function_output] | (bank[Plane::function_gpio] & direction);
    }
    bank[Plane::is_output] = outputs;
    const std::uint32_t hardware = bank[Plane::hardware] | bank[Plane::function_hardware];
    std::uint32_t on = (outputs & ~hardware) | (bank[Plane::alternate_on] & hardware);
    std::uint32_t high = ((bank[Plane::latch] ^ bank[Plane::output_invert]) & ~hardware) |
                         (bank[Plane::alternate_high] & hardware);
    on &= ~(bank[Plane::open_drain] & high) & bank.pins & ~bank.off;
    high &= on;

    std::uint32_t up = bank[Plane::pull_up];
    std::uint32_t down = bank[Plane::pull_down];
    if (layout_.has_pull_enable) {
        up |= bank[Plane::pull_enable] & bank[Plane::pull_select];
        down |= bank[Plane::pull_enable] & ~bank[Plane::pull_select];
    }
    up &= ~bank.off;
    down &= ~bank.off;
    const std::uint32_t changed = (on ^ bank.drive_on) | (high ^ bank.drive_high) |
                                  (up ^ bank.pulled_up) | (down ^ bank.pulled_down);
    bank.drive_on = on;
    bank.drive_high = high;
    bank.drove_high |= high;
    bank.drove_low |= on & ~high;
    bank.pulled_up = up & bank.pins;
    bank.pulled_down = down & bank.pins;
    if ((bank.pins & ~bank.wired) != 0) update_unwired_pads(bank);
    if ((changed & bank.wired) != 0) stage_wires(bank, changed & bank.wired);
}

// A pad without a wire: its own driver, else its own pull, else what it was.
void Controller::update_unwired_pads(Bank& bank) {
    const std::uint32_t unwired = bank.pins & ~bank.wired;
    const std::uint32_t on = bank.drive_on;
    const std::uint32_t old = bank[Plane::pad];
    const std::uint32_t held = ~on & ~bank.pulled_up & ~bank.pulled_down;
    const std::uint32_t now = (on & bank.drive_high) | (~on & bank.pulled_up) | (held & old);
    bank.rose |= now & ~old & unwired;
    bank.fell |= old & ~now & unwired;
    bank[Plane::pad] = (old & ~unwired) | (now & unwired);
    bank.floating = (bank.floating & ~unwired) | (held & unwired);
}

void Controller::stage_wires(Bank& bank, std::uint32_t changed) {
    bank.staged |= changed;
    for (std::uint32_t rest = changed; rest != 0; rest &= rest - 1) {
        const unsigned bit = static_cast<unsigned>(std::countr_zero(rest));
        Terminal& terminal = terminals_[bank.first_pin + bit];
        const bool on = (bank.drive_on >> bit) & 1;
        terminal.stage_drive(on ? drive_of((bank.drive_high >> bit) & 1) : Drive::off);
        terminal.stage_pull((bank.pulled_up >> bit) & 1     ? Pull::up
                            : (bank.pulled_down >> bit) & 1 ? Pull::down
                                                            : Pull::none);
    }
}

void Controller::wire_level(std::uint32_t tag, bool high, bool floating) {
    Bank& bank = banks_[tag >> 5];
    const std::uint32_t bit = 1u << (tag & 31);
    if (floating) {
        bank.floating |= bit;
    } else {
        bank.floating &= ~bit;
        bank.floating_reported &= ~bit;
    }
    std::uint32_t& pad = bank[Plane::pad];
    if (((pad & bit) != 0) == high) return;
    pad ^= bit;
    (high ? bank.rose : bank.fell) |= bit;
    if (busy_) return touch(bank, Effect::none);
    detect(bank);
    if (!queued_outputs_.empty()) flush_outputs();
}

void Controller::drive_alternate(unsigned pin, Drive drive) {
    Bank& bank = banks_[layout_.bank_of_pin[pin]];
    const std::uint32_t bit = 1u << (pin - bank.first_pin);
    std::uint32_t& on = bank[Plane::alternate_on];
    std::uint32_t& high = bank[Plane::alternate_high];
    on = drive == Drive::off ? on & ~bit : on | bit;
    high = drive == Drive::high ? high | bit : high & ~bit;
    touch(bank, Effect::pads);
    settle();
}

}  // namespace gpioclx::hardware
