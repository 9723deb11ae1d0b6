// What software has to put back after a loss of power: the registers that it sets, without those
// that only tell or trigger something.
#include <bit>
#include <set>

#include "hardware/controller.h"

namespace gpioclx::hardware {

bool Controller::is_context(const Part& part) const {
    using Write = Part::Write;
    if (part.access == Access::ro) return false;
    if (part.bank_mask == 0) return part.write == Write::store || part.write == Write::fields;
    if (part.write != Write::assign && part.write != Write::set && part.write != Write::clear &&
        part.write != Write::toggle)
        return false;
    switch (part.plane) {
        case Plane::status:
        case Plane::soft_trigger:
        case Plane::pull_strobe:
        case Plane::raw:
        case Plane::pad:
        case Plane::lock: return false;
        default: return part.plane < Plane::function_output;
    }
}

std::vector<RegisterDifference> Controller::differences(const RegisterContext& before,
                                                        unsigned first_pin, unsigned count) const {
    const std::vector<std::uint32_t> asked = planes_of(first_pin, count);
    const bool all = first_pin == 0 && count >= map_.pins;
    std::vector<RegisterDifference> found;
    std::set<std::pair<unsigned, unsigned>> told;  // registers that set and clear share a plane
    for (const Part& part : layout_.parts) {
        if (!is_context(part)) continue;
        const std::string_view name = map_.registers[part.register_index].name;
        RegisterDifference one{.register_name = name};
        if (part.bank_mask != 0) {
            const Bank& old_bank = before.banks[part.bank];
            const Bank& bank = banks_[part.bank];
            std::uint32_t looked_at = asked[part.bank] & part.bank_mask;
            // The latch of an input drives nothing, and many chips do not let it be written.
            if (part.plane == Plane::latch) looked_at &= old_bank[Plane::is_output];
            const std::uint32_t differ = (old_bank[part.plane] ^ bank[part.plane]) & looked_at;
            if (differ == 0 || !told.emplace(part.bank, static_cast<unsigned>(part.plane)).second)
                continue;
            one.before = part.to_word((old_bank[part.plane] ^ part.invert) & looked_at);
            one.now = part.to_word((bank[part.plane] ^ part.invert) & looked_at);
            for (std::uint32_t rest = differ; rest != 0; rest &= rest - 1)
                one.pins.push_back(
                    static_cast<std::uint16_t>(bank.first_pin + std::countr_zero(rest)));
            found.push_back(std::move(one));
            continue;
        }
        std::uint32_t looked_at = part.pin_count == 0 && all ? part.word_mask : 0;
        const std::uint32_t differ = before.stores[part.store] ^ stores_[part.store];
        for (unsigned i = 0; i < part.pin_count; ++i) {
            const unsigned pin = part.first_pin + i;
            if (pin < first_pin || pin >= first_pin + count) continue;
            looked_at |= part.field_mask(i);
            if ((differ & part.field_mask(i)) != 0)
                one.pins.push_back(static_cast<std::uint16_t>(pin));
        }
        if ((differ & looked_at) == 0) continue;
        one.before = before.stores[part.store] & looked_at;
        one.now = stores_[part.store] & looked_at;
        found.push_back(std::move(one));
    }
    return found;
}

// Chips that compare remember the pads when they are armed: there is no wrong moment for them.
PinList Controller::spurious_interrupts(unsigned first_pin, unsigned count) const {
    PinList pins;
    if (rules_.compare != InterruptSpec::Compare::none) return pins;
    const std::vector<std::uint32_t> asked = planes_of(first_pin, count);
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        const Bank& bank = banks_[i];
        // What is latched on a pin that leads nowhere will never be let through.
        const std::uint32_t pending = bank.ever_asserted | (bank[Plane::raw] & bank.wired);
        for (std::uint32_t rest = pending & ~bank.moved & ~bank.level_active & asked[i]; rest != 0;
             rest &= rest - 1)
            pins.push_back(static_cast<std::uint16_t>(bank.first_pin + std::countr_zero(rest)));
    }
    return pins;
}

PinList Controller::glitches(const RegisterContext& before, unsigned first_pin,
                             unsigned count) const {
    std::vector<std::uint32_t> asked = planes_of(first_pin, count);
    for (const Part& part : layout_.parts) {
        if (part.bank_mask != 0 && part.plane == Plane::latch && part.outputs_only)
            asked[part.bank] &= ~part.bank_mask;
    }
    PinList pins;
    for (std::size_t i = 0; i < banks_.size(); ++i) {
        const Bank& old_bank = before.banks[i];
        const Bank& bank = banks_[i];
        const std::uint32_t wrong =
            (old_bank.drive_high & bank.drove_low) | (~old_bank.drive_high & bank.drove_high);
        for (std::uint32_t rest = old_bank.drive_on & wrong & asked[i]; rest != 0; rest &= rest - 1)
            pins.push_back(static_cast<std::uint16_t>(bank.first_pin + std::countr_zero(rest)));
    }
    return pins;
}

}  // namespace gpioclx::hardware
