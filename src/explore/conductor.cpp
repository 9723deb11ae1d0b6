#include "explore/conductor.h"

#include <algorithm>
#include <array>

#include "machine/arena.h"
#include "trace/event_text.h"

namespace gpioclx::explore {
namespace {

using machine::ChoiceKind;
using machine::Event;
using machine::EventKind;

// From less than a call of the kernel to more than a long service routine.
constexpr std::array<std::uint64_t, 5> delays_ns = {0, 300, 2'000, 10'000, 40'000};

// All delays of an execution together: a stimulus that people would call slow stays slow beside it,
// so that no edge is lost that a real system would see.
constexpr std::uint64_t longest_ns = 120'000;

// Where another processor or an interrupt would see a difference.
bool may_be_held_up(EventKind kind) {
    switch (kind) {
        case EventKind::lock_acquired:
        case EventKind::lock_released:
        case EventKind::callback_enter:
        case EventKind::callback_exit:
        case EventKind::register_read:
        case EventKind::register_write:
        case EventKind::interrupt_enter:
        case EventKind::interrupt_exit:
        case EventKind::deferred_queued:
        case EventKind::deferred_enter:
        case EventKind::wait_end:
        case EventKind::request_sent:
        case EventKind::request_completed:
        case EventKind::secondary_raised: return true;
        default: return false;
    }
}

}  // namespace

void Conductor::begin() {
    machine::OutsideArenaScope outside;
    occurrences_.clear();
    deviations_.clear();
    names_of_deviations_.clear();
    points_ = 0;
    delayed_ns_ = 0;
    value_ = 0;
}

std::uint32_t Conductor::hash_of(const Name& name) const {
    std::uint32_t hash = 0x811C9DC5 ^ (name.kind | (name.delay ? 0x100 : 0));
    for (const machine::NameId id : {name.actor, name.operation, name.object}) {
        for (const char c : names_->text(id))
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
        hash = (hash ^ 0xFF) * 0x01000193;
    }
    return (hash ^ hash >> 24) & 0xFFFFFF;
}

std::size_t Conductor::decide(const Name& name, std::size_t alternatives) {
    machine::OutsideArenaScope outside;
    const std::uint32_t hash = hash_of(name);
    const std::uint32_t occurrence = ++occurrences_[hash];
    const std::size_t taken =
        strategy_->pick({hash, occurrence, points_++, std::min<std::size_t>(alternatives, 8)});
    if (taken == 0) return 0;
    deviations_.push_back({hash, occurrence, static_cast<std::uint8_t>(taken)});
    names_of_deviations_.push_back(name);
    return taken;
}

std::size_t Conductor::choose(const machine::ChoicePoint& point, std::size_t alternatives) {
    // Which processor goes on follows from how long each is held up. Faults are for who asks.
    if (point.kind == ChoiceKind::processor || point.kind == ChoiceKind::fault) return 0;
    return decide(
        {static_cast<std::uint32_t>(point.kind), false, point.actor, point.operation, point.object},
        alternatives);
}

// Values, not decisions: the same in each execution.
std::uint64_t Conductor::random_value() { return value_ += 0x9E3779B97F4A7C15u; }

std::uint64_t Conductor::delay_ns(const Event& event) {
    if (delayed_ns_ >= longest_ns || !may_be_held_up(event.kind)) return 0;
    const std::uint64_t delay_ns = delays_ns[decide(
        {static_cast<std::uint32_t>(event.kind), true, event.actor, event.subject, event.detail},
        delays_ns.size())];
    delayed_ns_ += delay_ns;
    return delay_ns;
}

std::vector<std::string> Conductor::told() const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < deviations_.size(); ++i) {
        const Name& name = names_of_deviations_[i];
        const Deviation& deviation = deviations_[i];
        const auto text = [this](machine::NameId id) { return std::string(names_->text(id)); };
        std::string line;
        if (name.delay) {
            line = text(name.actor) + " held up for " +
                   std::to_string(static_cast<double>(delays_ns[deviation.alternative]) / 1000)
                       .substr(0, 4) +
                   " us at " + std::string(trace::kind_name(static_cast<EventKind>(name.kind))) +
                   " " + text(name.operation);
        } else {
            constexpr const char* kinds[] = {
                "processor", "processor for interrupt", "thread", "waiter", "timer", "hardware",
                "fault"};
            line = std::string(kinds[name.kind]) + " " + text(name.actor) + " " +
                   text(name.operation) + ": alternative " + std::to_string(deviation.alternative);
        }
        if (name.object != machine::no_name) line += " (" + text(name.object) + ")";
        lines.push_back(line + ", occurrence " + std::to_string(deviation.occurrence));
    }
    return lines;
}

}  // namespace gpioclx::explore
