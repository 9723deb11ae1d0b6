// Registers: from an access to the planes and stores behind it.
#include <algorithm>
#include <bit>
#include <cassert>

#include "hardware/controller.h"

namespace gpioclx::hardware {
namespace {

std::uint64_t byte_mask(unsigned bytes) {
    return bytes >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * bytes)) - 1;
}

}  // namespace

const Cell* Controller::cell_at(std::uint64_t offset) const {
    const std::uint64_t word = offset >> stride_shift_;
    if (word >= layout_.cell_of_word.size()) return nullptr;
    const std::uint16_t index = layout_.cell_of_word[word];
    return index == RegisterLayout::no_cell ? nullptr : &layout_.cells[index];
}

std::uint64_t Controller::read(std::uint64_t offset, unsigned bytes) {
    if (!check_access(offset, bytes)) return 0;
    if (bytes > map_.stride) return read_slowly(offset, bytes);
    const Cell* cell = cell_at(offset);
    const unsigned shift = 8 * static_cast<unsigned>(offset & (map_.stride - 1));
    if (!cell || shift >= map_.width) [[unlikely]] {
        report(HardwareEvent::Kind::unmapped_read, offset);
        return 0;
    }
    const std::uint64_t value = read_word(*cell, offset);
    if (cell->write_only) [[unlikely]] report(HardwareEvent::Kind::read_of_write_only, offset);
    report_floating(*cell, offset);
    if (cell->read_clears) clear_by_read(*cell, static_cast<std::uint32_t>(byte_mask(bytes) << shift));
    return (value >> shift) & byte_mask(bytes);
}

std::uint64_t Controller::peek(std::uint64_t offset, unsigned bytes) const {
    std::uint64_t value = 0;
    for (unsigned done = 0; done < bytes;) {
        const std::uint64_t at = offset + done;
        const unsigned in_word = static_cast<unsigned>(at & (map_.stride - 1));
        const unsigned take = std::min(bytes - done, map_.stride - in_word);
        const Cell* cell = cell_at(at);
        const std::uint64_t word = cell ? read_word(*cell, at) : 0;
        value |= ((word >> (8 * in_word)) & byte_mask(take)) << (8 * done);
        done += take;
    }
    return value;
}

// Accesses wider than the distance of words: word after word, as a bus bridge does it.
std::uint64_t Controller::read_slowly(std::uint64_t offset, unsigned bytes) {
    std::uint64_t value = 0;
    for (unsigned done = 0; done < bytes; done += map_.stride) {
        const std::uint64_t at = offset + done;
        const Cell* cell = cell_at(at);
        if (!cell) {
            report(HardwareEvent::Kind::unmapped_read, at);
            continue;
        }
        value |= static_cast<std::uint64_t>(read_word(*cell, at)) << (8 * done);
        report_floating(*cell, at);
        if (cell->read_clears) clear_by_read(*cell, word_bits_mask_);
    }
    return value;
}

