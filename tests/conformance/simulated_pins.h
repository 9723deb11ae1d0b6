// The least hardware that the contract can be shown on: pins with levels from outside, and
// interrupt logic with enable, mask, mode, polarity and a status bit for edges. Pins are
// controller-relative.
#pragma once

#include <wdm.h>

#include <functional>
#include <vector>

namespace gpioclx::conformance {

class SimulatedPins {
  public:
    void reset(ULONG total, ULONG per_bank);

    // ---- from outside ----
    void set_level(ULONG pin, bool level);
    bool level(ULONG pin) const { return pins_.at(pin).level; }

    // ---- registers ----
    void enable(ULONG pin, KINTERRUPT_MODE mode, KINTERRUPT_POLARITY polarity);
    void disable(ULONG pin);
    void set_masked(ULONG pin, bool masked);
    void reconfigure(ULONG pin, KINTERRUPT_MODE mode, KINTERRUPT_POLARITY polarity);
    void clear(ULONG pin);                   // an edge's status bit; a level has none
    void set_output(ULONG pin, bool level);  // the output latch
    bool output(ULONG pin) const { return pins_.at(pin).output; }

    // Bit n = bank-relative pin n.
    ULONG64 active(ULONG bank) const;   // enabled and active, masked or not
    ULONG64 enabled(ULONG bank) const;  // as one register would show it: enabled and not masked
    // Some pin of the bank is enabled, active and not masked.
    bool asserted(ULONG bank) const;
    ULONG bank_of(ULONG pin) const { return pin / per_bank_; }
    ULONG total() const { return static_cast<ULONG>(pins_.size()); }
    ULONG per_bank() const { return per_bank_; }

    // A bank's interrupt output may have changed.
    std::function<void(ULONG bank)> on_change = [](ULONG) {};

  private:
    struct Pin {
        bool level = false;
        bool output = false;
        bool enabled = false;
        bool masked = false;
        bool status = false;
        KINTERRUPT_MODE mode = LevelSensitive;
        KINTERRUPT_POLARITY polarity = InterruptActiveHigh;
        bool active() const;
    };
    template <typename Property>
    ULONG64 mask_of(ULONG bank, Property property) const;

    std::vector<Pin> pins_;
    ULONG per_bank_ = 1;
};

}  // namespace gpioclx::conformance
