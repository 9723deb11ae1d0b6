#include "hardware/serial_target.h"

#include <cassert>

namespace gpioclx::hardware {

SerialTarget::SerialTarget(Controller& controller, unsigned address, unsigned address_pins)
    : controller_(&controller), address_(address), address_pins_(address_pins) {
    assert(controller.map().bus);
}

void SerialTarget::reset() {
    state_ = State::idle;
    pointer_ = 0;
}

bool SerialTarget::start(unsigned address, bool read) {
    if (address != address_ || !controller_->has_power()) {
        if (address == address_) controller_->report_no_answer();
        state_ = State::ignoring;
        return false;
    }
    state_ = read ? State::reading : State::pointer;
    after_pointer_ = State::writing;
    pointer_bytes_ = 0;
    incoming_ = 0;
    return true;
}

bool SerialTarget::write(std::uint8_t byte) {
    if (state_ == State::pointer) {
        take_pointer_byte(byte);
        return true;
    }
    if (state_ != State::writing) return false;
    write_register(byte);
    return true;
}

std::uint8_t SerialTarget::read() { return state_ == State::reading ? read_register() : 0xFF; }

void SerialTarget::stop() { state_ = State::idle; }

void SerialTarget::select() {
    state_ = State::opcode;
    if (!controller_->has_power()) {
        controller_->report_no_answer();
        state_ = State::ignoring;
    }
    pointer_bytes_ = 0;
    incoming_ = 0;
}

std::uint8_t SerialTarget::exchange(std::uint8_t byte) {
    switch (state_) {
        case State::opcode:
            after_pointer_ = state_of_opcode(byte);
            state_ = after_pointer_ == State::ignoring ? State::ignoring : State::pointer;
            return 0xFF;
        case State::pointer: take_pointer_byte(byte); return 0xFF;
        case State::writing: write_register(byte); return 0xFF;
        case State::reading: return read_register();
        case State::idle:
        case State::ignoring: return 0xFF;
    }
    return 0xFF;
}

void SerialTarget::deselect() { state_ = State::idle; }

// The address pins stand above the read bit; they count only if the chip was told so.
SerialTarget::State SerialTarget::state_of_opcode(std::uint8_t byte) const {
    const ControlBit& pins_when = bus().address_pins_when;
    const bool counts =
        pins_when.register_name.empty() ||
        ((controller_->control_word(pins_when.register_name) >> pins_when.bit) & 1) != 0;
    const unsigned pins = counts ? address_pins_ << 1 : 0;
    if (byte == (bus().opcode_write | pins)) return State::writing;
    if (byte == (bus().opcode_read | pins)) return State::reading;
    return State::ignoring;
}

void SerialTarget::take_pointer_byte(std::uint8_t byte) {
    if (bus().low_byte_first) {
        incoming_ |= static_cast<std::uint32_t>(byte) << (8 * pointer_bytes_);
    } else {
        incoming_ = (incoming_ << 8) | byte;
    }
    if (++pointer_bytes_ < bus().address_bytes) return;
    pointer_ = incoming_ & bus().pointer_mask;
    state_ = after_pointer_;
}

const BusSpec::Mode& SerialTarget::mode() const {
    const std::uint32_t word =
        bus().mode_register.empty() ? 0 : controller_->control_word(bus().mode_register);
    for (const BusSpec::Mode& mode : bus().modes) {
        if ((word & mode.mask) == mode.value) return mode;
    }
    return bus().modes.front();
}

std::uint32_t SerialTarget::offset() const {
    const BusSpec::Mode& now = mode();
    if (now.addresses.empty()) return pointer_;
    return pointer_ < now.addresses.size() ? now.addresses[pointer_] : controller_->map().size;
}

void SerialTarget::write_register(std::uint8_t byte) {
    const std::uint32_t at = offset();
    if (at < controller_->map().size) {
        controller_->write_serially(at, byte);
    } else {
        controller_->report_hole(true, pointer_, byte);
    }
    move_pointer();
}

std::uint8_t SerialTarget::read_register() {
    const std::uint32_t at = offset();
    std::uint8_t byte = bus().hole;
    if (at < controller_->map().size) {
        byte = controller_->read_serially(at);
    } else {
        controller_->report_hole(false, pointer_, 0);
    }
    move_pointer();
    return byte;
}

// By the mode in force after the byte: a write that changes the mode acts at once.
void SerialTarget::move_pointer() {
    const BusSpec::Mode& now = mode();
    switch (now.pointer) {
        case BusSpec::Pointer::stay: break;
        case BusSpec::Pointer::toggle_pair: pointer_ ^= 1; break;
        case BusSpec::Pointer::increment: {
            const auto count = static_cast<std::uint32_t>(
                now.addresses.empty() ? controller_->map().size : now.addresses.size());
            pointer_ = pointer_ + 1 >= count ? 0 : pointer_ + 1;
            break;
        }
    }
}

}  // namespace gpioclx::hardware
