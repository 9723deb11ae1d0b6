#include "bench/firmware_provider.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "bench/status_text.h"
#include "firmware/start_order.h"

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
kernel::GpioInterruptResource gpio_interrupt(const firmware::GpioInt& g) {
    return {.controller = g.controller,
            .pin = g.pin,
            .edge = g.trigger == firmware::Trigger::edge,
            .polarity = static_cast<std::uint8_t>(g.polarity),
            .sharing = sharing(g.shared),
            .wake = g.wake,
            .pull = g.pull,
            .debounce_10us = g.debounce_10us,
            .vendor_data = g.vendor_data};
}

kernel::GpioIoResource gpio_io(const firmware::GpioIo& g) {
    return {.controller = g.controller,
            .pins = g.pins,
            .restriction = static_cast<std::uint8_t>(g.restriction),
            .sharing = sharing(g.shared),
            .pull = g.pull,
            .debounce_10us = g.debounce_10us,
            .drive_strength_10ua = g.drive_strength_10ua,
            .vendor_data = g.vendor_data};
}

// A field has some of the pins of its connection.
kernel::GpioIoResource gpio_io(firmware::GpioIo g, unsigned first, unsigned count) {
    g.pins = {g.pins.begin() + first, g.pins.begin() + first + count};
    return gpio_io(g);
}

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
    if (const auto* g = resource.as<fw::GpioInt>()) return gpio_interrupt(*g);
    if (const auto* g = resource.as<fw::GpioIo>()) return gpio_io(*g);
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

// A driver may name a method of another device by its whole path.
std::string full_name(const std::string& path, const std::string& name) {
    return name.starts_with("\\") ? name : path + "." + name;
}

// Statuses that AML's author can do something about.
std::string_view advice(std::uint32_t status) {
    switch (status) {
        case 0xC000A125: return "the first access to a field fixes its direction (A24)";
        case 0xC000A126:
            return "the IORestriction of the Connection must allow it, and nobody else may use the "
                   "pin";
        case 0xC0000022: return "another user has the pin: an interrupt, a driver or another field";
        case 0xC000000D: return "all pins must exist, each once";
        case 0xC0000194:
            return "methods that a controller's driver evaluates in a callback cannot move its "
                   "pins";
        default: return "";
    }
}

}  // namespace

// One controller's fields on their way to the extension.
class FirmwareProvider::Region final : public firmware::PinRegionHandler {
  public:
    explicit Region(kernel::PinRegionUser& user) : user_(user) {}

    Result<void> access(const firmware::PinAccess& access, std::uint64_t& value) override {
        const kernel::GpioIoResource pins = gpio_io(access.connection, access.first, access.count);
        const std::uint32_t status = user_.access(pins, access.write, value);
        if ((status >> 31) == 0) return {};
        return Error{
            .message = fmt::format("{} pin {} of {} through an operation region failed "
                                   "with {}",
                                   access.write ? "writing" : "reading", fmt::join(pins.pins, ", "),
                                   pins.controller, status_text(status)),
            .hint = std::string(advice(status))};
    }

  private:
    kernel::PinRegionUser& user_;
};

FirmwareProvider::FirmwareProvider(firmware::Firmware& firmware, bool strict)
    : firmware_(firmware), strict_(strict) {}

FirmwareProvider::~FirmwareProvider() { firmware_.set_notify_handler(nullptr); }

Result<std::unique_ptr<FirmwareProvider>> FirmwareProvider::create(firmware::Firmware& firmware,
                                                                   const BenchFile& bench,
                                                                   bool strict) {
    std::unique_ptr<FirmwareProvider> provider(new FirmwareProvider(firmware, strict));
    if (auto read = provider->read_devices(); !read) return read.error();
    if (auto read = provider->read_fields(); !read) return read.error();
    for (const ResourceOverride& change : bench.overrides) {
        if (auto applied = provider->apply(change, bench.file.string()); !applied)
            return applied.error();
    }
    return provider;
}

