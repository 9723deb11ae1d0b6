// A resistor from a wire to the supply or to ground. With `Pull::none` it is just a test point:
// a name for a net of the board.
#pragma once

#include "hardware/device.h"
#include "hardware/wire.h"

namespace gpioclx::hardware {

class PullResistor final : public Device {
  public:
    PullResistor(std::string name, std::string model, Pull pull, Strength strength);

    unsigned pin_count() const override { return 1; }
    Result<void> connect(unsigned pin, Wire& wire) override;
    Pull pull() const { return pull_; }
    const Wire* wire() const { return terminal_.wire(); }

  private:
    Terminal terminal_;
    Pull pull_;
    Strength strength_;
};

}  // namespace gpioclx::hardware
