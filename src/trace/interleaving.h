// Who did what beside whom, around findings and around whoever was held up: one row a step, one
// column a processor. A model; to_text draws it for a terminal, report/html.h for a browser.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "trace/steps.h"
#include "trace/writer.h"

namespace gpioclx::trace {

enum class InterleavingKind {
    step,      // what a short timeline shows (trace/steps.h)
    lock,      // acquired, waited for, released
    access,    // of a register
    schedule,  // threads, waits, ends of routines
    held_up,   // somebody was held up, or it was decided otherwise than by default
    finding
};

struct InterleavingStep {
    std::uint64_t sequence = 0;
    std::uint64_t time_ns = 0;
    int processor = -1;  // -1: outside
    machine::Level level = 0;
    InterleavingKind kind = InterleavingKind::step;
    std::string actor;
    std::string what;                // "acquires led spin lock 1"
    std::vector<std::string> locks;  // that the actor holds now, in the order of acquiring
    std::uint64_t left_out = 0;      // steps between the row before and this one
};

class Interleaving final : public Writer {
  public:
    struct Limits {
        std::size_t before = 160;  // rows kept in front of a finding
        std::size_t after = 8;     // and behind it
        std::size_t total = 1'000;
        std::size_t before_held_up = 3;
        std::size_t after_held_up = 8;
    };

    Interleaving() = default;
    explicit Interleaving(Limits limits) : limits_(limits) {}

    void write(const machine::Event& event, const Names& names) override;
    // What stands before the end of the stream counts as the surroundings of a finding, if there
    // was none. Also for findings that are no events: a missed expectation, a worker that died.
    void keep_recent();
    void finish() override;

    const std::vector<InterleavingStep>& steps() const { return kept_; }

  private:
    struct Lock {
        machine::NameId name;
        std::uint64_t instance;
    };
    void follow_locks(const machine::Event& event);
    void keep(InterleavingStep step);
    void drop_oldest();

    Limits limits_;
    Steps steps_;
    std::map<machine::NameId, std::vector<Lock>> locks_;  // by who holds them
    std::deque<InterleavingStep> recent_;                 // not kept yet
    std::vector<InterleavingStep> kept_;
    std::uint64_t left_out_ = 0;  // fell out of `recent_` since the last row that was kept
    std::size_t wanted_ = 0;      // rows to keep behind a finding
    bool found_ = false;
};

// One row a step, `width` columns of text a processor.
std::string to_text(const std::vector<InterleavingStep>& steps, std::size_t width = 50);

}  // namespace gpioclx::trace
