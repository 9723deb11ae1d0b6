// Power that goes and comes back: what the registers lose, and who may not be asked meanwhile.
#include <algorithm>
#include <bit>
#include <utility>

#include "hardware/controller.h"

namespace gpioclx::hardware {

void Controller::set_power(bool on) {
    if (power_loss_ == PowerLoss::none || on == has_power_) return;
    has_power_ = on;
    follow_power();
}

void Controller::set_pin_power(unsigned first_pin, unsigned count, bool on) {
    if (power_loss_ == PowerLoss::none) return;
    const std::vector<std::uint32_t> pins = planes_of(first_pin, count);
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        std::uint32_t& off = banks_[i].switched_off;
        off = on ? off & ~pins[i] : off | pins[i];
    }
    follow_power();
}

// By bank, the pins in the range.
std::vector<std::uint32_t> Controller::planes_of(unsigned first_pin, unsigned count) const {
    std::vector<std::uint32_t> pins(banks_.size());
    const unsigned end = std::min(first_pin + count, map_.pins);
    for (unsigned pin = first_pin; pin < end; ++pin) {
        const std::uint16_t bank = layout_.bank_of_pin[pin];
        pins[bank] |= 1u << (pin - banks_[bank].first_pin);
    }
    return pins;
}

// Takes the power from pins that have just lost it, and gives it to those that have it again.
void Controller::follow_power() {
    busy_ = true;
    std::vector<std::uint32_t> changed(banks_.size()), lost(banks_.size());
    some_off_ = !has_power_;
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        Bank& bank = banks_[i];
        const std::uint32_t off = has_power_ ? bank.switched_off : bank.pins;
        changed[i] = off ^ bank.off;
        lost[i] = off & ~bank.off;
        bank.off = off;
        some_off_ |= off != 0;
    }
    lose_registers(lost, !has_power_);
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        if (changed[i] == 0) continue;
        touch(banks_[i], Effect::pads);
        update_pads(banks_[i]);
    }
    for (Bank& bank : banks_) {
        for (std::uint32_t rest = std::exchange(bank.staged, 0); rest != 0; rest &= rest - 1)
            terminals_[bank.first_pin + static_cast<unsigned>(std::countr_zero(rest))].settle();
    }
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        if (changed[i] == 0) continue;
        Bank& bank = banks_[i];
        const std::uint32_t kept = ~changed[i];
        const auto take = [&](std::uint32_t& plane, std::uint32_t now) {
            plane = (plane & kept) | (now & ~kept);
        };
        // What pads do because of the power is nobody's edge.
        bank.rose &= kept;
        bank.fell &= kept;
        take(bank.seen, bank[Plane::pad] & ~bank[Plane::is_output]);
        take(bank[Plane::filtered], bank[Plane::pad]);
        take(bank[Plane::reference], bank[Plane::pad]);
        bank.filtering = rules_.debounce_ns != 0 ? bank[Plane::debounce] : 0;
        bank.floating_reported &= kept;
        update_triggers(bank);
    }
    settle();
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        banks_[i].moved &= ~changed[i];
        banks_[i].ever_asserted &= ~changed[i];
        banks_[i].drove_high &= ~changed[i];
        banks_[i].drove_low &= ~changed[i];
    }
    if (!has_power_ && layout_.output_control_stores != 0) follow_output_controls();
}

// The registers of these pins, as after a cold reset; words that are about no pin, if all go.
void Controller::lose_registers(const std::vector<std::uint32_t>& pins, bool control_words) {
    const bool none = std::all_of(pins.begin(), pins.end(), [](std::uint32_t p) { return p == 0; });
    if (none && !control_words) return;
    const std::vector<Bank> banks_before = banks_;
    const std::vector<std::uint32_t> stores_before = stores_;
    reset_planes(ResetKind::cold);
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        for (std::size_t plane = 0; plane < plane_count; ++plane) {
            std::uint32_t& now = banks_[i].planes[plane];
            now = (now & pins[i]) | (banks_before[i].planes[plane] & ~pins[i]);
        }
    }
    if (control_words) {
        pull_command_at_ns_ = pull_strobe_at_ns_ = 0;
        lock_step_ = 0;
    } else {
        std::vector<std::uint32_t> lost(stores_.size());
        for (const Part& part : layout_.parts) {
            if (part.bank_mask != 0 || part.word_mask == 0) continue;
            for (unsigned i = 0; i < part.pin_count; ++i) {
                const std::uint16_t bank = layout_.bank_of_pin[part.first_pin + i];
                const unsigned bit = part.first_pin + i - banks_[bank].first_pin;
                if (((pins[bank] >> bit) & 1) != 0) lost[part.store] |= part.field_mask(i);
            }
        }
        for (std::size_t i = 0; i < stores_.size(); ++i)
            stores_[i] = (stores_[i] & lost[i]) | (stores_before[i] & ~lost[i]);
    }
    if (power_loss_ == PowerLoss::garbage) fill_with_garbage(pins);
}

