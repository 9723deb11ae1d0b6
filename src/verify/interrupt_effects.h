// Whether the hardware interrupts as the driver says: pins that are enabled, masked and disabled
// are so in the registers, triggers are those that were asked for, what is reported active is
// pending, and nothing stays pending that somebody waits for.
//
// Judged when a callback has returned, or when nothing runs. Everything follows from the planes of
// the register map; what a map does not have is not looked at.
#pragma once

#include <array>
#include <set>
#include <string>

#include "verify/driver_side.h"
#include "verify/promise.h"

namespace gpioclx::verify {

class InterruptEffects {
  public:
    InterruptEffects(machine::Machine& machine, DriverSide& drivers)
        : machine_(machine), drivers_(drivers) {}

    void enters(WatchedController& controller, const RunningCallback& callback);
    // A register is about to be accessed in the callback.
    void accesses(const WatchedController& controller, const RunningCallback& callback,
                  const machine::RegisterAccess& access, const hardware::AccessEffect& effect);
    void exits(WatchedController& controller, const RunningCallback& callback, std::uint64_t result,
               bool succeeded);
    // Before an access: chips that compare forget what is pending when they are read, whoever
    // reads them, and their driver has to remember it.
    static void note_pending(WatchedController& controller);
    // Nothing runs. `for_good`: and nothing will come by itself.
    void idle(WatchedController& controller, bool for_good);

  private:
    static constexpr std::uint64_t patience_ns = 2'000'000;

    void enabled(WatchedController& controller, const RunningCallback& callback);
    void check_trigger(const WatchedController& controller, const RunningCallback& callback,
                       unsigned pin);
    void check_cleared(const WatchedController& controller, const RunningCallback& callback,
                       const machine::RegisterAccess& access, const hardware::StateEffect& effect);
    void check_active(WatchedController& controller, const RunningCallback& callback,
                      std::uint64_t active);
    void stopped(const WatchedController& controller);
    void see_pending(const WatchedController& controller, const RunningCallback& callback);
    std::string text(const WatchedController& controller, const RunningCallback& callback,
                     unsigned pin) const;
    std::string_view name(const RunningCallback& callback) const {
        return machine_.text(callback.name);
    }

    machine::Machine& machine_;
    DriverSide& drivers_;
    std::uint64_t seen_pending_ = 0;  // of the latest QueryActive
};

}  // namespace gpioclx::verify
