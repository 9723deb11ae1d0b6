#include "explore/strategy.h"

#include <algorithm>

#include "machine/random.h"

namespace gpioclx::explore {
namespace {

using machine::Random;

class Plain final : public Strategy {
    std::size_t pick(const Point&) override { return 0; }
};

class RandomStrategy final : public Strategy {
  public:
    RandomStrategy(std::uint64_t seed, std::uint64_t rarity) : random_(seed), rarity_(rarity) {}
    std::size_t pick(const Point& point) override {
        if (random_.below(rarity_) != 0) return 0;
        return 1 + random_.below(point.alternatives - 1);
    }

  private:
    Random random_;
    std::uint64_t rarity_;
};

class Bounded final : public Strategy {
  public:
    Bounded(std::uint64_t seed, unsigned bound, std::uint64_t length) : random_(seed) {
        for (unsigned i = 0; i < bound; ++i)
            points_.insert(random_.below(std::max<std::uint64_t>(length, 1)));
    }
    std::size_t pick(const Point& point) override {
        if (!points_.contains(point.number)) return 0;
        return 1 + random_.below(point.alternatives - 1);
    }

  private:
    Random random_;
    std::set<std::uint64_t> points_;
};

class Once final : public Strategy {
  public:
    Once(std::uint64_t number, std::size_t which) : number_(number), which_(which) {}
    std::size_t pick(const Point& point) override {
        return point.number == number_ ? 1 + which_ % (point.alternatives - 1) : 0;
    }

  private:
    std::uint64_t number_;
    std::size_t which_;
};

class Repeat final : public Strategy {
  public:
    explicit Repeat(const Schedule& schedule) {
        for (const Deviation& d : schedule.deviations)
            taken_[{d.point, d.occurrence}] = d.alternative;
    }
    std::size_t pick(const Point& point) override {
        const auto found = taken_.find({point.name, point.occurrence});
        if (found == taken_.end()) return 0;
        return std::min<std::size_t>(found->second, point.alternatives - 1);
    }

  private:
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint8_t> taken_;
};

}  // namespace

std::unique_ptr<Strategy> plain() { return std::make_unique<Plain>(); }
std::unique_ptr<Strategy> random(std::uint64_t seed, std::uint64_t rarity) {
    return std::make_unique<RandomStrategy>(seed, rarity);
}
std::unique_ptr<Strategy> bounded(std::uint64_t seed, unsigned bound, std::uint64_t length) {
    return std::make_unique<Bounded>(seed, bound, length);
}
std::unique_ptr<Strategy> once(std::uint64_t number, std::size_t which) {
    return std::make_unique<Once>(number, which);
}
std::unique_ptr<Strategy> repeat(const Schedule& schedule) {
    return std::make_unique<Repeat>(schedule);
}

std::unique_ptr<Strategy> portfolio(std::uint64_t seed, std::uint64_t index, std::uint64_t length) {
    if (index == 0) return plain();
    const std::uint64_t turn = (index - 1) / 3;
    const std::uint64_t own_seed = (seed << 32) + index;
    switch ((index - 1) % 3) {
        case 0: return random(own_seed, std::uint64_t{4} << turn % 5 * 2);  // 4 .. 1024
        case 1: return bounded(own_seed, 1 + turn % 4, length);
        default: break;
    }
    // Every point once, with one way to deviate after the other.
    const std::uint64_t points = std::max<std::uint64_t>(length, 1);
    return once(turn % points, 1 + turn / points);
}

}  // namespace gpioclx::explore
