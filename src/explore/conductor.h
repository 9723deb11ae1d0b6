// The policy of a machine that is explored. Besides the machine's own choices it may hold up a
// processor at whatever it just did (took a lock, wrote a register, entered a callback): meanwhile
// interrupts come and the other processors go on.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "explore/schedule.h"
#include "explore/strategy.h"
#include "machine/choice.h"
#include "machine/event.h"

namespace gpioclx::explore {

class Conductor final : public machine::Policy {
  public:
    // `names`: of the machine. Lives outside the arena, as all of its memory.
    explicit Conductor(machine::NameTable& names) : names_(&names) {}

    void conduct(std::unique_ptr<Strategy> strategy) {
        strategy_ = std::move(strategy);
        begin();
    }
    void begin() override;
    std::size_t choose(const machine::ChoicePoint& point, std::size_t alternatives) override;
    std::uint64_t random_value() override;
    std::uint64_t delay_ns(const machine::Event& event) override;

    const std::vector<Deviation>& deviations() const { return deviations_; }
    // The same in words: "worker 1 held up for 40 us at lock_released of led spin lock 1".
    std::vector<std::string> told() const;
    std::uint64_t point_count() const { return points_; }

  private:
    // What a point is called: of a choice its kind, of a delay the kind of the event.
    struct Name {
        std::uint32_t kind;
        bool delay;
        machine::NameId actor, operation, object;
    };
    std::size_t decide(const Name& name, std::size_t alternatives);
    std::uint32_t hash_of(const Name& name) const;

    machine::NameTable* names_;
    std::unique_ptr<Strategy> strategy_;
    std::unordered_map<std::uint32_t, std::uint32_t> occurrences_;
    std::vector<Deviation> deviations_;
    std::vector<Name> names_of_deviations_;
    std::uint64_t points_ = 0;
    std::uint64_t delayed_ns_ = 0;
    std::uint64_t value_ = 0;
};

}  // namespace gpioclx::explore
