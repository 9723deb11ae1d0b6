// Two contexts touch the same memory of a driver, one of them writes, and nothing orders the two.
// Told by drivers that are built with `instrument`. Their own stacks are nobody else's; what counts
// are variables, contexts of objects and pool.
//
// Order is that of memory (ordering.h): locks order in the way they were taken in this run. So a
// race is told in the schedules in which nothing happens to order it; the explorer looks for them.
// Interlocked and volatile variables are no races by themselves. But if one context reads such a
// variable and writes it back while another one changes it, one of the two changes is lost; the
// same with any variable that both read and write back. That is told of any two that no common
// lock and no token keeps apart, in whatever order they came.
//
// What a driver does in the callbacks that set its device up or take it down meets nobody.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "machine/witness.h"
#include "verify/driver_side.h"
#include "verify/memory_points.h"
#include "verify/ordering.h"

namespace gpioclx::verify {

class DataRaces {
  public:
    DataRaces(machine::Machine& machine, Ordering& ordering, DriverSide& drivers)
        : machine_(machine), ordering_(ordering), drivers_(drivers) {}

    machine::AccessPoint accessed(const machine::MemoryAccess& access);
    // Its contents are nobody's any more.
    void renewed(const void* start, std::size_t size);
    // Null: nobody explores. Lives longer than it is used.
    void set_points(MemoryPoints* points) { points_ = points; }

  private:
    using Kind = machine::MemoryAccess::Kind;
    static constexpr std::uintptr_t granule = 8;
    static constexpr std::size_t granules_most = 64;    // of one access
    static constexpr std::size_t cells_most = 1 << 16;  // then all is forgotten
    static constexpr std::size_t places_most = 1 << 14;

    struct Seen {
        Moment moment;
        std::uint32_t context = 0;
        std::uint32_t section = 0;
        std::uint32_t place = 0;
        std::uint64_t locks = 0;  // a bit for each held, by hash
        Kind kind = Kind::read;
        std::uint8_t bytes = 0;    // of the granule, a bit each
        bool writes_back = false;  // what it read before
        machine::Level level = 0;
        machine::NameId actor = machine::no_name;
    };
    struct Cell {
        std::array<Seen, 6> seen;
        std::uint8_t count = 0;
        std::uint8_t next = 0;
    };
    // From where, and holding what.
    struct Place {
        CallStack stack;
        std::array<machine::NameId, 4> held{};
    };

    bool in_setup(const Context& context, const void* caller) const;
    void touch(std::uintptr_t address, std::uint8_t bytes, Kind kind, Context& context,
               const void* caller);
    Seen& least_useful(Cell& cell, const Context& context) const;
    bool lost(const Seen& earlier, const Seen& now, const Context& context) const;
    void report(std::uintptr_t address, const Seen& earlier, const Seen& now);
    std::uint32_t place_here(const Context& context, const void* caller, std::uint64_t locks);
    std::string describe(const Seen& seen) const;

    machine::Machine& machine_;
    Ordering& ordering_;
    DriverSide& drivers_;
    MemoryPoints* points_ = nullptr;
    std::map<std::uintptr_t, Cell> cells_;  // by address / granule
    std::vector<Place> places_;
    std::map<std::uint64_t, std::uint32_t> place_of_;  // by who calls from where
    std::set<std::array<std::uint64_t, 2>> told_;      // both stacks
};

}  // namespace gpioclx::verify
