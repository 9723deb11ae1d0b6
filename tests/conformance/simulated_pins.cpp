#include "simulated_pins.h"

#include <algorithm>

namespace gpioclx::conformance {

void SimulatedPins::reset(ULONG total, ULONG per_bank) {
    pins_.assign(total, {});
    per_bank_ = std::max<ULONG>(per_bank, 1);
}

bool SimulatedPins::Pin::active() const {
    if (mode == Latched) return status;
    return level == (polarity != InterruptActiveLow);
}

void SimulatedPins::set_level(ULONG number, bool level) {
    Pin& pin = pins_.at(number);
    if (pin.level == level) return;
    pin.level = level;
    const bool wanted =
        pin.polarity == InterruptActiveBoth || (pin.polarity == InterruptRisingEdge) == level;
    if (pin.enabled && pin.mode == Latched && wanted) pin.status = true;
    on_change(bank_of(number));
}

void SimulatedPins::enable(ULONG number, KINTERRUPT_MODE mode, KINTERRUPT_POLARITY polarity) {
    Pin& pin = pins_.at(number);
    pin.enabled = true;
    pin.masked = false;
    pin.status = false;
    pin.mode = mode;
    pin.polarity = polarity;
    on_change(bank_of(number));
}

void SimulatedPins::disable(ULONG number) {
    Pin& pin = pins_.at(number);
    pin.enabled = pin.masked = pin.status = false;
    on_change(bank_of(number));
}

void SimulatedPins::set_masked(ULONG number, bool masked) {
    pins_.at(number).masked = masked;
    on_change(bank_of(number));
}

void SimulatedPins::reconfigure(ULONG number, KINTERRUPT_MODE mode, KINTERRUPT_POLARITY polarity) {
    Pin& pin = pins_.at(number);
    pin.mode = mode;
    pin.polarity = polarity;
    on_change(bank_of(number));
}

void SimulatedPins::clear(ULONG number) {
    pins_.at(number).status = false;
    on_change(bank_of(number));
}

void SimulatedPins::set_output(ULONG number, bool level) { pins_.at(number).output = level; }

template <typename Property>
ULONG64 SimulatedPins::mask_of(ULONG bank, Property property) const {
    ULONG64 mask = 0;
    for (ULONG i = 0; i < per_bank_ && bank * per_bank_ + i < total(); ++i) {
        if (property(pins_[bank * per_bank_ + i])) mask |= 1ull << i;
    }
    return mask;
}

ULONG64 SimulatedPins::active(ULONG bank) const {
    return mask_of(bank, [](const Pin& pin) { return pin.enabled && pin.active(); });
}
ULONG64 SimulatedPins::enabled(ULONG bank) const {
    return mask_of(bank, [](const Pin& pin) { return pin.enabled && !pin.masked; });
}
bool SimulatedPins::asserted(ULONG bank) const { return (active(bank) & enabled(bank)) != 0; }

}  // namespace gpioclx::conformance
