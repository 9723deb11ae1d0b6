#include "bench/board_view.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bench/status_text.h"
#include "hardware/button.h"
#include "hardware/controller.h"
#include "hardware/led.h"
#include "hardware/signal.h"
#include "kernel/dbg/state_dump.h"
#include "kernel/ldr/image.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;

Json devices(Board& board) {
    Json list = Json::array();
    for (const kernel::DeviceStatus& device : board.kernel().devices()) {
        list.push_back({{"path", device.path},
                        {"hardware_id", device.hardware_id},
                        {"driver", device.driver},
                        {"state", device.state},
                        {"status", device.status},
                        {"status_name", status_text(device.status)},
                        {"failed_in", device.failed_in},
                        {"message", device.message}});
    }
    return {{"devices", std::move(list)}};
}

Json controllers(Board& board) {
    Json list = Json::array();
    for (const kernel::AcpiDevice& device : board.firmware().device_list()) {
        const hardware::Controller* controller = board.hardware().controller(device.path);
        if (controller == nullptr) continue;
        list.push_back({{"path", device.path},
                        {"model", controller->model()},
                        {"title", controller->map().title},
                        {"pins", controller->pin_count()},
                        {"banks", controller->bank_count()}});
    }
    return {{"controllers", std::move(list)}};
}

Json banks(Board& board) {
    Json list = Json::array();
    for (const kernel::AcpiDevice& device : board.firmware().device_list()) {
        const hardware::Controller* controller = board.hardware().controller(device.path);
        if (controller == nullptr) continue;
        for (unsigned i = 0; i < controller->bank_count(); ++i) {
            Json bank{{"controller", device.path}, {"bank", i}};
            std::string enabled, pending, outputs;
            for (unsigned p = 0; p < controller->pin_count(); ++p) {
                const hardware::PinState pin = controller->pin(p);
                if (pin.bank != i) continue;
                const std::string number = std::to_string(p);
                if (pin.enabled && pin.unmasked) enabled += (enabled.empty() ? "" : ",") + number;
                if (pin.pending) pending += (pending.empty() ? "" : ",") + number;
                if (pin.output) outputs += (outputs.empty() ? "" : ",") + number;
            }
            bank["enabled"] = enabled;
            bank["pending"] = pending;
            bank["outputs"] = outputs;
            list.push_back(std::move(bank));
        }
    }
    return {{"banks", std::move(list)}};
}

std::string trigger_text(const hardware::PinState& pin) {
    if (pin.rising && pin.falling) return "both edges";
    if (pin.rising) return "rising edge";
    if (pin.falling) return "falling edge";
    if (pin.level_high && pin.level_low) return "any level";
    if (pin.level_high) return "high level";
    return pin.level_low ? "low level" : "";
}

// Devices to which the firmware gives each pin: (controller, pin) -> "\\_SB.LED0".
using PinOwners = std::map<std::pair<std::string, unsigned>, std::vector<std::string>>;

void add_owner(PinOwners& owners, const std::string& controller, unsigned pin,
               const std::string& device) {
    std::vector<std::string>& list = owners[{controller, pin}];
    if (list.empty() || list.back() != device) list.push_back(device);
}

PinOwners pin_owners(Board& board) {
    PinOwners owners;
    for (const kernel::AcpiDevice& device : board.firmware().device_list()) {
        const auto resources = board.firmware().resources(device.path);
        if (!resources) continue;
        for (const kernel::DeviceResource& resource : *resources) {
            if (const auto* interrupt = std::get_if<kernel::GpioInterruptResource>(&resource))
                add_owner(owners, interrupt->controller, interrupt->pin, device.path);
            if (const auto* io = std::get_if<kernel::GpioIoResource>(&resource)) {
                for (unsigned pin : io->pins) add_owner(owners, io->controller, pin, device.path);
            }
        }
        for (const kernel::AcpiEvent& event : board.firmware().events(device.path)) {
            add_owner(owners, device.path, event.interrupt.pin, event.method);
        }
        for (const kernel::GpioIoResource& field : board.firmware().region_pins(device.path)) {
            for (unsigned pin : field.pins) add_owner(owners, device.path, pin, device.path);
        }
    }
    return owners;
}

Json pins(Board& board) {
    Json list = Json::array();
    const PinOwners owners = pin_owners(board);
    for (const kernel::AcpiDevice& device : board.firmware().device_list()) {
        hardware::Controller* controller = board.hardware().controller(device.path);
        if (controller == nullptr) continue;
        for (unsigned p = 0; p < controller->pin_count(); ++p) {
            const hardware::PinState pin = controller->pin(p);
            const hardware::Wire* wire = controller->wire_of(p);
            const auto owner = owners.find({device.path, p});
            list.push_back(
                {{"controller", device.path},
                 {"pin", p},
                 {"wire", wire != nullptr ? wire->name() : ""},
                 {"owners", owner != owners.end() ? owner->second : std::vector<std::string>()},
                 {"direction", pin.output ? "output" : "input"},
                 {"function", pin.function},
                 {"level", pin.floating ? "floating"
                           : pin.high   ? "high"
                                        : "low"},
                 {"latch", pin.latch},
                 {"pull", hardware::to_string(pin.pull)},
                 {"interrupt", pin.enabled ? pin.unmasked ? "enabled" : "masked" : "off"},
                 {"trigger", trigger_text(pin)},
                 {"pending", pin.pending}});
        }
    }
    return {{"pins", std::move(list)}};
}

