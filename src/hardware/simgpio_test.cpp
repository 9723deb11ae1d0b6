// The register block that the comments of Microsoft's simgpio sample describe.
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

enum : std::uint32_t {
    MODE = 0x00,
    POLARITY = 0x04,
    ENABLE = 0x0C,
    STATUS = 0x10,
    DIRECTION = 0x14,
    LEVEL = 0x18,
    BANK = 0x1C
};

class Simgpio : public ControllerTest {
  protected:
    void SetUp() override { make("simgpio"); }
};

TEST_F(Simgpio, four_banks_of_32_pins_at_a_stride_of_7_words) {
    write(3 * BANK + DIRECTION, 0);
    write(3 * BANK + LEVEL, 1u << 31);
    EXPECT_TRUE(chip->pin(127).high);
    EXPECT_EQ(chip->register_name(3 * BANK + LEVEL), "LEVEL");
    EXPECT_EQ(chip->map().size, 0x70u);
}

TEST_F(Simgpio, comes_up_with_all_pins_as_low_outputs) {
    for (std::uint32_t offset = 0; offset < 0x70; offset += 4) EXPECT_EQ(read(offset), 0u);
    EXPECT_TRUE(chip->pin(77).output);
    EXPECT_TRUE(chip->pin(77).driving);
}

TEST_F(Simgpio, direction_1_is_input) {
    write(DIRECTION, 1u << 10);
    EXPECT_FALSE(chip->pin(10).output);
    EXPECT_TRUE(chip->pin(11).output);
    high(10);
    EXPECT_EQ(read(LEVEL), 1u << 10);
}

TEST_F(Simgpio, a_level_write_to_an_input_is_kept_as_latch) {
    write(DIRECTION, 1);
    write(LEVEL, 1);
    write(DIRECTION, 0);
    EXPECT_TRUE(chip->pin(0).high);
}

TEST_F(Simgpio, status_is_cleared_by_zeros) {
    write(DIRECTION, 3);
    low(0);
    low(1);
    write(POLARITY, 0x5);
    write(ENABLE, 3);
    high(0);
    high(1);
    EXPECT_EQ(read(STATUS), 3u);
    write(STATUS, read(STATUS) & ~1u);
    EXPECT_EQ(read(STATUS), 2u);
    EXPECT_TRUE(line(0));
    write(STATUS, 0xFFFFFFFD);
    EXPECT_EQ(read(STATUS), 0u);
    EXPECT_FALSE(line(0));
    write(STATUS, 0xFFFFFFFF);
    EXPECT_EQ(read(STATUS), 0u) << "ones set nothing";
    EXPECT_TRUE(around.reports.empty());
}

TEST_F(Simgpio, copying_enable_into_status_drops_only_bits_that_are_not_enabled) {
    write(DIRECTION, 3);
    low(0);
    low(1);
    write(POLARITY, 0x5);
    write(ENABLE, 3);
    high(0);
    write(STATUS, read(ENABLE));
    EXPECT_EQ(read(STATUS), 1u);
    write(ENABLE, 2);
    EXPECT_TRUE(line(0)) << "a set bit interrupts, enabled or not";
    write(STATUS, read(ENABLE));
    EXPECT_EQ(read(STATUS), 0u);
}

TEST_F(Simgpio, an_active_level_sets_status_again_while_enabled) {
    write(DIRECTION, 1);
    high(0);
    write(MODE, 1);
    write(POLARITY, 1);
    EXPECT_EQ(read(STATUS), 0u);
    write(ENABLE, 1);
    EXPECT_EQ(read(STATUS), 1u) << "a write that enables evaluates at once";
    write(STATUS, 0);
    EXPECT_EQ(read(STATUS), 1u);
    write(ENABLE, 0);
    write(STATUS, 0);
    EXPECT_EQ(read(STATUS), 0u);
}

TEST_F(Simgpio, polarity_0_is_low_or_falling) {
    write(DIRECTION, 3);
    high(0);
    high(1);
    write(MODE, 1);
    write(ENABLE, 3);
    EXPECT_EQ(read(STATUS), 0u);
    low(0);
    low(1);
    EXPECT_EQ(read(STATUS), 3u);
    write(STATUS, 0);
    EXPECT_EQ(read(STATUS), 1u) << "the edge does not come again, the level does";
}

TEST_F(Simgpio, polarity_3_is_both_edges) {
    write(DIRECTION, 1u << 16);
    low(16);
    write(POLARITY + 4, 3);
    write(ENABLE, 1u << 16);
    high(16);
    EXPECT_EQ(read(STATUS), 1u << 16);
    write(STATUS, 0);
    low(16);
    EXPECT_EQ(read(STATUS), 1u << 16);
}

TEST_F(Simgpio, polarity_2_is_reserved) {
    write(POLARITY, 2);
    EXPECT_EQ(around.count(HardwareEvent::Kind::reserved_value), 1u);
    write(2 * BANK + POLARITY + 4, 2u << 30);
    EXPECT_EQ(around.reports.back().text,
              "gpio: reserved code written to a field, POLARITY (offset 0x40), pin 95");
}

TEST_F(Simgpio, an_edge_while_not_enabled_is_lost) {
    write(DIRECTION, 1);
    low(0);
    write(POLARITY, 1);
    high(0);
    write(ENABLE, 1);
    EXPECT_EQ(read(STATUS), 0u);
}

TEST_F(Simgpio, each_bank_has_its_interrupt) {
    for (unsigned bank = 0; bank < 4; ++bank) {
        write(bank * BANK + DIRECTION, 1);
        low(32 * bank);
        write(bank * BANK + POLARITY, 1);
        write(bank * BANK + ENABLE, 1);
        high(32 * bank);
        for (unsigned other = 0; other < 4; ++other) EXPECT_EQ(line(other), other <= bank);
    }
}

TEST_F(Simgpio, sample_variant_keeps_what_is_written_to_status) {
    make("simgpio", "sample");
    write(STATUS, 0x50);
    EXPECT_EQ(read(STATUS), 0x50u);
    EXPECT_TRUE(line(0));
    write(STATUS, 0);
    EXPECT_FALSE(line(0));
}

}  // namespace
}  // namespace gpioclx::hardware
