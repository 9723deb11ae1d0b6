// The whole event stream as text, one line an event, all fields by name. Two runs of the same bench
// and seed give the same bytes.
#pragma once

#include <cstdio>
#include <string>

#include "trace/writer.h"

namespace gpioclx::trace {

class EventText final : public Writer {
  public:
    // Does not own the file.
    explicit EventText(std::FILE* file) : file_(file) {}
    void write(const machine::Event& event, const Names& names) override;

  private:
    std::FILE* file_;
};

std::string_view kind_name(machine::EventKind kind);

}  // namespace gpioclx::trace
