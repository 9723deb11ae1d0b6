// What every figure is compared with: the cheapest system call and the switch of a fiber, measured
// in turns with it, so that both see the same load of the machine.
#pragma once

#include "stopwatch.h"

namespace gpioclx::benchmarks {

class Yardstick {
  public:
    // A few dozen of each.
    void sample();
    const Samples& system_call() const { return system_call_; }
    const Samples& fiber_switch() const { return fiber_switch_; }

  private:
    Samples system_call_;
    Samples fiber_switch_;
};

}  // namespace gpioclx::benchmarks
