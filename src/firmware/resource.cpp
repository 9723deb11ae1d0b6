#include "firmware/resource.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gpioclx::firmware {
namespace {

constexpr std::string_view sharing(bool shared) { return shared ? "shared" : "exclusive"; }

std::string wake_text(bool wake) { return wake ? ", wakes" : ""; }

std::string debounce_text(std::uint16_t debounce_10us) {
    if (debounce_10us == 0) return "";
    return fmt::format(", debounce {} us", std::uint32_t{debounce_10us} * 10);
}

std::string vendor_text(const std::vector<std::uint8_t>& data) {
    return data.empty() ? "" : fmt::format(", vendor data {:02x}", fmt::join(data, " "));
}

std::string pins_text(const std::vector<std::uint16_t>& pins) {
    return fmt::format("{} {}", pins.size() == 1 ? "pin" : "pins", fmt::join(pins, " "));
}

std::string_view parity_name(Uart::Parity parity) {
    switch (parity) {
        case Uart::Parity::none: return "no parity";
        case Uart::Parity::even: return "even parity";
        case Uart::Parity::odd: return "odd parity";
        case Uart::Parity::mark: return "mark parity";
        case Uart::Parity::space: return "space parity";
    }
    return "?";
}

std::string_view flow_name(Uart::FlowControl flow) {
    switch (flow) {
        case Uart::FlowControl::none: return "no flow control";
        case Uart::FlowControl::hardware: return "hardware flow control";
        case Uart::FlowControl::xon_xoff: return "xon/xoff";
    }
    return "?";
}

struct Printer {
    std::string operator()(const Memory& memory) const {
        return fmt::format("Memory 0x{:X}, 0x{:X} bytes, {}", memory.base, memory.length,
                           memory.writable ? "read-write" : "read-only");
    }
    std::string operator()(const Port& port) const {
        return fmt::format("Port 0x{:X}, 0x{:X} bytes", port.base, port.length);
    }
    std::string operator()(const Interrupt& interrupt) const {
        return fmt::format("{} {}, {}, active {}, {}{}", interrupt.small ? "Irq" : "Interrupt",
                           interrupt.gsi, to_string(interrupt.trigger),
                           to_string(interrupt.polarity), sharing(interrupt.shared),
                           wake_text(interrupt.wake));
    }
    std::string operator()(const GpioInt& gpio) const {
        return fmt::format("GpioInt {} pin {}, {}, active {}, {}{}, {}{}{}", gpio.controller,
                           gpio.pin, to_string(gpio.trigger), to_string(gpio.polarity),
                           sharing(gpio.shared), wake_text(gpio.wake), pull_name(gpio.pull),
                           debounce_text(gpio.debounce_10us), vendor_text(gpio.vendor_data));
    }
    std::string operator()(const GpioIo& gpio) const {
        const std::string drive =
            gpio.drive_strength_10ua == 0
                ? ""
                : fmt::format(", drive {} uA", std::uint32_t{gpio.drive_strength_10ua} * 10);
        return fmt::format("GpioIo {} {}, {}, {}{}, {}{}{}{}", gpio.controller,
                           pins_text(gpio.pins), to_string(gpio.restriction), sharing(gpio.shared),
                           wake_text(gpio.wake), pull_name(gpio.pull),
                           debounce_text(gpio.debounce_10us), drive, vendor_text(gpio.vendor_data));
    }
    std::string operator()(const FunctionConfig& config) const {
        return fmt::format("FunctionConfig {} {}, function {}, {}, {}{}", config.controller,
                           pins_text(config.pins), config.function, sharing(config.shared),
                           pull_name(config.pull), vendor_text(config.vendor_data));
    }
    std::string operator()(const PinConfig& config) const {
        return fmt::format("PinConfig {} {}, type 0x{:02X} value 0x{:X}, {}{}", config.controller,
                           pins_text(config.pins), config.type, config.value,
                           sharing(config.shared), vendor_text(config.vendor_data));
    }
    std::string operator()(const PinGroup& group) const {
        return fmt::format("PinGroup \"{}\" {}{}", group.label, pins_text(group.pins),
                           vendor_text(group.vendor_data));
    }
    std::string operator()(const PinGroupFunction& config) const {
        return fmt::format("PinGroupFunction {} \"{}\", function {}, {}{}", config.controller,
                           config.label, config.function, sharing(config.shared),
                           vendor_text(config.vendor_data));
    }
    std::string operator()(const PinGroupConfig& config) const {
        return fmt::format("PinGroupConfig {} \"{}\", type 0x{:02X} value 0x{:X}, {}{}",
                           config.controller, config.label, config.type, config.value,
                           sharing(config.shared), vendor_text(config.vendor_data));
    }
    std::string operator()(const I2c& i2c) const {
        return fmt::format("I2c {} address 0x{:02X} ({} bits), {} Hz{}", i2c.bus, i2c.address,
                           i2c.ten_bit ? 10 : 7, i2c.speed_hz, vendor_text(i2c.vendor_data));
    }
    std::string operator()(const Spi& spi) const {
        return fmt::format("Spi {} device {}, {} Hz, {} bits, {} wires, select {}, mode {}{}",
                           spi.bus, spi.device_selection, spi.speed_hz, spi.data_bits,
                           spi.three_wires ? 3 : 4, spi.select_high ? "high" : "low",
                           (spi.clock_starts_high ? 2 : 0) + (spi.second_phase ? 1 : 0),
                           vendor_text(spi.vendor_data));
    }
    std::string operator()(const Uart& uart) const {
        return fmt::format("Uart {} {} baud, {} bits, {} stop bits, {}, {}{}", uart.bus, uart.baud,
                           uart.data_bits, uart.stop_half_bits / 2.0, parity_name(uart.parity),
                           flow_name(uart.flow_control), vendor_text(uart.vendor_data));
    }
    std::string operator()(const Other& other) const { return other.name; }
};

}  // namespace

const std::string& Resource::source() const {
    static const std::string none;
    return std::visit(
        [](const auto& kind) -> const std::string& {
            if constexpr (requires { kind.controller; }) {
                return kind.controller;
            } else if constexpr (requires { kind.bus; }) {
                return kind.bus;
            } else {
                return none;
            }
        },
        content);
}

std::string to_string(const Resource& resource) { return std::visit(Printer{}, resource.content); }

std::string to_string(Trigger trigger) { return trigger == Trigger::edge ? "edge" : "level"; }

std::string to_string(Polarity polarity) {
    switch (polarity) {
        case Polarity::high: return "high";
        case Polarity::low: return "low";
        case Polarity::both: return "both";
    }
    return "?";
}

std::string to_string(IoRestriction restriction) {
    switch (restriction) {
        case IoRestriction::none: return "input and output";
        case IoRestriction::input_only: return "input only";
        case IoRestriction::output_only: return "output only";
        case IoRestriction::none_and_preserve: return "input and output, preserved";
    }
    return "?";
}

std::string pull_name(Pull pull) {
    switch (pull) {
        case 0: return "pull default";
        case 1: return "pull up";
        case 2: return "pull down";
        case 3: return "pull none";
        default: return fmt::format("pull 0x{:02X}", pull);
    }
}

}  // namespace gpioclx::firmware
