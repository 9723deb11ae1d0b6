// The event stream on its way from the worker to the supervisor.
#pragma once

#include "machine/event.h"
#include "machine/name_table.h"
#include "worker/shared_memory.h"

namespace gpioclx::worker {

// Worker side. Waits (in wall-clock time, which the machine does not see) while the ring is full.
class RingSink final : public machine::EventSink {
  public:
    explicit RingSink(SharedLayout& shared);
    void record(const machine::Event& event) override;
    // Another process with the same memory (a child) has written too.
    void read_again() { window_.next = window_.end = nullptr; }

  private:
    void open_window();
    SharedLayout& shared_;
};

// Worker side: names are written where the supervisor reads them.
class SharedNames final : public machine::NameTable {
  public:
    explicit SharedNames(SharedLayout& shared);
    ~SharedNames() override;
    machine::NameId intern(std::string_view text) override;
    std::string_view text(machine::NameId id) const override;

  private:
    struct Index;
    SharedLayout& shared_;
    Index* index_;
};

// Supervisor side.
class EventReader {
  public:
    explicit EventReader(SharedLayout& shared) : shared_(shared) {}
    // Calls `take(event)` for each event that is new; true if there was one.
    template <typename Take>
    bool drain(Take take) {
        const std::uint64_t written = shared_.written.load(std::memory_order_acquire);
        std::uint64_t consumed = shared_.consumed.load(std::memory_order_relaxed);
        if (consumed == written) return false;
        for (; consumed != written; ++consumed) take(shared_.ring[consumed % ring_capacity]);
        shared_.consumed.store(consumed, std::memory_order_release);
        return true;
    }
    std::string_view name(machine::NameId id) const;

  private:
    SharedLayout& shared_;
};

}  // namespace gpioclx::worker
