// What follows from what: an edge, the interrupt that it asserts, the DPC which that queues, the
// requests sent there, and what their drivers do until they are completed, all have one number.
//
// Events do not say what caused them; this goes by names and order. A line stands for the edge at
// the same moment; a routine of a queue (EvtIo...) for the oldest request to its device that no
// routine was given yet. Work items start afresh: nothing says who queued them.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "trace/writer.h"

namespace gpioclx::trace {

class Flows {
  public:
    // The flow of this event, 0 if it is part of none. Events are to be given in order, all of
    // them.
    std::uint64_t flow_of(const machine::Event& event, const Names& names);

  private:
    struct Request {
        std::uint64_t number;
        machine::NameId device;
        std::uint64_t flow;
        bool taken;
    };
    std::uint64_t current(const machine::Event& event) const;
    std::uint64_t enter(const machine::Event& event, std::uint64_t flow);
    void leave(const machine::Event& event);
    std::uint64_t take_request(machine::NameId device);
    std::uint64_t complete_request(std::uint64_t number);

    std::uint64_t last_ = 0;
    // By actor: the flows of the routines that it is in, innermost last.
    std::map<machine::NameId, std::vector<std::uint64_t>> routines_;
    std::map<machine::NameId, std::uint64_t> lines_;  // asserted and not taken back
    std::map<std::uint64_t, std::uint64_t> vectors_;  // of interrupts that are serviced or raised
    std::map<machine::NameId, std::uint64_t> deferred_calls_;  // queued
    std::vector<Request> requests_;                            // sent and not completed
    struct Edge {
        std::uint64_t time_ns = 0;
        machine::NameId actor = machine::no_name;
        std::uint64_t flow = 0;
    } edge_;
};

}  // namespace gpioclx::trace
