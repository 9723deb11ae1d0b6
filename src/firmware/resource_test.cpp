// Each descriptor kind, from ASL to Resource.
#include "firmware/resource.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "firmware/loaded_test.h"
#include "firmware/resource_decoder.h"

namespace gpioclx::firmware {
namespace {

class Crs : public LoadedTest {
  protected:
    static constexpr char board[] = R"(
Device (\_SB.GPI0) { Name (_HID, "TEST0001") }
Device (\_SB.I2C0) { Name (_HID, "TEST0004") }
Device (\_SB.DEV0) {
    Name (_HID, "TEST0002")
    Name (_CRS, @)
}
)";
    static std::string with(const std::string& crs) {
        std::string text = board;
        return text.replace(text.find('@'), 1, crs);
    }

    Result<std::vector<Resource>> decode(const std::string& crs) {
        unload();
        return load(with(crs)).resources("\\_SB.DEV0");
    }
    std::vector<Resource> resources(const std::string& descriptors) {
        auto decoded = decode("ResourceTemplate () {\n" + descriptors + "\n}");
        if (!decoded) throw std::runtime_error(decoded.error().text());
        return *decoded;
    }
    // A template of these bytes, for what iasl does not let through.
    Result<std::vector<Resource>> raw(std::vector<std::uint8_t> bytes, bool end_tag = true) {
        if (end_tag) bytes.insert(bytes.end(), {0x79, 0x00});
        return decode(fmt::format("Buffer () {{{:#x}}}", fmt::join(bytes, ", ")));
    }
    template <typename T>
    T one(const std::string& descriptor) {
        const auto list = resources(descriptor);
        if (list.size() != 1 || list[0].as<T>() == nullptr) {
            throw std::runtime_error("not one resource of the kind");
        }
        return *list[0].as<T>();
    }
    std::string refusal(const Result<std::vector<Resource>>& result) {
        return result.ok() ? "accepted" : result.error().text();
    }
};

// A GpioInt as bytes: edge, active high, exclusive; pins and name as given.
std::vector<std::uint8_t> gpio_bytes(std::uint8_t type, std::uint8_t flags,
                                     const std::vector<std::uint16_t>& pins,
                                     const std::string& source) {
    const std::size_t source_at = 23 + 2 * pins.size();
    const std::size_t size = source_at + source.size() + 1;
    std::vector<std::uint8_t> bytes{0x8C, std::uint8_t(size - 3),
                                    0,    1,
                                    type, 1,
                                    0,    flags,
                                    0,    0,
                                    0,    0,
                                    0,    0,
                                    23,   0,
                                    0,    std::uint8_t(source_at),
                                    0,    std::uint8_t(size),
                                    0,    0,
                                    0};
    for (const std::uint16_t pin : pins) {
        bytes.push_back(static_cast<std::uint8_t>(pin));
        bytes.push_back(static_cast<std::uint8_t>(pin >> 8));
    }
    bytes.insert(bytes.end(), source.begin(), source.end());
    bytes.push_back(0);
    return bytes;
}

TEST_F(Crs, memory_of_each_width) {
    const auto list = resources(R"(
        Memory32Fixed (ReadWrite, 0xFE200000, 0xB4)
        Memory32Fixed (ReadOnly, 0x1000, 0x10)
        Memory24 (ReadWrite, 0x1200, 0x2200, 0, 0x10)
        Memory32 (ReadWrite, 0x80000000, 0x80000200, 1, 0x100)
        QWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
            0, 0x1234567890, 0x123456789F, 0, 0x10))");
    ASSERT_EQ(list.size(), 5u);
    EXPECT_EQ(to_string(list[0]), "Memory 0xFE200000, 0xB4 bytes, read-write");
    EXPECT_EQ(to_string(list[1]), "Memory 0x1000, 0x10 bytes, read-only");
    EXPECT_EQ(to_string(list[2]), "Memory 0x120000, 0x1000 bytes, read-write");
    EXPECT_EQ(to_string(list[3]), "Memory 0x80000000, 0x100 bytes, read-write");
    EXPECT_EQ(to_string(list[4]), "Memory 0x1234567890, 0x10 bytes, read-write");
}

