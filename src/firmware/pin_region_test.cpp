#include "firmware/pin_region.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

constexpr char board[] = R"(
Device (\_SB.GPI0) {
    Name (_HID, "TEST0001")
    Name (LOG0, 0)
    OperationRegion (GPOP, GeneralPurposeIo, 0, 0x100)
    Field (\_SB.GPI0.GPOP, ByteAcc, NoLock, Preserve) {
        Connection (GpioIo (Exclusive, PullUp, 5, 9, IoRestrictionOutputOnly,
            "\\_SB.GPI0", 0, ResourceConsumer, , RawDataBuffer () {0x42}) {20}),
        PWR0, 1,
        Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {7, 3, 30, 1}),
        PIN7, 1,
        PINS, 3
    }
    Method (_REG, 2) { LOG0 = (LOG0 << 8) | (Arg0 << 4) | Arg1 }
}
Device (\_SB.GPI1) {
    Name (_HID, "TEST0001")
    Name (LOG0, 0)
    Method (_REG, 2) { LOG0 = (LOG0 << 8) | (Arg0 << 4) | Arg1 }
}
Method (\SET0, 1) { \_SB.GPI0.PWR0 = Arg0 }
Method (\SETP, 1) { \_SB.GPI0.PINS = Arg0 }
Method (\GETP) { Return (\_SB.GPI0.PINS) }
Method (\GET7) { Return (\_SB.GPI0.PIN7) }
)";

class Pins : public PinRegionHandler {
  public:
    Result<void> access(const PinAccess& access, std::uint64_t& value) override {
        last = fmt::format("{} {} [{}] first {} count {}", access.write ? "write" : "read",
                           access.connection.controller, fmt::join(access.connection.pins, " "),
                           access.first, access.count);
        connection = access.connection;
        if (access.write) {
            written = value;
        } else {
            value = answer;
        }
        if (fails) return Error{.message = "the pins are busy"};
        return {};
    }
    std::string last;
    GpioIo connection;
    std::uint64_t written = 0;
    std::uint64_t answer = 0;
    bool fails = false;
};

class PinRegionTest : public LoadedTest {
  protected:
    Pins pins_;
};

TEST_F(PinRegionTest, A22_field_is_some_pins_of_its_connection) {
    Firmware& firmware = load(board);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    ASSERT_TRUE(firmware.evaluate("\\SETP", {5}).ok());
    EXPECT_EQ(pins_.last, "write \\_SB.GPI0 [7 3 30 1] first 1 count 3");
    EXPECT_EQ(pins_.written, 5u);
    pins_.answer = 6;
    EXPECT_EQ(*firmware.evaluate("\\GETP"), Value{6});
    EXPECT_EQ(pins_.last, "read \\_SB.GPI0 [7 3 30 1] first 1 count 3");
    pins_.answer = 1;
    EXPECT_EQ(*firmware.evaluate("\\GET7"), Value{1});
    EXPECT_EQ(pins_.last, "read \\_SB.GPI0 [7 3 30 1] first 0 count 1");
}

TEST_F(PinRegionTest, handler_gets_the_whole_descriptor) {
    Firmware& firmware = load(board);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    ASSERT_TRUE(firmware.evaluate("\\SET0", {1}).ok());
    EXPECT_EQ(pins_.last, "write \\_SB.GPI0 [20] first 0 count 1");
    EXPECT_EQ(pins_.connection.debounce_10us, 5);
    EXPECT_EQ(pins_.connection.drive_strength_10ua, 9);
    EXPECT_EQ(pins_.connection.restriction, IoRestriction::output_only);
    EXPECT_EQ(pins_.connection.vendor_data, std::vector<std::uint8_t>{0x42});
}

TEST_F(PinRegionTest, A25_access_without_connection_fails_the_method) {
    Firmware& firmware = load(board);
    EXPECT_FALSE(firmware.evaluate("\\SET0", {1}).ok());
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    EXPECT_TRUE(firmware.evaluate("\\SET0", {1}).ok());
    ASSERT_TRUE(firmware.disconnect_region("\\_SB.GPI0").ok());
    EXPECT_FALSE(firmware.evaluate("\\SET0", {1}).ok());
    EXPECT_NE(host().complaints().find("No handler for Region [GPOP]"), std::string::npos);
    EXPECT_NE(host().complaints().find("<pointer>"), std::string::npos);
}

TEST_F(PinRegionTest, A25_reg_runs_on_connection_and_disconnection) {
    Firmware& firmware = load(board);
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.LOG0"), Value{0});
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.LOG0"), Value{0x81});
    ASSERT_TRUE(firmware.disconnect_region("\\_SB.GPI0").ok());
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.LOG0"), Value{0x8180});
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.LOG0"), Value{0x818081});
}

