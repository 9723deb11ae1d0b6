// An I2C or SPI bus with the chips on it, as its controller sees it: one message at a time, byte by
// byte. Which chip answers follows from the address; none answering is an answer too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diagnostics/result.h"
#include "hardware/serial_target.h"

namespace gpioclx::hardware {

class SerialBus {
  public:
    SerialBus(std::string name, BusSpec::Kind kind) : name_(std::move(name)), kind_(kind) {}

    const std::string& name() const { return name_; }
    BusSpec::Kind kind() const { return kind_; }
    const std::vector<SerialTarget>& targets() const { return targets_; }

    // Errors: a chip for the other kind of bus, an address that is taken.
    Result<void> attach(SerialTarget target);
    void reset();

    // I2C: a start (again) with address and direction; true if a chip acknowledges it.
    bool start(unsigned address, bool read);
    bool write(std::uint8_t byte);  // true if it is acknowledged
    std::uint8_t read();            // 0xFF if nobody drives the bus
    void stop();

    // SPI. Chips with address pins may share one select; they ignore what is not for them.
    void select(unsigned chip_select);
    std::uint8_t exchange(std::uint8_t byte);
    void deselect();

  private:
    std::string name_;
    BusSpec::Kind kind_;
    std::vector<SerialTarget> targets_;
    std::vector<SerialTarget*> selected_;
};

}  // namespace gpioclx::hardware
