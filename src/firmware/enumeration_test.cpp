#include <fmt/format.h>

#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

class Enumeration : public LoadedTest {
  protected:
    static std::vector<std::string> paths(const std::vector<Device>& devices) {
        std::vector<std::string> result;
        for (const Device& device : devices) result.push_back(device.path);
        return result;
    }
};

TEST_F(Enumeration, gives_devices_with_their_ids_in_namespace_order) {
    Firmware& firmware = load(R"(
        Device (\_SB.GPIO) {
            Name (_ADR, 0)
            Name (_HID, "TEST0001")
            Name (_CID, Package () { "TEST0002", EisaId ("PNP0C40") })
            Name (_UID, 4)
            Device (TDEV) { Name (_HID, EisaId ("PNP0C0A"))  Name (_UID, "one") }
        }
        Device (\_SB.A) { Name (_ADR, 0x10002) })");
    auto devices = firmware.devices();
    ASSERT_TRUE(devices.ok()) << devices.error().text();
    ASSERT_EQ(paths(*devices),
              (std::vector<std::string>{"\\_SB.GPIO", "\\_SB.GPIO.TDEV", "\\_SB.A"}));
    const Device& gpio = (*devices)[0];
    EXPECT_EQ(gpio.hid, "TEST0001");
    EXPECT_EQ(gpio.cids, (std::vector<std::string>{"TEST0002", "PNP0C40"}));
    EXPECT_EQ(gpio.uid, "4");
    EXPECT_EQ(gpio.adr, 0u);
    EXPECT_EQ(gpio.status, 0xFu);
    EXPECT_EQ(gpio.parent, "");
    EXPECT_EQ((*devices)[1].parent, "\\_SB.GPIO");
    EXPECT_EQ((*devices)[1].hid, "PNP0C0A");
    EXPECT_EQ((*devices)[1].uid, "one");
    EXPECT_EQ((*devices)[1].adr, std::nullopt);
    EXPECT_EQ((*devices)[2].adr, 0x10002u);
    EXPECT_EQ(to_string(gpio), "\\_SB.GPIO TEST0001 (TEST0002, PNP0C40) uid 4");
}

TEST_F(Enumeration, hides_an_absent_device_and_what_is_below_it) {
    Firmware& firmware = load(R"(
        Device (\_SB.DEV0) {
            Name (_HID, "TEST0001")
            Method (_STA) { Return (0) }
            Device (SUB0) { Name (_HID, "TEST0002") }
        }
        Device (\_SB.DEV1) { Name (_HID, "TEST0003")  Name (_STA, 0xB) })");
    auto devices = firmware.devices();
    ASSERT_TRUE(devices.ok()) << devices.error().text();
    EXPECT_EQ(paths(*devices), std::vector<std::string>{"\\_SB.DEV1"});
    EXPECT_EQ((*devices)[0].status, 0xBu);
}

TEST_F(Enumeration, shows_what_is_below_a_functional_device_that_is_not_present) {
    Firmware& firmware = load(R"(
        Device (\_SB.BUS0) {
            Name (_HID, "TEST0001")
            Name (_STA, 8)
            Device (SUB0) { Name (_HID, "TEST0002") }
        })");
    auto devices = firmware.devices();
    ASSERT_TRUE(devices.ok()) << devices.error().text();
    EXPECT_EQ(paths(*devices), std::vector<std::string>{"\\_SB.BUS0.SUB0"});
    EXPECT_EQ((*devices)[0].parent, "");
}

TEST_F(Enumeration, reports_a_failing_sta_with_its_path) {
    Firmware& firmware = load(R"(
        Name (\STOP, 0)
        Device (\_SB.DEV0) {
            Name (_HID, "TEST0001")
            Method (_STA) {
                If (STOP) { Local0 = "\\NONE"  Return (DerefOf (Local0)) }
                Return (0xF)
            }
        }
        Method (\SET0) { STOP = 1 })");
    ASSERT_TRUE(firmware.devices().ok());
    ASSERT_TRUE(firmware.evaluate("\\SET0").ok());
    auto devices = firmware.devices();
    ASSERT_FALSE(devices.ok());
    EXPECT_NE(devices.error().message.find("\\_SB.DEV0._STA"), std::string::npos);
}

