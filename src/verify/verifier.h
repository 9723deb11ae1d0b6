// The verifier of a machine: a witness that keeps what orders what, and hands register accesses and
// callbacks to the rule families. Lives in the arena with the machine, so that a checkpoint takes
// its state along: an execution starts with what was known when it was taken.
#pragma once

#include <map>
#include <vector>

#include "hardware/controller.h"
#include "machine/machine.h"
#include "machine/witness.h"
#include "verify/data_races.h"
#include "verify/driver_side.h"
#include "verify/interrupt_effects.h"
#include "verify/ordering.h"
#include "verify/pin_effects.h"
#include "verify/promise.h"
#include "verify/register_races.h"

namespace gpioclx::verify {

class Verifier final : public machine::Witness {
  public:
    // Both outlive it. `instrumented`: drivers tell what they do with their memory.
    Verifier(machine::Machine& machine, DriverSide& drivers, bool instrumented = false)
        : machine_(machine),
          instrumented_(instrumented),
          ordering_(machine, instrumented),
          drivers_(drivers),
          races_(machine, ordering_, drivers),
          data_(machine, ordering_, drivers),
          interrupts_(machine, drivers),
          pins_(machine, drivers) {}

    // `device` is the name in callbacks; `chip` may stand for it in RegisterAccess.
    void add_controller(machine::NameId device, machine::NameId chip,
                        const hardware::Controller& controller);

    // A part of the controller's pins has power or not; told by whoever switches it.
    void power_changes(machine::NameId device, unsigned first_pin, unsigned count, bool on);

    // Something was pulled out: a chip may not answer any more, an interrupt may have nowhere to
    // go. What is left undone from here on is nobody's fault.
    void hardware_vanishes() { whole_ = false; }

    // Somebody explores from now on: accesses to memory are points. Null: nobody does.
    void set_memory_points(MemoryPoints* points) { data_.set_points(points); }

    void routine_begins(machine::Routine kind, machine::NameId name) override;
    void routine_ends(machine::Routine kind) override;
    void thread_ended(const machine::Thread& thread) override;
    void rests(bool for_good) override;
    void release(const void* token) override;
    void acquire(const void* token) override;
    void lock_acquired(machine::NameId name, std::uint32_t instance, const void* thread) override;
    void lock_released(std::uint32_t instance) override;
    void is_lock(const void* token) override;
    void register_accessed(const machine::RegisterAccess& access) override;
    bool follows_memory() const override { return instrumented_; }
    machine::AccessPoint memory_accessed(const machine::MemoryAccess& access) override;
    void memory_renewed(const void* start, std::uint64_t size) override;
    void memory_ordered_by(const void* word) override;
    void setup_begins(const void* image) override;
    void setup_ends() override;
    void device_started() override;
    void transfer_begins() override;
    void callback_details(const machine::CallbackDetails& details) override;
    void callback_enters(const machine::ClientCallback& callback) override;
    void callback_exits(const machine::ClientCallback& callback, std::uint64_t result,
                        std::uint32_t status) override;

  private:
    WatchedController* find(machine::NameId device);
    void check_power(const WatchedController& controller, const machine::RegisterAccess& access,
                     const hardware::AccessEffect& effect);
    bool is_alone(const machine::ClientCallback& callback) const;

    machine::Machine& machine_;
    const bool instrumented_;
    Ordering ordering_;
    DriverSide& drivers_;
    std::vector<WatchedController> controllers_;
    bool whole_ = true;      // the hardware
    unsigned routines_ = 0;  // service routines, DPCs, work items .. under way
    RegisterRaces races_;
    DataRaces data_;
    InterruptEffects interrupts_;
    PinEffects pins_;
};

}  // namespace gpioclx::verify
