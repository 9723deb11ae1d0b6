// Which execution an explorer makes, written where the supervisor reads it if the driver ends the
// worker: its decisions as they are taken.
#pragma once

#include <algorithm>

#include "explore/conductor.h"
#include "worker/shared_memory.h"

namespace gpioclx::bench {

enum class ExecutionPurpose : std::uint64_t { none, plain, explored, shrunk };

// Worker side.
class ExploreNotes final : public explore::DecisionLog {
  public:
    explicit ExploreNotes(worker::Notes& notes) : notes_(notes) {}

    // Of the next executions. `schedule`: where they begin, and whether faults are asked about.
    void announce(ExecutionPurpose purpose, std::uint64_t number,
                  const explore::Schedule& schedule) {
        notes_.header[0] = static_cast<std::uint64_t>(purpose);
        notes_.header[1] = number;
        notes_.header[2] = static_cast<std::uint64_t>(schedule.beginning);
        notes_.header[3] = (schedule.faults ? 1 : 0) | (schedule.instrumented ? 2 : 0);
    }
    void begin() override { notes_.count.store(0, std::memory_order_relaxed); }
    void add(const explore::Decision& decision) override {
        const std::uint32_t count = notes_.count.load(std::memory_order_relaxed);
        if (count >= worker::note_capacity) return;
        const explore::PointName& name = decision.name;
        notes_.notes[count] = {{decision.deviation.point, decision.deviation.occurrence,
                                decision.deviation.alternative, name.kind, name.delay, name.actor,
                                name.operation, name.object}};
        notes_.count.store(count + 1, std::memory_order_release);
    }

  private:
    worker::Notes& notes_;
};

// Supervisor side.
struct NotedExecution {
    ExecutionPurpose purpose = ExecutionPurpose::none;
    std::uint64_t number = 0;
    explore::Schedule schedule;
    std::vector<explore::Decision> decisions;
};

inline NotedExecution read_notes(const worker::Notes& notes, std::uint64_t seed) {
    NotedExecution execution{
        .purpose = static_cast<ExecutionPurpose>(notes.header[0]),
        .number = notes.header[1],
        .schedule = {.seed = seed,
                     .beginning = static_cast<explore::Beginning>(notes.header[2]),
                     .faults = (notes.header[3] & 1) != 0,
                     .instrumented = (notes.header[3] & 2) != 0,
                     .deviations = {}},
        .decisions = {}};
    const std::size_t count = notes.count.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < std::min(count, worker::note_capacity); ++i) {
        const auto& w = notes.notes[i].words;
        const explore::Deviation deviation{w[0], w[1], static_cast<std::uint8_t>(w[2])};
        execution.schedule.deviations.push_back(deviation);
        execution.decisions.push_back({deviation, {w[3], w[4] != 0, w[5], w[6], w[7]}});
    }
    return execution;
}

}  // namespace gpioclx::bench
