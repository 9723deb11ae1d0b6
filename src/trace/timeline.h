// What happened, for people: one line a step, with time, processor, IRQL and who did it.
#pragma once

#include <cstdio>
#include <string>

#include "trace/steps.h"
#include "trace/writer.h"

namespace gpioclx::trace {

enum class TimelineDetail {
    short_,  // the steps (trace/steps.h)
    full     // registers, locks, waits, threads and the requests of Plug and Play too
};

// One event in words: "wire led goes high".
std::string describe(const machine::Event& event, const Names& names);

class Timeline final : public Writer {
  public:
    Timeline(std::FILE* file, TimelineDetail detail, bool color)
        : file_(file), detail_(detail), color_(color) {}
    void write(const machine::Event& event, const Names& names) override;

  private:
    bool is_shown(const machine::Event& event, const Names& names);
    void write_heading();

    std::FILE* file_;
    TimelineDetail detail_;
    bool color_;
    Steps steps_;
    bool heading_written_ = false;
};

}  // namespace gpioclx::trace
