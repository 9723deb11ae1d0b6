#include "hardware/signal.h"

#include <utility>

#include "hardware/model_property.h"

namespace gpioclx::hardware {

Signal::Signal(std::string name, SignalOptions options, Surroundings& surroundings)
    : Device(std::move(name), "signal"),
      options_(options),
      surroundings_(&surroundings),
      driven_(options.initial) {}

Result<void> Signal::connect(unsigned pin, Wire& wire) {
    if (auto possible = check_connect(pin, terminal_.connected()); !possible) return possible;
    terminal_ = wire.attach(nullptr, 0, name());
    apply();
    return {};
}

void Signal::drive(Drive drive) {
    ++movement_;
    driven_ = drive;
    apply();
}

void Signal::pulse(std::uint64_t width_ns) {
    const Drive before = driven_;
    const bool high = terminal_.connected() && terminal_.wire()->high();
    drive(drive_of(!high));
    const std::uint32_t movement = movement_;
    surroundings_->at(surroundings_->now_ns() + width_ns, [this, movement, before] {
        if (movement == movement_) drive(before);
    });
}

void Signal::apply() {
    if (!terminal_.connected()) return;
    terminal_.drive(options_.open_drain && driven_ == Drive::high ? Drive::off : driven_);
}

Result<void> Signal::perform(std::string_view action, std::span<const std::string_view> arguments) {
    if (action == "high") {
        drive(Drive::high);
    } else if (action == "low") {
        drive(Drive::low);
    } else if (action == "off") {
        drive(Drive::off);
    } else if (action == "pulse") {
        auto width = parse_time_ns(arguments.empty() ? "" : arguments[0]);
        if (!width) return width.error();
        pulse(*width);
    } else {
        return no_such_action(action);
    }
    return {};
}

}  // namespace gpioclx::hardware
