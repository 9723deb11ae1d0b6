// A controller behind a serial bus: bytes come in and go out, an address pointer moves as the map's
// [bus] says. One byte at a time, because a register acts when its byte does, and the world goes on
// between two bytes.
//
// I2C: start, then bytes, then another start or stop. SPI: select, exchange bytes, deselect.
#pragma once

#include <cstdint>

#include "hardware/controller.h"

namespace gpioclx::hardware {

class SerialTarget {
  public:
    // `controller` has a bus in its map and outlives this. `address`: of 7 or 10 bits on I2C; the
    // number of the chip select on SPI, where `address_pins` are the levels of A2..A0.
    SerialTarget(Controller& controller, unsigned address, unsigned address_pins = 0);

    const BusSpec& bus() const { return *controller_->map().bus; }
    Controller& controller() const { return *controller_; }
    unsigned address() const { return address_; }

    // I2C. The chip's own acknowledge; one that does not acknowledge ignores all until a start.
    bool start(unsigned address, bool read);
    bool write(std::uint8_t byte);
    std::uint8_t read();
    void stop();

    // SPI. A byte goes both ways at once; 0xFF where the chip does not drive the wire.
    void select();
    std::uint8_t exchange(std::uint8_t byte);
    void deselect();

    // Power on. The registers have a reset of their own.
    void reset();

    std::uint32_t pointer() const { return pointer_; }

  private:
    enum class State : std::uint8_t { idle, opcode, pointer, reading, writing, ignoring };

    const BusSpec::Mode& mode() const;
    void take_pointer_byte(std::uint8_t byte);
    void write_register(std::uint8_t byte);
    std::uint8_t read_register();
    // The register offset at the pointer, or the size of the block for a hole.
    std::uint32_t offset() const;
    void move_pointer();
    State state_of_opcode(std::uint8_t byte) const;

    Controller* controller_;
    unsigned address_;
    unsigned address_pins_;
    State state_ = State::idle;
    State after_pointer_ = State::writing;
    unsigned pointer_bytes_ = 0;  // received of the ones expected
    std::uint32_t incoming_ = 0;
    std::uint32_t pointer_ = 0;
};

}  // namespace gpioclx::hardware
