#include "machine/seeded_policy.h"

namespace gpioclx::machine {

void SeededPolicy::begin() { random_ = Random(seed_ * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Du); }

std::uint64_t SeededPolicy::random_value() { return random_.next(); }

std::size_t SeededPolicy::choose(const ChoicePoint& point, std::size_t alternatives) {
    // These happen only when somebody asks for them by a strategy.
    if (seed_ == 0 || point.kind == ChoiceKind::fault || point.kind == ChoiceKind::hardware ||
        point.kind == ChoiceKind::power)
        return 0;
    const std::uint64_t value = random_value();
    if (value % 8 != 0) return 0;
    return (value >> 32) % alternatives;
}

}  // namespace gpioclx::machine
