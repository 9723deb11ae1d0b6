// Buses and the rules of maps for serial chips.
#include "hardware/serial_test_bench.h"

namespace gpioclx::hardware {
namespace {

class SerialBusRules : public SerialChipTest {};

TEST_F(SerialBusRules, two_byte_register_addresses_low_byte_first) {
    make_serial("simgpio_i2c");
    EXPECT_TRUE(send({0x05, 0x00, 0xA5}));  // LEVEL of bank 0
    EXPECT_EQ(chip->peek(5, 1), 0xA5u);
    EXPECT_TRUE(send({0x0B, 0x00, 0x5A}));
    EXPECT_EQ(chip->peek(11, 1), 0x5Au);
    EXPECT_TRUE(send({0x00, 0x05, 0xFF})) << "0x500: acknowledged and dropped";
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_write), 1u);
    EXPECT_EQ(chip->peek(5, 1), 0xA5u);
}

TEST_F(SerialBusRules, level_interrupts_of_simgpio_i2c_latch_again_after_a_clear) {
    make_serial("simgpio_i2c");
    EXPECT_TRUE(send({0x04, 0x00, 0xFF}));
    high(0);
    EXPECT_TRUE(send({0x00, 0x00, 0x01}));  // level
    EXPECT_TRUE(send({0x01, 0x00, 0x01}));  // high
    EXPECT_TRUE(send({0x02, 0x00, 0x01}));
    EXPECT_TRUE(line());
    EXPECT_TRUE(send({0x03, 0x00, 0x01}));
    EXPECT_TRUE(line());
    low(0);
    EXPECT_TRUE(line()) << "latched";
    EXPECT_TRUE(send({0x03, 0x00, 0x01}));
    EXPECT_FALSE(line());
}

TEST_F(SerialBusRules, two_chips_cannot_have_one_address) {
    make_serial("pca9555");
    auto taken = bus->attach(SerialTarget(*chip, address));
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().text().find("0x20"), std::string::npos);
    EXPECT_TRUE(bus->attach(SerialTarget(*chip, address + 1)));
}

TEST_F(SerialBusRules, a_chip_for_spi_is_refused_by_an_i2c_bus) {
    make("mcp23s17");
    SerialBus i2c("I2C1", BusSpec::Kind::i2c);
    auto wrong = i2c.attach(SerialTarget(*chip, 0));
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().text().find("I2C1"), std::string::npos);
}

std::string mistake(std::string_view extra) {
    const std::string text =
        R"(controller = { name = "x", title = "x", source = "x", pins = 8, size = 4, width = 8 }
register = [ { name = "IN", offset = 0, role = "input" },
  { name = "CTL", offset = 1, role = "scratch", pins = "none" } ]
)" + std::string(extra);
    auto map = parse_register_map(text, "x.toml");
    return map ? "" : map.error().text();
}

TEST(SerialMap, mistakes_are_told_with_line_and_key) {
    EXPECT_EQ(mistake("[bus]\nkind = \"i2c\"\npointer = \"increment\"\n"), "");
    EXPECT_NE(mistake("[bus]\nkind = \"i2s\"\npointer = \"stay\"\n").find("x.toml:5"),
              std::string::npos);
    EXPECT_NE(mistake("[bus]\nkind = \"i2c\"\n").find("pointer"), std::string::npos);
    EXPECT_NE(mistake("[bus]\nkind = \"spi\"\npointer = \"stay\"\n").find("opcode_write"),
              std::string::npos);
    EXPECT_NE(
        mistake(
            "[bus]\nkind = \"i2c\"\nmode_register = \"NONE\"\nmode = [ { pointer = \"stay\" } ]\n")
            .find("'NONE'"),
        std::string::npos);
    EXPECT_NE(
        mistake("[interrupt]\nassert = \"status\"\nclear_on_read = [\"input\"]\n").find("compare"),
        std::string::npos);
    EXPECT_NE(
        mistake("[interrupt]\nassert = \"status\"\noutput = [ { name = \"I\", pins = \"0-7\", "
                "open_drain_when = \"CTL\" } ]\n")
            .find("IOCON:6"),
        std::string::npos);
}

}  // namespace
}  // namespace gpioclx::hardware
