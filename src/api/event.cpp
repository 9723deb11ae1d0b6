#include <gpioclx/event.h>

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "trace/event_text.h"
#include "trace/steps.h"
#include "trace/timeline.h"

namespace gpioclx {
namespace {

static_assert(static_cast<int>(EventKind::release) + 1 ==
              static_cast<int>(machine::EventKind::kind_count));
static_assert(static_cast<int>(EventKind::interrupt_enter) ==
              static_cast<int>(machine::EventKind::interrupt_enter));
static_assert(static_cast<int>(EventKind::wire_changed) ==
              static_cast<int>(machine::EventKind::wire_changed));
static_assert(static_cast<int>(EventKind::finding) ==
              static_cast<int>(machine::EventKind::finding));

machine::EventKind inner(EventKind kind) { return static_cast<machine::EventKind>(kind); }

// The names of one event, numbered as `described` numbers them.
class EventNames final : public trace::Names {
  public:
    explicit EventNames(const Event& event) : event_(event) {}
    std::string_view name(machine::NameId id) const override {
        switch (id) {
            case 1: return event_.actor;
            case 2: return event_.subject;
            case 3: return event_.detail;
            default: return {};
        }
    }

  private:
    const Event& event_;
};

machine::Event described(const Event& event) {
    machine::Event described{};
    described.time_ns = static_cast<std::uint64_t>(event.time.count());
    described.kind = inner(event.kind);
    described.processor =
        event.processor ? static_cast<std::uint8_t>(*event.processor) : machine::no_processor;
    described.actor = 1;
    described.subject = 2;
    described.detail = 3;
    described.a = event.a;
    described.b = event.b;
    described.c = event.c;
    return described;
}

}  // namespace

std::string_view to_string(EventKind kind) { return trace::kind_name(inner(kind)); }
std::ostream& operator<<(std::ostream& stream, EventKind kind) { return stream << to_string(kind); }

std::string Event::text() const { return trace::describe(described(*this), EventNames(*this)); }

std::string Event::line() const {
    return fmt::format(
        "{:>11.3f} us  {:>3}  {:<9}  {:<24}  {}", static_cast<double>(time.count()) / 1e3,
        processor ? std::to_string(*processor) : "-", processor ? irql.name() : "", actor, text());
}

std::ostream& operator<<(std::ostream& stream, const Event& event) {
    return stream << event.line();
}

Events Events::where(const std::function<bool(const Event&)>& wanted) const {
    Events found;
    std::copy_if(begin(), end(), std::back_inserter(found.events_), wanted);
    return found;
}
Events Events::of(EventKind kind) const {
    return where([kind](const Event& event) { return event.kind == kind; });
}
Events Events::of(std::initializer_list<EventKind> kinds) const {
    return where([kinds](const Event& event) {
        return std::find(kinds.begin(), kinds.end(), event.kind) != kinds.end();
    });
}
Events Events::by(std::string_view actor) const {
    return where([actor](const Event& event) { return event.actor == actor; });
}
Events Events::about(std::string_view subject) const {
    return where([subject](const Event& event) { return event.subject == subject; });
}
Events Events::containing(std::string_view text) const {
    return where(
        [text](const Event& event) { return event.text().find(text) != std::string::npos; });
}
Events Events::on_processor(unsigned processor) const {
    return where([processor](const Event& event) { return event.processor == processor; });
}
Events Events::from(std::chrono::nanoseconds time) const {
    return where([time](const Event& event) { return event.time >= time; });
}
Events Events::until(std::chrono::nanoseconds time) const {
    return where([time](const Event& event) { return event.time < time; });
}
Events Events::steps() const {
    trace::Steps steps;
    return where([&steps](const Event& event) {
        return steps.is_step(described(event), EventNames(event));
    });
}

std::ostream& operator<<(std::ostream& stream, const Events& events) {
    for (const Event& event : events) stream << event << '\n';
    return stream;
}

}  // namespace gpioclx
