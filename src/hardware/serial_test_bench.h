// A chip from the shipped maps on a bus of its own.
#pragma once

#include <initializer_list>

#include "hardware/serial_bus.h"
#include "hardware/test_bench.h"

namespace gpioclx::hardware {

class SerialChipTest : public ControllerTest {
  protected:
    static constexpr unsigned address = 0x20;

    void make_serial(const std::string& model, std::string_view variant = {}, unsigned pins = 0) {
        make(model, variant);
        const BusSpec::Kind kind = chip->map().bus->kind;
        bus = std::make_unique<SerialBus>("bus", kind);
        const unsigned place = kind == BusSpec::Kind::i2c ? address : 0;
        ASSERT_TRUE(bus->attach(SerialTarget(*chip, place, pins)));
    }

    // A message that writes: register address first. True if all was acknowledged.
    bool send(std::initializer_list<std::uint8_t> bytes) {
        bool acknowledged = bus->start(address, false);
        for (std::uint8_t byte : bytes) acknowledged = bus->write(byte) && acknowledged;
        bus->stop();
        return acknowledged;
    }
    // Goes on where the pointer is.
    std::vector<int> receive(unsigned count) {
        std::vector<int> bytes;
        EXPECT_TRUE(bus->start(address, true));
        for (unsigned i = 0; i < count; ++i) bytes.push_back(bus->read());
        bus->stop();
        return bytes;
    }
    std::vector<int> receive_from(std::uint8_t pointer, unsigned count) {
        EXPECT_TRUE(bus->start(address, false));
        EXPECT_TRUE(bus->write(pointer));
        return receive(count);  // the start is a repeated one
    }
    int get(std::uint8_t pointer) { return receive_from(pointer, 1)[0]; }

    // SPI: one selection.
    std::vector<int> spi(std::initializer_list<std::uint8_t> bytes) {
        std::vector<int> answers;
        bus->select(0);
        for (std::uint8_t byte : bytes) answers.push_back(bus->exchange(byte));
        bus->deselect();
        return answers;
    }

    Level output_level(unsigned output) {
        auto& there = output_wires_[output];
        if (!there) {
            there = std::make_unique<Wire>(around, "int" + std::to_string(output));
            chip->connect_output(output, *there);
        }
        return there->level();
    }

    std::unique_ptr<SerialBus> bus;
    std::map<unsigned, std::unique_ptr<Wire>> output_wires_;
};

using Bytes = std::vector<int>;

}  // namespace gpioclx::hardware
