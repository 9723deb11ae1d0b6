// Which events are steps: what a person follows who asks what happened, without the bookkeeping
// around it. Registers, locks, waits and threads are no steps, neither are Plug and Play requests
// (the states of devices say what came of them) and requests that end well.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "trace/writer.h"

namespace gpioclx::trace {

// Marks that belong to a finding, for tools: the driver's call stacks as addresses.
bool is_stack(const machine::Event& event, const Names& names);

class Steps {
  public:
    // Events are to be given in their order, all of them.
    bool is_step(const machine::Event& event, const Names& names);

  private:
    struct Service {
        std::string actor;
        int processor;
    };

    bool is_new_state(std::string_view device, std::string_view state);
    bool is_in_service(const machine::Event& event, const Names& names) const;

    std::map<std::string, std::string, std::less<>> states_;  // device -> its last state
    std::optional<Service> service_;                          // the last routine that was entered
};

}  // namespace gpioclx::trace
