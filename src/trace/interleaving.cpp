#include "trace/interleaving.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "trace/timeline.h"

namespace gpioclx::trace {

using machine::Event;
using machine::EventKind;
using Kind = InterleavingStep::Kind;

void InterleavingRecorder::add(const Event& event, const Names& names, std::string text,
                               Kind kind) {
    InterleavingStep step{.time_ns = event.time_ns,
                          .processor = event.processor == machine::no_processor
                                           ? -1
                                           : static_cast<int>(event.processor),
                          .level = event.level,
                          .actor = std::string(names.name(event.actor)),
                          .text = std::move(text),
                          .locks = {},
                          .kind = kind};
    if (const auto held = locks_.find(step.actor); held != locks_.end()) step.locks = held->second;
    interleaving_.processors =
        std::max(interleaving_.processors, static_cast<unsigned>(step.processor + 1));
    interleaving_.steps.push_back(std::move(step));
}

void InterleavingRecorder::write(const Event& event, const Names& names) {
    const bool is_step = steps_.is_step(event, names);
    const std::string subject(names.name(event.subject));
    switch (event.kind) {
        case EventKind::lock_acquired:
            locks_[std::string(names.name(event.actor))].push_back(subject);
            return add(event, names, "acquires " + subject, Kind::ordinary);
        case EventKind::lock_released: {
            auto& held = locks_[std::string(names.name(event.actor))];
            const auto found = std::find(held.rbegin(), held.rend(), subject);
            if (found != held.rend()) held.erase(std::next(found).base());
            return add(event, names, "releases " + subject, Kind::ordinary);
        }
        case EventKind::lock_contended:
            return add(event, names, "waits for " + subject, Kind::ordinary);
        case EventKind::register_read:
        case EventKind::register_write:
            return add(event, names, describe(event, names), Kind::ordinary);
        case EventKind::choice:
            if (event.a == 0)
                return add(event, names,
                           fmt::format("held up for {:.1f} us", static_cast<double>(event.b) / 1e3),
                           Kind::held_up);
            return add(event, names,
                       fmt::format("decided: {} of {} ({})", event.b + 1, event.a,
                                   subject.empty() ? names.name(event.detail) : subject),
                       Kind::held_up);
        case EventKind::finding:
        case EventKind::halt: return add(event, names, describe(event, names), Kind::finding);
        default:
            if (is_step) add(event, names, describe(event, names), Kind::ordinary);
    }
}

Interleaving Interleaving::excerpt() const {
    constexpr std::size_t before_held_up = 3, behind_held_up = 8, before_finding = 16;
    std::vector<bool> shown(steps.size());
    const auto show = [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i <= last && i < steps.size(); ++i) shown[i] = true;
    };
    bool any = false;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].kind == Kind::ordinary) continue;
        any = any || steps[i].kind == Kind::finding;
        if (steps[i].kind == Kind::held_up)
            show(i - std::min(i, before_held_up), i + behind_held_up);
        else
            show(i - std::min(i, before_finding), i);
    }
    // What ended without a finding (a fault, a hang) ended at its end.
    if (!any && !steps.empty())
        show(steps.size() - std::min(steps.size(), before_finding), steps.size() - 1);
    Interleaving result{.processors = processors, .steps = {}};
    std::size_t left_out = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!shown[i]) {
            ++left_out;
            continue;
        }
        if (left_out != 0)
            result.steps.push_back({.time_ns = left_out, .actor = {}, .text = {}, .locks = {}});
        left_out = 0;
        result.steps.push_back(steps[i]);
    }
    return result;
}

namespace {

// Where a name is too long, its end says more than its beginning.
std::string fitted(const std::string& text, std::size_t width) {
    if (text.size() <= width) return text;
    return text.substr(0, width - 3) + "...";
}

std::string cell(const InterleavingStep& step) {
    std::string text = step.text;
    if (step.processor >= 0) {
        text = fmt::format("{}: {}", step.actor, text);
        if (step.level != 0)
            text += fmt::format(" [{}]", irql_name(static_cast<machine::Level>(step.level)));
        if (!step.locks.empty()) text += fmt::format(" holds {}", fmt::join(step.locks, ", "));
    }
    return text;
}

}  // namespace

std::string to_text(const Interleaving& interleaving, std::size_t width) {
    std::string text = fmt::format("{:>14}   ", "time");
    for (unsigned i = 0; i < interleaving.processors; ++i)
        text += fmt::format("{:<{}}", fmt::format("processor {}", i), width + 2);
    text = text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
    for (const InterleavingStep& step : interleaving.steps) {
        if (step.text.empty()) {
            text += fmt::format("{:>14}   ({} more)\n", "...", step.time_ns);
            continue;
        }
        const char mark = step.kind == Kind::held_up ? '>' : step.kind == Kind::finding ? '!' : ' ';
        std::string line =
            fmt::format("{:>11.3f} us {} ", static_cast<double>(step.time_ns) / 1e3, mark);
        if (step.processor > 0)
            line.append(static_cast<std::size_t>(step.processor) * (width + 2), ' ');
        // The last column has room.
        const bool last = step.processor < 0 ||
                          static_cast<unsigned>(step.processor) + 1 == interleaving.processors;
        line += last || step.kind == Kind::finding ? cell(step) : fitted(cell(step), width);
        text += line + "\n";
    }
    return text;
}

}  // namespace gpioclx::trace
