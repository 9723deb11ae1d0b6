#include "explore/strategy.h"

#include <algorithm>
#include <array>

#include "machine/random.h"

namespace gpioclx::explore {
namespace {

using machine::Random;

class Plain final : public Strategy {
    std::size_t pick(const Point&) override { return 0; }
};

class RandomStrategy final : public Strategy {
  public:
    RandomStrategy(std::uint64_t seed, std::uint64_t rarity, std::uint64_t first)
        : random_(seed), rarity_(rarity), first_(first) {}
    std::size_t pick(const Point& point) override {
        if (point.number < first_ || random_.below(rarity_) != 0) return 0;
        return 1 + random_.below(point.alternatives - 1);
    }

  private:
    Random random_;
    std::uint64_t rarity_, first_;
};

// So many numbers of a stretch, sorted; the next one is met next.
class Places {
  public:
    Places(Random& random, unsigned count, Stretch stretch) {
        for (unsigned i = 0; i < std::min<unsigned>(count, most); ++i)
            numbers_[count_++] = stretch.first + random.below(stretch.length());
        std::sort(numbers_.begin(), numbers_.begin() + count_);
    }
    bool reached(std::uint64_t number) {
        if (next_ == count_ || number < numbers_[next_]) return false;
        while (next_ < count_ && numbers_[next_] <= number) ++next_;
        return true;
    }

  private:
    static constexpr unsigned most = 64;
    std::array<std::uint64_t, most> numbers_;
    unsigned count_ = 0, next_ = 0;
};

class Bounded final : public Strategy {
  public:
    Bounded(std::uint64_t seed, unsigned bound, Stretch stretch)
        : random_(seed), places_(random_, bound, stretch) {}
    std::size_t pick(const Point& point) override {
        if (!places_.reached(point.number)) return 0;
        return 1 + random_.below(point.alternatives - 1);
    }

  private:
    Random random_;
    Places places_;
};

class Priorities final : public Strategy {
  public:
    Priorities(std::uint64_t seed, unsigned depth, Stretch stretch)
        : random_(seed),
          key_(random_.next()),
          first_(stretch.first),
          changes_(random_, depth - 1, stretch) {}
    std::size_t pick(const Point& point) override {
        if (changes_.reached(point.number)) return point.alternatives - 1;
        if (!point.begins || point.number < first_) return 0;
        // From not held up at all to all but the longest time.
        const std::uint64_t priority = Random(key_ ^ point.context).next() >> 32;
        return priority % std::max<std::size_t>(point.alternatives - 1, 2);
    }

  private:
    Random random_;
    std::uint64_t key_, first_;
    Places changes_;
};

class Once final : public Strategy {
  public:
    Once(std::uint64_t number, std::size_t which) : number_(number), which_(which) {}
    std::size_t pick(const Point& point) override {
        if (point.number != number_) return 0;
        return point.alternatives - 1 - which_ % (point.alternatives - 1);
    }

  private:
    std::uint64_t number_;
    std::size_t which_;
};

class Repeat final : public Strategy {
  public:
    explicit Repeat(const Schedule& schedule) : taken_(schedule.deviations) {
        std::sort(taken_.begin(), taken_.end(), before);
    }
    std::size_t pick(const Point& point) override {
        const Deviation wanted{point.name, point.occurrence, 0};
        const auto found = std::lower_bound(taken_.begin(), taken_.end(), wanted, before);
        if (found == taken_.end() || before(wanted, *found)) return 0;
        return std::min<std::size_t>(found->alternative, point.alternatives - 1);
    }

  private:
    static bool before(const Deviation& left, const Deviation& right) {
        return left.point != right.point ? left.point < right.point
                                         : left.occurrence < right.occurrence;
    }
    std::vector<Deviation> taken_;
};

constexpr std::pair<std::string_view, StrategyKind> kinds[] = {
    {"portfolio", StrategyKind::portfolio},
    {"random", StrategyKind::random},
    {"pct", StrategyKind::pct},
    {"delay-bounded", StrategyKind::delay_bounded},
    {"exhaustive", StrategyKind::exhaustive}};

}  // namespace

std::unique_ptr<Strategy> plain() { return std::make_unique<Plain>(); }
std::unique_ptr<Strategy> random(std::uint64_t seed, std::uint64_t rarity, Stretch stretch) {
    return std::make_unique<RandomStrategy>(seed, rarity, stretch.first);
}
std::unique_ptr<Strategy> bounded(std::uint64_t seed, unsigned bound, Stretch stretch) {
    return std::make_unique<Bounded>(seed, bound, stretch);
}
std::unique_ptr<Strategy> priorities(std::uint64_t seed, unsigned depth, Stretch stretch) {
    return std::make_unique<Priorities>(seed, std::max(depth, 1u), stretch);
}
std::unique_ptr<Strategy> once(std::uint64_t number, std::size_t which) {
    return std::make_unique<Once>(number, which);
}
std::unique_ptr<Strategy> repeat(const Schedule& schedule) {
    return std::make_unique<Repeat>(schedule);
}

Result<StrategyKind> strategy_named(std::string_view name) {
    std::string known;
    for (const auto& [one, kind] : kinds) {
        if (one == name) return kind;
        known += (known.empty() ? "" : ", ") + std::string(one);
    }
    return Error{.message = "there is no strategy '" + std::string(name) + "'",
                 .hint = "strategies: " + known};
}

std::vector<std::string> strategy_names() {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds) names.emplace_back(name);
    return names;
}

std::unique_ptr<Strategy> nth_strategy(StrategyKind kind, unsigned bound, std::uint64_t seed,
                                       std::uint64_t index, Stretch stretch) {
    if (index == 0) return plain();
    std::uint64_t turn = index - 1;
    const std::uint64_t own_seed = (seed << 32) + index;
    if (kind == StrategyKind::portfolio) {
        constexpr StrategyKind members[] = {StrategyKind::random, StrategyKind::delay_bounded,
                                            StrategyKind::exhaustive, StrategyKind::pct};
        kind = members[turn % std::size(members)];
        turn /= std::size(members);
    }
    const unsigned depth = bound != 0 ? bound : 1 + static_cast<unsigned>(turn % 4);
    switch (kind) {
        case StrategyKind::random:
            return random(own_seed, std::uint64_t{4} << turn % 5 * 2, stretch);  // 4 .. 1024
        case StrategyKind::pct: return priorities(own_seed, depth, stretch);
        case StrategyKind::delay_bounded: return bounded(own_seed, depth, stretch);
        default: break;
    }
    // Every point once, with one way to deviate after the other.
    return once(stretch.first + turn % stretch.length(), turn / stretch.length());
}

}  // namespace gpioclx::explore
