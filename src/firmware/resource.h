// The resources that a device's _CRS lists, as far as the machine knows them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gpioclx::firmware {

enum class Trigger { level, edge };
enum class Polarity { high, low, both };
enum class IoRestriction { none, input_only, output_only, none_and_preserve };

// Pull configuration as ACPI and GpioClx number it: 0 default, 1 up, 2 down, 3 none,
// 128-255 the vendor's (C60).
using Pull = std::uint8_t;

struct Memory {
    std::uint64_t base = 0;
    std::uint64_t length = 0;
    bool writable = false;
};

struct Port {
    std::uint64_t base = 0;
    std::uint64_t length = 0;
};

// One number: Interrupt () {1, 2} gives two resources (A2 counts them so).
struct Interrupt {
    std::uint32_t gsi = 0;
    Trigger trigger = Trigger::level;
    Polarity polarity = Polarity::high;
    bool shared = false;
    bool wake = false;
    bool small = false;  // from the small descriptor, IRQ () or IRQNoFlags ()
};

struct GpioInt {
    std::string controller;  // full path of the resource source
    std::uint16_t pin = 0;   // controller-relative
    Trigger trigger = Trigger::level;
    Polarity polarity = Polarity::high;
    bool shared = false;
    bool wake = false;
    Pull pull = 0;
    std::uint16_t debounce_10us = 0;
    std::vector<std::uint8_t> vendor_data = {};
};

struct GpioIo {
    std::string controller;
    std::vector<std::uint16_t> pins;  // as listed
    IoRestriction restriction = IoRestriction::none;
    bool shared = false;
    bool wake = false;
    Pull pull = 0;
    std::uint16_t debounce_10us = 0;
    std::uint16_t drive_strength_10ua = 0;
    std::vector<std::uint8_t> vendor_data = {};
};

struct FunctionConfig {  // PinFunction, MsftFunctionConfig
    std::string controller;
    std::vector<std::uint16_t> pins;
    std::uint16_t function = 0;
    bool shared = false;
    Pull pull = 0;
    std::vector<std::uint8_t> vendor_data = {};
};

// Pin configuration of ACPI 6.2. Drivers do not get these; they say who else uses a pin.
struct PinConfig {
    std::string controller;
    std::vector<std::uint16_t> pins;
    std::uint8_t type = 0;  // 1 pull-up, 2 pull-down, ... 0x80-0xFF the vendor's
    std::uint32_t value = 0;
    bool shared = false;
    std::vector<std::uint8_t> vendor_data = {};
};

struct PinGroup {  // declares a name for pins of the device itself
    std::string label;
    std::vector<std::uint16_t> pins;
    std::vector<std::uint8_t> vendor_data = {};
};

struct PinGroupFunction {
    std::string controller;
    std::string label;
    std::uint16_t function = 0;
    bool shared = false;
    std::vector<std::uint8_t> vendor_data = {};
};

struct PinGroupConfig {
    std::string controller;
    std::string label;
    std::uint8_t type = 0;
    std::uint32_t value = 0;
    bool shared = false;
    std::vector<std::uint8_t> vendor_data = {};
};

struct I2c {
    std::string bus;
    std::uint16_t address = 0;
    std::uint32_t speed_hz = 0;
    bool ten_bit = false;
    bool shared = false;
    std::vector<std::uint8_t> vendor_data = {};
};

struct Spi {
    std::string bus;
    std::uint16_t device_selection = 0;
    std::uint32_t speed_hz = 0;
    std::uint8_t data_bits = 8;
    bool three_wires = false;
    bool select_high = false;
    bool second_phase = false;       // clock phase
    bool clock_starts_high = false;  // clock polarity
    bool shared = false;
    std::vector<std::uint8_t> vendor_data = {};
};

struct Uart {
    enum class Parity { none, even, odd, mark, space };
    enum class FlowControl { none, hardware, xon_xoff };

    std::string bus;
    std::uint32_t baud = 0;
    std::uint8_t data_bits = 8;
    std::uint8_t stop_half_bits = 2;  // 3 = one and a half
    Parity parity = Parity::none;
    FlowControl flow_control = FlowControl::none;
    bool big_endian = false;
    std::uint8_t lines = 0;  // bit 7 RTS, 6 CTS, 5 DTR, 4 DSR, 3 RI, 2 DCD
    std::uint16_t receive_fifo = 0;
    std::uint16_t transmit_fifo = 0;
    bool shared = false;
    std::vector<std::uint8_t> vendor_data = {};
};

struct Other {  // a descriptor that nothing here uses
    std::string name;
};

struct Resource {
    std::variant<Memory, Port, Interrupt, GpioInt, GpioIo, FunctionConfig, PinConfig, PinGroup,
                 PinGroupFunction, PinGroupConfig, I2c, Spi, Uart, Other>
        content;
    int descriptor = 0;                  // position in the template, from 0
    std::vector<std::uint8_t> raw = {};  // the descriptor's bytes, its header included (H14)

    template <typename T>
    const T* as() const {
        return std::get_if<T>(&content);
    }

    // The namespace path of the device that provides it; empty for memory, interrupts and such.
    const std::string& source() const;
};

// "GpioInt \_SB.GPIO pin 1, edge, active high, shared, pull up"
std::string to_string(const Resource& resource);

std::string to_string(Trigger trigger);
std::string to_string(Polarity polarity);
std::string to_string(IoRestriction restriction);
std::string pull_name(Pull pull);

}  // namespace gpioclx::firmware
