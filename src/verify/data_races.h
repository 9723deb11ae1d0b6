// Two contexts touch the same memory of a driver, one of them writes, and nothing orders the two.
// Told by drivers that are built with --instrument. Here locks are order too, in the way they were
// taken in this run: what a driver hands over under a lock is handed over. So a race is seen in the
// schedules in which nothing happens to order it; the explorer looks for those.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "machine/witness.h"
#include "verify/driver_side.h"
#include "verify/ordering.h"

namespace gpioclx::verify {

class DataRaces {
  public:
    DataRaces(machine::Machine& machine, Ordering& ordering, DriverSide& drivers)
        : machine_(machine), ordering_(ordering), drivers_(drivers) {}

    void accessed(const machine::MemoryAccess& access);
    // Its contents are nobody's any more.
    void renewed(const void* start, std::size_t size);

  private:
    static constexpr std::uintptr_t granule = 8;
    static constexpr std::size_t granules_most = 64;    // of one access
    static constexpr std::size_t cells_most = 1 << 16;  // then all is forgotten
    static constexpr std::size_t stacks_most = 1 << 14;

    struct Seen {
        Moment moment;
        std::uint32_t context = 0;
        std::uint8_t bytes = 0;  // of the granule, a bit each
        bool write = false;
        std::uint16_t stack = 0;
        machine::NameId actor = machine::no_name;
        machine::Level level = 0;
    };
    struct Cell {
        std::array<Seen, 4> seen;
        std::uint8_t count = 0;
        std::uint8_t next = 0;
    };

    void touch(std::uintptr_t address, std::uint8_t bytes, bool write, const Context& context,
               const void* caller);
    void report(std::uintptr_t address, const Seen& earlier, bool write);
    std::uint16_t stack_here(const Context& context, const void* caller);

    machine::Machine& machine_;
    Ordering& ordering_;
    DriverSide& drivers_;
    std::unordered_map<std::uintptr_t, Cell> cells_;  // by address / granule
    std::vector<CallStack> stacks_;
    std::unordered_map<std::uint64_t, std::uint16_t> stack_of_;  // by who calls from where
    std::set<std::array<std::uint64_t, 2>> told_;                // both places
};

}  // namespace gpioclx::verify
