// A signal source at the edge of the board: another chip's output, a generator, a test's probe
// that drives.
#pragma once

#include <cstdint>

#include "hardware/device.h"
#include "hardware/surroundings.h"
#include "hardware/wire.h"

namespace gpioclx::hardware {

struct SignalOptions {
    Drive initial = Drive::off;
    bool open_drain = false;  // high is released, not driven
};

class Signal final : public Device {
  public:
    Signal(std::string name, SignalOptions options, Surroundings& surroundings);

    void drive(Drive drive);
    Drive driven() const { return driven_; }
    // Drives the opposite of the present level for that time, then what it drove before.
    void pulse(std::uint64_t width_ns);

    unsigned pin_count() const override { return 1; }
    Result<void> connect(unsigned pin, Wire& wire) override;
    // "high", "low", "off", "pulse 10us".
    Result<void> perform(std::string_view action,
                         std::span<const std::string_view> arguments) override;
    std::string_view actions() const override { return "high, low, off, pulse TIME"; }

  private:
    void apply();

    SignalOptions options_;
    Surroundings* surroundings_;
    Terminal terminal_;
    Drive driven_;
    std::uint32_t movement_ = 0;
};

}  // namespace gpioclx::hardware
