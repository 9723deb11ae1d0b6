// Locks that want a key: three writes of the whole word with the same lock bits and the key bit at
// 1, 0, 1, then a read of the register. Any other access to it in between begins anew.
#include <utility>

#include "hardware/controller.h"

namespace gpioclx::hardware {
namespace {
constexpr unsigned locked_after_writes = 3;
}

void Controller::write_lock_sequence(const Part& part, std::uint32_t value, std::uint32_t lanes) {
    std::uint32_t& store = stores_[part.store];
    const std::uint32_t key = 1u << part.key_bit;
    if ((store & key) != 0) {
        return report_part(HardwareEvent::Kind::locked_write, part, 0, "locked until reset");
    }
    const std::uint32_t bits = value & part.word_mask & ~key;
    const bool whole = (lanes & part.word_mask) == part.word_mask;
    const bool wanted = lock_step_ != 1;  // the key bit of the next write
    if (whole && ((value & key) != 0) == wanted && lock_step_ < locked_after_writes &&
        (lock_step_ == 0 || bits == lock_word_)) {
        ++lock_step_;
    } else {
        lock_step_ = whole && (value & key) != 0 ? 1 : 0;
    }
    lock_word_ = bits;
    store = (store & ~lanes) | (bits & lanes);
}

// A read of the register is the last step; it shows the key bit already.
bool Controller::confirm_lock(const Cell& cell) {
    for (unsigned i = 0; i < cell.part_count; ++i) {
        const Part& part = layout_.parts[cell.first_part + i];
        if (part.write != Part::Write::lock_sequence) continue;
        const bool complete = std::exchange(lock_step_, 0u) == locked_after_writes;
        if (!complete) return false;
        stores_[part.store] |= 1u << part.key_bit;
        Bank& bank = banks_[part.bank];
        bank[Plane::lock] |= (lock_word_ >> part.first_bit) << (part.first_pin - bank.first_pin);
        return true;
    }
    return false;
}

// Bits of a stored word that belong to locked pins.
std::uint32_t Controller::locked_fields(const Part& part) const {
    std::uint32_t locked = 0;
    for (unsigned i = 0; i < part.pin_count; ++i) {
        const unsigned pin = part.first_pin + i;
        const Bank& bank = banks_[layout_.bank_of_pin[pin]];
        if ((bank[Plane::lock] >> (pin - bank.first_pin) & 1) != 0) locked |= part.field_mask(i);
    }
    return locked;
}

}  // namespace gpioclx::hardware
