// The serial buses of a bench: for each bus of the firmware that has a chip with a model on it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "bench/bench_file.h"
#include "hardware/serial_bus.h"
#include "kernel/acpi_provider.h"
#include "kernel/kernel.h"

namespace gpioclx::bench {

class SerialBuses {
  public:
    // Puts a chip on the bus that the device's resource names, at the address given there, unless
    // the properties `address` and `address_pins` say how it is strapped. Errors: no such resource,
    // a chip for another kind of bus, an address that is taken.
    Result<void> add(const ModelEntry& model, hardware::Controller& controller,
                     const std::vector<kernel::DeviceResource>& resources);
    void attach(kernel::Kernel& kernel);
    void power_on();

  private:
    // hardware::SerialBus as the kernel knows it.
    struct Bus final : kernel::SerialBus {
        Bus(const std::string& path, hardware::BusSpec::Kind kind) : wires(path, kind) {
            device = path;
        }
        bool start(unsigned address, bool read) override { return wires.start(address, read); }
        bool write(std::uint8_t byte) override { return wires.write(byte); }
        std::uint8_t read() override { return wires.read(); }
        void stop() override { wires.stop(); }
        void select(unsigned select_line) override { wires.select(select_line); }
        std::uint8_t exchange(std::uint8_t byte) override { return wires.exchange(byte); }
        void deselect() override { wires.deselect(); }

        hardware::SerialBus wires;
    };

    std::map<std::string, std::unique_ptr<Bus>> buses_;
};

// Properties of a model that are about its place on a bus, not about the chip; removed from
// `given`.
struct Strapping {
    std::optional<unsigned> address;
    unsigned address_pins = 0;
};
Result<Strapping> take_strapping(std::vector<std::pair<std::string, std::string>>& given);

}  // namespace gpioclx::bench
