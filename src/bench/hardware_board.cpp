#include "bench/hardware_board.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace gpioclx::bench {
namespace {

std::string last_segment(const std::string& path) {
    return path.substr(path.find_last_of(".\\") + 1);
}

// "\\_SB.GPI0:3" -> device and pin.
std::optional<std::pair<std::string, unsigned>> parse_pin(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
    unsigned pin = 0;
    const auto [end, error] =
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), pin);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::pair{text.substr(0, colon), pin};
}

std::vector<hardware::ModelProperty> properties_of(
    const std::vector<std::pair<std::string, std::string>>& given) {
    std::vector<hardware::ModelProperty> result;
    for (const auto& [name, value] : given) result.push_back({name, value});
    return result;
}

struct RegisterBase {
    std::uint64_t address = 0;
    bool at_ports = false;
};

// Where a model's registers stand: the first memory resource of its device, else the first I/O
// ports.
std::optional<RegisterBase> register_base(const std::vector<kernel::DeviceResource>& resources) {
    for (const auto& resource : resources) {
        if (const auto* memory = std::get_if<kernel::MemoryResource>(&resource))
            return RegisterBase{memory->base, false};
    }
    for (const auto& resource : resources) {
        if (const auto* ports = std::get_if<kernel::PortResource>(&resource))
            return RegisterBase{ports->base, true};
    }
    return std::nullopt;
}

}  // namespace

Error HardwareBoard::at(Error error, const std::string& file, int line) {
    if (error.file.empty()) {
        error.file = file;
        error.line = line;
    }
    return error;
}

Result<std::unique_ptr<HardwareBoard>> HardwareBoard::create(const BenchFile& bench,
                                                             FirmwareProvider& firmware,
                                                             const hardware::ModelLibrary& library,
                                                             machine::Machine& machine) {
    std::unique_ptr<HardwareBoard> board(new HardwareBoard(firmware, machine));
    const std::string file = bench.file.string();
    for (const ModelEntry& entry : bench.models) {
        if (auto added = board->add_controller(entry, bench, library); !added)
            return at(added.error(), file, entry.line);
    }
    for (const WireEntry& entry : bench.wires) {
        if (auto added = board->add_wire(entry, file); !added)
            return at(added.error(), file, entry.line);
    }
    // Parts before resources: a wire is called after the part on it.
    for (const PartEntry& entry : bench.parts) {
        if (auto added = board->add_part(entry, bench, library); !added)
            return at(added.error(), file, entry.line);
    }
    if (auto added = board->add_wires_of_resources(bench); !added) return added.error();
    if (auto wired = board->wire_outputs(); !wired) return wired.error();
    for (const auto& wire : board->wires_) board->surroundings_.add_wire(*wire);
    firmware.set_power_switch(&board->power_);
    return board;
}

Result<void> HardwareBoard::add_controller(const ModelEntry& entry, const BenchFile& bench,
                                           const hardware::ModelLibrary& library) {
    if (firmware_.find(entry.device) == nullptr) {
        return Error{.message = fmt::format("model '{}': the firmware has no device {}",
                                            entry.model, entry.device)};
    }
    if (model_of(entry.device) != nullptr) {
        return Error{.message = fmt::format("{} has a model already", entry.device)};
    }
    auto given = entry.properties;
    // Only chips behind a bus have them; for others they stay unknown properties.
    const hardware::ModelInfo* info = library.find(entry.model);
    if (info != nullptr && info->serial) {
        if (auto taken = take_strapping(given); !taken) return taken.error();
    }
    const auto properties = properties_of(given);
    auto device = library.create(entry.model, entry.device, properties, surroundings_);
    if (!device) return device.error();
    hardware::Device* model = device->get();
    hardware::RegisterBlock* block = model->as_registers();
    if (block == nullptr) {
        return Error{.message = fmt::format("model '{}' has no registers", entry.model),
                     .hint = "parts stand in [[part]], with a pin"};
    }
    devices_.push_back(std::move(*device));
    auto resources = firmware_.resources(entry.device);
    if (!resources) return resources.error();
    ControllerEntry added{.device = entry.device, .model = model};
    hardware::Controller* controller = model->as_controller();
    if (controller != nullptr && controller->map().bus) {
        if (auto on_bus = serial_buses_.add(entry, *controller, *resources); !on_bus)
            return on_bus.error();
    } else {
        const auto base = register_base(*resources);
        if (!base) {
            return Error{.message = fmt::format(
                             "{} has no memory or I/O port resource for the registers of '{}'",
                             entry.device, entry.model)};
        }
        added.at_ports = base->at_ports;
        added.registers =
            std::make_unique<ModelRegisters>(machine_, *block, base->address, entry.device);
    }
    if (auto routed = route_outputs(added, entry, bench.file.string()); !routed)
        return routed.error();
    model_of_device_.emplace(entry.device, model);
    if (controller != nullptr) {
        const bool asked_for =
            std::any_of(entry.properties.begin(), entry.properties.end(),
                        [](const auto& property) { return property.first == "power_loss"; });
        power_.add(entry.device, *controller, asked_for || firmware_.switches_power(entry.device));
    }
    controllers_.push_back(std::move(added));
    return {};
}

