#include "hardware/led.h"

#include <utility>

namespace gpioclx::hardware {

Led::Led(std::string name, bool active_low, Surroundings& surroundings)
    : Device(std::move(name), "led"), surroundings_(&surroundings), active_low_(active_low) {}

Result<void> Led::connect(unsigned pin, Wire& wire) {
    if (auto possible = check_connect(pin, terminal_.connected()); !possible) return possible;
    terminal_ = wire.attach(this, 0, name());
    wire_level(0, wire.high(), wire.floating());
    return {};
}

void Led::wire_level(std::uint32_t, bool high, bool floating) {
    const bool on = !floating && high != active_low_;
    if (on == on_) return;
    on_ = on;
    changed_at_ns_ = surroundings_->now_ns();
    if (on) ++switched_on_count_;
}

}  // namespace gpioclx::hardware