TEST_F(PinRegionTest, A25_reg_of_a_controller_without_regions_runs_too) {
    Firmware& firmware = load(board);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI1", pins_).ok());
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI1.LOG0"), Value{0x81});
    ASSERT_TRUE(firmware.disconnect_region("\\_SB.GPI1").ok());
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI1.LOG0"), Value{0x8180});
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.LOG0"), Value{0});
}

TEST_F(PinRegionTest, failing_handler_fails_the_method) {
    Firmware& firmware = load(board);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    pins_.fails = true;
    EXPECT_FALSE(firmware.evaluate("\\GETP").ok());
    pins_.fails = false;
    EXPECT_TRUE(firmware.evaluate("\\GETP").ok());
}

TEST_F(PinRegionTest, connecting_twice_and_disconnecting_the_unconnected_are_errors) {
    Firmware& firmware = load(board);
    EXPECT_FALSE(firmware.disconnect_region("\\_SB.GPI0").ok());
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    EXPECT_FALSE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    EXPECT_FALSE(firmware.connect_region("\\_SB.NONE", pins_).ok());
}

TEST_F(PinRegionTest, A22_field_beyond_the_pins_of_its_connection_is_refused) {
    Firmware& firmware = load(R"(
        Device (\_SB.GPI0) {
            Name (_HID, "TEST0001")
            OperationRegion (GPOP, GeneralPurposeIo, 0, 0x100)
            Field (\_SB.GPI0.GPOP, ByteAcc, NoLock, Preserve) {
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {7}),
                PINS, 2
            }
        })");
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    EXPECT_FALSE(firmware.evaluate("\\_SB.GPI0.PINS").ok());
    EXPECT_NE(host().complaints().find("a field of 2 bits starts at pin 0 of a connection of 1 "
                                       "pins (A22)"),
              std::string::npos)
        << host().complaints();
}

TEST_F(PinRegionTest, A22_fields_are_listed_with_their_pins) {
    Firmware& firmware = load(std::string(board) + R"(
        Scope (\_SB.GPI1) {
            OperationRegion (MEMR, SystemMemory, 0x1000, 4)
            Field (MEMR, DWordAcc, NoLock, Preserve) { MEMF, 32 }
        }
        Field (\_SB.GPI0.GPOP, ByteAcc, NoLock, Preserve) {
            Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {9}), OTHR, 1
        })");
    std::vector<std::string> problems;
    std::string list;
    for (const PinField& field : firmware.pin_fields(problems)) {
        list += fmt::format("{} of {}: {} pins from {} of [{}]\n", field.path, field.controller,
                            field.count, field.first, fmt::join(field.connection.pins, " "));
    }
    EXPECT_EQ(list,
              "\\_SB.GPI0.PWR0 of \\_SB.GPI0: 1 pins from 0 of [20]\n"
              "\\_SB.GPI0.PIN7 of \\_SB.GPI0: 1 pins from 0 of [7 3 30 1]\n"
              "\\_SB.GPI0.PINS of \\_SB.GPI0: 3 pins from 1 of [7 3 30 1]\n"
              "\\OTHR of \\_SB.GPI0: 1 pins from 0 of [9]\n");
    EXPECT_TRUE(problems.empty());
}

TEST_F(PinRegionTest, A22_fields_that_cannot_be_used_are_named) {
    Firmware& firmware = load(R"(
        Device (\_SB.GPI0) {
            Name (_HID, "TEST0001")
            OperationRegion (GPOP, GeneralPurposeIo, 0, 0x100)
            Field (GPOP, ByteAcc, NoLock, Preserve) {
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI1") {7}), OTHR, 1,
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.NONE") {7}), GONE, 1,
                Connection (GpioIo (Shared, PullNone, 0, 0, , "\\_SB.GPI0") {7}), FINE, 1, MORE, 1
            }
        }
        Device (\_SB.GPI1) { Name (_HID, "TEST0001") })");
    std::vector<std::string> problems;
    const auto fields = firmware.pin_fields(problems);
    ASSERT_EQ(fields.size(), 1u);
    EXPECT_EQ(fields[0].path, "\\_SB.GPI0.FINE");
    const std::string all = fmt::format("{}", fmt::join(problems, "\n"));
    EXPECT_EQ(problems.size(), 3u) << all;
    EXPECT_NE(all.find("\\_SB.GPI0.OTHR: the Connection of a field names pins of \\_SB.GPI1"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find("\"\\_SB.NONE\" does not exist"), std::string::npos) << all;
    EXPECT_NE(all.find("\\_SB.GPI0.MORE: a field of 1 bits starts at pin 1 of a connection of 1"),
              std::string::npos)
        << all;
}

TEST_F(PinRegionTest, still_connected_when_the_firmware_goes_leaks_nothing) {
    Firmware& firmware = load(board);
    ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins_).ok());
    unload();
    load(board);
}

}  // namespace
}  // namespace gpioclx::firmware
