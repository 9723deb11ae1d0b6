// A light-emitting diode with its resistor: looks at a wire, drives nothing.
#pragma once

#include <cstdint>

#include "hardware/device.h"
#include "hardware/surroundings.h"
#include "hardware/wire.h"

namespace gpioclx::hardware {

class Led final : public Device, private WireListener {
  public:
    Led(std::string name, bool active_low, Surroundings& surroundings);

    // A floating wire gives no light.
    bool on() const { return on_; }
    std::uint64_t switched_on_count() const { return switched_on_count_; }
    std::uint64_t changed_at_ns() const { return changed_at_ns_; }

    unsigned pin_count() const override { return 1; }
    Result<void> connect(unsigned pin, Wire& wire) override;

  private:
    void wire_level(std::uint32_t tag, bool high, bool floating) override;

    Surroundings* surroundings_;
    Terminal terminal_;
    std::uint64_t switched_on_count_ = 0;
    std::uint64_t changed_at_ns_ = 0;
    bool active_low_;
    bool on_ = false;
};

}  // namespace gpioclx::hardware
