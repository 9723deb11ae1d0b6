// Facts of "BCM2835 ARM Peripherals", chapter 6, against the shipped map.
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

enum : std::uint32_t {
    GPFSEL = 0x00,
    GPSET = 0x1C,
    GPCLR = 0x28,
    GPLEV = 0x34,
    GPEDS = 0x40,
    GPREN = 0x4C,
    GPFEN = 0x58,
    GPHEN = 0x64,
    GPLEN = 0x70,
    GPAREN = 0x7C,
    GPAFEN = 0x88,
    GPPUD = 0x94,
    GPPUDCLK = 0x98,
    PUP_PDN = 0xE4
};

class Bcm2835 : public ControllerTest {
  protected:
    void SetUp() override { make("bcm2835"); }

    void function(unsigned pin, std::uint32_t code) {
        const std::uint32_t offset = GPFSEL + pin / 10 * 4;
        const unsigned shift = 3 * (pin % 10);
        write(offset, (read(offset) & ~(7u << shift)) | (code << shift));
    }
    void wait_ns(std::uint64_t time_ns) { around.run_until(around.time_ns + time_ns); }
    void pull(unsigned pin, std::uint32_t code) {
        write(GPPUD, code);
        wait_ns(1000);
        write(GPPUDCLK + pin / 32 * 4, 1u << (pin % 32));
        wait_ns(1000);
        write(GPPUD, 0);
        write(GPPUDCLK + pin / 32 * 4, 0);
    }
};

TEST_F(Bcm2835, GPHEN_sets_the_event_again_while_the_pad_is_high) {
    high(4);
    write(GPHEN, 1u << 4);
    EXPECT_EQ(read(GPEDS), 1u << 4);
    write(GPEDS, 1u << 4);
    EXPECT_EQ(read(GPEDS), 1u << 4);
    EXPECT_TRUE(line(0));
    low(4);
    EXPECT_EQ(read(GPEDS), 1u << 4) << "latched until written";
    write(GPEDS, 1u << 4);
    EXPECT_EQ(read(GPEDS), 0u);
    EXPECT_FALSE(line(0));
}

TEST_F(Bcm2835, GPLEN_sets_the_event_again_while_the_pad_is_low) {
    low(40);
    write(GPLEN + 4, 1u << 8);
    write(GPEDS + 4, 1u << 8);
    EXPECT_EQ(read(GPEDS + 4), 1u << 8);
    high(40);
    write(GPEDS + 4, 1u << 8);
    EXPECT_EQ(read(GPEDS + 4), 0u);
}

TEST_F(Bcm2835, switching_a_detector_off_does_not_clear_the_event) {
    low(17);
    write(GPAREN, 1u << 17);
    high(17);
    EXPECT_TRUE(line(0));
    write(GPAREN, 0);
    EXPECT_TRUE(line(0));
    write(GPEDS, 1u << 17);
    EXPECT_FALSE(line(0));
    low(17);
    high(17);
    EXPECT_EQ(read(GPEDS), 0u) << "an edge while the detector is off is lost";
    write(GPAREN, 1u << 17);
    EXPECT_EQ(read(GPEDS), 0u);
}

TEST_F(Bcm2835, an_output_raises_events_too) {
    function(5, 1);
    write(GPREN, 1u << 5);
    write(GPSET, 1u << 5);
    EXPECT_EQ(read(GPEDS), 1u << 5);
}

TEST_F(Bcm2835, each_detector_sees_its_own_edge) {
    low(0);
    low(1);
    high(2);
    high(3);
    write(GPREN, 1u << 0);
    write(GPAREN, 1u << 1);
    write(GPFEN, 1u << 2);
    write(GPAFEN, 1u << 3);
    for (unsigned pin : {0u, 1u}) high(pin);
    for (unsigned pin : {2u, 3u}) low(pin);
    EXPECT_EQ(read(GPEDS), 0xFu);
    write(GPEDS, 0xF);
    for (unsigned pin : {0u, 1u}) low(pin);
    for (unsigned pin : {2u, 3u}) high(pin);
    EXPECT_EQ(read(GPEDS), 0u);
}

TEST_F(Bcm2835, the_latch_works_in_any_function_and_shows_when_the_pin_becomes_an_output) {
    wire(9);
    write(GPSET, 1u << 9);
    EXPECT_FALSE(chip->pin(9).driving);
    function(9, 1);
    EXPECT_EQ(wire(9).level(), Level::high);
    EXPECT_EQ(read(GPLEV), (1u << 9) | 0x1FF) << "and the pulled-up pins 0-8";
    write(GPCLR, 1u << 9);
    EXPECT_EQ(wire(9).level(), Level::low);
}

