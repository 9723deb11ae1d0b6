// Power that goes: registers are lost, nobody is driven, nothing is heard; and what comes back.
#include "hardware/serial_test_bench.h"
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

using Kind = HardwareEvent::Kind;

class Pl061Power : public ControllerTest {
  protected:
    enum : std::uint32_t {
        DIR = 0x400,
        IS = 0x404,
        IBE = 0x408,
        IEV = 0x40C,
        IE = 0x410,
        RIS = 0x414,
        ALL = 0x3FC
    };
    void SetUp() override { make("pl061"); }
    void lose_power() {
        chip->set_power(false);
        chip->set_power(true);
    }
};

TEST_F(Pl061Power, registers_are_as_after_a_cold_reset) {
    write(DIR, 0x0F);
    write(ALL, 0x05);
    write(IS, 0x80);
    write(IE, 0xFF);
    lose_power();
    for (const std::uint32_t offset : {DIR, IS, IBE, IEV, IE, RIS}) EXPECT_EQ(read(offset), 0u);
    write(DIR, 0x0F);
    EXPECT_EQ(read(ALL) & 0x0F, 0u) << "the latches too";
}

TEST_F(Pl061Power, outputs_let_go_of_their_wires) {
    wire(1);
    write(DIR, 2);
    write(ALL, 2);
    ASSERT_EQ(wire(1).level(), Level::high);
    chip->set_power(false);
    EXPECT_EQ(wire(1).level(), Level::floating);
    chip->set_power(true);
    EXPECT_EQ(wire(1).level(), Level::floating) << "an input until somebody restores it";
}

TEST_F(Pl061Power, an_access_is_reported_with_its_register_and_has_no_effect) {
    write(DIR, 1);
    chip->set_power(false);
    EXPECT_EQ(read(DIR), 0u);
    write(IEV, 0xFF);
    ASSERT_EQ(around.count(Kind::unpowered_access), 2u);
    EXPECT_EQ(around.reports[0].text,
              "gpio: access to a register without power, DIR (offset 0x400): it reads as 0");
    EXPECT_EQ(around.reports[1].text,
              "gpio: access to a register without power, IEV (offset 0x40c): the write is lost");
    chip->set_power(true);
    EXPECT_EQ(read(IEV), 0u);
    EXPECT_EQ(around.reports.size(), 2u);
}

TEST_F(Pl061Power, looking_from_outside_is_no_access) {
    chip->set_power(false);
    EXPECT_EQ(chip->peek(DIR, 4), 0u);
    EXPECT_TRUE(around.reports.empty());
}

TEST_F(Pl061Power, the_interrupt_output_rests_and_nothing_is_detected) {
    low(3);
    write(IEV, 8);
    write(IE, 8);
    high(3);
    ASSERT_TRUE(line());
    chip->set_power(false);
    EXPECT_FALSE(line());
    low(3);
    high(3);
    chip->set_power(true);
    write(IEV, 8);
    write(IE, 8);
    EXPECT_FALSE(line()) << "an edge without power is nobody's";
    EXPECT_EQ(read(RIS), 0u);
    low(3);
    high(3);
    EXPECT_TRUE(line());
}

TEST_F(Pl061Power, a_level_that_lasts_is_seen_again) {
    high(3);
    write(IS, 8);
    write(IEV, 8);
    write(IE, 8);
    lose_power();
    EXPECT_FALSE(line());
    write(IEV, 8);
    write(IS, 8);
    write(IE, 8);
    EXPECT_TRUE(line());
}

TEST_F(Pl061Power, without_loss_nothing_happens) {
    chip->set_power_loss(PowerLoss::none);
    write(DIR, 0x0F);
    chip->set_power(false);
    EXPECT_EQ(read(DIR), 0x0Fu);
    EXPECT_TRUE(around.reports.empty());
}

// P46: the gate is opened while the registers still say something else.
TEST_F(Pl061Power, enable_before_polarity_asserts_without_a_reason) {
    low(3);
    write(IS, 8);
    write(IEV, 8);
    write(IE, 8);
    lose_power();
    EXPECT_TRUE(chip->spurious_interrupts(0, 8).empty());
    write(IE, 8);
    write(IS, 8);
    write(IEV, 8);
    EXPECT_EQ(chip->spurious_interrupts(0, 8), PinList{3});
    EXPECT_FALSE(line());
}

TEST_F(Pl061Power, an_edge_or_a_level_is_reason_enough) {
    low(3);
    high(4);
    lose_power();
    write(IS, 0x10);
    write(IEV, 0x18);
    write(IE, 0x18);
    high(3);
    EXPECT_TRUE(line());
    EXPECT_TRUE(chip->spurious_interrupts(0, 8).empty());
}

TEST_F(Pl061Power, what_was_not_restored_is_named) {
    write(DIR, 0x03);
    write(ALL, 0x02);
    write(IBE, 0x30);
    write(IE, 0x30);
    const RegisterContext before = chip->context();
    lose_power();
    write(DIR, 0x03);
    write(IE, 0x30);
    const auto found = chip->differences(before, 0, 8);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].register_name, "DATA");
    EXPECT_EQ(found[1].register_name, "IBE");
    EXPECT_EQ(found[1].before, 0x30u);
    EXPECT_EQ(found[1].now, 0u);
    EXPECT_EQ(found[1].pins, (PinList{4, 5}));
    write(ALL, 0x02);
    write(IBE, 0x30);
    EXPECT_TRUE(chip->differences(before, 0, 8).empty());
}

TEST_F(Pl061Power, the_latch_of_an_input_need_not_be_restored) {
    write(DIR, 1);
    write(ALL, 1);
    write(DIR, 0);
    const RegisterContext before = chip->context();
    lose_power();
    EXPECT_TRUE(chip->differences(before, 0, 8).empty());
}

