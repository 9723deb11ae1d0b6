// What the extension called, in order: callbacks of recording clients and service routines of
// peripherals, each with where it ran and which locks were really held.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <string>
#include <vector>

#include "callback.h"

namespace gpioclx::conformance {

constexpr ULONG no_bank = ~ULONG{0};

// Where a call happened, measured when it was entered.
struct Place {
    KIRQL irql = PASSIVE_LEVEL;
    UCHAR processor = 0;
    PKTHREAD thread = nullptr;
    bool in_interrupt = false;    // on top of a thread, not by it
    bool interrupt_lock = false;  // the bank's, held by this processor
    bool wait_lock = false;       // the bank's (no bank: those of all banks), held by this thread
};

struct Call {
    bool is_isr = false;
    Callback callback = Callback::count;
    std::string who;  // "GPIO", "BTN0": the last part of the device's path
    ULONG bank = no_bank;
    ULONG pin = 0;             // of calls for one pin, bank-relative
    ULONG64 mask = 0;          // of calls for several: what the extension asked for
    std::vector<USHORT> pins;  // pin table
    std::string arguments;     // "bank 0 pin 5, level, low, pull 0, debounce 0"
    std::vector<UCHAR> vendor_data;
    bool has_vendor_data = false;  // the pointer was not NULL
    const void* context = nullptr;
    Place place;
    NTSTATUS status = STATUS_SUCCESS;  // service routines: claimed or not
    std::uint64_t entered = 0;         // order of entry and return over the whole trace
    std::uint64_t left = 0;            // 0: has not returned
    unsigned burst = 0;
};

// What compact() shows besides the letters.
struct Shape {
    bool setup = false;          // the six setup callbacks
    bool query_enabled = false;  // H: left out in the specification's traces
    bool polarity = false;       // "E(level, low)", "R(high)", "U(high)"
    bool who = false;            // "isr(BTN0)"
};

class Trace {
  public:
    std::vector<Call> calls;

    // A new stimulus: what comes now is shown after a ";".
    void mark() { ++burst_; }
    void clear();

    std::size_t enter(Call call);  // index of the new entry
    void leave(std::size_t index, NTSTATUS status);

    // As in 6.11: "E ; [Q] [M] ... isr [X] [U]". Brackets: at DIRQL under the bank's interrupt
    // lock. Bare: at PASSIVE_LEVEL under the wait lock, not the interrupt lock (setup callbacks and
    // service routines: under none). "...": later, in another thread. Anything else is spelled out,
    // as in "X<irql 0, no lock>".
    std::string compact(Shape shape = {}) const;
    // The setup callbacks alone, with their arguments: "Prepare BasicInfo Start(FALSE, D3Final)".
    std::string lifecycle() const;
    // One line a call, with everything.
    std::string full() const;

    std::vector<const Call*> all(Callback callback) const;
    std::size_t count(Callback callback) const { return all(callback).size(); }
    std::size_t isr_count() const;
    // The latest; fails the test if there is none.
    const Call& last(Callback callback) const;

  private:
    std::uint64_t order_ = 0;
    unsigned burst_ = 0;
};

// Where the caller is now. `path`: of the controller whose locks are looked at, "" for all.
Place here(const std::string& path, ULONG bank);

}  // namespace gpioclx::conformance
