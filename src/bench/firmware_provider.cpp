#include "bench/firmware_provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace gpioclx::bench {
namespace {

kernel::InterruptSharing sharing(bool shared) {
    return shared ? kernel::InterruptSharing::shared : kernel::InterruptSharing::exclusive;
}

kernel::SerialBusResource serial_bus(const std::string& bus, std::uint8_t type,
                                     const std::vector<std::uint8_t>& raw, std::uint16_t address,
                                     bool shared) {
    return {.controller = bus,
            .bus_type = type,
            .descriptor = raw,
            .address = address,
            .sharing = sharing(shared)};
}

// What the driver of the virtual bus (src/spb) serves. A compatible id: a driver of the bench that
// serves the hardware id of the bus comes first.
constexpr const char* serial_bus_id = "GX_SERIAL_BUS";

// Translates one firmware resource; empty for kinds that drivers never see.
std::optional<kernel::DeviceResource> translate(const firmware::Resource& resource) {
    namespace fw = firmware;
    if (const auto* m = resource.as<fw::Memory>())
        return kernel::MemoryResource{m->base, m->length};
    if (const auto* p = resource.as<fw::Port>()) return kernel::PortResource{p->base, p->length};
    if (const auto* i = resource.as<fw::Interrupt>()) {
        return kernel::InterruptResource{.gsi = i->gsi,
                                         .edge = i->trigger == fw::Trigger::edge,
                                         .active_low = i->polarity == fw::Polarity::low,
                                         .sharing = sharing(i->shared),
                                         .wake = i->wake};
    }
    if (const auto* g = resource.as<fw::GpioInt>()) {
        return kernel::GpioInterruptResource{.controller = g->controller,
                                             .pin = g->pin,
                                             .edge = g->trigger == fw::Trigger::edge,
                                             .polarity = static_cast<std::uint8_t>(g->polarity),
                                             .sharing = sharing(g->shared),
                                             .wake = g->wake,
                                             .pull = g->pull,
                                             .debounce_10us = g->debounce_10us,
                                             .vendor_data = g->vendor_data};
    }
    if (const auto* g = resource.as<fw::GpioIo>()) {
        return kernel::GpioIoResource{.controller = g->controller,
                                      .pins = g->pins,
                                      .restriction = static_cast<std::uint8_t>(g->restriction),
                                      .sharing = sharing(g->shared),
                                      .pull = g->pull,
                                      .debounce_10us = g->debounce_10us,
                                      .drive_strength_10ua = g->drive_strength_10ua,
                                      .vendor_data = g->vendor_data};
    }
    if (const auto* f = resource.as<fw::FunctionConfig>()) {
        return kernel::GpioIoResource{.controller = f->controller,
                                      .pins = f->pins,
                                      .sharing = sharing(f->shared),
                                      .pull = f->pull,
                                      .is_function = true,
                                      .function = f->function,
                                      .vendor_data = f->vendor_data};
    }
    if (const auto* b = resource.as<fw::I2c>())
        return serial_bus(b->bus, 1, resource.raw, b->address, b->shared);
    if (const auto* b = resource.as<fw::Spi>())
        return serial_bus(b->bus, 2, resource.raw, b->device_selection, b->shared);
    if (const auto* b = resource.as<fw::Uart>())
        return serial_bus(b->bus, 3, resource.raw, 0, b->shared);
    return std::nullopt;
}

firmware::Value to_firmware(const kernel::AcpiValue& value) {
    return std::visit(
        [](const auto& content) -> firmware::Value {
            using T = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return {};
            } else if constexpr (std::is_same_v<T, std::vector<kernel::AcpiValue>>) {
                firmware::Package package;
                for (const auto& element : content) package.push_back(to_firmware(element));
                return package;
            } else {
                return content;
            }
        },
        value.content);
}

