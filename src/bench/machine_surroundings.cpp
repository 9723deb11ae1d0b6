#include "bench/machine_surroundings.h"

#include <fmt/format.h>

#include <algorithm>

#include "diagnostics/stack_mark.h"
#include "hardware/controller.h"
#include "hardware/device.h"
#include "hardware/wire.h"
#include "kernel/dbg/finding.h"
#include "machine/witness.h"

namespace gpioclx::bench {

using machine::EventKind;

namespace {
constexpr std::size_t places_max = 4096;
}

void MachineSurroundings::route(hardware::Device& device, unsigned output,
                                machine::InterruptLine& line) {
    routes_[{&device, output}] = &line;
}

void MachineSurroundings::add_wire(hardware::Wire& wire) {
    wire.set_label(machine_.name(wire.name()));
}

void MachineSurroundings::interrupt_output(hardware::Device& device, unsigned output, bool active) {
    const auto route = routes_.find({&device, output});
    if (route == routes_.end()) return;  // the output is not wired to the processor
    if (active) {
        machine_.assert_line(*route->second);
    } else {
        machine_.deassert_line(*route->second);
    }
}

void MachineSurroundings::serial_access_begins(hardware::Controller& controller, bool write,
                                               std::uint64_t offset, std::uint8_t value) {
    machine::Witness* const witness = machine_.witness();
    if (witness == nullptr) return;
    witness->register_accessed({.register_name = machine_.name(controller.register_name(offset)),
                                .device = machine_.name(controller.name()),
                                .offset = offset,
                                .value = value,
                                .bytes = 1,
                                .write = write,
                                .over_bus = true});
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
    if (new_level != hardware::Level::high && new_level != hardware::Level::low) return;
    const auto [first, last] = watched_.equal_range(&wire);
    for (auto one = first; one != last; ++one) one->second(new_level == hardware::Level::high);
}

std::size_t MachineSurroundings::choose(std::string_view choice_name, std::size_t alternatives) {
    return machine_.choose(
        {machine::ChoiceKind::hardware, machine::no_name, machine_.name(choice_name)},
        alternatives);
}

// The driver's line stands in a mark right behind, as with findings; once for each place.
void MachineSurroundings::report(const hardware::HardwareEvent& event) {
    const std::string_view subject =
        event.register_name.empty() ? event.source : event.register_name;
    ++reports_[{event.kind, std::string(event.source)}];
    // Values differ without end, names stay for ever: what comes late is told without values.
    const bool room = places_told_.size() < places_max;
    const machine::NameId text =
        machine_.name(room ? event.text() : std::string(hardware::to_string(event.kind)));
    machine_.emit(EventKind::hardware_report, machine_.name(subject), text, event.offset,
                  event.value, static_cast<std::uint64_t>(event.kind));
    const std::string stack = kernel::dbg::call_stack();
    if (stack.empty() || !room) return;
    // Whatever the chip is, this is a mistake of who asks.
    if (event.kind == hardware::HardwareEvent::Kind::unpowered_access)
        kernel::dbg::report_finding("power-011", event.text());
    const machine::NameId place = machine_.name(std::string(stack_mark) + stack);
    if (places_told_.insert({text, place}).second) machine_.emit(EventKind::mark, place);
}

std::uint64_t MachineSurroundings::report_count(std::optional<hardware::HardwareEvent::Kind> kind,
                                                std::string_view source) const {
    std::uint64_t sum = 0;
    for (const auto& [what, count] : reports_) {
        const bool wanted = !kind || what.first == *kind;
        if (wanted && (source.empty() || what.second == source)) sum += count;
    }
    return sum;
}

void MachineSurroundings::model_failed(hardware::Device& device, std::string_view what) {
    kernel::dbg::report_finding(
        kernel::dbg::id::model_failed,
        fmt::format("the model {} of {} failed: {}", device.model(), device.name(), what));
    machine_.halt(machine_.name("a hardware model failed"));
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
