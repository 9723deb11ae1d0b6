#include "hardware/pull_resistor.h"

#include <utility>

namespace gpioclx::hardware {

PullResistor::PullResistor(std::string name, std::string model, Pull pull, Strength strength)
    : Device(std::move(name), std::move(model)), pull_(pull), strength_(strength) {}

Result<void> PullResistor::connect(unsigned pin, Wire& wire) {
    if (auto possible = check_connect(pin, terminal_.connected()); !possible) return possible;
    terminal_ = wire.attach(nullptr, 0, name());
    terminal_.pull(pull_, strength_);
    return {};
}

}  // namespace gpioclx::hardware
