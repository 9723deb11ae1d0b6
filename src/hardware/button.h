// A push button between a wire and ground (or the supply), with a pull resistor of its own and,
// if wanted, contacts that bounce.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/device.h"
#include "hardware/surroundings.h"
#include "hardware/wire.h"

namespace gpioclx::hardware {

struct ButtonOptions {
    bool active_low = true;  // pressed connects to ground, else to the supply
    Pull pull = Pull::up;    // `none`: the chip or the board pulls
    // When the contact toggles again after the first touch, in ns from it, ascending; an even
    // number of times, for a pressed button ends closed.
    std::vector<std::uint64_t> bounce_ns = {};
};

class Button final : public Device {
  public:
    Button(std::string name, ButtonOptions options, Surroundings& surroundings);

    void press();
    void release();
    bool pressed() const { return pressed_; }

    unsigned pin_count() const override { return 1; }
    Result<void> connect(unsigned pin, Wire& wire) override;
    void reset(ResetKind kind) override;
    Result<void> perform(std::string_view action,
                         std::span<const std::string_view> arguments) override;
    std::string_view actions() const override { return "press, release"; }

  private:
    void move(bool pressed);
    void touch(bool closed);

    ButtonOptions options_;
    Surroundings* surroundings_;
    Terminal terminal_;
    bool pressed_ = false;
    std::uint32_t movement_ = 0;  // bounces of an earlier movement are void
};

}  // namespace gpioclx::hardware
