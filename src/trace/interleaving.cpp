#include "trace/interleaving.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "trace/timeline.h"

namespace gpioclx::trace {

using machine::Event;
using machine::EventKind;

namespace {

bool is_plug_and_play(std::string_view request) {
    return request.starts_with("IRP_MJ_PNP") || request.starts_with("IRP_MJ_POWER");
}

// What is a step already is known.
std::optional<InterleavingKind> kind_of_detail(const Event& event, const Names& names) {
    switch (event.kind) {
        case EventKind::lock_acquired:
        case EventKind::lock_contended:
        case EventKind::lock_released: return InterleavingKind::lock;
        case EventKind::register_read:
        case EventKind::register_write: return InterleavingKind::access;
        case EventKind::choice:
            if (event.a != 0 && event.b == 0) return std::nullopt;  // by default
            return InterleavingKind::held_up;
        case EventKind::thread_switch:
        case EventKind::wait_begin:
        case EventKind::wait_end:
        case EventKind::interrupt_exit:
        case EventKind::deferred_queued:
        case EventKind::deferred_exit:
        case EventKind::timer_fired:
        case EventKind::callback_enter:
        case EventKind::callback_exit: return InterleavingKind::schedule;
        case EventKind::request_completed:
            if (is_plug_and_play(names.name(event.detail))) return std::nullopt;
            return InterleavingKind::step;
        default: return std::nullopt;
    }
}

std::string words_of(const Event& event, const Names& names) {
    const std::string_view subject = names.name(event.subject);
    switch (event.kind) {
        case EventKind::lock_acquired: return fmt::format("acquires {}", subject);
        case EventKind::lock_contended: return fmt::format("waits for {}", subject);
        case EventKind::lock_released: return fmt::format("releases {}", subject);
        case EventKind::thread_switch:
            return event.subject == machine::no_name ? "goes idle"
                                                     : fmt::format("runs {}", subject);
        case EventKind::wait_begin: return fmt::format("begins to wait for {}", subject);
        case EventKind::wait_end:
            return fmt::format("{} {}", event.a == 0 ? "has waited for" : "gives up waiting for",
                               subject);
        case EventKind::deferred_queued: return fmt::format("queues DPC {}", subject);
        case EventKind::deferred_exit: return fmt::format("end of DPC {}", subject);
        case EventKind::timer_fired: return fmt::format("timer {} fires", subject);
        case EventKind::choice:
            if (event.a == 0)
                return fmt::format("held up for {:.1f} us", static_cast<double>(event.b) / 1e3);
            return fmt::format("decided: {} of {} ({})", event.b + 1, event.a,
                               subject.empty() ? names.name(event.detail) : subject);
        default: return describe(event, names);
    }
}

}  // namespace

void Interleaving::follow_locks(const Event& event) {
    if (event.kind == EventKind::lock_acquired) {
        locks_[event.actor].push_back({event.subject, event.a});
        return;
    }
    if (event.kind != EventKind::lock_released) return;
    const auto is_it = [&](const Lock& lock) {
        return lock.name == event.subject && lock.instance == event.a;
    };
    const auto give_back = [&](std::vector<Lock>& held) {
        const auto lock = std::find_if(held.rbegin(), held.rend(), is_it);
        if (lock == held.rend()) return false;
        held.erase(std::next(lock).base());
        return true;
    };
    if (give_back(locks_[event.actor])) return;
    // Locks may be given back by somebody else, in error or as semaphores.
    for (auto& [actor, held] : locks_)
        if (give_back(held)) return;
}

void Interleaving::keep(InterleavingStep step) {
    step.left_out = std::exchange(left_out_, 0);
    if (kept_.size() < limits_.total) {
        kept_.push_back(std::move(step));
    } else {
        left_out_ = step.left_out + 1;
    }
}

void Interleaving::drop_oldest() {
    recent_.pop_front();
    ++left_out_;
}

void Interleaving::keep_recent() {
    for (InterleavingStep& step : recent_) keep(std::move(step));
    recent_.clear();
    wanted_ = limits_.after;
    found_ = true;
}

void Interleaving::write(const Event& event, const Names& names) {
    follow_locks(event);
    const bool is_step = steps_.is_step(event, names);
    std::optional<InterleavingKind> kind = InterleavingKind::step;
    if (event.kind == EventKind::finding || event.kind == EventKind::halt) {
        kind = InterleavingKind::finding;
    } else if (!is_step) {
        kind = kind_of_detail(event, names);
    }
    if (!kind) return;
    InterleavingStep step{
        .sequence = event.sequence,
        .time_ns = event.time_ns,
        .processor = event.processor == machine::no_processor ? -1 : event.processor,
        .level = event.level,
        .kind = *kind,
        .actor = std::string(names.name(event.actor)),
        .what = words_of(event, names),
        .locks = {},
        .left_out = 0};
    if (const auto held = locks_.find(event.actor); held != locks_.end())
        for (const Lock& lock : held->second) step.locks.emplace_back(names.name(lock.name));
    if (*kind == InterleavingKind::finding) {
        recent_.push_back(std::move(step));
        keep_recent();
    } else if (*kind == InterleavingKind::held_up) {
        while (recent_.size() > limits_.before_held_up) drop_oldest();
        for (InterleavingStep& before : recent_) keep(std::move(before));
        recent_.clear();
        keep(std::move(step));
        wanted_ = std::max(wanted_, limits_.after_held_up);
    } else if (wanted_ > 0) {
        --wanted_;
        keep(std::move(step));
    } else {
        recent_.push_back(std::move(step));
        if (recent_.size() > limits_.before) drop_oldest();
    }
}

void Interleaving::finish() {
    // What ended without a finding (a fault, a hang) ended at its end.
    if (!found_) keep_recent();
}

namespace {

// Where a name is too long, its beginning says enough.
std::string fitted(const std::string& text, std::size_t width) {
    if (text.size() <= width) return text;
    return text.substr(0, width - 3) + "...";
}

std::string cell(const InterleavingStep& step) {
    if (step.processor < 0) return step.what;
    std::string text = fmt::format("{}: {}", step.actor, step.what);
    if (step.level != 0) text += fmt::format(" [{}]", irql_name(step.level));
    if (!step.locks.empty()) text += fmt::format(" holds {}", fmt::join(step.locks, ", "));
    return text;
}

}  // namespace

std::string to_text(const std::vector<InterleavingStep>& steps, std::size_t width) {
    int last_processor = 0;
    for (const InterleavingStep& step : steps)
        last_processor = std::max(last_processor, step.processor);
    std::string text = fmt::format("{:>14}   ", "time");
    for (int i = 0; i <= last_processor; ++i)
        text += fmt::format("{:<{}}", fmt::format("processor {}", i), width + 2);
    text = text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
    for (const InterleavingStep& step : steps) {
        if (step.left_out != 0) text += fmt::format("{:>14}   ({} more)\n", "...", step.left_out);
        const char mark = step.kind == InterleavingKind::held_up   ? '>'
                          : step.kind == InterleavingKind::finding ? '!'
                                                                   : ' ';
        std::string line =
            fmt::format("{:>11.3f} us {} ", static_cast<double>(step.time_ns) / 1e3, mark);
        if (step.processor > 0)
            line.append(static_cast<std::size_t>(step.processor) * (width + 2), ' ');
        // The last column has room.
        const bool last = step.processor < 0 || step.processor == last_processor;
        line +=
            last || step.kind == InterleavingKind::finding ? cell(step) : fitted(cell(step), width);
        text += line + "\n";
    }
    return text;
}

}  // namespace gpioclx::trace
