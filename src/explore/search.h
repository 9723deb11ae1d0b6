// Which execution comes next, where that follows from how the ones before went. (Strategies that
// need to know only the number of the execution: strategy.h.)
#pragma once

#include <cstdint>
#include <vector>

#include "explore/strategy.h"

namespace gpioclx::explore {

class Search {
  public:
    using Deviations = std::vector<Deviation>;
    virtual ~Search() = default;

    // Of the next execution; null: everything was tried. Lives until the next call.
    virtual Strategy* next() = 0;
    // Follows each next(): Conductor::way() of that execution.
    virtual void executed(std::uint64_t way) = 0;
    // Executions that were left out, because nothing new could come of them.
    virtual std::uint64_t left_out() const { return 0; }

    // An execution that must not be made (it ended the process that made it).
    void avoid(Deviations deviations) { avoided_.push_back(std::move(deviations)); }

  protected:
    bool is_avoided(const Deviations& deviations) const;

  private:
    std::vector<Deviations> avoided_;
};

}  // namespace gpioclx::explore
