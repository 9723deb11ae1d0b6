// An I2C or SPI bus with the chips on it, as hardware: what happens on the wires, without time. The
// board implements it; the kernel moves the bytes at their moments (hal/serial_transfer.h).
#pragma once

#include <cstdint>
#include <string>

namespace gpioclx::kernel {

class SerialBus {
  public:
    virtual ~SerialBus() = default;

    // I2C. A start condition (again) with an address; false: nobody acknowledges.
    virtual bool start(unsigned address, bool read) = 0;
    virtual bool write(std::uint8_t byte) = 0;  // acknowledged
    virtual std::uint8_t read() = 0;
    virtual void stop() = 0;
    // SPI
    virtual void select(unsigned device) = 0;
    virtual std::uint8_t exchange(std::uint8_t byte) = 0;
    virtual void deselect() = 0;

    std::string device;  // ACPI path of the bus controller
};

}  // namespace gpioclx::kernel
