// What is found in one execution, and which callbacks overlapped. Takes the events of an explored
// machine; nobody else sees them, so the kinds that it has no use for are not even made.
#pragma once

#include <string>
#include <vector>

#include "explore/coverage.h"
#include "machine/event.h"

namespace gpioclx::bench {

struct ExecutionFinding {
    std::string id, sentence, stack, other_stack, actor, held;
    std::uint64_t time_ns = 0;
    int processor = -1;
    int level = 0;

    // Where the same thing happens in other words (times, numbers), the place tells them apart.
    std::string key() const;
};

class ExecutionCollector final : public machine::EventSink {
  public:
    explicit ExecutionCollector(machine::NameTable& names);
    void record(const machine::Event& event) override;

    // Of the execution that is over; the next one begins.
    std::vector<ExecutionFinding> take();
    const explore::Coverage& coverage() const { return coverage_; }

  private:
    void add(const machine::Event& event);
    void add_stack(const machine::Event& event);

    machine::NameTable& names_;
    std::vector<ExecutionFinding> found_;
    bool follows_finding_ = false;  // the next stack; reports of hardware have stacks too
    explore::Coverage coverage_;
};

}  // namespace gpioclx::bench