TEST_F(Crs, ports) {
    const auto list = resources(R"(
        IO (Decode16, 0x60, 0x60, 1, 4)
        FixedIO (0x3F8, 8)
        DWordIO (ResourceConsumer, MinFixed, MaxFixed, PosDecode, EntireRange,
            0, 0x1000, 0x10FF, 0, 0x100))");
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(to_string(list[0]), "Port 0x60, 0x4 bytes");
    EXPECT_EQ(to_string(list[1]), "Port 0x3F8, 0x8 bytes");
    EXPECT_EQ(to_string(list[2]), "Port 0x1000, 0x100 bytes");
}

TEST_F(Crs, window_of_a_bridge_is_not_a_resource_of_its_own) {
    const auto list = resources(R"(
        DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
            0, 0x80000000, 0x8FFFFFFF, 0, 0x10000000))");
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(to_string(list[0]), "memory window");
}

TEST_F(Crs, A2_interrupt_with_several_numbers_gives_one_resource_each) {
    const auto list = resources(
        "Interrupt (ResourceConsumer, Level, ActiveLow, SharedAndWake) {50, 51, 0x10000}");
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(to_string(list[0]), "Interrupt 50, level, active low, shared, wakes");
    EXPECT_EQ(list[1].as<Interrupt>()->gsi, 51u);
    EXPECT_EQ(list[2].as<Interrupt>()->gsi, 0x10000u);
    for (const Resource& resource : list) EXPECT_EQ(resource.descriptor, 0);
}

TEST_F(Crs, interrupt_edge_and_polarity) {
    EXPECT_EQ(
        to_string(
            resources("Interrupt (ResourceConsumer, Edge, ActiveLow, Exclusive) {9}").front()),
        "Interrupt 9, edge, active low, exclusive");
    EXPECT_EQ(
        to_string(resources("Interrupt (ResourceConsumer, Edge, ActiveHigh, Shared) {9}").front()),
        "Interrupt 9, edge, active high, shared");
}

TEST_F(Crs, small_irq) {
    const auto list = resources("IRQ (Level, ActiveLow, Shared) {5}\nIRQNoFlags () {4}");
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(to_string(list[0]), "Irq 5, level, active low, shared");
    EXPECT_EQ(to_string(list[1]), "Irq 4, edge, active high, exclusive");
    EXPECT_TRUE(list[0].as<Interrupt>()->small);
}

TEST_F(Crs, F162_GpioInt_with_every_argument) {
    const auto gpio = one<GpioInt>(R"(GpioInt (Level, ActiveLow, ExclusiveAndWake, PullDown, 1234,
        "\\_SB.GPI0", 0, ResourceConsumer, , RawDataBuffer () {0xAA, 0, 0x55}) {0x1234})");
    EXPECT_EQ(gpio.controller, "\\_SB.GPI0");
    EXPECT_EQ(gpio.pin, 0x1234);
    EXPECT_EQ(gpio.trigger, Trigger::level);
    EXPECT_EQ(gpio.polarity, Polarity::low);
    EXPECT_FALSE(gpio.shared);
    EXPECT_TRUE(gpio.wake);
    EXPECT_EQ(gpio.pull, 2);
    EXPECT_EQ(gpio.debounce_10us, 1234);
    EXPECT_EQ(gpio.vendor_data, (std::vector<std::uint8_t>{0xAA, 0, 0x55}));
}

TEST_F(Crs, GpioInt_edge_polarities_and_sharing) {
    const auto list = resources(R"(
        GpioInt (Edge, ActiveHigh, Shared, PullUp, 0, "\\_SB.GPI0") {1}
        GpioInt (Edge, ActiveLow, Exclusive, PullNone, 0, "\\_SB.GPI0") {2}
        GpioInt (Edge, ActiveBoth, SharedAndWake, PullDefault, 50, "\\_SB.GPI0") {3})");
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(to_string(list[0]), "GpioInt \\_SB.GPI0 pin 1, edge, active high, shared, pull up");
    EXPECT_EQ(to_string(list[1]),
              "GpioInt \\_SB.GPI0 pin 2, edge, active low, exclusive, pull none");
    EXPECT_EQ(to_string(list[2]),
              "GpioInt \\_SB.GPI0 pin 3, edge, active both, shared, wakes, pull default, "
              "debounce 500 us");
}