TEST_F(Bcm2835, alternate_functions_take_the_pad) {
    function(14, 1);
    write(GPSET, 1u << 14);
    function(14, 4);
    EXPECT_FALSE(chip->pin(14).driving);
    EXPECT_EQ(chip->pin(14).function, "alt0");
    chip->drive_alternate(14, Drive::high);
    EXPECT_EQ(read(GPLEV) & (1u << 14), 1u << 14);
}

TEST_F(Bcm2835, GPFSEL_word_3_crosses_the_banks) {
    function(31, 1);
    function(32, 1);
    EXPECT_TRUE(chip->pin(31).output);
    EXPECT_TRUE(chip->pin(32).output);
    EXPECT_FALSE(chip->pin(30).output);
    EXPECT_EQ(read(GPFSEL + 12), (1u << 3) | (1u << 6));
}

TEST_F(Bcm2835, pulls_after_reset_follow_the_table) {
    const std::uint32_t up_bank_0 = 0x1FF;
    EXPECT_EQ(chip->bank(0).pulled_up, up_bank_0);
    EXPECT_EQ(chip->bank(0).pulled_down, (0x0FFFFFFFu & ~up_bank_0) | 0xC0000000u);
    EXPECT_EQ(chip->pin(28).pull, Pull::none);
    EXPECT_EQ(chip->pin(34).pull, Pull::up);
    EXPECT_EQ(chip->pin(37).pull, Pull::down);
    EXPECT_EQ(chip->pin(44).pull, Pull::none);
    EXPECT_EQ(chip->pin(53).pull, Pull::up);
    EXPECT_EQ(read(GPLEV), up_bank_0);
}

TEST_F(Bcm2835, the_pull_changes_when_the_strobe_rises) {
    EXPECT_FALSE(chip->pin(20).high);
    write(GPPUD, 2);
    wait_ns(1000);
    EXPECT_EQ(chip->pin(20).pull, Pull::down);
    write(GPPUDCLK, 1u << 20);
    EXPECT_EQ(chip->pin(20).pull, Pull::up);
    EXPECT_TRUE(chip->pin(20).high);
    wait_ns(1000);
    write(GPPUD, 0);
    write(GPPUDCLK, 0);
    EXPECT_EQ(chip->pin(20).pull, Pull::up);
    EXPECT_EQ(around.reports.size(), 0u);
    pull(20, 1);
    EXPECT_EQ(chip->pin(20).pull, Pull::down);
    pull(50, 0);
    EXPECT_EQ(chip->pin(50).pull, Pull::none);
    EXPECT_EQ(around.reports.size(), 0u);
}

TEST_F(Bcm2835, missing_waits_of_the_pull_sequence_are_reported) {
    wait_ns(5000);
    write(GPPUD, 2);
    write(GPPUDCLK, 1u << 20);
    EXPECT_EQ(around.count(HardwareEvent::Kind::pull_sequence), 1u) << "set-up";
    write(GPPUD, 0);
    EXPECT_EQ(around.count(HardwareEvent::Kind::pull_sequence), 2u) << "hold of the command";
    write(GPPUDCLK, 0);
    EXPECT_EQ(around.count(HardwareEvent::Kind::pull_sequence), 3u) << "hold of the strobe";
}

TEST_F(Bcm2835, changing_the_command_under_the_strobe_is_reported) {
    wait_ns(5000);
    write(GPPUD, 2);
    wait_ns(1000);
    write(GPPUDCLK, 1u << 20);
    wait_ns(1000);
    write(GPPUD, 1);
    EXPECT_EQ(around.count(HardwareEvent::Kind::pull_sequence), 1u);
    EXPECT_EQ(chip->pin(20).pull, Pull::up);
}

TEST_F(Bcm2835, the_reserved_pull_command_is_reported_and_does_nothing) {
    wait_ns(5000);
    write(GPPUD, 3);
    wait_ns(1000);
    write(GPPUDCLK, 1u << 20);
    EXPECT_EQ(around.count(HardwareEvent::Kind::reserved_value), 1u);
    EXPECT_EQ(chip->pin(20).pull, Pull::down);
}