constexpr char none[] = "none";

std::string driver_for(Board& board, const kernel::AcpiDevice& device) {
    std::vector<std::string> ids = device.compatible_ids;
    ids.insert(ids.begin(), device.hardware_id);
    std::string driver = board.kernel().driver_for(ids);
    return driver.empty() ? none : driver;
}

// Only what owns pins needs a model.
std::string model_of(Board& board, const std::string& path, const std::set<std::string>& owners) {
    if (const hardware::Controller* controller = board.hardware().controller(path)) {
        return std::string(controller->model());
    }
    return owners.contains(path) ? none : "";
}

// Who uses which pin: for people who bring up a board. A device without resources has one row too.
Json resources(Board& board) {
    FirmwareProvider& firmware = board.firmware();
    const std::set<std::string> owners = firmware.pin_owners();
    Json list = Json::array();
    for (const kernel::AcpiDevice& device : firmware.device_list()) {
        const Json head{{"path", device.path},
                        {"hardware_id", device.hardware_id},
                        {"driver", driver_for(board, device)},
                        {"model", model_of(board, device.path, owners)}};
        const auto add = [&](const std::string& user, const std::string& text) {
            list.push_back(head);
            list.back()["user"] = user;
            list.back()["resource"] = text;
        };
        for (const ResourceUse& use : firmware.uses(device.path)) add(use.user, use.text);
        if (firmware.uses(device.path).empty()) add("", "");
    }
    Json problems = Json::array();
    for (const FirmwareProblem& problem : firmware.problems()) {
        problems.push_back({{"path", problem.device}, {"problem", problem.text}});
    }
    return {{"resources", std::move(list)}, {"problems", std::move(problems)}};
}

// What a person sees of it; empty for parts that show nothing.
std::string part_state(const hardware::Device& part) {
    if (const auto* led = dynamic_cast<const hardware::Led*>(&part))
        return led->on() ? "on" : "off";
    if (const auto* button = dynamic_cast<const hardware::Button*>(&part))
        return button->pressed() ? "pressed" : "released";
    if (const auto* signal = dynamic_cast<const hardware::Signal*>(&part))
        return std::string(hardware::to_string(signal->driven()));
    return {};
}

Json parts(Board& board) {
    Json list = Json::array();
    for (const PartEntry& entry : board.bench().parts) {
        const hardware::Device* part = board.hardware().part(entry.name);
        if (part == nullptr) continue;
        list.push_back({{"name", entry.name},
                        {"model", part->model()},
                        {"pin", fmt::format("{}", fmt::join(entry.pins, ", "))},
                        {"state", part_state(*part)},
                        {"actions", part->actions()}});
    }
    return {{"parts", std::move(list)}};
}

Json wires(Board& board) {
    Json list = Json::array();
    for (const auto& wire : board.hardware().wires()) {
        Json ends = Json::array();
        for (std::size_t i = 0; i < wire->terminal_count(); ++i) {
            ends.push_back(
                {{"owner", wire->owner(i)}, {"drives", hardware::to_string(wire->driven_by(i))}});
        }
        list.push_back({{"name", wire->name()},
                        {"level", hardware::to_string(wire->level())},
                        {"ends", std::move(ends)}});
    }
    return {{"wires", std::move(list)}};
}

// Not what the hardware has, but what GpioClx knows of it.
Json extension(std::uint32_t flags) {
    using namespace kernel::dbg;
    return {{"extension", state_dump("gpioclx", dump_details | dump_registers | flags)}};
}

}  // namespace

Result<Json> show_board(Board& board, const std::string& what) {
    if (what == "devices" || what == "drivers") return devices(board);
    if (what == "controllers") return controllers(board);
    if (what == "banks") return banks(board);
    if (what == "pins") return pins(board);
    if (what == "resources") return resources(board);
    if (what == "wires") return wires(board);
    if (what == "parts") return parts(board);
    if (what == "extension") return extension(0);
    if (what == "extension/all") return extension(kernel::dbg::dump_unconfigured_pins);
    return Error{.message = fmt::format("'{}' cannot be shown", what),
                 .hint =
                     "controllers, banks, pins, resources, drivers, devices, wires, parts, "
                     "extension"};
}

std::vector<ImageView> loaded_images() {
    std::vector<ImageView> views;
    for (const kernel::ldr::Image* image : kernel::ldr::images()) {
        views.push_back(
            {std::string(image->name()), std::string(image->path()), image->base(), image->size()});
    }
    return views;
}

}  // namespace gpioclx::bench
