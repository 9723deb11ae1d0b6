#include "trace/event_text.h"

#include <fmt/format.h>

namespace gpioclx::trace {

using machine::EventKind;

std::string_view kind_name(EventKind kind) {
    constexpr std::string_view names[] = {"none",
                                          "mark",
                                          "message",
                                          "thread_created",
                                          "thread_switch",
                                          "thread_ended",
                                          "wait_begin",
                                          "wait_end",
                                          "line_asserted",
                                          "line_deasserted",
                                          "interrupt_enter",
                                          "interrupt_exit",
                                          "deferred_queued",
                                          "deferred_enter",
                                          "deferred_exit",
                                          "timer_set",
                                          "timer_fired",
                                          "lock_acquired",
                                          "lock_contended",
                                          "lock_released",
                                          "callback_enter",
                                          "callback_exit",
                                          "register_read",
                                          "register_write",
                                          "hardware_report",
                                          "wire_changed",
                                          "secondary_raised",
                                          "request_sent",
                                          "request_completed",
                                          "device_state",
                                          "driver_state",
                                          "choice",
                                          "finding",
                                          "halt",
                                          "allocation",
                                          "release"};
    static_assert(std::size(names) == static_cast<std::size_t>(EventKind::kind_count));
    const auto index = static_cast<std::size_t>(kind);
    return index < std::size(names) ? names[index] : "?";
}

void EventText::write(const machine::Event& event, const Names& names) {
    const std::string processor =
        event.processor == machine::no_processor ? "-" : std::to_string(event.processor);
    std::string line =
        fmt::format("{} {} p{} l{} {} by=\"{}\"", event.sequence, event.time_ns, processor,
                    event.level, kind_name(event.kind), names.name(event.actor));
    if (event.subject != machine::no_name)
        line += fmt::format(" subject=\"{}\"", names.name(event.subject));
    if (event.detail != machine::no_name)
        line += fmt::format(" detail=\"{}\"", names.name(event.detail));
    line += fmt::format(" {:x} {:x} {:x}\n", event.a, event.b, event.c);
    std::fwrite(line.data(), 1, line.size(), file_);
}

}  // namespace gpioclx::trace
