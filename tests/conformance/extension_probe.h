// What the extension keeps in its own memory: locks and counters that no interface shows.
#pragma once

#include <wdm.h>

namespace gpioclx::conformance {

class Controller;

struct PinCounters {
    ULONG delivered = 0;
    ULONG unclaimed = 0;
    ULONG storms = 0;
};

class ExtensionProbe {
  public:
    explicit ExtensionProbe(const Controller& controller) : controller_(controller) {}
    USHORT bank_count() const;
    ULONG spurious(ULONG bank) const;  // primary interrupts without an active pin
    bool has_f1(ULONG bank) const;
    ULONG64 masked(ULONG bank) const;
    PinCounters pin(ULONG controller_pin) const;

  private:
    const Controller& controller_;
};

}  // namespace gpioclx::conformance
