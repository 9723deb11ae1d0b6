// STM32F4 port: the facts of RM0090, ch. 8.
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

constexpr std::uint32_t moder = 0x00, otyper = 0x04, ospeedr = 0x08, pupdr = 0x0C, idr = 0x10;
constexpr std::uint32_t odr = 0x14, bsrr = 0x18, lckr = 0x1C, afrl = 0x20, afrh = 0x24;
constexpr std::uint32_t key = 1u << 16;

class Stm32Gpio : public ControllerTest {
  protected:
    void SetUp() override { make("stm32gpio"); }
    void lock(std::uint32_t pins) {
        write(lckr, key | pins);
        write(lckr, pins);
        write(lckr, key | pins);
        read(lckr);
    }
};

TEST_F(Stm32Gpio, reset_values_differ_by_port) {
    for (std::uint32_t offset : {moder, otyper, ospeedr, pupdr, odr, lckr, afrl, afrh})
        EXPECT_EQ(read(offset), 0u) << offset;
    make("stm32gpio", "port_a");
    EXPECT_EQ(read(moder), 0xA8000000u);
    EXPECT_EQ(read(pupdr), 0x64000000u);
    EXPECT_EQ(chip->pin(13).pull, Pull::up) << "SWDIO";
    EXPECT_EQ(chip->pin(14).pull, Pull::down) << "SWCLK";
    EXPECT_EQ(chip->pin(13).function, "alt");
    make("stm32gpio", "port_b");
    EXPECT_EQ(read(moder), 0x00000280u);
}

TEST_F(Stm32Gpio, BSRR_sets_and_clears_and_set_wins) {
    write(odr, 0x00F0);
    write(bsrr, 0x0010'0003);
    EXPECT_EQ(read(odr), 0x00E3u);
    write(bsrr, 0x0004'0004);
    EXPECT_EQ(read(odr), 0x00E7u);
    EXPECT_EQ(read(bsrr), 0u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::read_of_write_only), 1u);
}

TEST_F(Stm32Gpio, IDR_samples_the_pad_in_all_modes_but_analog) {
    high(3);
    EXPECT_EQ(read(idr) & 8, 8u);
    write(moder, 2u << 6);
    EXPECT_EQ(read(idr) & 8, 8u) << "alternate";
    write(moder, 3u << 6);
    EXPECT_EQ(read(idr) & 8, 0u) << "analog";
    EXPECT_TRUE(around.reports.empty());
}

TEST_F(Stm32Gpio, an_open_drain_output_releases_the_pad_with_1) {
    write(otyper, 1);
    write(odr, 1);
    write(moder, 1);
    wire(0);
    EXPECT_TRUE(wire(0).floating());
    write(bsrr, 1u << 16);
    EXPECT_EQ(wire(0).level(), Level::low);
}

TEST_F(Stm32Gpio, pulls_are_2_bits_and_3_is_reserved) {
    write(pupdr, 1u | 2u << 2);
    EXPECT_EQ(chip->pin(0).pull, Pull::up);
    EXPECT_EQ(chip->pin(1).pull, Pull::down);
    write(pupdr, 3u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::reserved_value), 1u);
}

TEST_F(Stm32Gpio, bytes_and_half_words_reach_their_part) {
    chip->write(odr + 1, 1, 0xA5);
    EXPECT_EQ(read(odr), 0xA500u);
    chip->write(odr, 2, 0x1234);
    EXPECT_EQ(chip->read(odr + 1, 1), 0x12u);
    write(otyper, 0x10000);
    EXPECT_EQ(around.count(HardwareEvent::Kind::reserved_bits_set), 1u);
}

TEST_F(Stm32Gpio, the_lock_sequence_locks_the_configuration_until_reset) {
    write(moder, 0x4);
    lock(0x0002);
    EXPECT_EQ(read(lckr), key | 2);
    write(moder, 0x0D);
    EXPECT_EQ(read(moder), 0x05u) << "pin 0 changes, pin 1 does not";
    write(otyper, 3);
    EXPECT_EQ(read(otyper), 1u);
    write(pupdr, 0x5);
    EXPECT_EQ(read(pupdr), 0x1u);
    write(ospeedr, 0xF);
    EXPECT_EQ(read(ospeedr), 0x3u);
    write(afrl, 0x77);
    EXPECT_EQ(read(afrl), 0x07u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::locked_write), 5u);
    write(odr, 2);
    EXPECT_EQ(read(odr), 2u) << "data is not locked";
    write(lckr, key);
    EXPECT_EQ(read(lckr), key | 2) << "nor is the lock open to writes";
    chip->reset(ResetKind::warm);
    EXPECT_EQ(read(lckr), 0u);
    write(moder, 0x0C);
    EXPECT_EQ(read(moder), 0x0Cu);
}

TEST_F(Stm32Gpio, a_broken_lock_sequence_locks_nothing) {
    const auto open = [this] {
        write(otyper, 0xFFFF);
        const bool all = read(otyper) == 0xFFFF;
        write(otyper, 0);
        return all;
    };
    write(lckr, key | 1);
    write(lckr, 1);
    write(lckr, key | 3);  // other bits
    read(lckr);
    EXPECT_TRUE(open());
    write(lckr, key | 1);
    read(lckr);  // a read in between
    write(lckr, 1);
    write(lckr, key | 1);
    read(lckr);
    EXPECT_TRUE(open());
    write(lckr, key | 1);
    write(lckr, 1);
    chip->write(lckr, 2, 1);  // half a word
    write(lckr, key | 1);
    read(lckr);
    EXPECT_TRUE(open());
    write(lckr, key | 1);
    write(lckr, 1);
    write(lckr, key | 1);
    EXPECT_TRUE(open()) << "before the read";
    read(lckr);
    EXPECT_FALSE(open());
}

}  // namespace
}  // namespace gpioclx::hardware