// Choice, for each register: 0 the opposite of its reset value, 1 its reset value. What lets
// interrupts through comes up closed: a chip that did not could not be used at all.
void Controller::fill_with_garbage(const std::vector<std::uint32_t>& pins) {
    for (const Part& part : layout_.parts) {
        const bool gate = part.plane == Plane::enable || part.plane == Plane::unmask;
        if (part.bank_mask == 0 || gate || !is_context(part)) continue;
        const std::uint32_t lost = pins[part.bank] & part.bank_mask;
        if (lost == 0) continue;
        if (surroundings_->choose(power_choices_[part.register_index], 2) != 0) continue;
        banks_[part.bank][part.plane] ^= lost;
    }
}

std::uint32_t Controller::bits_without_power(const Cell& cell) const {
    if (!has_power_) return ~0u;
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < cell.part_count; ++i) {
        const Part& part = layout_.parts[cell.first_part + i];
        if (part.bank_mask != 0) {
            bits |= part.to_word(banks_[part.bank].off);
            continue;
        }
        for (unsigned k = 0; k < part.pin_count; ++k) {
            const Bank& bank = banks_[layout_.bank_of_pin[part.first_pin + k]];
            if (((bank.off >> (part.first_pin + k - bank.first_pin)) & 1) != 0)
                bits |= part.field_mask(k);
        }
    }
    return bits;
}

// A word may also belong to pins that have power. Reading it, or writing zeros to the others, is
// how it is used then.
bool Controller::check_power(std::uint64_t offset, unsigned bytes, bool write,
                             std::uint64_t value) {
    bool reached = false;
    for (unsigned done = 0; done < bytes;) {
        const std::uint64_t at = offset + done;
        const unsigned in_word = static_cast<unsigned>(at & (map_.stride - 1));
        const unsigned take = std::min(bytes - done, map_.stride - in_word);
        const std::uint32_t written =
            static_cast<std::uint32_t>((value >> (8 * done)) << (8 * in_word));
        std::uint32_t lanes = static_cast<std::uint32_t>(
            (take >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * take)) - 1)
            << (8 * in_word));
        done += take;
        const Cell* cell = cell_at(at);
        if (cell == nullptr) {
            reached |= has_power_;
            continue;
        }
        if (cell->window_mask != 0)
            lanes &= static_cast<std::uint32_t>(at >> cell->window_shift) & cell->window_mask;
        const std::uint32_t off = bits_without_power(*cell) & lanes & cell->implemented;
        const bool all = !has_power_ || (off != 0 && (lanes & cell->implemented & ~off) == 0);
        reached |= !all;
        if (!all && !(write && (written & off) != 0)) continue;
        HardwareEvent event{.kind = HardwareEvent::Kind::unpowered_access,
                            .source = name(),
                            .register_name = register_name(at),
                            .offset = at,
                            .value = write ? written & lanes : 0,
                            .detail = write ? "the write is lost" : "it reads as 0"};
        for (unsigned i = 0; i < cell->part_count && has_power_; ++i) {
            const Part& part = layout_.parts[cell->first_part + i];
            if (part.bank_mask == 0) continue;
            event.first_pin = banks_[part.bank].first_pin;
            event.pins |= part.to_bank(off) & part.bank_mask;
        }
        surroundings_->report(event);
    }
    return reached;
}

void Controller::report_no_answer() {
    surroundings_->report({.kind = HardwareEvent::Kind::unpowered_access,
                           .source = name(),
                           .detail = "the chip does not answer"});
}

}  // namespace gpioclx::hardware