TEST_F(Crs, F186_vendor_pull_values_stay_as_they_are) {
    EXPECT_EQ(one<GpioInt>("GpioInt (Edge, ActiveLow, Shared, 0x85, 0, \"\\\\_SB.GPI0\") {1}").pull,
              0x85);
    EXPECT_EQ(one<GpioIo>("GpioIo (Shared, 0xFF, 0, 0, , \"\\\\_SB.GPI0\") {1}").pull, 0xFF);
}

TEST_F(Crs, F162_GpioIo_with_every_argument) {
    const auto gpio = one<GpioIo>(R"(GpioIo (Shared, PullUp, 7, 300, IoRestrictionOutputOnly,
        "\\_SB.GPI0", 0, ResourceConsumer, , RawDataBuffer () {1, 2}) {9, 0x102, 3})");
    EXPECT_EQ(gpio.controller, "\\_SB.GPI0");
    EXPECT_EQ(gpio.pins, (std::vector<std::uint16_t>{9, 0x102, 3}));
    EXPECT_EQ(gpio.restriction, IoRestriction::output_only);
    EXPECT_TRUE(gpio.shared);
    EXPECT_EQ(gpio.pull, 1);
    EXPECT_EQ(gpio.debounce_10us, 7);
    EXPECT_EQ(gpio.drive_strength_10ua, 300);
    EXPECT_EQ(gpio.vendor_data, (std::vector<std::uint8_t>{1, 2}));
}

TEST_F(Crs, GpioIo_restrictions) {
    const auto list = resources(R"(
        GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.GPI0") {1}
        GpioIo (Exclusive, PullUp, 0, 0, IoRestrictionNone, "\\_SB.GPI0") {1}
        GpioIo (Exclusive, PullUp, 0, 0, IoRestrictionInputOnly, "\\_SB.GPI0") {1}
        GpioIo (Exclusive, PullUp, 0, 0, IoRestrictionNoneAndPreserve, "\\_SB.GPI0") {1})");
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(list[0].as<GpioIo>()->restriction, IoRestriction::none);
    EXPECT_EQ(list[1].as<GpioIo>()->restriction, IoRestriction::none);
    EXPECT_EQ(list[2].as<GpioIo>()->restriction, IoRestriction::input_only);
    EXPECT_EQ(list[3].as<GpioIo>()->restriction, IoRestriction::none_and_preserve);
}

TEST_F(Crs, X7_both_spellings_of_a_pin_function) {
    const auto list = resources(R"(
        PinFunction (Exclusive, PullUp, 4, "\\_SB.GPI0", 0, ResourceConsumer, ,
            RawDataBuffer () {7}) {2, 3}
        MsftFunctionConfig (Exclusive, PullUp, 4, "\\_SB.GPI0", 0, ResourceConsumer,
            RawDataBuffer () {7}) {2, 3})");
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(to_string(list[0]),
              "FunctionConfig \\_SB.GPI0 pins 2 3, function 4, exclusive, pull up, vendor data 07");
    EXPECT_EQ(list[0].raw, list[1].raw);
}

TEST_F(Crs, pin_configuration_of_ACPI_6_2) {
    const auto list = resources(R"(
        PinConfig (Exclusive, 1, 5, "\\_SB.GPI0", 0, ResourceConsumer, , RawDataBuffer () {7})
            {10, 11}
        PinGroup ("uart", ResourceProducer, , RawDataBuffer () {8}) {4, 5}
        PinGroupFunction (Shared, 6, "\\_SB.GPI0", 0, "uart", ResourceConsumer)
        PinGroupConfig (Exclusive, 0x82, 0x12345, "\\_SB.GPI0", 0, "uart", ResourceConsumer, ,
            RawDataBuffer () {9}))");
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(to_string(list[0]),
              "PinConfig \\_SB.GPI0 pins 10 11, type 0x01 value 0x5, exclusive, vendor data 07");
    EXPECT_EQ(to_string(list[1]), "PinGroup \"uart\" pins 4 5, vendor data 08");
    EXPECT_EQ(to_string(list[2]), "PinGroupFunction \\_SB.GPI0 \"uart\", function 6, shared");
    EXPECT_EQ(to_string(list[3]),
              "PinGroupConfig \\_SB.GPI0 \"uart\", type 0x82 value 0x12345, exclusive, vendor "
              "data 09");
}

