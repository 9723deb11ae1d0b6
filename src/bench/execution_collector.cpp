#include "bench/execution_collector.h"

#include <utility>

#include "bench/finding.h"
#include "diagnostics/stack_mark.h"
#include "machine/arena.h"

namespace gpioclx::bench {

using machine::Event;
using machine::EventKind;

// A bus driver of ours calls from one place for everybody: then all lines that led there count.
std::string ExecutionFinding::key() const {
    if (stack.empty()) return id + " " + sentence;
    const std::string first = id + " " + stack.substr(0, stack.find(" < "));
    if (!is_own_driver(stack.substr(0, stack.find('+')))) return first;
    std::string key = id;
    for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 3) {
        end = stack.find(" < ", begin);
        const std::string frame = stack.substr(begin, end == std::string::npos ? end : end - begin);
        if (!is_own_driver(frame.substr(0, frame.find('+')))) key += " " + frame;
    }
    return key != id ? key : first;
}

ExecutionCollector::ExecutionCollector(machine::NameTable& names) : names_(names) {
    std::uint64_t wanted = 0;
    for (const EventKind kind : {EventKind::finding, EventKind::hardware_report, EventKind::mark,
                                 EventKind::callback_enter, EventKind::callback_exit})
        wanted |= std::uint64_t{1} << static_cast<unsigned>(kind);
    window_.ignored = ~wanted;
}

void ExecutionCollector::record(const Event& event) {
    switch (event.kind) {
        case EventKind::finding: return add(event);
        case EventKind::hardware_report: follows_finding_ = false; return;
        case EventKind::mark: return add_stack(event);
        case EventKind::callback_enter:
        case EventKind::callback_exit: return coverage_.note(event);
        default: return;
    }
}

std::vector<ExecutionFinding> ExecutionCollector::take() {
    coverage_.begin();
    return std::exchange(found_, {});
}

void ExecutionCollector::add(const Event& event) {
    machine::OutsideArenaScope outside;
    follows_finding_ = true;
    found_.push_back({.id = std::string(names_.text(event.subject)),
                      .sentence = std::string(names_.text(event.detail)),
                      .stack = {},
                      .other_stack = {},
                      .actor = std::string(names_.text(event.actor)),
                      .held = {},
                      .time_ns = event.time_ns,
                      .processor = event.processor == machine::no_processor ? -1 : event.processor,
                      .level = event.level});
}

void ExecutionCollector::add_stack(const Event& event) {
    if (found_.empty() || !follows_finding_) return;
    const std::string_view text = names_.text(event.subject);
    machine::OutsideArenaScope outside;
    if (text.starts_with(stack_mark)) found_.back().stack = text.substr(stack_mark.size());
    if (text.starts_with(other_stack_mark))
        found_.back().other_stack = text.substr(other_stack_mark.size());
    if (text.starts_with(held_mark)) found_.back().held = text.substr(held_mark.size());
}

}  // namespace gpioclx::bench
