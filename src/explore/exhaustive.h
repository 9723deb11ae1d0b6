// Every execution with at most so many deviations from the plain one, shortest first.
//
// What is left out, because it would go the same way: an execution whose points came in the same
// order as those of one before is not deviated from again; and where the longest delay of a point
// changes the order of nothing, the shorter ones are not tried. (Between two points nothing else
// can come in, so the same order of points is the same execution but for its times.)
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_set>
#include <vector>

#include "explore/search.h"

namespace gpioclx::explore {

class Exhaustive final : public Search {
  public:
    explicit Exhaustive(unsigned bound) : bound_(bound) { nodes_.push_back({}); }

    Strategy* next() override;
    void executed(std::uint64_t way) override;
    std::uint64_t left_out() const override { return left_out_; }

  private:
    // Repeats and notes the points behind the last deviation.
    class Listener;

    bool advance();

    unsigned bound_;
    std::deque<Deviations> nodes_;  // to deviate from once more
    std::unordered_set<std::uint64_t> ways_;
    std::unique_ptr<Strategy> strategy_;

    Deviations node_;
    bool expanding_ = false;
    std::uint64_t node_way_ = 0;
    std::vector<Point> points_;
    std::size_t point_ = 0;
    std::size_t alternative_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace gpioclx::explore