// The i-th output drives the i-th interrupt of the device, unless the bench says which number. An
// interrupt may be a pin of another controller; the output is wired to it when all controllers are
// there (wire_outputs).
Result<void> HardwareBoard::route_outputs(ControllerEntry& entry, const ModelEntry& model,
                                          const std::string& file) {
    auto resources = firmware_.resources(entry.device);
    if (!resources) return resources.error();
    std::vector<std::uint32_t> gsis;
    std::vector<std::pair<std::string, unsigned>> pins;
    for (const auto& resource : *resources) {
        if (const auto* interrupt = std::get_if<kernel::InterruptResource>(&resource)) {
            gsis.push_back(interrupt->gsi);
            pins.emplace_back();
        } else if (const auto* pin = std::get_if<kernel::GpioInterruptResource>(&resource)) {
            gsis.push_back(0);
            pins.emplace_back(pin->controller, pin->pin);
        }
    }
    std::map<std::string, std::uint32_t> named = model.outputs;
    const hardware::RegisterBlock& block = *entry.model->as_registers();
    std::string known;
    for (unsigned i = 0; i < block.output_count(); ++i) {
        const std::string name(block.output_name(i));
        const auto given = named.find(name);
        entry.gsis.push_back(given != named.end() ? given->second : i < gsis.size() ? gsis[i] : 0);
        entry.pins.push_back(given == named.end() && i < pins.size() ? pins[i] : ControllerPin());
        if (given != named.end()) named.erase(given);
        known += (i > 0 ? ", " : "") + name;
    }
    if (named.empty()) return {};
    return Error{.message = fmt::format("'{}' has no interrupt output {}", model.model,
                                        named.begin()->first),
                 .file = file,
                 .line = model.line,
                 .hint = "outputs: " + known};
}

hardware::Wire& HardwareBoard::new_wire(std::string name) {
    wires_.push_back(std::make_unique<hardware::Wire>(surroundings_, std::move(name)));
    return *wires_.back();
}

Result<hardware::Wire*> HardwareBoard::wire_for_pin(const std::string& device, unsigned pin) {
    hardware::Device* owner = model_of(device);
    if (owner == nullptr) {
        return Error{.message = fmt::format("{} has no hardware model", device),
                     .hint = "add a [[model]] for it"};
    }
    if (pin >= owner->pin_count()) {
        return Error{
            .message = fmt::format("{} has no pin {}", device, pin),
            .hint = fmt::format("'{}' has pins 0-{}", owner->model(), owner->pin_count() - 1)};
    }
    hardware::Wire*& wire = wire_of_pin_[{device, pin}];
    if (wire == nullptr) {
        wire = &new_wire(fmt::format("{}.{}", last_segment(device), pin));
        if (auto connected = owner->connect(pin, *wire); !connected) return connected.error();
    }
    return wire;
}

Result<hardware::Wire*> HardwareBoard::wire_for_text(const std::string& text) {
    for (const auto& wire : wires_) {
        if (wire->name() == text) return wire.get();
    }
    const auto pin = parse_pin(text);
    if (!pin)
        return Error{.message = fmt::format("'{}' is neither a wire nor a pin", text),
                     .hint = "a pin is written \\\\_SB.GPI0:3"};
    return wire_for_pin(pin->first, pin->second);
}

