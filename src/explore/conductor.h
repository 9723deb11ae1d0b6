// The policy of a machine that is explored. Besides the machine's own choices it may hold up a
// processor at whatever it just did (took a lock, wrote a register, entered a callback): meanwhile
// interrupts come and the other processors go on.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "explore/occurrence_table.h"
#include "explore/point_name.h"
#include "explore/schedule.h"
#include "explore/strategy.h"
#include "machine/choice.h"
#include "machine/event.h"

namespace gpioclx::explore {

// By alternative: from less than a call of the kernel to more than a long service routine.
constexpr std::array<std::uint64_t, 5> delays_ns = {0, 300, 2'000, 10'000, 40'000};

// All delays of an execution together: a stimulus that people would call slow stays slow beside it,
// so that no edge is lost that a real system would see. What would be longer does not happen.
constexpr std::uint64_t longest_ns = 120'000;

// Told of each decision as it is taken, so that it is known if the execution ends the process.
class DecisionLog {
  public:
    virtual ~DecisionLog() = default;
    virtual void begin() = 0;
    virtual void add(const Decision& decision) = 0;
};

class Conductor final : public machine::Policy {
  public:
    // `names`: of the machine. Lives outside the arena, as all of its memory.
    explicit Conductor(machine::NameTable& names) : names_(&names), hash_(names) {}

    // An execution begins. `faults`: what may fail may be decided too, else nothing fails.
    void conduct(std::unique_ptr<Strategy> strategy, bool faults = false) {
        owned_ = std::move(strategy);
        conduct(*owned_, faults);
    }
    void conduct(Strategy& strategy, bool faults = false) {
        strategy_ = &strategy;
        faults_ = faults;
        begin();
    }
    void log_to(DecisionLog* log) { log_ = log; }

    void begin() override;
    std::size_t choose(const machine::ChoicePoint& point, std::size_t alternatives) override;
    std::uint64_t random_value() override;
    std::uint64_t delay_ns(const machine::Event& event) override;
    std::uint64_t delay_kinds() const override;

    const std::vector<Deviation>& deviations() const { return deviations_; }
    // The same in words.
    std::vector<std::string> told() const;
    // That they are about.
    std::vector<Variable> variables() const;
    std::uint64_t point_count() const { return points_; }
    // Of the order in which the points were met: equal for executions that went the same way.
    std::uint64_t way() const { return way_; }

  private:
    TextOf text_of() const {
        return [this](machine::NameId id) { return names_->text(id); };
    }
    std::size_t decide(const PointName& name, std::size_t alternatives, PointKind kind,
                       bool begins);

    machine::NameTable* names_;
    PointHash hash_;
    std::unique_ptr<Strategy> owned_;
    Strategy* strategy_ = nullptr;
    DecisionLog* log_ = nullptr;
    OccurrenceTable occurrences_;
    std::vector<Deviation> deviations_;
    std::vector<Decision> decisions_;  // the same with their names
    std::uint64_t points_ = 0;
    std::uint64_t delayed_ns_ = 0;
    std::uint64_t value_ = 0;
    std::uint64_t way_ = 0;
    bool faults_ = false;
};

}  // namespace gpioclx::explore
