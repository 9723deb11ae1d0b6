// Lets everything that may fail fail once: an execution for each fault point that the plain one
// meets. Points are named by the driver's call stack, so it is once per stack; where one stack
// comes by several times (two allocations of one function, a loop), its first few times.
#pragma once

#include <deque>
#include <memory>
#include <set>

#include "explore/search.h"

namespace gpioclx::explore {

class FaultSearch final : public Search {
  public:
    Strategy* next() override;
    void executed(std::uint64_t) override {}

  private:
    class Listener;
    void note(const Point& point);

    std::deque<Deviation> faults_;  // still to be tried
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
    std::unique_ptr<Strategy> strategy_;
    bool begun_ = false;
};

}  // namespace gpioclx::explore