// Reports what a bus of the chip would not do; false if nothing sensible can be done.
bool Controller::check_access(std::uint64_t offset, unsigned bytes) {
    assert(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
    if ((map_.access_bytes & bytes) != 0 && (offset & (bytes - 1)) == 0) [[likely]] return true;
    if ((offset & (bytes - 1)) != 0) {
        report(HardwareEvent::Kind::misaligned_access, offset);
        return false;
    }
    report(HardwareEvent::Kind::access_width, offset, bytes * 8);
    return true;
}

std::uint32_t Controller::read_word(const Cell& cell, std::uint64_t offset) const {
    std::uint32_t value = 0;
    const Part* part = &layout_.parts[cell.first_part];
    for (unsigned i = 0; i < cell.part_count; ++i) value |= read_part(part[i]);
    if (cell.window_mask != 0) {
        value &= static_cast<std::uint32_t>(offset >> cell.window_shift) & cell.window_mask;
    }
    return value;
}

std::uint32_t Controller::read_part(const Part& part) const {
    if (part.read == Part::Read::store) return stores_[part.store] & part.word_mask;
    const Bank& bank = banks_[part.bank];
    const auto pads = [&bank] {
        return (bank[Plane::pad] ^ bank[Plane::input_invert]) & bank[Plane::input_enable] &
               ~bank[Plane::function_analog];
    };
    switch (part.read) {
        case Part::Read::zero: case Part::Read::store: return 0;
        case Part::Read::plane: return part.to_word(bank[part.plane] ^ part.invert);
        case Part::Read::pad: return part.to_word(pads());
        case Part::Read::input_path: return part.to_word(pads() & ~bank[Plane::is_output]);
        case Part::Read::data: {
            const std::uint32_t outputs = bank[Plane::is_output];
            return part.to_word((bank[Plane::latch] & outputs) | (pads() & ~outputs));
        }
        case Part::Read::latch: return part.to_word(bank[Plane::latch]);
        case Part::Read::raw: return part.to_word(bank[Plane::raw] ^ part.invert);
        case Part::Read::masked: return part.to_word(bank[Plane::raw] & bank[Plane::unmask]);
    }
    return 0;
}

// An input that nothing drives reads as an accident. Told once for each floating period; pins
// without a wire are not told at all, for a word read always has some of them.
void Controller::report_floating(const Cell& cell, std::uint64_t offset) {
    for (unsigned i = 0; i < cell.part_count; ++i) {
        const Part& part = layout_.parts[cell.first_part + i];
        if (part.read != Part::Read::pad && part.read != Part::Read::data &&
            part.read != Part::Read::input_path) {
            continue;
        }
        Bank& bank = banks_[part.bank];
        std::uint32_t pins = bank.floating & bank.wired & ~bank.floating_reported &
                             ~bank[Plane::function_analog] & part.bank_mask;
        if (part.read != Part::Read::pad) pins &= ~bank[Plane::is_output];
        if (pins == 0) [[likely]] continue;
        if (cell.window_mask != 0) {
            pins &= part.to_bank(static_cast<std::uint32_t>(offset >> cell.window_shift) &
                                 cell.window_mask);
            if (pins == 0) continue;
        }
        bank.floating_reported |= pins;
        report_part(HardwareEvent::Kind::floating_read, part, pins);
    }
}

void Controller::clear_by_read(const Cell& cell, std::uint32_t lanes) {
    for (unsigned i = 0; i < cell.part_count; ++i) {
        const Part& part = layout_.parts[cell.first_part + i];
        if (!part.read_clears) continue;
        Bank& bank = banks_[part.bank];
        bank[part.plane] &= ~part.to_bank(lanes);
        touch(bank, part.effect);
    }
    settle();
}

void Controller::write(std::uint64_t offset, unsigned bytes, std::uint64_t value) {
    if (!check_access(offset, bytes)) return;
    if (bytes > map_.stride) return write_slowly(offset, bytes, value);
    const Cell* cell = cell_at(offset);
    const unsigned shift = 8 * static_cast<unsigned>(offset & (map_.stride - 1));
    if (!cell || shift >= map_.width) [[unlikely]] {
        return report(HardwareEvent::Kind::unmapped_write, offset, value);
    }
    const std::uint32_t lanes =
        static_cast<std::uint32_t>(byte_mask(bytes) << shift) & word_bits_mask_;
    write_word(*cell, offset, static_cast<std::uint32_t>(value << shift) & lanes, lanes);
}

void Controller::write_slowly(std::uint64_t offset, unsigned bytes, std::uint64_t value) {
    for (unsigned done = 0; done < bytes; done += map_.stride) {
        const std::uint64_t at = offset + done;
        const std::uint32_t word = static_cast<std::uint32_t>(value >> (8 * done));
        if (const Cell* cell = cell_at(at)) {
            write_word(*cell, at, word & word_bits_mask_, word_bits_mask_);
        } else {
            report(HardwareEvent::Kind::unmapped_write, at, word);
        }
    }
}

void Controller::apply_write_enable(const Cell& cell, std::uint32_t& value,
                                    std::uint32_t& lanes) const {
    std::uint32_t enables = 0;
    switch (cell.write_enable) {
        case WriteEnable::none: return;
        case WriteEnable::upper_half:
            enables = (value >> 16) & 0xFFFF;
            if (!cell.write_enable_value) enables ^= 0xFFFF;
            break;
        case WriteEnable::upper_byte:
            enables = (value >> 8) & 0xFF;
            if (!cell.write_enable_value) enables ^= 0xFF;
            break;
        case WriteEnable::lower_half:
            enables = value & 0xFFFF;
            if (!cell.write_enable_value) enables ^= 0xFFFF;
            value >>= 16;
            lanes >>= 16;
            break;
    }
    lanes &= enables;
    value &= lanes;
}

void Controller::apply_alias(const Cell& cell, std::uint64_t offset, std::uint32_t& value,
                             std::uint32_t& lanes) const {
    const AliasAction action = layout_.alias_of_word[offset >> stride_shift_];
    if (action == AliasAction::none) return;
    const std::uint32_t base = read_word(cell, offset);
    switch (action) {
        case AliasAction::exclusive_or: value = base ^ value; break;
        case AliasAction::set: value = base | value; break;
        case AliasAction::clear: value = base & ~value; break;
        case AliasAction::none: break;
    }
    lanes = word_bits_mask_;
}

void Controller::write_word(const Cell& cell, std::uint64_t offset, std::uint32_t value,
                            std::uint32_t lanes) {
    if (!layout_.alias_of_word.empty()) apply_alias(cell, offset, value, lanes);
    if (cell.write_enable != WriteEnable::none) apply_write_enable(cell, value, lanes);
    if (cell.window_mask != 0) {
        lanes &= static_cast<std::uint32_t>(offset >> cell.window_shift) & cell.window_mask;
        value &= lanes;
    }
    if (cell.read_only) [[unlikely]] {
        return report(HardwareEvent::Kind::write_to_read_only, offset, value);
    }
    const Part* part = &layout_.parts[cell.first_part];
    const std::uint32_t reserved = value & lanes & ~cell.implemented;
    // "Ones elsewhere" is how one writes a register whose zeros act.
    if (reserved != 0 && !(cell.part_count && part->write == Part::Write::clear_zeros))
        [[unlikely]] {
        report(HardwareEvent::Kind::reserved_bits_set, offset, value, reserved);
    }
    for (unsigned i = 0; i < cell.part_count; ++i) write_part(part[i], value, lanes);
    if (!touched_.empty()) settle();
}

void Controller::write_part(const Part& part, std::uint32_t value, std::uint32_t lanes) {
    if ((lanes & part.word_mask) == 0) return;
    switch (part.write) {
        case Part::Write::ignored: return;
        case Part::Write::store: return write_store(part, value, lanes);
        case Part::Write::fields: return write_fields(part, value, lanes);
        default: break;
    }
    Bank& bank = banks_[part.bank];
    std::uint32_t mask = part.to_bank(lanes);
    if (part.lockable) {
        const std::uint32_t locked = mask & bank[Plane::lock];
        const std::uint32_t now = bank[part.plane] ^ part.invert;
        const std::uint32_t lost = (now ^ part.to_bank(value)) & locked;
        if (lost != 0) report_part(HardwareEvent::Kind::locked_write, part, lost);
        mask &= ~locked;
    }
    if (part.outputs_only) mask &= bank[Plane::is_output];
    const std::uint32_t bits = part.to_bank(value) & mask;
    if (part.write == Part::Write::strobe) return write_strobe(part, bank, bits, mask);
    write_plane(part, bank, bits, mask);
}

// `value` within `mask`, both in bank bits.
void Controller::write_plane(const Part& part, Bank& bank, std::uint32_t value,
                             std::uint32_t mask) {
    const std::uint32_t old = bank[part.plane];
    std::uint32_t bits = old ^ part.invert;  // in the register's sense
    switch (part.write) {
        case Part::Write::assign: bits = (bits & ~mask) | value; break;
        case Part::Write::set: bits |= value; break;
        case Part::Write::clear: bits &= ~value; break;
        case Part::Write::toggle: bits ^= value; break;
        case Part::Write::clear_zeros: bits &= ~(mask & ~value); break;
        case Part::Write::soft_trigger: {
            // Only a rising bit triggers; the bit falls with the status (below).
            const std::uint32_t triggered = value & ~bits;
            bits |= value;
            bank[Plane::status] |= triggered;
            if (triggered != 0) touch(bank, Effect::none);
            break;
        }
        default: assert(!"not a plane write"); break;
    }
    const std::uint32_t now = bits ^ part.invert;
    if (now == old) return;
    bank[part.plane] = now;
    if (part.plane == Plane::status) bank[Plane::soft_trigger] &= ~(old & ~now);
    if (part.effect == Effect::config) {
        bank.reconfigured |= now ^ old;
        reconfigured_by_ = part.register_index;
    }
    if (part.may_sample && (now & ~old) != 0) turn_on_outputs(part, bank, now & ~old);
    touch(bank, part.effect);
}

// Choice: a pin that becomes an output drives what the latch had, or what the input sampled last.
void Controller::turn_on_outputs(const Part& part, Bank& bank, std::uint32_t turned_on) {
    if (surroundings_->choose(turn_on_choices_[part.register_index], 2) == 0) return;
    bank[Plane::latch] = (bank[Plane::latch] & ~turned_on) | (bank[Plane::pad] & turned_on);
}

void Controller::write_store(const Part& part, std::uint32_t value, std::uint32_t lanes) {
    const std::uint32_t bits = lanes & part.word_mask;
    const std::uint32_t old = stores_[part.store];
    stores_[part.store] = (old & ~bits) | (value & bits);
    if (part.role == Role::pull_command) write_pull_command(part, old, stores_[part.store]);
}

void Controller::write_fields(const Part& part, std::uint32_t value, std::uint32_t lanes) {
    const std::uint32_t bits = lanes & part.word_mask;
    const std::uint32_t field = (1u << part.field_bits) - 1;
    std::uint32_t changed = (stores_[part.store] ^ value) & bits;
    while (changed != 0) {
        const unsigned index = (std::countr_zero(changed) - part.first_bit) / part.field_bits;
        const unsigned shift = part.first_bit + index * part.field_bits;
        const std::uint32_t mask = field << shift;
        const unsigned pin = part.first_pin + index;
        changed &= ~mask;
        Bank& bank = banks_[layout_.bank_of_pin[pin]];
        const std::uint32_t bit = 1u << (pin - bank.first_pin);
        if (part.lockable && (bank[Plane::lock] & bit) != 0) {
            report_part(HardwareEvent::Kind::locked_write, part, bit);
            continue;
        }
        std::uint32_t& store = stores_[part.store];
        store = (store & ~(mask & bits)) | (value & mask & bits);
        decode_field(part, pin, (store >> shift) & field, false);
        if (part.effect == Effect::config) {
            bank.reconfigured |= bit;
            reconfigured_by_ = part.register_index;
        }
        touch(bank, part.effect);
    }
}

void Controller::decode_field(const Part& part, unsigned pin, std::uint32_t code, bool quiet) {
    Bank& bank = banks_[layout_.bank_of_pin[pin]];
    const std::uint32_t bit = 1u << (pin - bank.first_pin);
    const std::uint8_t meaning = layout_.codes[part.codes].meanings[code];
    const auto put = [&](Plane plane, bool on) {
        bank[plane] = on ? bank[plane] | bit : bank[plane] & ~bit;
    };
    bool reserved = false;
    if (part.role == Role::function) {
        const auto function = static_cast<Function>(meaning);
        put(Plane::function_output, function == Function::output);
        put(Plane::function_gpio, function == Function::gpio || function == Function::interrupt);
        put(Plane::function_hardware, function == Function::hardware);
        put(Plane::function_interrupt, function == Function::interrupt);
        put(Plane::function_analog, function == Function::analog);
        reserved = function == Function::reserved;
    } else if (part.role == Role::int_config) {
        const auto trigger = static_cast<Trigger>(meaning);
        put(Plane::config_low, trigger == Trigger::low);
        put(Plane::config_high, trigger == Trigger::high);
        put(Plane::config_rising, trigger == Trigger::rising);
        put(Plane::config_falling, trigger == Trigger::falling);
        put(Plane::config_both, trigger == Trigger::both);
        reserved = trigger == Trigger::reserved;
    } else {
        const auto pull = static_cast<PullCode>(meaning);
        put(Plane::pull_up, pull == PullCode::up);
        put(Plane::pull_down, pull == PullCode::down);
        reserved = pull == PullCode::reserved;
    }
    if (reserved && !quiet) report_part(HardwareEvent::Kind::reserved_value, part, bit);
}

// The pull of a pin is taken over when its strobe rises; the command must have been stable before
// and stay so after (wait_ns each).
void Controller::write_strobe(const Part& part, Bank& bank, std::uint32_t value,
                              std::uint32_t mask) {
    const std::uint32_t old = bank[Plane::pull_strobe];
    const std::uint32_t now = (old & ~mask) | value;
    const std::uint32_t rising = now & ~old;
    const std::uint32_t falling = old & ~now;
    bank[Plane::pull_strobe] = now;
    const std::uint64_t time_ns = surroundings_->now_ns();
    if (falling != 0 && time_ns - pull_strobe_at_ns_ < layout_.strobe_wait_ns) {
        report_part(HardwareEvent::Kind::pull_sequence, part, falling,
                    "the strobe was taken away before the hold time was over");
    }
    if (rising == 0) return;
    if (time_ns - pull_command_at_ns_ < layout_.strobe_wait_ns) {
        report_part(HardwareEvent::Kind::pull_sequence, part, rising,
                    "the strobe came before the set-up time of the command was over");
    }
    pull_strobe_at_ns_ = time_ns;
    if (layout_.pull_command_store == RegisterLayout::no_cell) return;
    const auto& meanings = layout_.codes[layout_.pull_command_codes].meanings;
    const std::uint32_t command = stores_[layout_.pull_command_store] & 3;
    const auto pull = static_cast<PullCode>(meanings[command]);
    if (pull == PullCode::reserved) return;  // reported when it was written
    bank[Plane::pull_up] &= ~rising;
    bank[Plane::pull_down] &= ~rising;
    if (pull == PullCode::up) bank[Plane::pull_up] |= rising;
    if (pull == PullCode::down) bank[Plane::pull_down] |= rising;
    touch(bank, Effect::pulls);
}

void Controller::write_pull_command(const Part& part, std::uint32_t old_value,
                                    std::uint32_t new_value) {
    const std::uint64_t time_ns = surroundings_->now_ns();
    const auto pull = static_cast<PullCode>(layout_.codes[part.codes].meanings[new_value & 3]);
    if (pull == PullCode::reserved) report_part(HardwareEvent::Kind::reserved_value, part, 0);
    for (const Bank& bank : banks_) {
        const std::uint32_t strobed = bank[Plane::pull_strobe];
        if (strobed == 0 || new_value == old_value) continue;
        // Taking the command away under the strobe is the documented end of the sequence.
        const bool ends = pull == PullCode::none;
        if (!ends) {
            report_part(HardwareEvent::Kind::pull_sequence, part, 0,
                        "the command changed while a strobe bit is 1");
        } else if (time_ns - pull_strobe_at_ns_ < layout_.strobe_wait_ns) {
            report_part(HardwareEvent::Kind::pull_sequence, part, 0,
                        "the command was taken away before the hold time was over");
        }
        break;
    }
    pull_command_at_ns_ = time_ns;
}

void Controller::report(HardwareEvent::Kind kind, std::uint64_t offset, std::uint64_t value,
                        std::uint32_t bits) {
    surroundings_->report({.kind = kind,
                           .source = name(),
                           .register_name = register_name(offset),
                           .offset = offset,
                           .value = value,
                           .bits = bits});
}

void Controller::report_part(HardwareEvent::Kind kind, const Part& part, std::uint32_t pins,
                             std::string_view detail) {
    const RegisterSpec& spec = map_.registers[part.register_index];
    surroundings_->report(
        {.kind = kind,
         .source = name(),
         .register_name = spec.name,
         .offset = spec.offsets.empty() ? 0 : spec.offsets[part.word_index],
         .first_pin = banks_[part.bank].first_pin,
         .pins = pins,
         .detail = detail});
}

}  // namespace gpioclx::hardware
