#include "trace/steps.h"

#include "diagnostics/stack_mark.h"

namespace gpioclx::trace {

using machine::Event;
using machine::EventKind;

namespace {

bool is_failure(std::uint64_t status) { return (status >> 30 & 3) == 3; }

bool is_plug_and_play(std::string_view request) {
    return request.starts_with("IRP_MJ_PNP") || request.starts_with("IRP_MJ_POWER");
}

bool is_step_of_request(const Event& event, std::string_view request) {
    if (is_plug_and_play(request)) return false;
    if (event.kind == EventKind::request_completed) return is_failure(event.c);
    return request != "IRP_MJ_CLEANUP" && request != "IRP_MJ_CLOSE";
}

}  // namespace

bool is_stack(const Event& event, const Names& names) {
    if (event.kind != EventKind::mark) return false;
    const std::string_view text = names.name(event.subject);
    return text.starts_with(stack_mark) || text.starts_with(other_stack_mark) ||
           text.starts_with(held_mark) || text.starts_with(again_mark);
}

// The framework and the PnP manager both say where a device stands.
bool Steps::is_new_state(std::string_view device, std::string_view state) {
    std::string& last = states_[std::string(device)];
    if (last == state) return false;
    last = state;
    return true;
}

// The framework calls EvtInterruptIsr in a service routine that was a step a moment ago.
bool Steps::is_in_service(const Event& event, const Names& names) const {
    return service_ && service_->actor == names.name(event.actor) &&
           service_->processor == event.processor;
}

bool Steps::is_step(const Event& event, const Names& names) {
    const std::string_view subject = names.name(event.subject);
    const std::string_view detail = names.name(event.detail);
    switch (event.kind) {
        case EventKind::interrupt_enter:
            service_ = {std::string(names.name(event.actor)), event.processor};
            return true;
        case EventKind::deferred_enter:
            service_ = {std::string(names.name(event.actor)), event.processor};
            return subject != "flush of deferred calls";
        case EventKind::interrupt_exit:
        case EventKind::deferred_exit: service_.reset(); return false;
        case EventKind::callback_enter:
            return !((subject == "EvtInterruptIsr" || subject == "EvtInterruptDpc") &&
                     is_in_service(event, names));
        case EventKind::mark: return !is_stack(event, names);
        case EventKind::message:
            // What ACPICA says of each table that it loads.
            return !(subject == "ACPI" && detail.starts_with("ACPI: "));
        case EventKind::request_sent:
        case EventKind::request_completed: return is_step_of_request(event, detail);
        case EventKind::device_state: return is_new_state(subject, detail);
        case EventKind::driver_state: return detail != "loaded" || is_failure(event.c);
        case EventKind::wire_changed:
        case EventKind::secondary_raised:
        case EventKind::hardware_report:
        case EventKind::finding:
        case EventKind::halt: return true;
        default: return false;
    }
}

}  // namespace gpioclx::trace
