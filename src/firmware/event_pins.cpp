// GPIO-signaled ACPI events: _AEI and the methods that handle them.
#include <fmt/format.h>

#include "firmware/firmware.h"
#include "firmware/namespace_node.h"
#include "firmware/resource_decoder.h"

namespace gpioclx::firmware {
namespace {

// _Exx or _Lxx has precedence over _EVT; only pins up to 255 can have one.
Result<EventPin> event_of(const Firmware& firmware, const std::string& controller,
                          const GpioInt& interrupt) {
    EventPin event{.interrupt = interrupt, .method = {}};
    std::string wanted = controller + "._EVT";
    if (interrupt.pin <= 0xFF) {
        const std::string own =
            fmt::format("{}._{}{:02X}", controller, interrupt.trigger == Trigger::edge ? 'E' : 'L',
                        interrupt.pin);
        if (firmware.has_method(own)) {
            event.method = own;
            return event;
        }
        wanted = own + " or " + wanted;
    }
    event.method = controller + "._EVT";
    event.takes_pin = true;
    if (firmware.has_method(event.method)) return event;
    return Error{.message = fmt::format("{} _AEI lists pin {}, but no method handles it",
                                        controller, interrupt.pin),
                 .hint = wanted};
}

}  // namespace

Result<std::vector<EventPin>> Firmware::event_pins(const std::string& controller,
                                                   std::vector<std::string>* problems) const {
    auto node = find_device(controller);
    if (!node) return node.error();
    std::vector<EventPin> events;
    const std::string name = controller + "._AEI";
    if (!exists(name)) return events;
    auto value = evaluate(name);
    if (!value) return value.error();
    if (value->buffer() == nullptr) {
        return Error{.message = fmt::format("{} returned {}", name, to_string(*value)),
                     .hint = "a ResourceTemplate of GpioInt"};
    }
    const std::string place = controller + " _AEI";
    auto resources = decode_resources(*value->buffer(), {place, [&](const std::string& source) {
                                                             return resolve_device(*node, source);
                                                         }});
    if (!resources) return resources.error();
    for (const Resource& resource : *resources) {
        const GpioInt* interrupt = resource.as<GpioInt>();
        auto event = [&]() -> Result<EventPin> {
            if (interrupt != nullptr && interrupt->controller == controller) {
                return event_of(*this, controller, *interrupt);
            }
            return Error{.message = fmt::format("{} descriptor {} is not a GpioInt of the "
                                                "controller itself (A16): {}",
                                                place, resource.descriptor, to_string(resource))};
        }();
        if (event) {
            events.push_back(std::move(*event));
        } else if (problems != nullptr) {
            problems->push_back(event.error().text());
        } else {
            return event.error();
        }
    }
    return events;
}

}  // namespace gpioclx::firmware