Result<void> HardwareBoard::add_wire(const WireEntry& entry, const std::string&) {
    if (wire(entry.name) != nullptr)
        return Error{.message = fmt::format("there are two wires '{}'", entry.name)};
    hardware::Wire& added = new_wire(entry.name);
    for (const std::string& text : entry.pins) {
        const auto pin = parse_pin(text);
        if (!pin)
            return Error{.message = fmt::format("'{}' is no pin", text),
                         .hint = "a pin is written \\\\_SB.GPI0:3"};
        hardware::Device* owner = model_of(pin->first);
        if (owner == nullptr)
            return Error{.message = fmt::format("{} has no hardware model", pin->first),
                         .hint = "add a [[model]] for it"};
        if (pin->second >= owner->pin_count()) {
            return Error{
                .message = fmt::format("{} has no pin {}", pin->first, pin->second),
                .hint = fmt::format("'{}' has pins 0-{}", owner->model(), owner->pin_count() - 1)};
        }
        if (auto connected = owner->connect(pin->second, added); !connected)
            return connected.error();
        wire_of_pin_[*pin] = &added;
    }
    return {};
}

Result<void> HardwareBoard::add_part(const PartEntry& entry, const BenchFile&,
                                     const hardware::ModelLibrary& library) {
    if (part(entry.name) != nullptr)
        return Error{.message = fmt::format("there are two parts '{}'", entry.name)};
    const auto properties = properties_of(entry.properties);
    auto device = library.create(entry.model, entry.name, properties, surroundings_);
    if (!device) return device.error();
    hardware::Device& added = **device;
    devices_.push_back(std::move(*device));
    if (entry.pins.size() > added.pin_count()) {
        return Error{.message = fmt::format("{} has {} pins, not {}", entry.name, added.pin_count(),
                                            entry.pins.size())};
    }
    for (unsigned i = 0; i < entry.pins.size(); ++i) {
        if (auto connected = connect_part(added, i, entry.pins[i]); !connected) return connected;
    }
    return {};
}

// A pin without a wire so far: the new wire has the part's name.
Result<void> HardwareBoard::connect_part(hardware::Device& part, unsigned part_pin,
                                         const std::string& to) {
    const std::string name =
        part.pin_count() == 1 ? part.name() : fmt::format("{}.{}", part.name(), part_pin);
    const auto pin = parse_pin(to);
    hardware::Device* owner = pin ? model_of(pin->first) : nullptr;
    if (owner == nullptr || pin->second >= owner->pin_count() ||
        wire_of_pin_.find(*pin) != wire_of_pin_.end() || this->wire(name) != nullptr) {
        auto found = wire_for_text(to);
        if (!found) return found.error();
        return part.connect(part_pin, **found);
    }
    hardware::Wire& wire = new_wire(name);
    if (auto connected = owner->connect(pin->second, wire); !connected) return connected;
    wire_of_pin_[*pin] = &wire;
    return part.connect(part_pin, wire);
}

// A pin that the model does not have is the firmware's mistake.
Result<void> HardwareBoard::add_wires_of(const std::string& user, const std::string& owner,
                                         const std::vector<std::uint16_t>& pins,
                                         const BenchFile& bench) {
    if (model_of(owner) == nullptr) return {};  // no model: nothing to wire
    for (std::uint16_t pin : pins) {
        if (auto wire = wire_for_pin(owner, pin); !wire) {
            return Error{.message = fmt::format("{}: {}", user, wire.error().message),
                         .file = bench.firmware.empty() ? "" : bench.firmware.front().string(),
                         .hint = wire.error().hint};
        }
    }
    return {};
}

// Pins that the firmware names lead somewhere: each gets a wire.
Result<void> HardwareBoard::add_wires_of_resources(const BenchFile& bench) {
    for (const kernel::AcpiDevice& device : firmware_.device_list()) {
        auto resources = firmware_.resources(device.path);
        // Those of a device whose resources cannot be read are nobody's, as it will not start.
        if (!resources) continue;
        for (const auto& resource : *resources) {
            Result<void> added;
            if (const auto* interrupt = std::get_if<kernel::GpioInterruptResource>(&resource)) {
                added = add_wires_of("GpioInt of " + device.path, interrupt->controller,
                                     {interrupt->pin}, bench);
            } else if (const auto* io = std::get_if<kernel::GpioIoResource>(&resource)) {
                added = add_wires_of("GpioIo of " + device.path, io->controller, io->pins, bench);
            }
            if (!added) return added;
        }
        for (const kernel::AcpiEvent& event : firmware_.events(device.path)) {
            auto added = add_wires_of("GpioInt of _AEI of " + device.path, device.path,
                                      {event.interrupt.pin}, bench);
            if (!added) return added;
        }
        for (const kernel::GpioIoResource& pins : firmware_.region_pins(device.path)) {
            auto added = add_wires_of("GpioIo of an operation region of " + device.path,
                                      device.path, pins.pins, bench);
            if (!added) return added;
        }
    }
    return {};
}