TEST_F(Pl061Power, garbage_is_a_choice_and_leaves_the_gate_closed) {
    chip->set_power_loss(PowerLoss::garbage);
    lose_power();
    EXPECT_EQ(read(IS), 0xFFu);
    EXPECT_EQ(read(DIR), 0xFFu);
    EXPECT_EQ(read(IE), 0u);
    EXPECT_EQ(std::count(around.asked.begin(), around.asked.end(), "gpio/power_loss/IS"), 1);
    around.answer = 1;
    lose_power();
    EXPECT_EQ(read(IS), 0u);
}

// Banks of a driver need not be banks of the hardware.
class SimgpioPower : public ControllerTest {
  protected:
    enum : std::uint32_t {
        MODE = 0x00,
        POLARITY = 0x04,
        ENABLE = 0x0C,
        DIRECTION = 0x14,
        BANK = 0x1C
    };
    void SetUp() override { make("simgpio"); }
};

TEST_F(SimgpioPower, one_bank_of_four) {
    for (std::uint32_t bank = 0; bank < 4; ++bank) {
        write(bank * BANK + DIRECTION, 0xFFFFFFFF);
        write(bank * BANK + POLARITY, 0x55555555);
    }
    chip->set_pin_power(32, 32, false);
    EXPECT_TRUE(chip->has_power());
    EXPECT_EQ(read(BANK + DIRECTION), 0u);
    EXPECT_EQ(read(2 * BANK + POLARITY), 0x55555555u);
    EXPECT_EQ(around.count(Kind::unpowered_access), 1u);
    chip->set_pin_power(32, 32, true);
    EXPECT_EQ(read(BANK + POLARITY), 0u);
    EXPECT_EQ(read(0 * BANK + DIRECTION), 0xFFFFFFFFu);
    EXPECT_EQ(around.count(Kind::unpowered_access), 1u);
}

TEST_F(SimgpioPower, half_of_a_word) {
    write(DIRECTION, 0xFFFFFFFF);
    write(POLARITY, 0x55555555);
    chip->set_pin_power(8, 8, false);
    EXPECT_EQ(read(DIRECTION), 0xFFFF00FFu) << "the others are still there";
    EXPECT_EQ(read(POLARITY), 0x00005555u);
    write(DIRECTION, 0x0FFF00FF);
    EXPECT_TRUE(around.reports.empty()) << "as they are meant to be used";
    write(DIRECTION, 0x0FFF0100);
    ASSERT_EQ(around.count(Kind::unpowered_access), 1u);
    EXPECT_NE(around.reports.back().text.find("DIRECTION (offset 0x14), pin 8"), std::string::npos)
        << around.reports.back().text;
    chip->set_pin_power(8, 8, true);
    EXPECT_EQ(read(DIRECTION), 0x0FFF0000u) << "the rest of the word was written";
}

TEST_F(SimgpioPower, a_pin_needs_its_own_power_and_the_blocks) {
    chip->set_pin_power(0, 32, false);
    chip->set_power(false);
    chip->set_pin_power(0, 32, true);
    EXPECT_EQ(read(DIRECTION), 0u);
    EXPECT_EQ(around.count(Kind::unpowered_access), 1u);
    chip->set_power(true);
    read(DIRECTION);
    EXPECT_EQ(around.count(Kind::unpowered_access), 1u);
}

class SerialPower : public SerialChipTest {};

TEST_F(SerialPower, a_chip_on_i2c_does_not_answer) {
    make_serial("mcp23017");
    EXPECT_TRUE(send({0x00, 0xF0}));
    chip->set_power(false);
    EXPECT_FALSE(bus->start(address, false));
    bus->stop();
    ASSERT_EQ(around.count(Kind::unpowered_access), 1u);
    EXPECT_EQ(around.reports.back().text,
              "gpio: access to a register without power: the chip does not answer");
    chip->set_power(true);
    EXPECT_EQ(get(0x00), 0xFF) << "IODIRA as after power on";
}

// The latch of this chip can be written while the pin is an input, and comes up high.
TEST_F(SerialPower, a_direction_restored_before_the_latch_is_a_glitch) {
    make_serial("pca9555");
    EXPECT_TRUE(send({0x02, 0xFE}));  // OUTPUT0, then CONFIG0
    EXPECT_TRUE(send({0x06, 0xFC}));
    const RegisterContext before = chip->context();
    const auto lose_power = [this] {
        chip->set_power(false);
        chip->set_power(true);
    };
    lose_power();
    EXPECT_TRUE(send({0x02, 0xFE}));
    EXPECT_TRUE(send({0x06, 0xFC}));
    EXPECT_TRUE(chip->glitches(before, 0, 16).empty());
    lose_power();
    EXPECT_TRUE(send({0x06, 0xFC}));
    EXPECT_TRUE(send({0x02, 0xFE}));
    EXPECT_EQ(chip->glitches(before, 0, 16), PinList{0}) << "pin 1 is high either way";
}

TEST_F(Pl061Power, no_order_helps_where_the_latch_of_an_input_cannot_be_written) {
    write(DIR, 1);
    write(ALL, 1);
    const RegisterContext before = chip->context();
    lose_power();
    write(DIR, 1);
    write(ALL, 1);
    EXPECT_TRUE(chip->glitches(before, 0, 8).empty());
}

TEST_F(SerialPower, a_chip_on_spi_leaves_the_wire_alone) {
    make_serial("mcp23s17");
    chip->set_power(false);
    EXPECT_EQ(spi({0x41, 0x00, 0x00}), (Bytes{0xFF, 0xFF, 0xFF}));
    EXPECT_EQ(around.count(Kind::unpowered_access), 1u);
}

}  // namespace
}  // namespace gpioclx::hardware
