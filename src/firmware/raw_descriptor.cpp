#include "firmware/raw_descriptor.h"

#include <algorithm>
#include <cassert>

namespace gpioclx::firmware {
namespace {

enum Tag : std::uint8_t {
    irq = 0x20,
    dma = 0x28,
    start_dependent = 0x30,
    end_dependent = 0x38,
    io = 0x40,
    fixed_io = 0x48,
    fixed_dma = 0x50,
    vendor_small = 0x70,
    end = 0x78,
    memory24 = 0x81,
    generic_register = 0x82,
    vendor_large = 0x84,
    memory32 = 0x85,
    memory32_fixed = 0x86,
    address32 = 0x87,
    address16 = 0x88,
    interrupt = 0x89,
    address64 = 0x8A,
    address_extended = 0x8B,
    gpio = 0x8C,
    pin_function = 0x8D,
    serial_bus = 0x8E,
    pin_config = 0x8F,
    pin_group = 0x90,
    pin_group_function = 0x91,
    pin_group_config = 0x92,
};

using Bytes = std::span<const std::uint8_t>;

std::size_t word(Bytes bytes, std::size_t at) { return bytes[at] | bytes[at + 1] << 8; }

bool has_text_at(Bytes bytes, std::size_t at, std::size_t end) {
    if (at > end || end > bytes.size()) return false;
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto last = bytes.begin() + static_cast<std::ptrdiff_t>(end);
    return std::find(first, last, 0) != last;
}

// Pin table, source and vendor data, in this order: where the offsets stand, and how large the
// fixed part is.
std::optional<std::string> connection_defect(Bytes bytes, std::size_t fixed_size,
                                             std::size_t pins_at, std::size_t source_at,
                                             std::size_t vendor_at) {
    if (bytes.size() < fixed_size) return "it is too short";
    const std::size_t pins = word(bytes, pins_at);
    const std::size_t source = word(bytes, source_at);
    const std::size_t vendor = word(bytes, vendor_at);
    const std::size_t vendor_size = word(bytes, vendor_at + 2);
    const std::size_t source_end = vendor_size == 0 ? bytes.size() : vendor;
    if (pins < fixed_size || source < pins || (source - pins) % 2 != 0) {
        return "its pin table lies outside of it";
    }
    if (vendor_size != 0 && (vendor < source || vendor + vendor_size > bytes.size())) {
        return "its vendor data lies outside of it";
    }
    if (!has_text_at(bytes, source, source_end)) return "its resource source has no end";
    return std::nullopt;
}

// Source, label and vendor data, in this order: where the offsets stand.
std::optional<std::string> group_defect(Bytes bytes, std::size_t fixed_size,
                                        std::size_t source_at) {
    if (bytes.size() < fixed_size) return "it is too short";
    const std::size_t source = word(bytes, source_at);
    const std::size_t label = word(bytes, source_at + 2);
    const std::size_t vendor = word(bytes, source_at + 4);
    const std::size_t vendor_size = word(bytes, source_at + 6);
    const std::size_t label_end = vendor_size == 0 ? bytes.size() : vendor;
    if (vendor_size != 0 && (vendor < label || vendor + vendor_size > bytes.size())) {
        return "its vendor data lies outside of it";
    }
    if (source < fixed_size || !has_text_at(bytes, source, label)) {
        return "its resource source has no end";
    }
    if (!has_text_at(bytes, label, label_end)) return "its label has no end";
    return std::nullopt;
}

std::optional<std::string> serial_bus_defect(Bytes bytes) {
    constexpr std::size_t fixed_size = 12;
    if (bytes.size() < fixed_size) return "it is too short";
    // The data of the bus: I2C, SPI, UART.
    constexpr std::size_t least[] = {0, 6, 9, 10};
    const std::size_t type = bytes[5];
    const std::size_t data = word(bytes, 10);
    if (type < std::size(least) && data < least[type]) return "its bus data is too short";
    if (!has_text_at(bytes, fixed_size + data, bytes.size())) {
        return "its resource source has no end";
    }
    return std::nullopt;
}

std::optional<std::string> interrupt_defect(Bytes bytes) {
    constexpr std::size_t fixed_size = 5;
    if (bytes.size() < fixed_size || bytes.size() < fixed_size + 4u * bytes[4]) {
        return "it is too short for its interrupts";
    }
    if (bytes[4] == 0) return "it lists no interrupt";
    const std::size_t rest = bytes.size() - fixed_size - 4u * bytes[4];
    if (rest > 1 && bytes.back() != 0) return "its resource source has no end";
    return std::nullopt;
}

std::optional<std::string> address_defect(Bytes bytes, std::size_t fixed_size) {
    if (bytes.size() < fixed_size) return "it is too short";
    if (bytes.size() > fixed_size + 1 && bytes.back() != 0) {
        return "its resource source has no end";
    }
    return std::nullopt;
}

}  // namespace

std::uint8_t RawDescriptor::tag() const {
    return bytes[0] >= 0x80 ? bytes[0] : static_cast<std::uint8_t>(bytes[0] & 0x78);
}

bool RawDescriptor::is_end() const { return tag() == Tag::end; }

std::string_view RawDescriptor::name() const {
    switch (tag()) {
        case irq: return "IRQ";
        case dma: return "DMA";
        case start_dependent: return "StartDependentFn";
        case end_dependent: return "EndDependentFn";
        case io: return "IO";
        case fixed_io: return "FixedIO";
        case fixed_dma: return "FixedDMA";
        case vendor_small: return "VendorShort";
        case Tag::end: return "EndTag";
        case memory24: return "Memory24";
        case generic_register: return "Register";
        case vendor_large: return "VendorLong";
        case memory32: return "Memory32";
        case memory32_fixed: return "Memory32Fixed";
        case address32: return "DWord address space";
        case address16: return "Word address space";
        case interrupt: return "Interrupt";
        case address64: return "QWord address space";
        case address_extended: return "extended address space";
        case gpio: return bytes.size() > 4 && bytes[4] == 0 ? "GpioInt" : "GpioIo";
        case pin_function: return "PinFunction";
        case serial_bus: return "serial bus";
        case pin_config: return "PinConfig";
        case pin_group: return "PinGroup";
        case pin_group_function: return "PinGroupFunction";
        case pin_group_config: return "PinGroupConfig";
        default: return "unknown descriptor";
    }
}

bool RawDescriptor::is_converted() const {
    switch (tag()) {
        case irq:
        case io:
        case fixed_io:
        case memory24:
        case memory32:
        case memory32_fixed:
        case address16:
        case address32:
        case address64:
        case address_extended:
        case interrupt:
        case gpio:
        case pin_function:
        case serial_bus:
        case pin_config: return true;
        default: return false;
    }
}

std::optional<std::string> RawDescriptor::defect() const {
    switch (tag()) {
        case gpio: return connection_defect(bytes, 23, 14, 17, 19);
        case pin_function: return connection_defect(bytes, 18, 9, 12, 14);
        case pin_config: return connection_defect(bytes, 20, 11, 14, 16);
        case pin_group:  // a label in place of the source
            return connection_defect(bytes, 14, 6, 8, 10);
        case pin_group_function: return group_defect(bytes, 17, 9);
        case pin_group_config: return group_defect(bytes, 20, 12);
        case serial_bus: return serial_bus_defect(bytes);
        case interrupt: return interrupt_defect(bytes);
        case address16: return address_defect(bytes, 16);
        case address32: return address_defect(bytes, 26);
        case address64: return address_defect(bytes, 46);
        default: return std::nullopt;  // fixed lengths, which ACPICA checks
    }
}

bool RawDescriptor::is_pin_group() const {
    return tag() == pin_group || tag() == pin_group_function || tag() == pin_group_config;
}

PinGroupParts RawDescriptor::pin_group_parts() const {
    assert(is_pin_group() && !defect());
    const auto text = [this](std::size_t at) {
        const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        return std::string(first, std::find(first, bytes.end(), 0));
    };
    PinGroupParts parts;
    std::size_t vendor_at = 0;
    switch (tag()) {
        case pin_group:
            for (std::size_t at = word(bytes, 6); at + 1 < word(bytes, 8); at += 2) {
                parts.pins.push_back(static_cast<std::uint16_t>(word(bytes, at)));
            }
            parts.label = text(word(bytes, 8));
            vendor_at = 10;
            break;
        case pin_group_function:
            parts.function = static_cast<std::uint16_t>(word(bytes, 6));
            parts.source = text(word(bytes, 9));
            parts.label = text(word(bytes, 11));
            vendor_at = 13;
            break;
        default:
            parts.type = bytes[6];
            parts.value = static_cast<std::uint32_t>(word(bytes, 7) | word(bytes, 9) << 16);
            parts.source = text(word(bytes, 12));
            parts.label = text(word(bytes, 14));
            vendor_at = 16;
            break;
    }
    parts.kind = tag() == pin_group          ? PinGroupParts::Kind::group
                 : tag() == pin_group_config ? PinGroupParts::Kind::config
                                             : PinGroupParts::Kind::function;
    parts.shared = (bytes[4] & 1) != 0;
    if (const std::size_t size = word(bytes, vendor_at + 2); size != 0) {
        const auto vendor = bytes.subspan(word(bytes, vendor_at), size);
        parts.vendor_data.assign(vendor.begin(), vendor.end());
    }
    return parts;
}

std::optional<RawDescriptor> first_descriptor(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return std::nullopt;
    const bool large = bytes[0] >= 0x80;
    if (large && bytes.size() < 3) return std::nullopt;
    const std::size_t size = large ? 3 + word(bytes, 1) : 1u + (bytes[0] & 7);
    if (size > bytes.size()) return std::nullopt;
    return RawDescriptor{bytes.first(size)};
}

}  // namespace gpioclx::firmware
