// Who decides at the points of an execution. A strategy knows points by number and name, and
// nothing of what is decided.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "explore/schedule.h"

namespace gpioclx::explore {

struct Point {
    std::uint32_t name;        // as in Deviation
    std::uint32_t occurrence;  // likewise
    std::uint64_t number;      // 0: the first point of the execution
    std::size_t alternatives;  // at least 2, at most 8
};

class Strategy {
  public:
    virtual ~Strategy() = default;
    // 0 is the default.
    virtual std::size_t pick(const Point& point) = 0;
};

// Never deviates.
std::unique_ptr<Strategy> plain();
// Deviates everywhere with the same probability: one point of `rarity`.
std::unique_ptr<Strategy> random(std::uint64_t seed, std::uint64_t rarity);
// Deviates at `bound` points at most, anywhere among the first `length`.
std::unique_ptr<Strategy> bounded(std::uint64_t seed, unsigned bound, std::uint64_t length);
// Deviates once: at point `number`, by alternative 1 + `which` (modulo what there is).
std::unique_ptr<Strategy> once(std::uint64_t number, std::size_t which);
// As it was.
std::unique_ptr<Strategy> repeat(const Schedule& schedule);

// The strategy of the `index`-th execution: the plain one first, then the others in turn. The same
// for the same seed, index and length (points of the plain execution).
std::unique_ptr<Strategy> portfolio(std::uint64_t seed, std::uint64_t index, std::uint64_t length);

}  // namespace gpioclx::explore
