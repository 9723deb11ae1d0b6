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
    if (some_off_ && !check_power(offset, bytes, false, 0)) [[unlikely]]
        return 0;
    if (bytes > map_.stride) return read_slowly(offset, bytes);
    const Cell* cell = cell_at(offset);
    const unsigned shift = 8 * static_cast<unsigned>(offset & (map_.stride - 1));
    if (!cell || shift >= map_.width) [[unlikely]] {
        report(HardwareEvent::Kind::unmapped_read, offset);
        return 0;
    }
    if (lock_step_ != 0) confirm_lock(*cell);
    const std::uint64_t value = read_word(*cell, offset);
    if (cell->write_only) [[unlikely]]
        report(HardwareEvent::Kind::read_of_write_only, offset);
    report_floating(*cell, offset);
    if (cell->read_clears)
        clear_by_read(*cell, static_cast<std::uint32_t>(byte_mask(bytes) << shift));
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
        if (lock_step_ != 0) confirm_lock(*cell);
        value |= static_cast<std::uint64_t>(read_word(*cell, at)) << (8 * done);
        report_floating(*cell, at);
        if (cell->read_clears) clear_by_read(*cell, word_bits_mask_);
    }
    return value;
}

// Reports what a bus of the chip would not do; false if nothing sensible can be done.
bool Controller::check_access(std::uint64_t offset, unsigned bytes) {
    assert(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
    if ((map_.access_bytes & bytes) != 0 && (offset & (bytes - 1)) == 0) [[likely]]
        return true;
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
    if (some_off_) [[unlikely]]
        value &= ~bits_without_power(cell);
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
        case Part::Read::zero:
        case Part::Read::store: return 0;
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
        if (pins == 0) [[likely]]
            continue;
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
        if (!part.read_clears || part.write == Part::Write::lock_sequence) continue;
        Bank& bank = banks_[part.bank];
        if (part.access == Access::rc) {
            bank[part.plane] &= ~part.to_bank(lanes);
        } else {
            // Somebody looked: from now on the comparators remember the pads as they are.
            const std::uint32_t seen = part.bank_mask;
            bank[Plane::reference] = (bank[Plane::reference] & ~seen) | (bank[Plane::pad] & seen);
            bank[Plane::cause] &= ~seen;
        }
        touch(bank, part.effect);
    }
    settle();
}

void Controller::write(std::uint64_t offset, unsigned bytes, std::uint64_t value) {
    if (!check_access(offset, bytes)) return;
    if (some_off_ && !check_power(offset, bytes, true, value)) [[unlikely]]
        return;
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
    if (some_off_) [[unlikely]] {
        lanes &= ~bits_without_power(cell);
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
        case Part::Write::lock_sequence: return write_lock_sequence(part, value, lanes);
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
    const std::uint32_t old = stores_[part.store];
    std::uint32_t bits = lanes & part.word_mask;
    if (part.lockable) {
        const std::uint32_t locked = locked_fields(part) & bits;
        if (((old ^ value) & locked) != 0) report_part(HardwareEvent::Kind::locked_write, part, 0);
        bits &= ~locked;
    }
    stores_[part.store] = (old & ~bits) | (value & bits);
    if (part.role == Role::pull_command) write_pull_command(part, old, stores_[part.store]);
    if (part.store < 64 && ((layout_.output_control_stores >> part.store) & 1) != 0) {
        follow_output_controls();
    }
}

std::uint8_t Controller::read_serially(std::uint64_t offset) {
    surroundings_->serial_access_begins(*this, false, offset, 0);
    const auto value = static_cast<std::uint8_t>(read(offset, 1));
    surroundings_->serial_access(*this, false, offset, value);
    return value;
}

void Controller::write_serially(std::uint64_t offset, std::uint8_t value) {
    surroundings_->serial_access_begins(*this, true, offset, value);
    surroundings_->serial_access(*this, true, offset, value);
    write(offset, 1, value);
}

void Controller::report_hole(bool write, std::uint64_t offset, std::uint8_t value) {
    surroundings_->report(
        {.kind = write ? HardwareEvent::Kind::unmapped_write : HardwareEvent::Kind::unmapped_read,
         .source = name(),
         .offset = offset,
         .value = value});
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
    surroundings_->report({.kind = kind,
                           .source = name(),
                           .register_name = spec.name,
                           .offset = part.offset,
                           .first_pin = banks_[part.bank].first_pin,
                           .pins = pins,
                           .detail = detail});
}

}  // namespace gpioclx::hardware
