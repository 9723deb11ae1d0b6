// The seam between hardware models and what surrounds them (the machine, or a test). Models know
// no clock, no thread and no random number: time, choices and everything they have to tell go
// through here. Calls come synchronously out of a register access or a wire change, when the model
// that calls is consistent again; an implementation may look at models, but must not write
// registers or move wires from inside a call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "hardware/hardware_event.h"
#include "hardware/level.h"

namespace gpioclx::hardware {

class Controller;
class Device;
class Wire;

class Surroundings {
  public:
    virtual ~Surroundings() = default;

    // Virtual time.
    virtual std::uint64_t now_ns() = 0;

    // An interrupt output of a controller or model was asserted or released. `active` means the
    // formula of the output is non-zero, whatever the electrical polarity. Only changes are told.
    virtual void interrupt_output(Device& device, unsigned output, bool active) = 0;

    // A register of a chip behind a serial bus is about to be read or written ..
    virtual void serial_access_begins(Controller& controller, bool write, std::uint64_t offset,
                                      std::uint8_t value) {
        (void)controller, (void)write, (void)offset, (void)value;
    }
    // .. is about to be written, or was read.
    virtual void serial_access(Controller& controller, bool write, std::uint64_t offset,
                               std::uint8_t value) {
        (void)controller, (void)write, (void)offset, (void)value;
    }

    // A wire has a new resolved state. Told before the pads on the wire see it.
    virtual void wire_changed(Wire& wire, Level old_level, Level new_level) {
        (void)wire, (void)old_level, (void)new_level;
    }

    // Where the documents leave behaviour open: 0..alternatives-1; 0 is what a data sheet's reader
    // would expect. `choice_name` is "device/operation/object".
    virtual std::size_t choose(std::string_view choice_name, std::size_t alternatives) {
        (void)choice_name, (void)alternatives;
        return 0;
    }

    virtual void report(const HardwareEvent& event) { (void)event; }

    // A C++ model cannot go on (it threw, or asked for what it does not have). It is not entered
    // again.
    virtual void model_failed(Device& device, std::string_view what) { (void)device, (void)what; }

    // Calls back at that virtual time (never before the current call has returned). For devices
    // that act by themselves. Calls of equal time come in the order of their requests.
    virtual void at(std::uint64_t time_ns, std::function<void()> callback) = 0;
};

}  // namespace gpioclx::hardware