TEST_F(Crs, serial_buses) {
    const auto list = resources(R"(
        I2cSerialBusV2 (0x20, ControllerInitiated, 400000, AddressingMode7Bit, "\\_SB.I2C0",
            0, ResourceConsumer, , Exclusive, RawDataBuffer () {5})
        I2cSerialBusV2 (0x123, ControllerInitiated, 100000, AddressingMode10Bit, "\\_SB.I2C0")
        SpiSerialBusV2 (1, PolarityHigh, FourWireMode, 16, ControllerInitiated, 1000000,
            ClockPolarityHigh, ClockPhaseSecond, "\\_SB.I2C0")
        UartSerialBusV2 (115200, DataBitsEight, StopBitsOne, 0xC0, LittleEndian, ParityTypeEven,
            FlowControlHardware, 32, 16, "\\_SB.I2C0"))");
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(to_string(list[0]),
              "I2c \\_SB.I2C0 address 0x20 (7 bits), 400000 Hz, vendor data 05");
    EXPECT_EQ(to_string(list[1]), "I2c \\_SB.I2C0 address 0x123 (10 bits), 100000 Hz");
    EXPECT_EQ(to_string(list[2]),
              "Spi \\_SB.I2C0 device 1, 1000000 Hz, 16 bits, 4 wires, select high, mode 3");
    EXPECT_EQ(to_string(list[3]),
              "Uart \\_SB.I2C0 115200 baud, 8 bits, 1 stop bits, even parity, hardware flow "
              "control");
    EXPECT_EQ(list[3].as<Uart>()->receive_fifo, 32);
    EXPECT_EQ(list[3].as<Uart>()->transmit_fifo, 16);
    EXPECT_EQ(list[3].as<Uart>()->lines, 0xC0);
}

TEST_F(Crs, what_nothing_uses_is_named) {
    const auto list = resources(R"(
        DMA (Compatibility, NotBusMaster, Transfer8) {1}
        FixedDMA (4, 2, Width32Bit)
        VendorShort () {1, 2, 3})");
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(to_string(list[0]), "DMA");
    EXPECT_EQ(to_string(list[1]), "FixedDMA");
    EXPECT_EQ(to_string(list[2]), "VendorShort");
}

TEST_F(Crs, A10_order_and_positions_are_those_of_the_template) {
    const auto list = resources(R"(
        GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.GPI0") {11}
        Interrupt (ResourceConsumer, Level, ActiveHigh, Shared) {1, 2}
        Memory32Fixed (ReadWrite, 0x1000, 0x10)
        GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.GPI0") {10})");
    std::vector<int> positions;
    for (const Resource& resource : list) positions.push_back(resource.descriptor);
    EXPECT_EQ(positions, (std::vector<int>{0, 1, 1, 2, 3}));
    EXPECT_EQ(list[0].as<GpioIo>()->pins[0], 11);
    EXPECT_EQ(list[4].as<GpioIo>()->pins[0], 10);
}

TEST_F(Crs, H14_raw_bytes_are_the_descriptor) {
    const auto list = resources("GpioIo (Exclusive, PullUp, 0, 0, , \"\\\\_SB.GPI0\") {0x102}");
    auto expected = gpio_bytes(1, 0, {0x102}, "\\_SB.GPI0");
    expected[9] = 1;  // pull up
    EXPECT_EQ(list[0].raw, expected);
}

TEST_F(Crs, resource_source_is_resolved_to_a_full_path) {
    Firmware& firmware = load(R"(
        Device (\_SB.BUS0) {
            Name (_HID, "TEST0005")
            Device (GPI1) { Name (_HID, "TEST0001") }
            Device (DEV0) {
                Name (_HID, "TEST0002")
                Name (_CRS, ResourceTemplate () {
                    GpioIo (Exclusive, PullUp, 0, 0, , "GPI1") {1}
                    GpioIo (Exclusive, PullUp, 0, 0, , "^GPI1") {1}
                    GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.BUS0.GPI1") {1}
                    GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB_.BUS0.GPI1") {1}
                })
            }
        })");
    auto list = firmware.resources("\\_SB.BUS0.DEV0");
    ASSERT_TRUE(list.ok()) << list.error().text();
    for (const Resource& resource : *list) EXPECT_EQ(resource.source(), "\\_SB.BUS0.GPI1");
}

