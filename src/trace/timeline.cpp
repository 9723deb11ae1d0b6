#include "trace/timeline.h"

#include <fmt/format.h>

#include "trace/event_text.h"
#include "trace/request_text.h"

namespace gpioclx::trace {

using machine::Event;
using machine::EventKind;

namespace {

const char* level_text(std::uint64_t level) {
    return level == 0 ? "low" : level == 1 ? "high" : "floating";
}

std::string with_detail(std::string_view subject, std::string_view detail) {
    return detail.empty() ? std::string(subject) : fmt::format("{} ({})", subject, detail);
}

}  // namespace

std::string describe(const Event& event, const Names& names) {
    const std::string_view subject = names.name(event.subject);
    const std::string_view detail = names.name(event.detail);
    switch (event.kind) {
        case EventKind::mark: return fmt::format("--- {}", subject);
        case EventKind::message:
            // Some say themselves who speaks.
            return detail.starts_with(subject) ? std::string(detail)
                                               : fmt::format("{}: {}", subject, detail);
        case EventKind::interrupt_enter:
            return fmt::format("interrupt {}", with_detail(subject, detail));
        case EventKind::interrupt_exit:
            return fmt::format("end of interrupt {}{}", subject, event.a ? "" : ", not claimed");
        case EventKind::callback_enter:
            // Only callbacks of a GPIO controller's client know banks.
            return event.a == 0xFFFFFFFF || !subject.starts_with("CLIENT_")
                       ? fmt::format("{} of {}", subject, detail)
                       : fmt::format("{} of {}, bank {}", subject, detail, event.a);
        case EventKind::callback_exit: return fmt::format("{} returns {:#x}", subject, event.c);
        case EventKind::deferred_enter: return fmt::format("DPC {}", subject);
        case EventKind::wire_changed:
            return fmt::format("wire {} goes {}", subject, level_text(event.a));
        case EventKind::secondary_raised:
            return fmt::format("GSI {} raised for {}", event.a, with_detail(subject, detail));
        case EventKind::request_sent:
            return fmt::format("request {} to {}", request_text(detail, event.b), subject);
        case EventKind::request_completed:
            return fmt::format("request {} of {} completed, status {:#010x}", detail, subject,
                               event.c);
        case EventKind::device_state:
            return event.c == 0 ? fmt::format("{}: {}", subject, detail)
                                : fmt::format("{}: {} (status {:#010x})", subject, detail,
                                              event.c & 0xFFFFFFFF);
        case EventKind::driver_state: return fmt::format("driver {}: {}", subject, detail);
        case EventKind::hardware_report: return fmt::format("hardware: {}", detail);
        case EventKind::register_read: return fmt::format("read {} = {:#x}", subject, event.b);
        case EventKind::register_write: return fmt::format("write {} = {:#x}", subject, event.b);
        case EventKind::finding: return fmt::format("FINDING {}: {}", subject, detail);
        case EventKind::halt: return fmt::format("HALT: {}", subject);
        default: return fmt::format("{} {}", kind_name(event.kind), with_detail(subject, detail));
    }
}

// What a full timeline says besides: the operand and the locks of callbacks of a GPIO controller's
// client (GX_HOLDS_* in wdk/ext/gx_observe.h).
static std::string parameters_of(const Event& event, const Names& names) {
    if (event.kind != EventKind::callback_enter ||
        !names.name(event.subject).starts_with("CLIENT_"))
        return {};
    static constexpr const char* locks[] = {"no lock", "interrupt lock", "wait lock",
                                            "wait lock and interrupt lock"};
    const std::string operand =
        event.b != 0 ? fmt::format(", pin or mask {:#x}", event.b) : std::string();
    return fmt::format("{}, {}", operand, locks[event.c & 3]);
}

// The full one leaves out what is for tools: choices, which a token replays, and the pool's blocks.
bool Timeline::is_shown(const Event& event, const Names& names) {
    if (detail_ == TimelineDetail::short_) return steps_.is_step(event, names);
    return !is_stack(event, names) && event.kind != EventKind::choice &&
           event.kind != EventKind::allocation && event.kind != EventKind::release;
}

void Timeline::write_heading() {
    heading_written_ = true;
    fmt::print(file_, "{:>14}  {:>3}  {:<9}  {:<24}  {}\n", "time", "cpu", "IRQL", "who", "what");
}

void Timeline::write(const Event& event, const Names& names) {
    if (!is_shown(event, names)) return;
    if (!heading_written_) write_heading();
    const bool outside = event.processor == machine::no_processor;
    const bool alarming = event.kind == EventKind::finding || event.kind == EventKind::halt;
    std::string who(names.name(event.actor));
    if (who.size() > 24) who = "..." + who.substr(who.size() - 21);
    std::string what = describe(event, names);
    if (detail_ == TimelineDetail::full) what += parameters_of(event, names);
    fmt::print(
        file_, "{}{:>11.3f} us  {:>3}  {:<9}  {:<24}  {}{}\n", color_ && alarming ? "\033[31m" : "",
        static_cast<double>(event.time_ns) / 1e3, outside ? "-" : std::to_string(event.processor),
        outside ? "" : irql_name(event.level), who, what, color_ && alarming ? "\033[0m" : "");
}

}  // namespace gpioclx::trace
