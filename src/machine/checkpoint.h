// A copy of a machine's whole state, to start many executions from the same point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpioclx::machine {

// Taken and restored only while the machine does not run (outside Machine::run). Holds its copies
// in ordinary memory; must not outlive the process's arena.
class Checkpoint {
  public:
    // Copies heap, live parts of stacks and registered regions.
    static Checkpoint take();
    // Puts everything back. Objects created since then are gone.
    void restore() const;
    std::size_t size() const;

  private:
    struct Range {
        std::uintptr_t start;
        std::vector<std::byte> bytes;
    };
    std::vector<Range> ranges_;
};

}  // namespace gpioclx::machine
