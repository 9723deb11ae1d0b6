#include "trace/flows.h"

#include <algorithm>

namespace gpioclx::trace {

using machine::Event;
using machine::EventKind;

namespace {

// A driver may leak requests; what was sent so long ago is not what a routine is given now.
constexpr std::size_t requests_max = 1'024;

template <typename Key>
std::uint64_t found(const std::map<Key, std::uint64_t>& flows, Key key) {
    const auto flow = flows.find(key);
    return flow == flows.end() ? 0 : flow->second;
}

}  // namespace

std::uint64_t Flows::current(const Event& event) const {
    const auto routines = routines_.find(event.actor);
    return routines == routines_.end() || routines->second.empty() ? 0 : routines->second.back();
}

std::uint64_t Flows::enter(const Event& event, std::uint64_t flow) {
    routines_[event.actor].push_back(flow);
    return flow;
}

void Flows::leave(const Event& event) {
    std::vector<std::uint64_t>& routines = routines_[event.actor];
    if (!routines.empty()) routines.pop_back();
}

std::uint64_t Flows::take_request(machine::NameId device) {
    for (Request& request : requests_) {
        if (request.device != device || request.taken) continue;
        request.taken = true;
        return request.flow;
    }
    return 0;
}

std::uint64_t Flows::complete_request(std::uint64_t number) {
    const auto request = std::find_if(requests_.begin(), requests_.end(),
                                      [&](const Request& each) { return each.number == number; });
    if (request == requests_.end()) return 0;
    const std::uint64_t flow = request->flow;
    requests_.erase(request);
    return flow;
}

std::uint64_t Flows::flow_of(const Event& event, const Names& names) {
    const std::uint64_t now = current(event);
    switch (event.kind) {
        case EventKind::wire_changed:
            edge_ = {event.time_ns, event.actor, now != 0 ? now : ++last_};
            return edge_.flow;
        case EventKind::line_asserted: {
            const bool by_edge = edge_.time_ns == event.time_ns && edge_.actor == event.actor;
            return lines_[event.subject] = by_edge ? edge_.flow : now != 0 ? now : ++last_;
        }
        case EventKind::line_deasserted: lines_.erase(event.subject); return now;
        case EventKind::secondary_raised: return vectors_[event.a] = now;
        case EventKind::interrupt_enter: {
            // First the line itself is serviced, then each of its routines, with the same vector.
            if (names.name(event.subject) == names.name(event.actor))
                vectors_[event.a] = found(lines_, event.subject);
            const std::uint64_t flow = found(vectors_, event.a);
            return enter(event, flow != 0 ? flow : now);
        }
        case EventKind::deferred_queued:
            if (now != 0) deferred_calls_[event.subject] = now;
            return now;
        case EventKind::deferred_enter: {
            const std::uint64_t flow = found(deferred_calls_, event.subject);
            deferred_calls_.erase(event.subject);
            return enter(event, flow);
        }
        case EventKind::callback_enter: {
            const std::uint64_t request =
                names.name(event.subject).starts_with("EvtIo") ? take_request(event.detail) : 0;
            return enter(event, request != 0 ? request : now);
        }
        case EventKind::interrupt_exit:
        case EventKind::deferred_exit:
        case EventKind::callback_exit: leave(event); return now;
        case EventKind::request_sent: {
            const std::uint64_t flow = now != 0 ? now : ++last_;
            if (requests_.size() == requests_max) requests_.erase(requests_.begin());
            requests_.push_back({event.a, event.subject, flow, false});
            return flow;
        }
        case EventKind::request_completed: {
            const std::uint64_t flow = complete_request(event.a);
            return flow != 0 ? flow : now;
        }
        default: return now;
    }
}

}  // namespace gpioclx::trace