// The interrupt outputs of expanders, to the pins that their GpioInt resources name.
Result<void> HardwareBoard::wire_outputs() {
    for (ControllerEntry& entry : controllers_) {
        for (unsigned i = 0; i < entry.pins.size(); ++i) {
            const auto& [owner, pin] = entry.pins[i];
            if (owner.empty() || model_of(owner) == nullptr) continue;
            auto wire = wire_for_pin(owner, pin);
            if (!wire) return wire.error();
            entry.model->as_registers()->connect_output(i, **wire);
        }
    }
    return {};
}

hardware::Wire* HardwareBoard::wire_of(const std::string& device, unsigned pin) const {
    const auto found = wire_of_pin_.find({device, pin});
    return found != wire_of_pin_.end() ? found->second : nullptr;
}

// The platform watches the pins whose resources say so, with or without power of their controllers.
void HardwareBoard::watch_wake_pins(kernel::Kernel& kernel) {
    const auto watch = [&](const std::string& controller, const kernel::GpioInterruptResource& i) {
        hardware::Wire* wire = i.wake ? wire_of(controller, i.pin) : nullptr;
        if (wire == nullptr) return;
        surroundings_.watch(*wire, [&kernel, controller, pin = i.pin](bool high) {
            kernel.pin_moved(controller, pin, high);
        });
    };
    for (const kernel::AcpiDevice& device : firmware_.device_list()) {
        const auto resources = firmware_.resources(device.path);
        if (!resources) continue;
        for (const auto& resource : *resources) {
            if (const auto* interrupt = std::get_if<kernel::GpioInterruptResource>(&resource))
                watch(interrupt->controller, *interrupt);
        }
        for (const kernel::AcpiEvent& event : firmware_.events(device.path))
            watch(device.path, event.interrupt);
    }
}

void HardwareBoard::attach(kernel::Kernel& kernel) {
    serial_buses_.attach(kernel);
    watch_wake_pins(kernel);
    for (ControllerEntry& entry : controllers_) {
        if (entry.registers != nullptr) {
            entry.at_ports ? kernel.add_port_range(*entry.registers)
                           : kernel.add_register_range(*entry.registers);
        }
        for (unsigned i = 0; i < entry.gsis.size(); ++i) {
            if (entry.gsis[i] != 0)
                surroundings_.route(*entry.model, i, kernel.primary_line(entry.gsis[i]));
        }
    }
}

void HardwareBoard::attach(MachineHost& host) {
    for (ControllerEntry& entry : controllers_) {
        if (entry.registers) host.add_registers(*entry.registers);  // chips behind a bus have none
    }
}

void HardwareBoard::power_on() {
    serial_buses_.power_on();
    for (const auto& device : devices_) device->reset(hardware::ResetKind::cold);
}

hardware::Device* HardwareBoard::part(std::string_view name) const {
    for (const auto& device : devices_) {
        if (device->name() == name && device->as_registers() == nullptr) return device.get();
    }
    return nullptr;
}

hardware::Device* HardwareBoard::model_of(std::string_view device) const {
    const auto found = model_of_device_.find(device);
    return found != model_of_device_.end() ? found->second : part(device);
}

hardware::Controller* HardwareBoard::controller(std::string_view device) const {
    const auto found = model_of_device_.find(device);
    return found != model_of_device_.end() ? found->second->as_controller() : nullptr;
}

hardware::Wire* HardwareBoard::wire(std::string_view name) const {
    for (const auto& wire : wires_) {
        if (wire->name() == name) return wire.get();
    }
    const auto pin = parse_pin(std::string(name));
    if (!pin) return nullptr;
    const auto found = wire_of_pin_.find(*pin);
    return found != wire_of_pin_.end() ? found->second : nullptr;
}

void HardwareBoard::drive(hardware::Wire& wire, hardware::Drive drive) {
    auto end = script_ends_.find(&wire);
    if (end == script_ends_.end()) {
        end = script_ends_
                  .emplace(&wire, wire.attach(nullptr, 0, "script", hardware::Strength::normal))
                  .first;
    }
    end->second.drive(drive);
}

std::string HardwareBoard::part_names() const {
    std::string names;
    for (const auto& device : devices_) {
        if (device->as_controller() == nullptr)
            names += (names.empty() ? "" : ", ") + std::string(device->name());
    }
    return names.empty() ? "none" : names;
}

std::string HardwareBoard::wire_names() const {
    std::string names;
    for (const auto& wire : wires_) names += (names.empty() ? "" : ", ") + wire->name();
    return names;
}

}  // namespace gpioclx::bench
