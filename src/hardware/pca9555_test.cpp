// PCA9555 and PCA9534 against their data sheets: pair toggle, and an interrupt that compares with
// the last read.
#include "hardware/serial_test_bench.h"

namespace gpioclx::hardware {
namespace {

enum : std::uint8_t { INPUT0, INPUT1, OUTPUT0, OUTPUT1, POLARITY0, POLARITY1, CONFIG0, CONFIG1 };

class Pca9555 : public SerialChipTest {
  protected:
    void SetUp() override { make_serial("pca9555"); }
};

TEST_F(Pca9555, comes_up_with_inputs_pulled_up_and_latches_high) {
    EXPECT_EQ(receive_from(OUTPUT0, 2), (Bytes{0xFF, 0xFF}));
    EXPECT_EQ(receive_from(POLARITY0, 2), (Bytes{0x00, 0x00}));
    EXPECT_EQ(receive_from(CONFIG0, 2), (Bytes{0xFF, 0xFF}));
    EXPECT_EQ(receive_from(INPUT0, 2), (Bytes{0xFF, 0xFF}));
    EXPECT_FALSE(line());
}

TEST_F(Pca9555, pointer_toggles_inside_its_pair) {
    EXPECT_TRUE(send({OUTPUT0, 0xAA, 0x55, 0x0F}));
    EXPECT_EQ(receive_from(OUTPUT0, 2), (Bytes{0x0F, 0x55}));
    EXPECT_TRUE(send({OUTPUT1, 0x11, 0x22}));
    EXPECT_EQ(receive_from(OUTPUT0, 2), (Bytes{0x22, 0x11}));
}

TEST_F(Pca9555, only_three_bits_of_the_pointer_count) {
    EXPECT_TRUE(send({0xF8 | OUTPUT0, 0x5A}));
    EXPECT_EQ(get(OUTPUT0), 0x5A);
}

TEST_F(Pca9555, pointer_stays_toggled_after_a_stop) {
    EXPECT_TRUE(send({OUTPUT0, 0xAA}));
    EXPECT_TRUE(send({OUTPUT1, 0x55}));  // now at OUTPUT0
    EXPECT_EQ(receive(2), (Bytes{0xAA, 0x55}));
}

TEST_F(Pca9555, another_address_is_not_acknowledged) {
    EXPECT_FALSE(bus->start(address + 1, false));
    EXPECT_FALSE(bus->write(OUTPUT0));
    bus->stop();
    EXPECT_EQ(get(OUTPUT0), 0xFF);
}

TEST_F(Pca9555, config_0_drives_the_latch_and_input_reads_the_pad) {
    low(8);
    EXPECT_TRUE(send({OUTPUT1, 0x02}));
    EXPECT_TRUE(send({CONFIG1, 0xFD}));
    EXPECT_EQ(wire(9).level(), Level::high);
    EXPECT_EQ(get(INPUT1), 0xFE);
    EXPECT_TRUE(send({POLARITY1, 0x03}));
    EXPECT_EQ(get(INPUT1), 0xFD) << "polarity turns inputs and outputs around";
}

TEST_F(Pca9555, a_write_to_input_is_told_and_ignored) {
    EXPECT_TRUE(send({INPUT0, 0x00}));
    EXPECT_EQ(get(INPUT0), 0xFF);
    EXPECT_EQ(around.count(HardwareEvent::Kind::write_to_read_only), 1u);
}

TEST_F(Pca9555, a_changed_input_interrupts_until_its_port_is_read) {
    high(3);
    receive_from(INPUT0, 2);
    low(3);
    EXPECT_TRUE(line());
    EXPECT_EQ(get(INPUT1), 0xFF);
    EXPECT_TRUE(line()) << "the other port was read";
    EXPECT_EQ(get(INPUT0), 0xF7);
    EXPECT_FALSE(line());
    high(3);
    EXPECT_TRUE(line()) << "the way back is a change too";
}

TEST_F(Pca9555, a_pin_that_comes_back_takes_its_interrupt_with_it) {
    high(3);
    low(3);
    EXPECT_TRUE(line());
    high(3);
    EXPECT_FALSE(line());
}

TEST_F(Pca9555, outputs_do_not_interrupt_but_turning_one_into_an_input_may) {
    low(0);
    receive_from(INPUT0, 1);
    source(0).drive(Drive::off);  // the pull-up makes it high
    EXPECT_TRUE(line());
    EXPECT_TRUE(send({CONFIG0, 0xFE}));
    EXPECT_FALSE(line());
    EXPECT_TRUE(send({CONFIG0, 0xFF}));
    EXPECT_TRUE(line());
}

TEST_F(Pca9555, int_is_open_drain_and_active_low) {
    EXPECT_EQ(output_level(0), Level::floating);
    low(15);
    EXPECT_EQ(output_level(0), Level::low);
    get(INPUT1);
    EXPECT_EQ(output_level(0), Level::floating);
}

TEST_F(Pca9555, power_on_sets_registers_and_pointer_back) {
    EXPECT_TRUE(send({CONFIG0, 0x00}));
    bus->reset();
    chip->reset(ResetKind::cold);
    EXPECT_EQ(receive(1), (Bytes{0xFF})) << "INPUT0";
    EXPECT_EQ(get(CONFIG0), 0xFF);
    EXPECT_FALSE(line());
}

TEST_F(Pca9555, pca9535_has_no_pull_ups) {
    make_serial("pca9555", "pca9535");
    EXPECT_EQ(chip->pin(0).pull, Pull::none);
}

class Pca9534 : public SerialChipTest {
  protected:
    void SetUp() override { make_serial("pca9534"); }
};

TEST_F(Pca9534, pointer_never_moves) {
    EXPECT_TRUE(send({1, 0xAA, 0x55}));
    EXPECT_EQ(receive_from(1, 3), (Bytes{0x55, 0x55, 0x55}));
}

TEST_F(Pca9534, pulse_between_two_reads_leaves_no_trace) {
    high(7);
    get(0);
    low(7);
    EXPECT_TRUE(line());
    high(7);
    EXPECT_FALSE(line());
    EXPECT_EQ(get(0) & 0x80, 0x80);
}

TEST_F(Pca9534, has_no_pull_ups_but_pca9554_has) {
    EXPECT_EQ(chip->pin(0).pull, Pull::none);
    make_serial("pca9534", "pca9554");
    EXPECT_EQ(chip->pin(0).pull, Pull::up);
}

}  // namespace
}  // namespace gpioclx::hardware
