#include "bench/machine_surroundings.h"

#include <algorithm>

#include "hardware/controller.h"
#include "hardware/wire.h"

namespace gpioclx::bench {

using machine::EventKind;

void MachineSurroundings::route(hardware::Controller& controller, unsigned output,
                                machine::InterruptLine& line) {
    routes_[{&controller, output}] = &line;
}

void MachineSurroundings::add_wire(hardware::Wire& wire) {
    wire.set_label(machine_.name(wire.name()));
}

void MachineSurroundings::interrupt_output(hardware::Controller& controller, unsigned output,
                                           bool active) {
    const auto route = routes_.find({&controller, output});
    if (route == routes_.end()) return;  // the output is not wired to the processor
    if (active) {
        machine_.assert_line(*route->second);
    } else {
        machine_.deassert_line(*route->second);
    }
}

void MachineSurroundings::serial_access(hardware::Controller& controller, bool write,
                                        std::uint64_t offset, std::uint8_t value) {
    machine_.emit(write ? EventKind::register_write : EventKind::register_read,
                  machine_.name(controller.register_name(offset)), machine_.name(controller.name()),
                  offset, value, 8);
}

void MachineSurroundings::wire_changed(hardware::Wire& wire, hardware::Level old_level,
                                       hardware::Level new_level) {
    if (wire.label() == machine::no_name) return;
    machine_.emit(EventKind::wire_changed, wire.label(), machine::no_name,
                  static_cast<std::uint64_t>(new_level), static_cast<std::uint64_t>(old_level));
}

std::size_t MachineSurroundings::choose(std::string_view choice_name, std::size_t alternatives) {
    return machine_.choose(
        {machine::ChoiceKind::hardware, machine::no_name, machine_.name(choice_name)},
        alternatives);
}

void MachineSurroundings::report(const hardware::HardwareEvent& event) {
    const std::string_view subject =
        event.register_name.empty() ? event.source : event.register_name;
    machine_.emit(EventKind::hardware_report, machine_.name(subject), machine_.name(event.text()),
                  event.offset, event.value, static_cast<std::uint64_t>(event.kind));
}

void MachineSurroundings::at(std::uint64_t time_ns, std::function<void()> callback) {
    auto alarm = std::make_unique<Alarm>();
    alarm->callback = std::move(callback);
    alarm->owner = this;
    alarm->timer.fired = &alarm_fired;
    alarm->timer.context = alarm.get();
    alarm->timer.name = machine_.name("hardware");
    machine_.set_timer(alarm->timer, std::max(time_ns, machine_.now_ns()));
    alarms_.push_back(std::move(alarm));
}

void MachineSurroundings::alarm_fired(void* context) {
    Alarm* alarm = static_cast<Alarm*>(context);
    MachineSurroundings& owner = *alarm->owner;
    const std::function<void()> callback = std::move(alarm->callback);
    std::erase_if(owner.alarms_, [alarm](const auto& other) { return other.get() == alarm; });
    callback();
}

}  // namespace gpioclx::bench
