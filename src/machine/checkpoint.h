// A copy of a machine's whole state, to start many executions from the same point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gpioclx::machine {

// Taken and restored only while the machine does not run (outside Machine::run). Holds its copies
// in ordinary memory; must not outlive the process's arena.
class Checkpoint {
  public:
    // Copies heap, live parts of stacks and registered regions.
    static Checkpoint take();
    Checkpoint(Checkpoint&&) noexcept;
    ~Checkpoint();

    // Puts everything back. Objects created since then are gone.
    void restore() const;
    std::size_t size() const;

    // Restores, and from now on notices which pages are written: restore() copies only those that
    // ever were. A page is read-only until its first write; the handler of that fault must ask
    // note_write. One checkpoint at a time (another one's watch ends), until unwatch(): whoever
    // writes to the machine's memory by a system call does so outside. Executions of different
    // kinds write different pages; each kind has a list of its own. Does nothing under
    // AddressSanitizer, whose own writes would count.
    void watch(unsigned kind = 0);
    void unwatch();
    // True if the fault at `address` was the first write to a watched page; it may be repeated.
    // Async-signal-safe.
    static bool note_write(std::uintptr_t address);
    // What restore() copies now.
    std::size_t restored_bytes() const;

  private:
    struct Range {
        std::uintptr_t start;
        std::vector<std::byte> bytes;
    };
    class Watch;

    Checkpoint();
    std::vector<Range> ranges_;
    std::vector<std::unique_ptr<Watch>> watches_;  // by kind
    Watch* open_watch() const;
};

}  // namespace gpioclx::machine