TEST_F(Crs, resource_source_that_does_not_exist_names_device_and_descriptor) {
    EXPECT_EQ(refusal(decode(R"(ResourceTemplate () {
                  Memory32Fixed (ReadWrite, 0x1000, 0x10)
                  GpioInt (Edge, ActiveLow, Shared, PullUp, 0, "\\_SB.GPI9") {1} })")),
              "\\_SB.DEV0 _CRS descriptor 1 (GpioInt): resource source \"\\_SB.GPI9\" does not "
              "exist (the path of a device in these tables, \"\\\\_SB.GPI0\" in ASL)");
}

TEST_F(Crs, A14_GpioInt_with_two_pins_is_refused) {
    EXPECT_NE(refusal(raw(gpio_bytes(0, 1, {1, 2}, "\\_SB.GPI0")))
                  .find("\\_SB.DEV0 _CRS descriptor 0 (GpioInt): it lists 2 pins"),
              std::string::npos);
    EXPECT_NE(refusal(raw(gpio_bytes(0, 1, {}, "\\_SB.GPI0"))).find("it lists 0 pins"),
              std::string::npos);
    EXPECT_EQ(refusal(raw(gpio_bytes(0, 1, {1}, "\\_SB.GPI0"))), "accepted");
}

TEST_F(Crs, A15_level_with_both_polarities_is_refused) {
    const auto refused =
        refusal(decode("ResourceTemplate () {\n"
                       "GpioInt (Level, ActiveBoth, Shared, PullUp, 0, \"\\\\_SB.GPI0\") {1} }"));
    EXPECT_NE(refused.find("\\_SB.DEV0 _CRS descriptor 0 (GpioInt): a level interrupt cannot be "
                           "ActiveBoth (A15)"),
              std::string::npos)
        << refused;
}

TEST_F(Crs, empty_pin_list_of_GpioIo_is_refused) {
    const auto refused = refusal(raw(gpio_bytes(1, 0, {}, "\\_SB.GPI0")));
    EXPECT_NE(refused.find("descriptor 0 (GpioIo): its pin list is empty"), std::string::npos)
        << refused;
}

TEST_F(Crs, descriptors_that_lie_about_their_insides_are_refused) {
    const auto good = gpio_bytes(1, 0, {1}, "\\_SB.GPI0");
    ASSERT_EQ(refusal(raw(good)), "accepted");
    for (const int offset : {14, 17, 21}) {  // pin table, source, vendor data length
        auto bad = good;
        bad[offset] = 0xF0;
        EXPECT_NE(refusal(raw(bad)).find("(GpioIo): malformed"), std::string::npos) << offset;
    }
    auto no_end = good;
    no_end.back() = 'X';
    EXPECT_NE(refusal(raw(no_end)).find("has no end"), std::string::npos);
    EXPECT_NE(refusal(raw({0x8C, 2, 0, 1, 1})).find("too short"), std::string::npos);
    EXPECT_NE(refusal(raw({0x8E, 9, 0, 1, 0, 1, 2, 0, 0, 1, 0, 0})).find("too short"),
              std::string::npos);
    EXPECT_NE(refusal(raw({0x89, 6, 0, 1, 2, 1, 0, 0, 0})).find("too short"), std::string::npos);
}