kernel::AcpiValue to_kernel(const firmware::Value& value) {
    if (const auto* integer = value.integer()) return {*integer};
    if (const auto* text = value.string()) return {*text};
    if (const auto* buffer = value.buffer()) return {*buffer};
    if (const auto* reference = value.reference()) return {reference->path};
    if (const auto* package = value.package()) {
        std::vector<kernel::AcpiValue> elements;
        for (const auto& element : *package) elements.push_back(to_kernel(element));
        return {std::move(elements)};
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<FirmwareProvider>> FirmwareProvider::create(firmware::Firmware& firmware,
                                                                   const BenchFile& bench) {
    std::unique_ptr<FirmwareProvider> provider(new FirmwareProvider(firmware));
    if (auto read = provider->read_devices(); !read) return read.error();
    for (const ResourceOverride& change : bench.overrides) {
        if (auto applied = provider->apply(change, bench.file.string()); !applied)
            return applied.error();
    }
    return provider;
}

Result<void> FirmwareProvider::read_devices() {
    auto found = firmware_.devices();
    if (!found) return found.error();
    auto ordered = firmware_.start_order(*found);
    if (!ordered) return ordered.error();
    std::set<std::string> buses;
    for (const firmware::Device& device : *found) {
        kernel::AcpiDevice entry{.path = device.path,
                                 .hardware_id = device.hid,
                                 .compatible_ids = device.cids,
                                 .unique_id = device.uid,
                                 .address = device.adr.value_or(0),
                                 .parent = device.parent,
                                 .needs = device.dependencies};
        auto resources = firmware_.resources(device.path);
        if (!resources) return resources.error();
        for (const firmware::Resource& resource : *resources) {
            auto translated = translate(resource);
            if (!translated) continue;
            resources_[device.path].push_back(std::move(*translated));
            descriptions_[device.path].push_back(firmware::to_string(resource));
            if (!resource.source().empty()) entry.needs.push_back(resource.source());
            if (resource.as<firmware::I2c>() || resource.as<firmware::Spi>())
                buses.insert(resource.source());
        }
        devices_.push_back(std::move(entry));
    }
    for (kernel::AcpiDevice& device : devices_) {
        if (buses.contains(device.path)) device.compatible_ids.push_back(serial_bus_id);
    }
    return {};
}

Result<void> FirmwareProvider::apply(const ResourceOverride& change, const std::string& file) {
    if (find(change.device) == nullptr) {
        return Error{
            .message = fmt::format("override: the firmware has no device {}", change.device),
            .file = file,
            .line = change.line};
    }
    std::size_t seen = 0;
    auto& resources = resources_[change.device];
    for (std::size_t i = 0; i < resources.size(); ++i) {
        auto* memory = std::get_if<kernel::MemoryResource>(&resources[i]);
        if (memory == nullptr || seen++ != change.memory) continue;
        memory->base = change.base.value_or(memory->base);
        memory->length = change.length.value_or(memory->length);
        descriptions_[change.device][i] = fmt::format(
            "Memory {:#x} length {:#x} (overridden by the bench)", memory->base, memory->length);
        return {};
    }
    return Error{.message = fmt::format("override: {} has no memory resource {}", change.device,
                                        change.memory),
                 .file = file,
                 .line = change.line,
                 .hint = fmt::format("it has {}", seen)};
}

const kernel::AcpiDevice* FirmwareProvider::find(std::string_view path) const {
    const auto found = std::find_if(devices_.begin(), devices_.end(),
                                    [&](const auto& d) { return d.path == path; });
    return found != devices_.end() ? &*found : nullptr;
}

const std::vector<std::string>& FirmwareProvider::descriptions(const std::string& path) const {
    static const std::vector<std::string> none;
    const auto found = descriptions_.find(path);
    return found != descriptions_.end() ? found->second : none;
}

Result<std::vector<kernel::DeviceResource>> FirmwareProvider::resources(const std::string& path) {
    return resources_[path];
}

bool FirmwareProvider::has_method(const std::string& path, const std::string& name) {
    return firmware_.exists(path + "." + name);
}

Result<kernel::AcpiValue> FirmwareProvider::evaluate(
    const std::string& path, const std::string& name,
    const std::vector<kernel::AcpiValue>& arguments) {
    std::vector<firmware::Value> converted;
    for (const auto& argument : arguments) converted.push_back(to_firmware(argument));
    auto value = firmware_.evaluate(path + "." + name, converted);
    if (!value) return value.error();
    return to_kernel(*value);
}

}  // namespace gpioclx::bench
