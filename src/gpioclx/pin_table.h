// A table of pins for a callback. The client gets a copy: what it does to it must not reach later
// requests, and is reported (V38).
#pragma once

#include "client_call.h"
#include "connection.h"

namespace gpioclx {

class PinTable {
  public:
    // The pins of the segment in `wanted`, in the order of the connection.
    PinTable(const Segment& segment, ULONG64 wanted)
        : segment_(segment), wanted_(wanted), count_(select(pins_)) {}

    PIN_NUMBER* pins() { return pins_; }
    USHORT count() const { return count_; }
    // After the callback.
    void check(Controller& controller, const CallSite& site) const {
        PIN_NUMBER expected[max_pins_per_bank];
        const SIZE_T size = select(expected) * sizeof(PIN_NUMBER);
        if (RtlCompareMemory(pins_, expected, size) != size)
            report_changed_parameters(controller, site);
    }

  private:
    USHORT select(PIN_NUMBER* table) const {
        USHORT count = 0;
        for (USHORT i = 0; i < segment_.pin_count; ++i) {
            if ((wanted_ & bit(segment_.pins[i])) != 0) table[count++] = segment_.pins[i];
        }
        return count;
    }

    const Segment& segment_;
    const ULONG64 wanted_;
    PIN_NUMBER pins_[max_pins_per_bank];
    const USHORT count_;
};

}  // namespace gpioclx
