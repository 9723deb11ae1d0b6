// MCP23017 and MCP23S17 against their data sheet: two address maps, a pointer with modes, and an
// interrupt that freezes its first event.
#include "hardware/serial_test_bench.h"

namespace gpioclx::hardware {
namespace {

// BANK = 0
enum : std::uint8_t {
    IODIRA = 0x00,
    IODIRB,
    IPOLA,
    IPOLB,
    GPINTENA,
    GPINTENB,
    DEFVALA,
    DEFVALB,
    INTCONA,
    INTCONB,
    IOCON,
    IOCON_AGAIN,
    GPPUA,
    GPPUB,
    INTFA,
    INTFB,
    INTCAPA,
    INTCAPB,
    GPIOA,
    GPIOB,
    OLATA,
    OLATB
};
constexpr std::uint8_t BANK = 0x80, MIRROR = 0x40, SEQOP = 0x20, HAEN = 0x08, ODR = 0x04,
                       INTPOL = 0x02;

class Mcp23017 : public SerialChipTest {
  protected:
    void SetUp() override {
        make_serial("mcp23017");
        for (unsigned pin : {0u, 1u, 8u}) low(pin);
    }
};

TEST_F(Mcp23017, comes_up_with_all_pins_as_inputs) {
    const Bytes all = receive_from(IODIRA, 22);
    EXPECT_EQ(all[IODIRA], 0xFF);
    EXPECT_EQ(all[IODIRB], 0xFF);
    for (unsigned i = IPOLA; i <= INTCAPB; ++i) EXPECT_EQ(all[i], 0) << i;
    EXPECT_EQ(all[OLATB], 0);
    EXPECT_FALSE(line(0));
}

TEST_F(Mcp23017, pointer_goes_on_and_wraps_behind_the_last_register) {
    EXPECT_TRUE(send({OLATA, 0x12, 0x34, 0xF0}));
    EXPECT_EQ(get(OLATA), 0x12);
    EXPECT_EQ(get(OLATB), 0x34);
    EXPECT_EQ(get(IODIRA), 0xF0);
}

TEST_F(Mcp23017, seqop_toggles_between_the_ports) {
    EXPECT_TRUE(send({IOCON, SEQOP}));
    high(0);
    high(8);
    EXPECT_EQ(receive_from(GPIOA, 4), (Bytes{1, 1, 1, 1}));
    low(8);
    EXPECT_EQ(receive_from(GPIOA, 4), (Bytes{1, 0, 1, 0}));
}

TEST_F(Mcp23017, iocon_has_two_addresses) {
    EXPECT_TRUE(send({IOCON_AGAIN, ODR}));
    EXPECT_EQ(get(IOCON), ODR);
}

TEST_F(Mcp23017, bank_1_remaps_at_once) {
    EXPECT_TRUE(send({OLATA, 0xA5, 0x5A}));
    EXPECT_TRUE(send({IOCON, BANK}));
    EXPECT_EQ(get(0x0A), 0xA5) << "OLATA";
    EXPECT_EQ(get(0x1A), 0x5A) << "OLATB";
    EXPECT_EQ(get(0x05), BANK) << "IOCON";
    EXPECT_EQ(get(0x15), BANK);
    // Back to BANK = 0 at 0x05: the next byte of the same transfer goes to 0x06, now DEFVALA.
    EXPECT_TRUE(send({0x05, 0x00, 0x77}));
    EXPECT_EQ(get(DEFVALA), 0x77);
}

TEST_F(Mcp23017, bank_1_with_seqop_stays) {
    EXPECT_TRUE(send({IOCON, BANK | SEQOP}));
    EXPECT_TRUE(send({0x0A, 0x11, 0x22}));
    EXPECT_EQ(receive_from(0x0A, 2), (Bytes{0x22, 0x22}));
}

TEST_F(Mcp23017, a_gap_in_the_addresses_is_told_and_reads_0) {
    EXPECT_TRUE(send({IOCON, BANK}));
    EXPECT_EQ(get(0x0C), 0);
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_read), 1u);
    EXPECT_TRUE(send({0x1F, 1}));
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_write), 1u);
}

TEST_F(Mcp23017, gpio_reads_pads_through_ipol_and_writes_the_latch) {
    high(0);
    EXPECT_TRUE(send({IPOLA, 0x03}));
    EXPECT_EQ(get(GPIOA) & 3, 2);
    EXPECT_TRUE(send({GPIOA, 0x80}));
    EXPECT_EQ(get(OLATA), 0x80);
    EXPECT_TRUE(send({IODIRA, 0x7F}));
    EXPECT_EQ(wire(7).level(), Level::high);
}

TEST_F(Mcp23017, gppu_pulls_up) {
    EXPECT_TRUE(send({GPPUB, 0x80}));
    EXPECT_EQ(wire(15).level(), Level::high);
}

