// Fields of several bits a pin, and the pull command with its strobe.
#include <bit>

#include "hardware/controller.h"

namespace gpioclx::hardware {

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

}  // namespace gpioclx::hardware
