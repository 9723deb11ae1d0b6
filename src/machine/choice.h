// Choice points: every decision that real hardware and a real system leave to chance. They are
// named, so that a recorded schedule survives edits to the driver.
#pragma once

#include <cstddef>
#include <cstdint>

#include "machine/name_table.h"

namespace gpioclx::machine {

struct Event;

enum class ChoiceKind : std::uint8_t {
    processor,         // which processor executes the next step
    interrupt_target,  // which processor takes an interrupt
    thread,            // which ready thread a processor runs next
    waiter,            // which of several waiters wins
    timer_order,       // which of several timers due at once fires first
    hardware,          // what a model may do either way
    fault,             // whether an operation fails (0 = it does not)
    power,             // whether what may sleep does so now, or stays awake a while (0 = now)
};

// actor/operation/object of the choice; `n` alternatives are told to Policy::choose.
struct ChoicePoint {
    ChoiceKind kind;
    NameId actor = no_name;
    NameId operation = no_name;
    NameId object = no_name;
};

// The strategy that decides, without knowledge of what is decided.
class Policy {
  public:
    virtual ~Policy() = default;
    // A new execution starts.
    virtual void begin() = 0;
    // An index below `alternatives` (>= 2). Alternative 0 is what the machine would do by default:
    // the processor furthest behind, the first waiter, no fault.
    virtual std::size_t choose(const ChoicePoint& point, std::size_t alternatives) = 0;
    // A value for models that want one (jitter, garbage after power loss).
    virtual std::uint64_t random_value() = 0;
    // How long the processor is held up that did this just now, before it goes on: by what else its
    // host does, a cache, a bus. Asked only of policies that are set so (Machine::set_policy), and
    // only at events of the kinds (1 << kind) that they name.
    virtual std::uint64_t delay_ns(const Event&) { return 0; }
    virtual std::uint64_t delay_kinds() const { return 0; }
};

}  // namespace gpioclx::machine
