#include "hardware/serial_bus.h"

#include <fmt/format.h>

#include <algorithm>

namespace gpioclx::hardware {

Result<void> SerialBus::attach(SerialTarget target) {
    const std::string& chip = target.controller().name();
    if (target.bus().kind != kind_) {
        return Error{.message = fmt::format("'{}' is no chip for {}, which is an {} bus",
                                            target.controller().model(), name_,
                                            kind_ == BusSpec::Kind::i2c ? "I2C" : "SPI")};
    }
    for (const SerialTarget& other : targets_) {
        // Chips on one select tell themselves apart by their address pins, if they have any.
        if (other.address() != target.address() || kind_ == BusSpec::Kind::spi) continue;
        return Error{.message =
                         fmt::format("{} and {} both have address {:#x} on {}",
                                     other.controller().name(), chip, target.address(), name_)};
    }
    targets_.push_back(target);
    return {};
}

void SerialBus::reset() {
    selected_.clear();
    for (SerialTarget& target : targets_) target.reset();
}

bool SerialBus::start(unsigned address, bool read) {
    selected_.clear();
    for (SerialTarget& target : targets_) {
        if (target.start(address, read)) selected_.push_back(&target);
    }
    return !selected_.empty();
}

bool SerialBus::write(std::uint8_t byte) {
    bool acknowledged = false;
    for (SerialTarget* target : selected_) acknowledged |= target->write(byte);
    return acknowledged;
}

std::uint8_t SerialBus::read() {
    std::uint8_t byte = 0xFF;
    for (SerialTarget* target : selected_) byte &= target->read();
    return byte;
}

void SerialBus::stop() {
    for (SerialTarget& target : targets_) target.stop();
    selected_.clear();
}

void SerialBus::select(unsigned chip_select) {
    selected_.clear();
    for (SerialTarget& target : targets_) {
        if (target.address() != chip_select) continue;
        target.select();
        selected_.push_back(&target);
    }
}

std::uint8_t SerialBus::exchange(std::uint8_t byte) {
    std::uint8_t answer = 0xFF;
    for (SerialTarget* target : selected_) answer &= target->exchange(byte);
    return answer;
}

void SerialBus::deselect() {
    for (SerialTarget* target : selected_) target->deselect();
    selected_.clear();
}

}  // namespace gpioclx::hardware
