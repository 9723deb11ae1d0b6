#include "bench/serial_buses.h"

#include <fmt/format.h>

#include <charconv>

namespace gpioclx::bench {
namespace {

std::optional<unsigned> number_of(const std::string& text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const char* begin = text.data() + (hexadecimal ? 2 : 0);
    const char* end = text.data() + text.size();
    unsigned value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value, hexadecimal ? 16 : 10);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

}  // namespace

Result<Strapping> take_strapping(std::vector<std::pair<std::string, std::string>>& given) {
    Strapping strapping;
    for (auto property = given.begin(); property != given.end();) {
        const auto& [name, text] = *property;
        if (name != "address" && name != "address_pins") {
            ++property;
            continue;
        }
        const auto value = number_of(text);
        const unsigned limit = name == "address" ? 0x3FF : 7;
        if (!value || *value > limit) {
            return Error{.message = fmt::format("{} = '{}' is not possible", name, text),
                         .hint = fmt::format("a number from 0 to {:#x}", limit)};
        }
        if (name == "address") {
            strapping.address = value;
        } else {
            strapping.address_pins = *value;
        }
        property = given.erase(property);
    }
    return strapping;
}

Result<void> SerialBuses::add(const ModelEntry& model, hardware::Controller& controller,
                              const std::vector<kernel::DeviceResource>& resources) {
    const hardware::BusSpec::Kind kind = controller.map().bus->kind;
    const std::uint8_t wanted = kind == hardware::BusSpec::Kind::i2c ? 1 : 2;
    const kernel::SerialBusResource* found = nullptr;
    for (const auto& resource : resources) {
        const auto* serial = std::get_if<kernel::SerialBusResource>(&resource);
        if (serial != nullptr && serial->bus_type == wanted && found == nullptr) found = serial;
    }
    if (found == nullptr) {
        return Error{
            .message = fmt::format("{} has no {} resource, so that '{}' is on no bus", model.device,
                                   wanted == 1 ? "I2cSerialBus" : "SpiSerialBus", model.model)};
    }
    auto properties = model.properties;
    auto strapping = take_strapping(properties);
    if (!strapping) return strapping.error();
    auto& bus = buses_[found->controller];
    if (bus == nullptr) bus = std::make_unique<Bus>(found->controller, kind);
    return bus->wires.attach(hardware::SerialTarget(
        controller, strapping->address.value_or(found->address), strapping->address_pins));
}

void SerialBuses::attach(kernel::Kernel& kernel) {
    for (const auto& [path, bus] : buses_) kernel.add_serial_bus(*bus);
}

void SerialBuses::power_on() {
    for (const auto& [path, bus] : buses_) bus->wires.reset();
}

}  // namespace gpioclx::bench
