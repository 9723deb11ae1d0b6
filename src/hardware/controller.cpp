#include "hardware/controller.h"

#include <fmt/format.h>

#include <bit>
#include <cassert>
#include <utility>

namespace gpioclx::hardware {

Result<std::unique_ptr<Controller>> Controller::create(std::string name, RegisterMap map,
                                                       Surroundings& surroundings) {
    auto layout = build_register_layout(map);
    if (!layout) return layout.error();
    return std::unique_ptr<Controller>(
        new Controller(std::move(name), std::move(map), std::move(*layout), surroundings));
}

Controller::Controller(std::string name, RegisterMap map, RegisterLayout layout,
                       Surroundings& surroundings)
    : Device(std::move(name), map.name),
      map_(std::move(map)),
      layout_(std::move(layout)),
      surroundings_(&surroundings),
      word_bits_mask_(map_.width == 32 ? 0xFFFFFFFFu : (1u << map_.width) - 1),
      stride_shift_(static_cast<std::uint8_t>(std::countr_zero(map_.stride))),
      banks_(layout_.banks),
      stores_(layout_.store_count),
      terminals_(map_.pins),
      outputs_(layout_.outputs.size()),
      changed_at_ns_(map_.pins) {
    if (map_.interrupt) rules_ = *map_.interrupt;
    touched_.reserve(banks_.size());
    queued_outputs_.reserve(outputs_.size());
    for (const RegisterSpec& spec : map_.registers) {
        reconfigure_choices_.push_back(fmt::format("{}/reconfigure/{}", Device::name(), spec.name));
        turn_on_choices_.push_back(fmt::format("{}/turn_on/{}", Device::name(), spec.name));
        power_choices_.push_back(fmt::format("{}/power_loss/{}", Device::name(), spec.name));
    }
    reset(ResetKind::cold);
}

Result<void> Controller::connect(unsigned pin, Wire& wire) {
    if (auto possible = check_connect(pin, pin < map_.pins && terminals_[pin].connected());
        !possible) {
        return possible;
    }
    const std::uint16_t bank_index = layout_.bank_of_pin[pin];
    Bank& bank = banks_[bank_index];
    const unsigned bit = pin - bank.first_pin;
    const std::uint32_t mask = 1u << bit;
    terminals_[pin] = wire.attach(this, (static_cast<std::uint32_t>(bank_index) << 5) | bit,
                                  fmt::format("{}.{}", name(), pin));
    bank.wired |= mask;
    // Soldering makes no edge: the pad takes the wire's level without telling the detectors.
    busy_ = true;
    stage_wires(bank, mask);
    terminals_[pin].settle();
    busy_ = false;
    bank.staged &= ~mask;
    bank[Plane::pad] = (bank[Plane::pad] & ~mask) | (wire.high() ? mask : 0);
    bank.floating = (bank.floating & ~mask) | (wire.floating() ? mask : 0);
    bank.rose &= ~mask;
    bank.fell &= ~mask;
    bank.seen = (bank.seen & ~mask) | (bank[Plane::pad] & ~bank[Plane::is_output] & mask);
    bank[Plane::reference] = (bank[Plane::reference] & ~mask) | (bank[Plane::pad] & mask);
    // Level detectors do look at it, also where the wire had its level before.
    touch(bank, Effect::none);
    settle();
    return {};
}

void Controller::connect_output(unsigned index, Wire& wire) {
    assert(index < outputs_.size() && !outputs_[index].terminal.connected());
    OutputState& state = outputs_[index];
    state.terminal = wire.attach(nullptr, 0, fmt::format("{}.{}", name(), output(index).name));
    state.queued = true;
    queued_outputs_.push_back(static_cast<std::uint16_t>(index));
    flush_outputs();
}

void Controller::reset(ResetKind kind) {
    busy_ = true;
    reset_planes(kind);
    for (Bank& bank : banks_) {
        touch(bank, Effect::pads);
        update_pads(bank);
    }
    for (Terminal& terminal : terminals_) {
        if (terminal.connected()) terminal.settle();
    }
    for (Bank& bank : banks_) {
        // What pads did while the reset was on is nobody's edge.
        bank.rose = bank.fell = 0;
        bank.seen = bank[Plane::pad] & ~bank[Plane::is_output];
        bank.effects = 0;
        bank.reconfigured = 0;
        bank.floating_reported = 0;
        bank.filtering = rules_.debounce_ns != 0 ? bank[Plane::debounce] : 0;
        bank[Plane::filtered] = bank[Plane::pad];
        bank[Plane::reference] = bank[Plane::pad];
        update_triggers(bank);
    }
    pull_command_at_ns_ = pull_strobe_at_ns_ = 0;
    lock_step_ = 0;
    settle();
    if (layout_.output_control_stores != 0) follow_output_controls();
}

// Planes without a register have the value that makes them harmless.
void Controller::reset_planes(ResetKind kind) {
    const std::vector<Bank> before = banks_;
    const std::vector<std::uint32_t> stores_before = stores_;
    for (Bank& bank : banks_) {
        const std::uint32_t pad = bank[Plane::pad];
        const std::uint32_t alternate_on = bank[Plane::alternate_on];
        const std::uint32_t alternate_high = bank[Plane::alternate_high];
        bank.planes.fill(0);
        bank[Plane::pad] = pad;
        bank[Plane::alternate_on] = alternate_on;
        bank[Plane::alternate_high] = alternate_high;
        bank[Plane::enable] = bank[Plane::unmask] = bank[Plane::input_enable] = bank.pins;
        bank[Plane::polarity_high] = bank.pins;
        bank[Plane::pull_select] = layout_.pull_enable_up ? bank.pins : 0;
    }
    for (std::uint16_t pin : map_.pull_up_after_reset) {
        Bank& bank = banks_[layout_.bank_of_pin[pin]];
        bank[Plane::pull_up] |= 1u << (pin - bank.first_pin);
    }
    for (std::uint16_t pin : map_.pull_down_after_reset) {
        Bank& bank = banks_[layout_.bank_of_pin[pin]];
        bank[Plane::pull_down] |= 1u << (pin - bank.first_pin);
    }
    for (const Part& part : layout_.parts) {
        const bool kept = kind == ResetKind::warm && part.keep_on_warm_reset;
        if (!kept) {
            reset_part(part);
            continue;
        }
        const std::size_t plane = static_cast<std::size_t>(part.plane);
        Bank& bank = banks_[part.bank];
        bank.planes[plane] = (bank.planes[plane] & ~part.bank_mask) |
                             (before[part.bank].planes[plane] & part.bank_mask);
        if (part.bank_mask != 0) continue;
        Part as_reset = part;
        as_reset.reset = stores_before[part.store];
        reset_part(as_reset);
    }
    apply_function_after_reset();
}

void Controller::reset_part(const Part& part) {
    if (part.bank_mask != 0) {
        if (!part.resets) return;
        Bank& bank = banks_[part.bank];
        const std::uint32_t bits = part.to_bank(part.reset) ^ (part.invert & part.bank_mask);
        bank[part.plane] = (bank[part.plane] & ~part.bank_mask) | bits;
        return;
    }
    if (part.word_mask == 0) return;
    stores_[part.store] = part.reset & part.word_mask;
    if (part.write != Part::Write::fields) return;
    for (unsigned i = 0; i < part.pin_count; ++i) {
        const std::uint32_t code =
            (stores_[part.store] & part.field_mask(i)) >> (part.first_bit + i * part.field_bits);
        decode_field(part, part.first_pin + i, code, true);
    }
}

// For chips whose pins come up in functions that no reset value of the data sheet shows.
void Controller::apply_function_after_reset() {
    for (const auto& [function, pins] : map_.function_after_reset) {
        for (const Part& part : layout_.parts) {
            if (part.role != Role::function) continue;
            const std::vector<std::string>& names = layout_.codes[part.codes].names;
            for (std::uint16_t pin : pins) {
                if (pin < part.first_pin || pin >= part.first_pin + part.pin_count) continue;
                for (std::uint32_t code = 0; code < names.size(); ++code) {
                    if (names[code] != function) continue;
                    const unsigned shift =
                        part.first_bit + (pin - part.first_pin) * part.field_bits;
                    const std::uint32_t field = ((1u << part.field_bits) - 1) << shift;
                    stores_[part.store] = (stores_[part.store] & ~field) | (code << shift);
                    decode_field(part, pin, code, true);
                    break;
                }
            }
        }
    }
}

}  // namespace gpioclx::hardware
