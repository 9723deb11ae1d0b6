// Whether pins do what requests ask for, and only those that were meant: writes reach the outputs
// and nobody else's pins, reads tell the level, pulls are as asked for, and nothing is driven for
// nobody. As interrupt_effects.h: judged when a callback has returned, from the map's planes.
#pragma once

#include <string>

#include "verify/driver_side.h"
#include "verify/promise.h"

namespace gpioclx::verify {

class PinEffects {
  public:
    PinEffects(machine::Machine& machine, DriverSide& drivers)
        : machine_(machine), drivers_(drivers) {}

    void enters(const WatchedController& controller, const RunningCallback& callback);
    // A register is about to be accessed in the callback.
    void accesses(WatchedController& controller, const RunningCallback& callback,
                  const machine::RegisterAccess& access, const hardware::AccessEffect& effect);
    void exits(WatchedController& controller, const RunningCallback& callback, std::uint64_t result,
               bool succeeded);

  private:
    void see_levels(const WatchedController& controller, const RunningCallback& callback);
    void check_read(const WatchedController& controller, const RunningCallback& callback,
                    std::uint64_t values);
    void check_written(const WatchedController& controller, const RunningCallback& callback);
    void check_pull(const WatchedController& controller, const RunningCallback& callback,
                    unsigned pin);
    void released(const WatchedController& controller);
    void report_driven(const WatchedController& controller, unsigned pin, std::string_view when);
    std::string text(const WatchedController& controller, const RunningCallback& callback,
                     unsigned pin) const;

    machine::Machine& machine_;
    DriverSide& drivers_;
    std::uint64_t seen_high_ = 0, seen_low_ = 0;  // of the latest read
};

}  // namespace gpioclx::verify
