#include "firmware/resource_decoder.h"

#include <fmt/format.h>

#include <memory>

#include "firmware/acpica.h"
#include "firmware/raw_descriptor.h"

namespace gpioclx::firmware {
namespace {

using Content = decltype(Resource::content);

struct FreeResource {
    void operator()(acpi_resource* resource) const { acpi_os_free(resource); }
};
using Converted = std::unique_ptr<acpi_resource, FreeResource>;

Trigger trigger_of(u8 triggering) {
    return triggering == ACPI_EDGE_SENSITIVE ? Trigger::edge : Trigger::level;
}

Polarity polarity_of(u8 polarity) {
    switch (polarity) {
        case ACPI_ACTIVE_LOW: return Polarity::low;
        case ACPI_ACTIVE_BOTH: return Polarity::both;
        default: return Polarity::high;
    }
}

std::vector<std::uint8_t> bytes_of(const u8* data, std::size_t length) {
    if (data == nullptr || length == 0) return {};
    return std::vector<std::uint8_t>(data, data + length);
}

// ACPICA's structures are packed: members are copied out, never bound to.
std::vector<std::uint16_t> pins_of(const u16* table, std::size_t count) {
    std::vector<std::uint16_t> pins(table == nullptr ? 0 : count);
    if (!pins.empty()) memcpy(pins.data(), table, pins.size() * sizeof(std::uint16_t));
    return pins;
}

// Decodes one descriptor; `here` begins every message.
class Decoder {
  public:
    Decoder(const ResourceOrigin& origin, std::string here)
        : origin_(origin), here_(std::move(here)) {}

    Result<std::vector<Content>> decode(const acpi_resource& resource) const;
    Result<std::vector<Content>> pin_group(PinGroupParts parts) const;
    Error error(std::string message, std::string hint = {}) const {
        return {.message = here_ + ": " + std::move(message), .hint = std::move(hint)};
    }

  private:
    Result<std::string> controller(const acpi_resource_source& source) const;
    Result<std::vector<Content>> gpio_int(const acpi_resource_gpio& gpio) const;
    Result<std::vector<Content>> gpio_io(const acpi_resource_gpio& gpio) const;
    Result<std::vector<Content>> function(const acpi_resource_pin_function& function) const;
    Result<std::vector<Content>> pin_config(const acpi_resource_pin_config& config) const;
    Result<std::string> resolve(const std::string& source) const;
    Result<std::vector<Content>> serial_bus(const acpi_resource& resource) const;
    template <typename Irq>
    std::vector<Content> interrupts(const Irq& irq, bool small) const;
    template <typename Attributes>
    std::vector<Content> address(const acpi_resource_address& common,
                                 const Attributes& attributes) const;

