// The debounce filter: a level counts for the detectors only after it was the same for the filter's
// time. What input registers show is not filtered.
#include <bit>

#include "hardware/controller.h"

namespace gpioclx::hardware {

// Takes the changes of filtered pins away from the detectors and starts their time.
void Controller::filter(Bank& bank) {
    const std::uint32_t debounced = bank.filtering & bank.pins;
    const std::uint32_t changed = (bank.rose | bank.fell) & debounced;
    bank.rose &= ~debounced;
    bank.fell &= ~debounced;
    const auto index = static_cast<std::uint16_t>(&bank - banks_.data());
    const std::uint64_t now_ns = surroundings_->now_ns();
    for (std::uint32_t rest = changed; rest != 0; rest &= rest - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(rest));
        changed_at_ns_[bank.first_pin + bit] = now_ns;
        surroundings_->at(now_ns + rules_.debounce_ns,
                          [this, index, bit] { filter_settles(index, bit); });
    }
}

// Filters that were switched on begin with the pad as it is; those switched off let through what
// they held back.
void Controller::restart_filter(Bank& bank) {
    if (rules_.debounce_ns == 0) return;  // the map does not know its time: no effect
    const std::uint32_t debounced = bank[Plane::debounce];
    const std::uint32_t pad = bank[Plane::pad];
    const std::uint32_t let_through = bank.filtering & ~debounced;
    bank.rose |= pad & ~bank[Plane::filtered] & let_through;
    bank.fell |= ~pad & bank[Plane::filtered] & let_through;
    const std::uint32_t begun = debounced & ~bank.filtering;
    bank[Plane::filtered] = (bank[Plane::filtered] & ~begun) | (pad & begun);
    bank.filtering = debounced;
}

void Controller::filter_settles(std::uint16_t bank_index, unsigned bit) {
    Bank& bank = banks_[bank_index];
    const std::uint32_t mask = 1u << bit;
    // A later change has started the time anew.
    const bool stable =
        surroundings_->now_ns() - changed_at_ns_[bank.first_pin + bit] >= rules_.debounce_ns;
    const std::uint32_t now = bank[Plane::pad] & mask;
    if (!stable || (bank.filtering & mask) == 0 || now == (bank[Plane::filtered] & mask)) return;
    bank[Plane::filtered] ^= mask;
    detect(bank, now != 0 ? mask : 0, now == 0 ? mask : 0);
    if (!queued_outputs_.empty()) flush_outputs();
}

}  // namespace gpioclx::hardware
