// One pin of a controller as its registers have it, without the cost of PinState.
#pragma once

#include "hardware/controller.h"

namespace gpioclx::verify {

class HardwarePin {
  public:
    HardwarePin(const hardware::Controller& controller, unsigned pin)
        : controller_(controller),
          bank_(controller.bank_of_pin(pin)),
          bit_(1u << (pin - bank_.first_pin)) {}

    bool has(hardware::Plane plane) const { return (bank_[plane] & bit_) != 0; }
    bool high() const { return has(hardware::Plane::pad); }
    bool readable() const {
        return has(hardware::Plane::input_enable) && !has(hardware::Plane::function_analog) &&
               !has(hardware::Plane::input_invert);
    }
    bool floating() const { return (bank_.floating & bit_) != 0; }
    bool wired() const { return (bank_.wired & bit_) != 0; }
    bool output() const { return has(hardware::Plane::is_output); }
    bool driving() const { return (bank_.drive_on & bit_) != 0; }
    bool rising() const { return (bank_.rising & bit_) != 0; }
    bool falling() const { return (bank_.falling & bit_) != 0; }
    bool level_high() const { return (bank_.level_high & bit_) != 0; }
    bool level_low() const { return (bank_.level_low & bit_) != 0; }
    hardware::Pull pull() const {
        return (bank_.pulled_up & bit_) != 0     ? hardware::Pull::up
               : (bank_.pulled_down & bit_) != 0 ? hardware::Pull::down
                                                 : hardware::Pull::none;
    }
    // Whatever stands between a cause and an interrupt output lets it through.
    bool open() const {
        const bool triggers = compares() || rising() || falling() || level_high() || level_low();
        return triggers && has(hardware::Plane::enable) && has(hardware::Plane::unmask);
    }
    bool compares() const {
        const auto& interrupt = controller_.map().interrupt;
        return interrupt && interrupt->compare != hardware::InterruptSpec::Compare::none;
    }
    // Something has happened that was not cleared.
    bool pending() const {
        return has(hardware::Plane::raw) || has(hardware::Plane::status) ||
               has(hardware::Plane::cause) || (bank_.asserted[0] & bit_) != 0;
    }
    // It holds an interrupt output.
    bool asserting() const { return (bank_.asserted[0] & bit_) != 0; }

  private:
    const hardware::Controller& controller_;
    const hardware::Bank& bank_;
    std::uint32_t bit_;
};

}  // namespace gpioclx::verify
