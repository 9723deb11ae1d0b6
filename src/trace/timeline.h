// What happened, for people: one line a step, with time, processor, IRQL and who did it.
#pragma once

#include <cstdio>
#include <string>

#include "trace/writer.h"

namespace gpioclx::trace {

enum class TimelineDetail {
    short_,  // edges, interrupts, callbacks, requests, messages, device states
    full     // registers, locks, waits and threads too
};

// One event in words: "wire led goes high".
std::string describe(const machine::Event& event, const Names& names);
// Whether the timeline shows it with that detail.
bool is_shown(machine::EventKind kind, TimelineDetail detail);

class Timeline final : public Writer {
  public:
    Timeline(std::FILE* file, TimelineDetail detail, bool color)
        : file_(file), detail_(detail), color_(color) {}
    void write(const machine::Event& event, const Names& names) override;

  private:
    void write_heading();

    std::FILE* file_;
    TimelineDetail detail_;
    bool color_;
    bool heading_written_ = false;
};

}  // namespace gpioclx::trace
