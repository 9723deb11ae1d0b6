#include "explore/conductor.h"

#include <algorithm>

#include "machine/arena.h"

namespace gpioclx::explore {
namespace {

using machine::ChoiceKind;
using machine::Event;
using machine::EventKind;

constexpr std::uint64_t bit(EventKind kind) {
    return std::uint64_t{1} << static_cast<unsigned>(kind);
}

// Where somebody begins to do something, or goes on with it.
constexpr std::uint64_t beginnings =
    bit(EventKind::interrupt_enter) | bit(EventKind::deferred_enter) | bit(EventKind::wait_end);

// Where another processor or an interrupt would see a difference.
constexpr std::uint64_t may_be_held_up =
    beginnings | bit(EventKind::none) | bit(EventKind::lock_acquired) |
    bit(EventKind::lock_released) | bit(EventKind::callback_enter) | bit(EventKind::callback_exit) |
    bit(EventKind::register_read) | bit(EventKind::register_write) |
    bit(EventKind::interrupt_exit) | bit(EventKind::deferred_queued) |
    bit(EventKind::request_sent) | bit(EventKind::request_completed) |
    bit(EventKind::secondary_raised) | bit(EventKind::device_state);

}  // namespace

std::uint64_t Conductor::delay_kinds() const { return may_be_held_up; }

void Conductor::begin() {
    machine::OutsideArenaScope outside;
    occurrences_.begin();
    deviations_.clear();
    decisions_.clear();
    points_ = 0;
    delayed_ns_ = 0;
    value_ = 0;
    way_ = 0;
    if (log_ != nullptr) log_->begin();
}

std::size_t Conductor::decide(const PointName& name, std::size_t alternatives, PointKind kind,
                              bool begins) {
    machine::OutsideArenaScope outside;
    const std::uint32_t hash = hash_.of(name);
    way_ = (way_ ^ hash) * 0x9E3779B97F4A7C15u;
    way_ ^= way_ >> 29;
    const std::uint32_t occurrence = occurrences_.count(hash);
    const std::size_t taken =
        strategy_->pick({.name = hash,
                         .occurrence = occurrence,
                         .number = points_++,
                         .alternatives = std::min<std::size_t>(alternatives, 8),
                         .kind = kind,
                         .context = hash_.of(name.actor),
                         .begins = begins});
    if (taken == 0) return 0;
    if (kind == PointKind::delay) {
        if (delayed_ns_ + delays_ns[taken] > longest_ns) return 0;
        delayed_ns_ += delays_ns[taken];
    }
    const Deviation deviation{hash, occurrence, static_cast<std::uint8_t>(taken)};
    deviations_.push_back(deviation);
    decisions_.push_back({deviation, name});
    if (log_ != nullptr) log_->add(decisions_.back());
    return taken;
}

std::size_t Conductor::choose(const machine::ChoicePoint& point, std::size_t alternatives) {
    // Which processor goes on follows from how long each is held up.
    if (point.kind == ChoiceKind::processor) return 0;
    const bool fault = point.kind == ChoiceKind::fault;
    if (fault && !faults_) return 0;
    return decide(
        {static_cast<std::uint32_t>(point.kind), false, point.actor, point.operation, point.object},
        alternatives, fault ? PointKind::fault : PointKind::choice, false);
}

// Values, not decisions: the same in each execution.
std::uint64_t Conductor::random_value() { return value_ += 0x9E3779B97F4A7C15u; }

std::uint64_t Conductor::delay_ns(const Event& event) {
    return delays_ns[decide(
        {static_cast<std::uint32_t>(event.kind), true, event.actor, event.subject, event.detail},
        delays_ns.size(), PointKind::delay, (bit(event.kind) & beginnings) != 0)];
}

std::vector<std::string> Conductor::told() const {
    std::vector<std::string> lines;
    for (const Decision& decision : decisions_) lines.push_back(to_text(decision, text_of()));
    return lines;
}

std::vector<Variable> Conductor::variables() const { return variables_of(decisions_, text_of()); }

}  // namespace gpioclx::explore