// Under AddressSanitizer: whatever the bytes say, nobody reads outside of them.
TEST_F(Crs, with_any_bytes_changed_is_decoded_or_refused) {
    const auto list = resources(R"(
        GpioInt (Edge, ActiveLow, Shared, PullUp, 0, "\\_SB.GPI0", 0, ResourceConsumer, ,
            RawDataBuffer () {1, 2}) {1}
        GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.GPI0") {1, 2, 3}
        PinFunction (Exclusive, PullUp, 4, "\\_SB.GPI0", 0, ResourceConsumer, ,
            RawDataBuffer () {7}) {2, 3}
        I2cSerialBusV2 (0x20, ControllerInitiated, 400000, AddressingMode7Bit, "\\_SB.I2C0",
            0, ResourceConsumer, , Exclusive, RawDataBuffer () {5})
        UartSerialBusV2 (115200, DataBitsEight, StopBitsOne, 0xC0, LittleEndian, ParityTypeEven,
            FlowControlHardware, 32, 16, "\\_SB.I2C0")
        Interrupt (ResourceConsumer, Level, ActiveLow, Shared, , , ) {50, 51}
        IRQ (Level, ActiveLow, Shared) {5}
        PinConfig (Exclusive, 1, 5, "\\_SB.GPI0", 0, ResourceConsumer, , RawDataBuffer () {7}) {3}
        PinGroup ("uart", ResourceProducer, , RawDataBuffer () {8}) {4, 5}
        PinGroupFunction (Shared, 6, "\\_SB.GPI0", 0, "uart", ResourceConsumer)
        PinGroupConfig (Exclusive, 2, 1, "\\_SB.GPI0", 0, "uart", ResourceConsumer, ,
            RawDataBuffer () {9})
        Memory32Fixed (ReadWrite, 0xFE200000, 0xB4)
        QWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
            0, 0x1234567890, 0x123456789F, 0, 0x10))");
    const ResourceOrigin origin{"here", [](const std::string& source) { return source; }};
    std::uint32_t state = 1;
    const auto next = [&](std::size_t below) {
        state = state * 1664525u + 1013904223u;
        return (state >> 8) % below;
    };
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::uint8_t> bytes = list[next(list.size())].raw;
        for (std::size_t changes = next(4); changes > 0; --changes) {
            bytes[next(bytes.size())] = static_cast<std::uint8_t>(next(2) ? next(256) : next(32));
        }
        bytes.insert(bytes.end(), {0x79, 0x00});
        auto decoded = decode_resources(bytes, origin);
        EXPECT_TRUE(decoded.ok() || !decoded.error().message.empty());
    }
}

TEST_F(Crs, template_without_end_is_refused) {
    EXPECT_NE(refusal(raw({0x47, 1, 0x60, 0, 0x60, 0, 1, 4}, false)).find("before its end tag"),
              std::string::npos);
    EXPECT_NE(refusal(raw({0x8C, 0xFF, 0xFF, 1}, false)).find("before its end tag"),
              std::string::npos);
}

TEST_F(Crs, that_is_no_template_is_refused) {
    Firmware& firmware = load(
        "Name (\\LIST, Package () {Package () {1}})\nDevice (\\_SB.DEV0) {\n"
        "Name (_HID, \"TEST0001\") Method (_CRS) { Return (\\LIST) } }");
    const auto refused = refusal(firmware.resources("\\_SB.DEV0"));
    EXPECT_EQ(refused.find("\\_SB.DEV0._CRS"), 0u) << refused;
}

TEST_F(Crs, of_a_method_that_returns_a_local_template) {
    Firmware& firmware = load(R"(
        Device (\_SB.GPI0) {
            Name (_HID, "TEST0001")
            Method (_CRS, 0, NotSerialized) {
                Name (RBUF, ResourceTemplate () {
                    Interrupt (ResourceConsumer, Level, ActiveHigh, Shared, , , ) {50}
                    Interrupt (ResourceConsumer, Level, ActiveHigh, Shared, , , ) {50}
                    Memory32Fixed (ReadWrite, 0x00100000, 0x18)
                })
                Return (RBUF)
            }
        })");
    for (int round = 0; round < 2; ++round) {
        auto list = firmware.resources("\\_SB.GPI0");
        ASSERT_TRUE(list.ok()) << list.error().text();
        ASSERT_EQ(list->size(), 3u);
        EXPECT_EQ((*list)[1].as<Interrupt>()->gsi, 50u);
        EXPECT_EQ((*list)[2].as<Memory>()->length, 0x18u);
    }
}

TEST_F(Crs, absent_gives_no_resources_and_an_unknown_device_is_an_error) {
    Firmware& firmware = load(
        "Device (\\_SB.DEV0) { Name (_HID, \"TEST0001\") }\n"
        "Name (\\_SB.NAME, 1)");
    EXPECT_TRUE(firmware.resources("\\_SB.DEV0")->empty());
    EXPECT_EQ(firmware.resources("\\_SB.DEV1").error().message, "\\_SB.DEV1 does not exist");
    EXPECT_EQ(firmware.resources("\\_SB.NAME").error().message, "\\_SB.NAME is not a device");
}

}  // namespace
}  // namespace gpioclx::firmware
