// Who did what beside whom: one execution as a table of steps, for a drawing with one column a
// processor. The model says nothing of how it is drawn; to_text draws it for a terminal.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "trace/steps.h"
#include "trace/writer.h"

namespace gpioclx::trace {

struct InterleavingStep {
    enum class Kind : std::uint8_t { ordinary, held_up, finding };

    std::uint64_t time_ns = 0;
    int processor = -1;  // -1: outside of any (a wire, the script)
    unsigned level = 0;  // IRQL
    std::string actor;   // thread, service routine, deferred call
    std::string text;
    std::vector<std::string> locks;  // that the actor holds then
    Kind kind = Kind::ordinary;
};

struct Interleaving {
    unsigned processors = 1;
    std::vector<InterleavingStep> steps;

    // What matters of it: the steps around each that was held up, and those before each finding.
    // Between two stretches stand steps without a text, whose time_ns is how many were left out.
    Interleaving excerpt() const;
};

// Steps, locks, registers and who was held up; not what the machine does for itself.
class InterleavingRecorder final : public Writer {
  public:
    void write(const machine::Event& event, const Names& names) override;
    const Interleaving& interleaving() const { return interleaving_; }
    void clear() { *this = InterleavingRecorder(); }

  private:
    void add(const machine::Event& event, const Names& names, std::string text,
             InterleavingStep::Kind kind);

    Interleaving interleaving_;
    Steps steps_;
    std::map<std::string, std::vector<std::string>> locks_;  // by actor
    bool found_ = false;
};

// One row a step, `width` columns of text a processor.
std::string to_text(const Interleaving& interleaving, std::size_t width = 50);

}  // namespace gpioclx::trace
