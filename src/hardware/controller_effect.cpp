// What an access does, told without doing it.
#include <algorithm>

#include "hardware/controller.h"

namespace gpioclx::hardware {
namespace {

constexpr std::uint32_t store_state = 0x8000'0000;

bool is_command(Part::Write write) {
    switch (write) {
        case Part::Write::set:
        case Part::Write::clear:
        case Part::Write::toggle:
        case Part::Write::clear_zeros:
        case Part::Write::strobe:
        case Part::Write::soft_trigger: return true;
        default: return false;
    }
}

Plane plane_read(const Part& part) {
    switch (part.read) {
        case Part::Read::data:
        case Part::Read::latch: return Plane::latch;
        case Part::Read::pad:
        case Part::Read::input_path: return Plane::pad;
        case Part::Read::raw:
        case Part::Read::masked: return Plane::raw;
        default: return part.plane;
    }
}

// The bits, in the register's sense, that become of `old` by a write of `value` in `mask`.
std::uint32_t written(Part::Write write, std::uint32_t old, std::uint32_t value,
                      std::uint32_t mask) {
    switch (write) {
        case Part::Write::assign: return (old & ~mask) | (value & mask);
        case Part::Write::set: return old | (value & mask);
        case Part::Write::clear: return old & ~(value & mask);
        case Part::Write::toggle: return old ^ (value & mask);
        case Part::Write::clear_zeros: return old & ~(mask & ~value);
        default: return old;
    }
}

}  // namespace

// Of what `part` has in the word. `names_bits`: through an alias that names the bits.
StateEffect Controller::effect_of_part(const Part& part, bool write, std::uint32_t value,
                                       std::uint32_t lanes, bool names_bits) const {
    StateEffect effect;
    effect.role = part.role;
    effect.bank = part.bank;
    const bool stored = write
                            ? part.write == Part::Write::store || part.write == Part::Write::fields
                            : part.read == Part::Read::store;
    if (stored) {
        effect.state = store_state | part.store;
        effect.command = names_bits;
        effect.lanes = lanes & part.word_mask;
        effect.old_bits = effect.new_bits = stores_[part.store];
        if (write) effect.new_bits = (effect.old_bits & ~effect.lanes) | (value & effect.lanes);
        if (names_bits) effect.lanes &= effect.old_bits ^ effect.new_bits;
        return effect;
    }
    const bool plane =
        write ? part.write != Part::Write::ignored && part.write != Part::Write::lock_sequence
              : part.read != Part::Read::zero;
    if (!plane) return effect;
    const Bank& bank = banks_[part.bank];
    effect.is_plane = true;
    effect.plane = write ? part.plane : plane_read(part);
    effect.state = std::uint32_t{part.bank} << 8 | static_cast<std::uint32_t>(effect.plane);
    effect.lanes = part.to_bank(lanes);
    effect.old_bits = effect.new_bits = bank[effect.plane];
    if (!write) return effect;
    effect.command = names_bits || is_command(part.write);
    if (part.outputs_only) effect.lanes &= bank[Plane::is_output];
    const std::uint32_t bits = part.to_bank(value);
    effect.new_bits =
        written(part.write, effect.old_bits ^ part.invert, bits, effect.lanes) ^ part.invert;
    if (effect.command)
        effect.lanes &= part.write == Part::Write::clear_zeros ? ~bits
                        : names_bits                           ? effect.old_bits ^ effect.new_bits
                                                               : bits;
    return effect;
}

AccessEffect Controller::effect_of(bool write, std::uint64_t offset, unsigned bytes,
                                   std::uint64_t value) const {
    AccessEffect effect;
    for (unsigned done = 0; done < bytes;) {
        const std::uint64_t at = offset + done;
        const auto in_word = static_cast<unsigned>(at & (map_.stride - 1));
        const unsigned take = std::min(bytes - done, map_.stride - in_word);
        const std::uint64_t mask =
            take >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * take) - 1;
        const std::uint64_t part_of_value = (value >> 8 * done) & mask;
        done += take;
        const Cell* cell = cell_at(at);
        if (cell == nullptr || (write && cell->read_only)) continue;
        auto lanes = static_cast<std::uint32_t>(mask << 8 * in_word) & word_bits_mask_;
        auto word = static_cast<std::uint32_t>(part_of_value << 8 * in_word) & lanes;
        bool names_bits = false;
        if (write && !layout_.alias_of_word.empty()) {
            names_bits = layout_.alias_of_word[at >> stride_shift_] != AliasAction::none;
            apply_alias(*cell, at, word, lanes);
        }
        if (write && cell->write_enable != WriteEnable::none)
            apply_write_enable(*cell, word, lanes);
        if (cell->window_mask != 0)
            lanes &= static_cast<std::uint32_t>(at >> cell->window_shift) & cell->window_mask;
        for (unsigned i = 0; i < cell->part_count; ++i) {
            const StateEffect one =
                effect_of_part(layout_.parts[cell->first_part + i], write, word, lanes, names_bits);
            if (one.lanes != 0) effect.add(one);
        }
    }
    return effect;
}

}  // namespace gpioclx::hardware
