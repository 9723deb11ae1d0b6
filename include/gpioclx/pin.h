// A pin of a controller: what its registers make of it now.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <gpioclx/wire.h>

namespace gpioclx {

enum class Direction { input, output };
enum class Pull { none, up, down };
enum class PinInterrupt {
    off,     // not enabled, in a controller that has an enable beside its mask
    masked,  // held back by the mask
    enabled  // reaches the controller's interrupt output
};

std::string_view to_string(Direction direction);
std::string_view to_string(Pull pull);
std::string_view to_string(PinInterrupt interrupt);
std::ostream& operator<<(std::ostream& stream, Direction direction);
std::ostream& operator<<(std::ostream& stream, Pull pull);
std::ostream& operator<<(std::ostream& stream, PinInterrupt interrupt);

// A snapshot; take a new one after the board has run.
struct Pin {
    std::string controller;         // ACPI path
    unsigned number = 0;            // controller-relative
    std::string wire;               // "" if nothing is attached
    Level level = Level::floating;  // at the pad
    Direction direction = Direction::input;
    bool latch = false;      // what it drives as an output
    std::string function;    // of a pin multiplexer; "" where the controller has none
    Pull pull = Pull::none;  // the chip's own
    PinInterrupt interrupt = PinInterrupt::off;
    std::string trigger;   // "falling edge", "both edges", "low level", ...; "" if none
    bool pending = false;  // an interrupt waits to be cleared
    // The devices to which firmware gives it (GpioIo, GpioInt, PinFunction), by ACPI path.
    std::vector<std::string> owners;
};

// One line: "\_SB.GPI0 pin 5: output, high, wire led, of \_SB.LED0".
std::string to_string(const Pin& pin);
std::ostream& operator<<(std::ostream& stream, const Pin& pin);

}  // namespace gpioclx