    const ResourceOrigin& origin_;
    std::string here_;
};

Result<std::string> Decoder::controller(const acpi_resource_source& source) const {
    std::string name;
    if (source.string_ptr != nullptr) name = std::string(source.string_ptr, source.string_length);
    if (const std::size_t end = name.find('\0'); end != std::string::npos) name.resize(end);
    return resolve(name);
}

Result<std::string> Decoder::resolve(const std::string& name) const {
    if (name.empty()) return error("it names no resource source");
    auto path = origin_.resolve(name);
    if (!path) {
        return error(fmt::format("resource source \"{}\" does not exist", name),
                     "the path of a device in these tables, \"\\\\_SB.GPI0\" in ASL");
    }
    return *path;
}

Result<std::vector<Content>> Decoder::gpio_int(const acpi_resource_gpio& gpio) const {
    auto path = controller(gpio.resource_source);
    if (!path) return path.error();
    const auto pins = pins_of(gpio.pin_table, gpio.pin_table_length);
    if (pins.size() != 1) {
        return error(fmt::format("it lists {} pins, a GpioInt has exactly one (A14)", pins.size()),
                     "write one GpioInt for each pin");
    }
    GpioInt result{.controller = *path, .pin = pins[0]};
    result.trigger = trigger_of(gpio.triggering);
    result.polarity = polarity_of(gpio.polarity);
    if (result.trigger == Trigger::level && result.polarity == Polarity::both) {
        return error("a level interrupt cannot be ActiveBoth (A15)",
                     "Edge with ActiveBoth, or Level with ActiveHigh or ActiveLow");
    }
    result.shared = gpio.shareable != 0;
    result.wake = gpio.wake_capable != 0;
    result.pull = gpio.pin_config;
    result.debounce_10us = gpio.debounce_timeout;
    result.vendor_data = bytes_of(gpio.vendor_data, gpio.vendor_length);
    return std::vector<Content>{std::move(result)};
}

Result<std::vector<Content>> Decoder::gpio_io(const acpi_resource_gpio& gpio) const {
    auto path = controller(gpio.resource_source);
    if (!path) return path.error();
    GpioIo result{.controller = *path, .pins = pins_of(gpio.pin_table, gpio.pin_table_length)};
    if (result.pins.empty()) return error("its pin list is empty");
    result.restriction = static_cast<IoRestriction>(gpio.io_restriction & 3);
    result.shared = gpio.shareable != 0;
    result.wake = gpio.wake_capable != 0;
    result.pull = gpio.pin_config;
    result.debounce_10us = gpio.debounce_timeout;
    result.drive_strength_10ua = gpio.drive_strength;
    result.vendor_data = bytes_of(gpio.vendor_data, gpio.vendor_length);
    return std::vector<Content>{std::move(result)};
}

Result<std::vector<Content>> Decoder::function(const acpi_resource_pin_function& function) const {
    auto path = controller(function.resource_source);
    if (!path) return path.error();
    FunctionConfig result{.controller = *path,
                          .pins = pins_of(function.pin_table, function.pin_table_length)};
    if (result.pins.empty()) return error("its pin list is empty");
    result.function = function.function_number;
    result.shared = function.shareable != 0;
    result.pull = function.pin_config;
    result.vendor_data = bytes_of(function.vendor_data, function.vendor_length);
    return std::vector<Content>{std::move(result)};
}

Result<std::vector<Content>> Decoder::pin_config(const acpi_resource_pin_config& config) const {
    auto path = controller(config.resource_source);
    if (!path) return path.error();
    return std::vector<Content>{
        PinConfig{.controller = *path,
                  .pins = pins_of(config.pin_table, config.pin_table_length),
                  .type = config.pin_config_type,
                  .value = config.pin_config_value,
                  .shared = config.shareable != 0,
                  .vendor_data = bytes_of(config.vendor_data, config.vendor_length)}};
}

// ACPICA's own conversion trusts the offset of vendor data that is not there.
Result<std::vector<Content>> Decoder::pin_group(PinGroupParts parts) const {
    if (parts.kind == PinGroupParts::Kind::group) {
        return std::vector<Content>{PinGroup{.label = std::move(parts.label),
                                             .pins = std::move(parts.pins),
                                             .vendor_data = std::move(parts.vendor_data)}};
    }
    auto path = resolve(parts.source);
    if (!path) return path.error();
    if (parts.kind == PinGroupParts::Kind::function) {
        return std::vector<Content>{PinGroupFunction{.controller = *path,
                                                     .label = std::move(parts.label),
                                                     .function = parts.function,
                                                     .shared = parts.shared,
                                                     .vendor_data = std::move(parts.vendor_data)}};
    }
    return std::vector<Content>{PinGroupConfig{.controller = *path,
                                               .label = std::move(parts.label),
                                               .type = parts.type,
                                               .value = parts.value,
                                               .shared = parts.shared,
                                               .vendor_data = std::move(parts.vendor_data)}};
}

I2c i2c_of(const acpi_resource_i2c_serialbus& bus) {
    return {.bus = {},
            .address = bus.slave_address,
            .speed_hz = bus.connection_speed,
            .ten_bit = bus.access_mode == ACPI_I2C_10BIT_MODE};
}

Spi spi_of(const acpi_resource_spi_serialbus& bus) {
    return {.bus = {},
            .device_selection = bus.device_selection,
            .speed_hz = bus.connection_speed,
            .data_bits = bus.data_bit_length,
            .three_wires = bus.wire_mode == ACPI_SPI_3WIRE_MODE,
            .select_high = bus.device_polarity == ACPI_SPI_ACTIVE_HIGH,
            .second_phase = bus.clock_phase == ACPI_SPI_SECOND_PHASE,
            .clock_starts_high = bus.clock_polarity == ACPI_SPI_START_HIGH};
}

Uart uart_of(const acpi_resource_uart_serialbus& bus) {
    return {
        .bus = {},
        .baud = bus.default_baud_rate,
        .data_bits = static_cast<std::uint8_t>(bus.data_bits + 5),
        .stop_half_bits = static_cast<std::uint8_t>(bus.stop_bits == 0 ? 0 : bus.stop_bits + 1),
        .parity = static_cast<Uart::Parity>(bus.parity > 4 ? 0 : bus.parity),
        .flow_control = static_cast<Uart::FlowControl>(bus.flow_control > 2 ? 0 : bus.flow_control),
        .big_endian = bus.endian == ACPI_UART_BIG_ENDIAN,
        .lines = bus.lines_enabled,
        .receive_fifo = bus.rx_fifo_size,
        .transmit_fifo = bus.tx_fifo_size};
}

Result<std::vector<Content>> Decoder::serial_bus(const acpi_resource& resource) const {
    const acpi_resource_common_serialbus& common = resource.data.common_serial_bus;
    const auto complete = [&](auto bus) -> Result<std::vector<Content>> {
        auto path = controller(common.resource_source);
        if (!path) return path.error();
        bus.bus = *path;
        bus.shared = common.connection_sharing != 0;
        bus.vendor_data = bytes_of(common.vendor_data, common.vendor_length);
        return std::vector<Content>{std::move(bus)};
    };
    switch (common.type) {
        case ACPI_RESOURCE_SERIAL_TYPE_I2C: return complete(i2c_of(resource.data.i2c_serial_bus));
        case ACPI_RESOURCE_SERIAL_TYPE_SPI: return complete(spi_of(resource.data.spi_serial_bus));
        case ACPI_RESOURCE_SERIAL_TYPE_UART:
            return complete(uart_of(resource.data.uart_serial_bus));
        default: return std::vector<Content>{Other{"serial bus of another kind"}};
    }
}

template <typename Irq>
std::vector<Content> Decoder::interrupts(const Irq& irq, bool small) const {
    std::vector<Content> contents;
    for (int i = 0; i < irq.interrupt_count; ++i) {
        contents.push_back(Interrupt{.gsi = irq.interrupts[i],
                                     .trigger = trigger_of(irq.triggering),
                                     .polarity = polarity_of(irq.polarity),
                                     .shared = irq.shareable != 0,
                                     .wake = irq.wake_capable != 0,
                                     .small = small});
    }
    return contents;
}

template <typename Attributes>
std::vector<Content> Decoder::address(const acpi_resource_address& common,
                                      const Attributes& attributes) const {
    // What a bridge hands on to its children is not its own.
    const bool window = common.producer_consumer == ACPI_PRODUCER;
    switch (common.resource_type) {
        case ACPI_MEMORY_RANGE:
            if (window) return {Other{"memory window"}};
            return {Memory{.base = attributes.minimum,
                           .length = attributes.address_length,
                           .writable = common.info.mem.write_protect == ACPI_READ_WRITE_MEMORY}};
        case ACPI_IO_RANGE:
            if (window) return {Other{"port window"}};
            return {Port{.base = attributes.minimum, .length = attributes.address_length}};
        case ACPI_BUS_NUMBER_RANGE: return {Other{"bus numbers"}};
        default: return {Other{"address space of the vendor"}};
    }
}

Result<std::vector<Content>> Decoder::decode(const acpi_resource& resource) const {
    const acpi_resource_data& data = resource.data;
    const auto memory = [](std::uint64_t base, std::uint64_t length, u8 protection) {
        return std::vector<Content>{Memory{base, length, protection == ACPI_READ_WRITE_MEMORY}};
    };
    switch (resource.type) {
        case ACPI_RESOURCE_TYPE_IRQ: return interrupts(data.irq, true);
        case ACPI_RESOURCE_TYPE_EXTENDED_IRQ: return interrupts(data.extended_irq, false);
        case ACPI_RESOURCE_TYPE_IO:
            return std::vector<Content>{Port{data.io.minimum, data.io.address_length}};
        case ACPI_RESOURCE_TYPE_FIXED_IO:
            return std::vector<Content>{Port{data.fixed_io.address, data.fixed_io.address_length}};
        case ACPI_RESOURCE_TYPE_MEMORY24:  // in units of 256 bytes
            return memory(std::uint64_t{data.memory24.minimum} << 8,
                          std::uint64_t{data.memory24.address_length} << 8,
                          data.memory24.write_protect);
        case ACPI_RESOURCE_TYPE_MEMORY32:
            return memory(data.memory32.minimum, data.memory32.address_length,
                          data.memory32.write_protect);
        case ACPI_RESOURCE_TYPE_FIXED_MEMORY32:
            return memory(data.fixed_memory32.address, data.fixed_memory32.address_length,
                          data.fixed_memory32.write_protect);
        case ACPI_RESOURCE_TYPE_ADDRESS16: return address(data.address, data.address16.address);
        case ACPI_RESOURCE_TYPE_ADDRESS32: return address(data.address, data.address32.address);
        case ACPI_RESOURCE_TYPE_ADDRESS64: return address(data.address, data.address64.address);
        case ACPI_RESOURCE_TYPE_EXTENDED_ADDRESS64:
            return address(data.address, data.ext_address64.address);
        case ACPI_RESOURCE_TYPE_GPIO:
            return data.gpio.connection_type == ACPI_RESOURCE_GPIO_TYPE_INT ? gpio_int(data.gpio)
                                                                            : gpio_io(data.gpio);
        case ACPI_RESOURCE_TYPE_PIN_FUNCTION: return function(data.pin_function);
        case ACPI_RESOURCE_TYPE_PIN_CONFIG: return pin_config(data.pin_config);
        case ACPI_RESOURCE_TYPE_SERIAL_BUS: return serial_bus(resource);
        default: return error("ACPICA converted it to something else");
    }
}

Result<Converted> convert(const RawDescriptor& descriptor, const Decoder& decoder) {
    if (auto defect = descriptor.defect()) return decoder.error("malformed: " + *defect);
    // ACPICA wants a whole template.
    std::vector<std::uint8_t> whole(descriptor.bytes.begin(), descriptor.bytes.end());
    whole.insert(whole.end(), {0x79, 0x00});
    if (whole.size() > 0xFFFF) return decoder.error("malformed: it is too long");
    acpi_resource* resource = nullptr;
    const acpi_status status =
        acpi_buffer_to_resource(whole.data(), static_cast<u16>(whole.size()), &resource);
    if (ACPI_FAILURE(status)) {
        return decoder.error(fmt::format("malformed: {}", acpi_format_exception(status)));
    }
    return Converted(resource);
}

}  // namespace

Result<std::vector<Resource>> decode_resources(std::span<const std::uint8_t> bytes,
                                               const ResourceOrigin& origin) {
    std::vector<Resource> resources;
    for (int index = 0;; ++index) {
        const auto descriptor = first_descriptor(bytes);
        if (!descriptor) {
            return Error{.message = fmt::format("{} descriptor {}: the template ends before its "
                                                "end tag",
                                                origin.place, index)};
        }
        if (descriptor->is_end()) return resources;
        bytes = bytes.subspan(descriptor->bytes.size());

        const std::vector<std::uint8_t> raw(descriptor->bytes.begin(), descriptor->bytes.end());
        const Decoder decoder(
            origin, fmt::format("{} descriptor {} ({})", origin.place, index, descriptor->name()));
        if (descriptor->is_pin_group()) {
            if (auto defect = descriptor->defect()) return decoder.error("malformed: " + *defect);
            auto group = decoder.pin_group(descriptor->pin_group_parts());
            if (!group) return group.error();
            resources.push_back({std::move(group->front()), index, raw});
            continue;
        }
        if (!descriptor->is_converted()) {
            resources.push_back({Other{std::string(descriptor->name())}, index, raw});
            continue;
        }
        auto converted = convert(*descriptor, decoder);
        if (!converted) return converted.error();
        auto contents = decoder.decode(**converted);
        if (!contents) return contents.error();
        for (Content& content : *contents) {
            resources.push_back({std::move(content), index, raw});
        }
    }
}

}  // namespace gpioclx::firmware