TEST_F(Enumeration, lists_dependencies) {
    Firmware& firmware = load(R"(
        Device (\_SB.GPI0) { Name (_HID, "TEST0001") }
        Device (\_SB.I2C0) { Name (_HID, "TEST0002") }
        Device (\_SB.DEV0) {
            Name (_HID, "TEST0003")
            Name (_DEP, Package () { \_SB.GPI0, \_SB.I2C0 })
        })");
    EXPECT_EQ(firmware.devices()->at(2).dependencies,
              (std::vector<std::string>{"\\_SB.GPI0", "\\_SB.I2C0"}));
}

TEST_F(Enumeration, A21_start_order_puts_controllers_dependencies_and_parents_first) {
    Firmware& firmware = load(R"(
        Device (\_SB.BTN0) {
            Name (_HID, "TEST0001")
            Name (_CRS, ResourceTemplate () {
                GpioInt (Edge, ActiveLow, Exclusive, PullUp, 0, "\\_SB.GPI0") {1}
            })
        }
        Device (\_SB.FREE) { Name (_HID, "TEST0002") }
        Device (\_SB.EXP0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                I2cSerialBusV2 (0x20, ControllerInitiated, 400000, AddressingMode7Bit,
                    "\\_SB.I2C0")
            })
            Device (SUB0) { Name (_HID, "TEST0004") }
        }
        Device (\_SB.DEP0) {
            Name (_HID, "TEST0005")
            Name (_DEP, Package () { \_SB.GPI0 })
        }
        Device (\_SB.GPI0) { Name (_HID, "TEST0006") }
        Device (\_SB.I2C0) { Name (_HID, "TEST0007") })");
    auto devices = firmware.devices();
    ASSERT_TRUE(devices.ok());
    auto order = firmware.start_order(*devices);
    ASSERT_TRUE(order.ok()) << order.error().text();
    EXPECT_EQ(paths(*order),
              (std::vector<std::string>{"\\_SB.FREE", "\\_SB.GPI0", "\\_SB.BTN0", "\\_SB.DEP0",
                                        "\\_SB.I2C0", "\\_SB.EXP0", "\\_SB.EXP0.SUB0"}));
}

TEST_F(Enumeration, start_order_names_a_cycle) {
    Firmware& firmware = load(R"(
        Device (\_SB.DEV0) {
            Name (_HID, "TEST0001")
            Name (_CRS, ResourceTemplate () {
                GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.DEV1") {1}
            })
        }
        Device (\_SB.DEV1) {
            Name (_HID, "TEST0002")
            Name (_DEP, Package () { \_SB.DEV0 })
        })");
    auto order = firmware.start_order(*firmware.devices());
    ASSERT_FALSE(order.ok());
    EXPECT_EQ(order.error().message,
              "no device of a cycle can start first: \\_SB.DEV0 needs \\_SB.DEV1 needs "
              "\\_SB.DEV0");
}

TEST_F(Enumeration, handles_hundreds_of_devices) {
    std::string body;
    for (int i = 0; i < 600; ++i) {
        body += fmt::format(
            "Device (\\_SB.D{:03X}) {{ Name (_HID, \"TEST0001\") Name (_UID, {})\n"
            "Name (_CRS, ResourceTemplate () {{\n"
            "GpioInt (Edge, ActiveLow, Shared, PullUp, 0, \"\\\\_SB.G000\") {{{}}}"
            "}}) }}\n",
            i, i, i);
    }
    body += "Device (\\_SB.G000) { Name (_HID, \"TEST0002\") }\n";
    Firmware& firmware = load(body);
    auto devices = firmware.devices();
    ASSERT_TRUE(devices.ok());
    ASSERT_EQ(devices->size(), 601u);
    auto order = firmware.start_order(*devices);
    ASSERT_TRUE(order.ok()) << order.error().text();
    EXPECT_EQ(order->front().path, "\\_SB.G000");
    EXPECT_EQ(order->at(1).path, "\\_SB.D000");
    EXPECT_EQ(order->back().path, "\\_SB.D257");
}

}  // namespace
}  // namespace gpioclx::firmware
