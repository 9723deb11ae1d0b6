#include "hardware/button.h"

#include <cassert>
#include <utility>

namespace gpioclx::hardware {

Button::Button(std::string name, ButtonOptions options, Surroundings& surroundings)
    : Device(std::move(name), "button"),
      options_(std::move(options)),
      surroundings_(&surroundings) {
    assert(options_.bounce_ns.size() % 2 == 0);
}

Result<void> Button::connect(unsigned pin, Wire& wire) {
    if (auto possible = check_connect(pin, terminal_.connected()); !possible) return possible;
    terminal_ = wire.attach(nullptr, 0, name());
    terminal_.stage_pull(options_.pull, Strength::normal);
    touch(pressed_);
    return {};
}

void Button::reset(ResetKind) {
    // A person's finger knows no reset.
    if (terminal_.connected()) touch(pressed_);
}

void Button::press() { move(true); }
void Button::release() { move(false); }

void Button::move(bool pressed) {
    if (pressed == pressed_) return;
    pressed_ = pressed;
    const std::uint32_t movement = ++movement_;
    bool closed = pressed;
    const std::uint64_t start_ns = surroundings_->now_ns();
    for (const std::uint64_t after_ns : options_.bounce_ns) {
        closed = !closed;
        surroundings_->at(start_ns + after_ns, [this, movement, closed] {
            if (movement == movement_) touch(closed);
        });
    }
    touch(pressed);
}

void Button::touch(bool closed) {
    if (!terminal_.connected()) return;
    terminal_.drive(closed ? drive_of(!options_.active_low) : Drive::off);
}

Result<void> Button::perform(std::string_view action, std::span<const std::string_view>) {
    if (action == "press") {
        press();
    } else if (action == "release") {
        release();
    } else {
        return no_such_action(action);
    }
    return {};
}

}  // namespace gpioclx::hardware
