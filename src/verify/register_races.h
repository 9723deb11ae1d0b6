// Updates of registers that can be lost: one context reads a register (or remembers what it wrote),
// and writes all of it back, while another one, which no common lock and no order keeps out,
// changes other bits of it. Told from the accesses themselves, so also when the two did not meet.
//
// No mistake are writes that leave other bits alone whatever happens meanwhile (hardware's
// StateEffect::command, write-enable halves, address masks): what a register is, its map says.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "hardware/controller.h"
#include "verify/driver_side.h"
#include "verify/ordering.h"

namespace gpioclx::verify {

class RegisterRaces {
  public:
    RegisterRaces(machine::Machine& machine, Ordering& ordering, DriverSide& drivers)
        : machine_(machine), ordering_(ordering), drivers_(drivers) {}

    // Before it happens. `controller_number` tells controllers apart.
    // `context` is the one on whose behalf it happens.
    void accessed(const machine::RegisterAccess& access, std::uint32_t controller_number,
                  Context& context, const hardware::AccessEffect& effect);

  private:
    using StateKey = std::uint64_t;
    struct Read {
        StateKey state = 0;
        std::uint32_t context = 0, section = 0;
        LockSet locks;
    };
    // Who wrote, how, and under what.
    struct Write {
        Moment moment;
        std::uint32_t context = 0;
        LockSet locks;           // held from the read, if there was one, to the write
        LockSet locks_at_write;  // for texts
        bool read_before = false;
        hardware::StateEffect effect;
        std::uint32_t ever_changed = 0;
        machine::NameId register_name = machine::no_name;
        machine::NameId callback = machine::no_name, actor = machine::no_name;
        std::uint64_t operand = 0;
        machine::Level level = 0;
        CallStack stack;
        std::uint64_t site = 0;
    };
    static constexpr std::size_t writes_most = 16;
    static constexpr std::size_t reads_most = 8;

    void note_read(StateKey state, const Context& context);
    const Read* find_read(StateKey state, const Context& context) const;
    void compare(const machine::RegisterAccess& access, StateKey state, const Write& earlier,
                 const Write& now);
    void keep(std::vector<Write>& writes, const Write& now);
    std::string describe(const Write& write) const;

    machine::Machine& machine_;
    Ordering& ordering_;
    DriverSide& drivers_;
    std::map<StateKey, std::vector<Write>> writes_;
    std::array<Read, reads_most> reads_{};
    std::size_t next_read_ = 0;
    std::set<std::array<std::uint64_t, 3>> told_;  // state and both places
};

}  // namespace gpioclx::verify
