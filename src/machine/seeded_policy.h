// The policy of a plain run: mostly what the machine would do by default, now and then something
// else, as the seed says. Seed 0 never deviates.
#pragma once

#include "machine/choice.h"
#include "machine/random.h"

namespace gpioclx::machine {

class SeededPolicy final : public Policy {
  public:
    explicit SeededPolicy(std::uint64_t seed) : seed_(seed) { begin(); }

    void begin() override;
    std::size_t choose(const ChoicePoint& point, std::size_t alternatives) override;
    std::uint64_t random_value() override;

  private:
    std::uint64_t seed_;
    Random random_{0};
};

}  // namespace gpioclx::machine