Result<void> FirmwareProvider::note(const std::string& device, const Error& error) {
    if (strict_) return error;
    problems_.push_back({device, error.text()});
    return {};
}

Result<void> FirmwareProvider::read_devices() {
    std::vector<std::string> problems;
    auto found = firmware_.devices(strict_ ? nullptr : &problems);
    if (!found) return found.error();
    for (std::string& text : problems) problems_.push_back({"", std::move(text)});
    std::set<std::string> buses;
    for (const firmware::Device& device : *found) {
        kernel::AcpiDevice entry{.path = device.path,
                                 .hardware_id = device.hid,
                                 .compatible_ids = device.cids,
                                 .unique_id = device.uid,
                                 .address = device.adr.value_or(0),
                                 .parent = device.parent,
                                 .needs = {},
                                 .after = device.dependencies};
        if (auto read = read_resources(entry, buses); !read) return read.error();
        if (auto read = read_events(device.path); !read) return read.error();
        index_[device.path] = devices_.size();
        devices_.push_back(std::move(entry));
    }
    for (kernel::AcpiDevice& device : devices_) {
        if (buses.contains(device.path)) device.compatible_ids.push_back(serial_bus_id);
    }
    return check_start_order();
}

Result<void> FirmwareProvider::read_resources(kernel::AcpiDevice& device,
                                              std::set<std::string>& buses) {
    auto resources = firmware_.resources(device.path);
    if (!resources) {
        if (auto noted = note(device.path, resources.error()); !noted) return noted;
        broken_[device.path] = resources.error().text();
        return {};
    }
    for (const firmware::Resource& resource : *resources) {
        auto translated = translate(resource);
        if (!translated) continue;
        resources_[device.path].push_back(std::move(*translated));
        uses_[device.path].push_back({"", firmware::to_string(resource)});
        const std::string& source = resource.source();
        // A controller may list pins of its own, which it cannot wait for.
        if (!source.empty() && source != device.path) device.needs.push_back(source);
        if (resource.as<firmware::I2c>() || resource.as<firmware::Spi>()) buses.insert(source);
    }
    return {};
}

Result<void> FirmwareProvider::read_events(const std::string& controller) {
    std::vector<std::string> problems;
    auto pins = firmware_.event_pins(controller, strict_ ? nullptr : &problems);
    for (std::string& text : problems) problems_.push_back({controller, std::move(text)});
    if (!pins) return note(controller, pins.error());
    for (const firmware::EventPin& pin : *pins) {
        events_[controller].push_back({gpio_interrupt(pin.interrupt), pin.method});
        uses_[controller].push_back(
            {"_AEI " + pin.method,
             firmware::to_string(firmware::Resource{.content = pin.interrupt, .raw = {}})});
    }
    return {};
}

Result<void> FirmwareProvider::read_fields() {
    std::vector<std::string> problems;
    for (const firmware::PinField& field : firmware_.pin_fields(problems)) {
        firmware::GpioIo used = field.connection;
        used.pins = {used.pins.begin() + field.first,
                     used.pins.begin() + field.first + field.count};
        fields_[field.controller].push_back(gpio_io(used));
        uses_[field.controller].push_back(
            {"field " + field.path,
             firmware::to_string(firmware::Resource{.content = used, .raw = {}})});
    }
    for (const std::string& text : problems) {
        if (auto noted = note("", Error{.message = text}); !noted) return noted;
    }
    return {};
}

