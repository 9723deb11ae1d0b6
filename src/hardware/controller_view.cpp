// What tests and checkers ask. Nothing in here changes anything.
#include "hardware/controller.h"

namespace gpioclx::hardware {

PinState Controller::pin(unsigned pin) const {
    PinState state;
    state.pin = pin;
    state.bank = layout_.bank_of_pin[pin];
    const Bank& bank = banks_[state.bank];
    state.bit = pin - bank.first_pin;
    const auto has = [&](std::uint32_t bits) { return ((bits >> state.bit) & 1) != 0; };
    state.output = has(bank[Plane::is_output]);
    state.driving = has(bank.drive_on);
    state.latch = has(bank[Plane::latch]);
    state.high = has(bank[Plane::pad]);
    state.floating = has(bank.floating);
    state.wired = has(bank.wired);
    state.hardware = has(bank[Plane::hardware] | bank[Plane::function_hardware]);
    state.pull = has(bank.pulled_up) ? Pull::up : has(bank.pulled_down) ? Pull::down : Pull::none;
    state.enabled = has(bank[Plane::enable]);
    state.unmasked = has(bank[Plane::unmask]);
    state.status = has(bank[Plane::raw]);
    state.pending = has(bank.asserted[0]);
    state.rising = has(bank.rising);
    state.falling = has(bank.falling);
    state.level_high = has(bank.level_high);
    state.level_low = has(bank.level_low);
    for (const Part& part : layout_.parts) {
        if (part.role != Role::function || pin < part.first_pin ||
            pin >= part.first_pin + part.pin_count) {
            continue;
        }
        const unsigned shift = part.first_bit + (pin - part.first_pin) * part.field_bits;
        const std::uint32_t code =
            (stores_[part.store] & part.field_mask(pin - part.first_pin)) >> shift;
        state.function = layout_.codes[part.codes].names[code];
    }
    return state;
}

std::uint32_t Controller::control_word(std::string_view register_name) const {
    const auto store = store_of(map_, layout_, register_name);
    return store ? stores_[*store] : 0;
}

std::string_view Controller::register_name(std::uint64_t offset) const {
    const Cell* cell = cell_at(offset);
    return cell ? std::string_view(map_.registers[cell->register_index].name) : std::string_view();
}

bool Controller::read_has_side_effects(std::uint64_t offset) const {
    const Cell* cell = cell_at(offset);
    return cell && cell->read_clears;
}

std::vector<PinBits> Controller::bits_of_pin(unsigned pin) const {
    std::vector<PinBits> all;
    for (const Cell& cell : layout_.cells) {
        for (unsigned i = 0; i < cell.part_count; ++i) {
            const Part& part = layout_.parts[cell.first_part + i];
            if (pin < part.first_pin || pin >= part.first_pin + part.pin_count) continue;
            const unsigned index = pin - part.first_pin;
            PinBits bits;
            bits.register_name = map_.registers[part.register_index].name;
            bits.offset = cell.offset;
            bits.role = part.role;
            bits.access = part.access;
            bits.mask = part.bank_mask != 0
                            ? part.to_word(1u << (pin - banks_[part.bank].first_pin))
                            : part.field_mask(index);
            all.push_back(bits);
        }
    }
    return all;
}

PinList Controller::pins_of_bits(std::uint64_t offset, std::uint32_t bits) const {
    PinList pins;
    const Cell* cell = cell_at(offset);
    if (!cell) return pins;
    if (cell->window_mask != 0) {
        bits &= static_cast<std::uint32_t>(offset >> cell->window_shift) & cell->window_mask;
    }
    std::vector<bool> owned(map_.pins);
    for (unsigned i = 0; i < cell->part_count; ++i) {
        const Part& part = layout_.parts[cell->first_part + i];
        for (unsigned k = 0; k < part.pin_count; ++k) {
            const unsigned pin = part.first_pin + k;
            const std::uint32_t mask = part.bank_mask != 0
                                           ? part.to_word(1u << (pin - banks_[part.bank].first_pin))
                                           : part.field_mask(k);
            if ((mask & bits) != 0) owned[pin] = true;
        }
    }
    for (unsigned pin = 0; pin < map_.pins; ++pin) {
        if (owned[pin]) pins.push_back(static_cast<std::uint16_t>(pin));
    }
    return pins;
}

std::optional<std::uint32_t> Controller::offset_of(std::string_view register_name,
                                                   unsigned word) const {
    for (std::size_t i = 0; i < map_.registers.size(); ++i) {
        if (map_.registers[i].name != register_name) continue;
        unsigned index = 0;
        for (const Cell& cell : layout_.cells) {
            for (unsigned p = 0; p < cell.part_count; ++p) {
                if (layout_.parts[cell.first_part + p].register_index != i) continue;
                if (index++ == word) return cell.offset;
                break;
            }
        }
    }
    return std::nullopt;
}

}  // namespace gpioclx::hardware