TEST_F(Bcm2835, interrupt_lines_serve_their_groups_and_the_fourth_all) {
    for (unsigned pin : {27u, 28u, 31u, 45u, 46u, 53u}) {
        low(pin);
        write(pin < 32 ? GPREN : GPREN + 4, 1u << (pin % 32));
        high(pin);
        EXPECT_EQ(line(0), pin == 27) << pin;
        EXPECT_EQ(line(1), pin >= 28 && pin <= 45) << pin;
        EXPECT_EQ(line(2), pin >= 46) << pin;
        EXPECT_TRUE(line(3));
        write(pin < 32 ? GPEDS : GPEDS + 4, 1u << (pin % 32));
        EXPECT_FALSE(line(3));
    }
}

TEST_F(Bcm2835, one_line_stays_on_until_the_last_bank_is_clear) {
    for (unsigned pin : {30u, 33u}) {
        low(pin);
        write(pin < 32 ? GPREN : GPREN + 4, 1u << (pin % 32));
        high(pin);
    }
    write(GPEDS, 1u << 30);
    EXPECT_TRUE(line(1));
    write(GPEDS + 4, 1u << 1);
    EXPECT_FALSE(line(1));
    // On and off once each, whatever the banks did.
    EXPECT_EQ(std::count(around.outputs.begin(), around.outputs.end(),
                         std::pair<unsigned, bool>(1, true)),
              1);
}

TEST_F(Bcm2835, bank_1_has_22_pins_and_the_rest_is_reserved) {
    write(GPREN + 4, 0xFFFFFFFF);
    EXPECT_EQ(read(GPREN + 4), 0x003FFFFFu);
    ASSERT_EQ(around.count(HardwareEvent::Kind::reserved_bits_set), 1u);
    EXPECT_EQ(around.reports[0].bits, 0xFFC00000u);
}

TEST_F(Bcm2835, holes_between_the_banks_are_reserved_words) {
    for (std::uint32_t offset : {0x18u, 0x24u, 0x30u, 0x3Cu, 0x48u, 0x54u, 0x90u, 0xA0u}) {
        EXPECT_EQ(read(offset), 0u);
    }
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_read), 8u);
}

TEST_F(Bcm2835, write_only_registers_read_0_and_say_so) {
    write(GPSET, 1);
    EXPECT_EQ(read(GPSET), 0u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::read_of_write_only), 1u);
}

TEST_F(Bcm2835, only_32_bit_access_is_supported) {
    chip->read(GPLEV, 1);
    EXPECT_EQ(around.count(HardwareEvent::Kind::access_width), 1u);
    chip->read(GPLEV + 2, 4);
    EXPECT_EQ(around.count(HardwareEvent::Kind::misaligned_access), 1u);
}

TEST_F(Bcm2835, reset_values_are_0_and_all_pins_inputs) {
    for (std::uint32_t offset = 0; offset < 0xB4; offset += 4) {
        if (offset == GPLEV || offset == GPLEV + 4) continue;
        EXPECT_EQ(chip->peek(offset, 4), 0u) << offset;
    }
    for (unsigned pin = 0; pin < 54; ++pin) EXPECT_EQ(chip->pin(pin).function, "input");
}

TEST_F(Bcm2835, peek_reports_nothing) {
    chip->peek(GPSET, 4);
    chip->peek(0x18, 4);
    EXPECT_TRUE(around.reports.empty());
}

class Bcm2711 : public Bcm2835 {
  protected:
    void SetUp() override { make("bcm2835", "bcm2711"); }
};

TEST_F(Bcm2711, has_58_pins_and_readable_pulls_with_their_own_codes) {
    EXPECT_EQ(chip->pin_count(), 58u);
    EXPECT_EQ(read(PUP_PDN), 0xAAA95555u);
    EXPECT_EQ(chip->pin(0).pull, Pull::up);
    EXPECT_EQ(chip->pin(9).pull, Pull::down);
    EXPECT_EQ(chip->pin(57).pull, Pull::up);
    write(PUP_PDN, 0x00000002);
    EXPECT_EQ(chip->pin(0).pull, Pull::down);
    EXPECT_EQ(chip->pin(1).pull, Pull::none);
}

TEST_F(Bcm2711, has_no_pull_sequence) {
    write(GPPUD, 2);
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_write), 1u);
}

TEST_F(Bcm2711, reset_pulls_are_those_of_the_bcm2835_table) {
    make("bcm2835");
    auto old = std::move(chip);
    make("bcm2835", "bcm2711");
    for (unsigned pin = 0; pin < 54; ++pin)
        EXPECT_EQ(chip->pin(pin).pull, old->pin(pin).pull) << pin;
}

}  // namespace
}  // namespace gpioclx::hardware