TEST_F(Mcp23017, first_event_is_frozen_until_its_port_is_read) {
    EXPECT_TRUE(send({GPINTENA, 0x03}));
    high(0);
    EXPECT_TRUE(line(0));
    EXPECT_FALSE(line(1));
    EXPECT_EQ(get(INTFA), 0x01);
    high(1);
    EXPECT_EQ(get(INTFA), 0x01) << "a later event changes neither cause ..";
    EXPECT_TRUE(line(0)) << "reading INTF does not clear";
    EXPECT_EQ(get(INTCAPA), 0x01) << ".. nor capture";
    EXPECT_FALSE(line(0));
    EXPECT_EQ(get(INTFA), 0);
    EXPECT_EQ(get(INTCAPA), 0x01);
    EXPECT_EQ(get(GPIOA), 0x03) << "the later change shows here only";
}

TEST_F(Mcp23017, reading_one_port_does_not_clear_the_other) {
    EXPECT_TRUE(send({GPINTENA, 0x01, 0x01}));
    high(0);
    high(8);
    get(GPIOB);
    EXPECT_TRUE(line(0));
    EXPECT_FALSE(line(1));
    get(GPIOA);
    EXPECT_FALSE(line(0));
}

TEST_F(Mcp23017, the_way_back_is_an_event_of_its_own) {
    EXPECT_TRUE(send({GPINTENA, 0x01}));
    high(0);
    low(0);
    EXPECT_TRUE(line(0)) << "a pulse stays latched";
    get(GPIOA);
    EXPECT_FALSE(line(0));
    high(0);
    get(GPIOA);
    low(0);
    EXPECT_TRUE(line(0));
}

TEST_F(Mcp23017, with_intcon_the_interrupt_stays_while_the_pad_differs_from_defval) {
    EXPECT_TRUE(send({INTCONA, 0x01}));
    EXPECT_TRUE(send({GPINTENA, 0x01}));
    EXPECT_FALSE(line(0));
    high(0);
    EXPECT_TRUE(line(0));
    get(GPIOA);
    EXPECT_TRUE(line(0));
    low(0);
    EXPECT_TRUE(line(0)) << "frozen";
    EXPECT_EQ(get(INTCAPA), 0x01);
    EXPECT_FALSE(line(0));
}

TEST_F(Mcp23017, enabling_takes_the_pad_as_it_is) {
    high(0);
    EXPECT_TRUE(send({GPINTENA, 0x01}));
    EXPECT_FALSE(line(0));
    low(0);
    EXPECT_TRUE(line(0));
    EXPECT_TRUE(send({GPINTENA, 0x00}));
    EXPECT_FALSE(line(0)) << "the only cause was switched off";
}

TEST_F(Mcp23017, outputs_do_not_interrupt) {
    EXPECT_TRUE(send({IODIRA, 0xBF}));
    EXPECT_TRUE(send({GPINTENA, 0x40}));
    EXPECT_TRUE(send({OLATA, 0x40}));
    EXPECT_FALSE(line(0));
}

TEST_F(Mcp23017, mirror_puts_both_ports_on_both_outputs) {
    EXPECT_TRUE(send({IOCON, MIRROR}));
    EXPECT_TRUE(send({GPINTENA, 0x01, 0x01}));
    high(8);
    EXPECT_TRUE(line(0));
    EXPECT_TRUE(line(1));
    high(0);
    get(GPIOB);
    EXPECT_TRUE(line(1)) << "port A is still pending";
    EXPECT_TRUE(send({IOCON, 0}));
    EXPECT_TRUE(line(0));
    EXPECT_FALSE(line(1)) << "on its own again";
    get(GPIOA);
    EXPECT_FALSE(line(0));
}

TEST_F(Mcp23017, odr_overrides_intpol) {
    EXPECT_EQ(output_level(0), Level::high) << "reset: push-pull, active low";
    EXPECT_TRUE(send({IOCON, INTPOL}));
    EXPECT_EQ(output_level(0), Level::low);
    EXPECT_TRUE(send({IOCON, INTPOL | ODR}));
    EXPECT_EQ(output_level(0), Level::floating);
    EXPECT_TRUE(send({GPINTENA, 0x01}));
    high(0);
    EXPECT_EQ(output_level(0), Level::low);
}

class Mcp23s17 : public SerialChipTest {
  protected:
    void SetUp() override { make_serial("mcp23s17", {}, 5); }
};

TEST_F(Mcp23s17, opcode_and_register_address_come_before_the_data) {
    spi({0x40, OLATA, 0x12, 0x34});
    EXPECT_EQ(spi({0x41, OLATA, 0, 0}), (Bytes{0xFF, 0xFF, 0x12, 0x34}));
}

TEST_F(Mcp23s17, address_pins_count_once_haen_is_set) {
    spi({0x40, IOCON, HAEN});
    spi({0x40, OLATA, 0x11});
    EXPECT_EQ(chip->peek(OLATA, 1), 0u) << "not for this chip any more";
    spi({0x40 | 5 << 1, OLATA, 0x22});
    EXPECT_EQ(chip->peek(OLATA, 1), 0x22u);
    EXPECT_EQ(spi({0x41 | 5 << 1, OLATA, 0}), (Bytes{0xFF, 0xFF, 0x22}));
}

TEST_F(Mcp23s17, deselecting_ends_the_transfer) {
    spi({0x40, OLATA});
    spi({0x33});
    EXPECT_EQ(chip->peek(OLATA, 1), 0u);
}

}  // namespace
}  // namespace gpioclx::hardware
