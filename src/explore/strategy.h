// Who decides at the points of an execution. A strategy knows points by number and name, and
// nothing of what is decided.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "explore/point.h"
#include "explore/schedule.h"

namespace gpioclx::explore {

class Strategy {
  public:
    virtual ~Strategy() = default;
    // 0 is the default.
    virtual std::size_t pick(const Point& point) = 0;
};

// Points [first, end) of an execution, by number, of the plain one.
struct Stretch {
    std::uint64_t first = 0;
    std::uint64_t end = 1;
    std::uint64_t length() const { return end > first ? end - first : 1; }
};

// Never deviates.
std::unique_ptr<Strategy> plain();
// Deviates everywhere in the stretch and behind it with the same probability: one point of
// `rarity`.
std::unique_ptr<Strategy> random(std::uint64_t seed, std::uint64_t rarity, Stretch stretch = {});
// Deviates at `bound` points at most, anywhere in the stretch.
std::unique_ptr<Strategy> bounded(std::uint64_t seed, unsigned bound, Stretch stretch);
// Priorities over contexts, after Burckhardt et al. (PCT): each context draws one of four, and is
// held up by so much whenever it begins to do something; at `depth` - 1 points of the stretch
// whoever gets there is held up for longest. The original lets the thread of highest priority run
// as long as it can; here time passes for all processors, and what is held up goes on in the end.
std::unique_ptr<Strategy> priorities(std::uint64_t seed, unsigned depth, Stretch stretch);
// Deviates once: at point `number`, by the `which`-th way, longest first (modulo what there is).
std::unique_ptr<Strategy> once(std::uint64_t number, std::size_t which);
// As it was.
std::unique_ptr<Strategy> repeat(const Schedule& schedule);

enum class StrategyKind : std::uint8_t { portfolio, random, pct, delay_bounded, exhaustive };
// Error: there is none of that name; the hint lists them.
Result<StrategyKind> strategy_named(std::string_view name);
std::vector<std::string> strategy_names();

// The strategy of the `index`-th execution: the plain one first. The same for the same arguments.
// `bound`: deviations of delay_bounded, depth of pct; 0: in turns 1 to 4. Not for `exhaustive`.
std::unique_ptr<Strategy> nth_strategy(StrategyKind kind, unsigned bound, std::uint64_t seed,
                                       std::uint64_t index, Stretch stretch);

}  // namespace gpioclx::explore