// Cycles: of devices that nobody serves they hurt nobody, the others are told when they start.
Result<void> FirmwareProvider::check_start_order() {
    std::vector<firmware::StartNode> nodes;
    for (const kernel::AcpiDevice& device : devices_) {
        firmware::StartNode node{device.path, device.needs};
        node.needs.insert(node.needs.end(), device.after.begin(), device.after.end());
        if (!device.parent.empty()) node.needs.push_back(device.parent);
        nodes.push_back(std::move(node));
    }
    auto ordered = firmware::start_order(nodes);
    return ordered ? Result<void>{} : note("", ordered.error());
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
        uses_[change.device][i].text = fmt::format(
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
    const auto found = index_.find(path);
    return found != index_.end() ? &devices_[found->second] : nullptr;
}

const std::vector<ResourceUse>& FirmwareProvider::uses(const std::string& path) const {
    static const std::vector<ResourceUse> none;
    const auto found = uses_.find(path);
    return found != uses_.end() ? found->second : none;
}

std::set<std::string> FirmwareProvider::pin_owners() const {
    std::set<std::string> owners;
    for (const auto& [device, resources] : resources_) {
        for (const kernel::DeviceResource& resource : resources) {
            if (const auto* interrupt = std::get_if<kernel::GpioInterruptResource>(&resource)) {
                owners.insert(interrupt->controller);
            } else if (const auto* io = std::get_if<kernel::GpioIoResource>(&resource)) {
                owners.insert(io->controller);
            }
        }
    }
    for (const auto& [controller, events] : events_) owners.insert(controller);
    for (const auto& [controller, fields] : fields_) owners.insert(controller);
    return owners;
}

Result<std::vector<kernel::DeviceResource>> FirmwareProvider::resources(const std::string& path) {
    if (const auto broken = broken_.find(path); broken != broken_.end()) {
        return Error{.message = broken->second};
    }
    return resources_[path];
}

bool FirmwareProvider::has_method(const std::string& path, const std::string& name) {
    return firmware_.exists(full_name(path, name));
}

bool FirmwareProvider::switches_power(const std::string& path) {
    constexpr const char* names[] = {"_PS3", "_PR0", "_PR3"};
    return std::any_of(std::begin(names), std::end(names),
                       [&](const char* name) { return has_method(path, name); });
}

Result<kernel::AcpiValue> FirmwareProvider::evaluate(
    const std::string& path, const std::string& name,
    const std::vector<kernel::AcpiValue>& arguments) {
    std::vector<firmware::Value> converted;
    for (const auto& argument : arguments) converted.push_back(to_firmware(argument));
    auto value = firmware_.evaluate(full_name(path, name), converted);
    if (!value) return value.error();
    return to_kernel(*value);
}

std::vector<kernel::AcpiEvent> FirmwareProvider::events(const std::string& controller) {
    const auto found = events_.find(controller);
    return found != events_.end() ? found->second : std::vector<kernel::AcpiEvent>{};
}

Result<void> FirmwareProvider::run_event(const std::string&, const kernel::AcpiEvent& event) {
    std::vector<firmware::Value> arguments;
    if (event.method.ends_with("._EVT")) arguments.push_back(unsigned{event.interrupt.pin});
    auto ran = firmware_.evaluate(event.method, arguments);
    if (!ran) return ran.error();
    return {};
}

std::vector<kernel::GpioIoResource> FirmwareProvider::region_pins(const std::string& controller) {
    const auto found = fields_.find(controller);
    return found != fields_.end() ? found->second : std::vector<kernel::GpioIoResource>{};
}

Result<void> FirmwareProvider::connect_region(const std::string& controller,
                                              kernel::PinRegionUser& user) {
    auto& region = regions_[controller];
    region = std::make_unique<Region>(user);
    auto connected = firmware_.connect_region(controller, *region);
    if (!connected) regions_.erase(controller);
    return connected;
}

Result<void> FirmwareProvider::disconnect_region(const std::string& controller) {
    auto disconnected = firmware_.disconnect_region(controller);
    regions_.erase(controller);
    return disconnected;
}

void FirmwareProvider::set_notification_sink(kernel::NotificationSink* sink) {
    sink_ = sink;
    firmware_.set_notify_handler(sink != nullptr ? this : nullptr);
}

void FirmwareProvider::notify(const std::string& device, std::uint32_t code) {
    sink_->notify(device, code);
}

}  // namespace gpioclx::bench
