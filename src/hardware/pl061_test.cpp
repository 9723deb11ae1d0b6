// Facts of ARM DDI 0190B about the PL061, against the shipped map.
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

enum : std::uint32_t {
    DIR = 0x400,
    IS = 0x404,
    IBE = 0x408,
    IEV = 0x40C,
    IE = 0x410,
    RIS = 0x414,
    MIS = 0x418,
    IC = 0x41C,
    AFSEL = 0x420,
    ALL = 0x3FC
};

class Pl061 : public ControllerTest {
  protected:
    void SetUp() override { make("pl061"); }
};

TEST_F(Pl061, address_bits_9_to_2_select_the_pins_a_write_reaches) {
    write(DIR, 0xFF);
    write(0x010, 0xFF);
    EXPECT_EQ(read(ALL), 0x04u);
    for (unsigned pin = 0; pin < 8; ++pin) EXPECT_EQ(chip->pin(pin).high, pin == 2);
}

TEST_F(Pl061, offset_0_has_an_empty_mask) {
    write(DIR, 0xFF);
    write(0x000, 0xFF);
    EXPECT_EQ(read(ALL), 0u);
    write(ALL, 0xFF);
    EXPECT_EQ(read(0x000), 0u);
}

TEST_F(Pl061, a_read_shows_only_the_addressed_pins) {
    high(3);
    high(5);
    EXPECT_EQ(read(4u << 3), 0x08u);
    EXPECT_EQ(read(4u << 4), 0x00u);
    EXPECT_EQ(read(ALL), 0x28u);
}

TEST_F(Pl061, a_data_write_to_an_input_is_lost) {
    write(ALL, 0xFF);
    write(DIR, 0xFF);
    EXPECT_EQ(read(ALL), 0x00u);
}

TEST_F(Pl061, turning_an_output_on_drives_the_latch_by_default) {
    wire(0);
    write(DIR, 1);
    write(ALL, 1);
    write(DIR, 0);
    low(0);
    drive(0, Drive::off);
    write(DIR, 1);
    EXPECT_TRUE(wire(0).high());
    EXPECT_EQ(around.asked.back(), "gpio/turn_on/DIR");
}

TEST_F(Pl061, turning_an_output_on_may_drive_the_sampled_input) {
    high(0);
    drive(0, Drive::off);
    around.answer = 1;
    write(DIR, 1);
    EXPECT_TRUE(wire(0).high());
    EXPECT_EQ(wire(0).level(), Level::high);
}

TEST_F(Pl061, output_read_back_is_the_latch_and_not_the_pad) {
    write(DIR, 1);
    write(ALL, 1);
    low(0);  // fights, low wins
    EXPECT_FALSE(chip->pin(0).high);
    EXPECT_EQ(read(ALL), 1u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::contention), 1u);
}

TEST_F(Pl061, both_edges_of_a_pulse_set_one_latch) {
    low(1);
    write(IBE, 0x02);
    write(IE, 0x02);
    high(1);
    low(1);
    EXPECT_EQ(read(RIS), 0x02u);
    write(IC, 0x02);
    EXPECT_EQ(read(RIS), 0u);
    EXPECT_FALSE(line());
    high(1);
    EXPECT_EQ(read(RIS), 0x02u);
}

TEST_F(Pl061, an_edge_that_came_while_masked_interrupts_when_unmasked) {
    low(0);
    write(IEV, 0x01);
    high(0);
    EXPECT_EQ(read(RIS), 0x01u);
    EXPECT_EQ(read(MIS), 0x00u);
    EXPECT_FALSE(line());
    write(IE, 0x01);
    EXPECT_EQ(read(MIS), 0x01u);
    EXPECT_TRUE(line());
    ASSERT_EQ(around.outputs.size(), 1u);
    EXPECT_EQ(around.outputs[0], (std::pair<unsigned, bool>{0, true}));
}

TEST_F(Pl061, IEV_chooses_the_edge) {
    low(0);
    high(1);
    write(IEV, 0x01);
    write(IC, 0xFF);
    high(0);
    low(1);
    EXPECT_EQ(read(RIS), 0x03u);
    write(IC, 0xFF);
    low(0);
    high(1);
    EXPECT_EQ(read(RIS), 0x00u);
}

TEST_F(Pl061, a_level_request_follows_the_pad_and_IC_cannot_clear_it) {
    low(4);
    write(IS, 0x10);
    write(IEV, 0x10);
    write(IE, 0x10);
    EXPECT_FALSE(line());
    high(4);
    EXPECT_TRUE(line());
    write(IC, 0x10);
    EXPECT_EQ(read(RIS), 0x10u);
    EXPECT_TRUE(line());
    low(4);
    EXPECT_EQ(read(RIS), 0u);
    EXPECT_FALSE(line());
}

TEST_F(Pl061, IBE_has_no_meaning_in_level_mode) {
    low(0);
    write(IS, 0x01);
    write(IEV, 0x01);
    write(IBE, 0x01);
    high(0);
    low(0);
    EXPECT_EQ(read(RIS), 0u);
}

TEST_F(Pl061, flipping_IEV_in_level_mode_changes_RIS_at_once) {
    low(0);
    write(IS, 0x01);
    EXPECT_EQ(read(RIS) & 1, 1u);
    write(IEV, 0x01);
    EXPECT_EQ(read(RIS) & 1, 0u);
}

TEST_F(Pl061, outputs_raise_nothing) {
    write(IBE, 0xFF);
    write(IE, 0xFF);
    write(DIR, 0x01);
    write(ALL, 0x01);
    write(ALL, 0x00);
    EXPECT_EQ(read(RIS), 0u);
}

TEST_F(Pl061, level_to_edge_keeps_the_stale_request_of_an_active_level) {
    high(0);
    low(1);
    write(IEV, 0x03);
    write(IC, 0xFF);
    write(IS, 0x03);
    write(IS, 0x00);
    EXPECT_EQ(read(RIS), 0x01u);
    EXPECT_EQ(around.asked.back(), "gpio/reconfigure/IS");
    write(IC, 0x01);
    EXPECT_EQ(read(RIS), 0u);
}

TEST_F(Pl061, a_change_of_the_trigger_may_leave_nothing_or_a_request_by_choice) {
    high(0);
    write(IEV, 0x01);
    write(IS, 0x01);
    around.answer = 1;
    write(IS, 0x00);
    EXPECT_EQ(read(RIS), 0x00u);
    around.answer = 2;
    write(IBE, 0x80);
    EXPECT_EQ(read(RIS), 0x80u);
}

TEST_F(Pl061, changing_the_edge_keeps_an_old_latch) {
    high(0);
    low(0);
    EXPECT_EQ(read(RIS), 0x01u);
    write(IEV, 0x01);
    EXPECT_EQ(read(RIS), 0x01u);
}

TEST_F(Pl061, an_edge_latch_hides_behind_the_comparator_in_level_mode) {
    high(0);
    low(0);
    EXPECT_EQ(read(RIS), 0x01u);
    write(IEV, 0x01);
    write(IS, 0x01);
    EXPECT_EQ(read(RIS), 0x00u) << "the level is not active";
    write(IS, 0x00);
    EXPECT_EQ(read(RIS), 0x01u) << "only IC or reset clears it";
}

TEST_F(Pl061, a_pad_that_falls_because_of_reset_is_no_edge) {
    Terminal resistor = wire(0).attach(nullptr, 0, "r");
    resistor.pull(Pull::down);
    write(DIR, 0x01);
    write(ALL, 0x01);
    EXPECT_TRUE(wire(0).high());
    chip->reset(ResetKind::cold);
    EXPECT_FALSE(wire(0).high());
    EXPECT_EQ(read(RIS), 0u);
}

TEST_F(Pl061, a_pad_without_a_wire_keeps_its_level_when_its_driver_goes_off) {
    write(DIR, 0x01);
    write(ALL, 0x01);
    write(DIR, 0x00);
    EXPECT_EQ(read(ALL), 0x01u);
    EXPECT_TRUE(chip->pin(0).floating);
}

TEST_F(Pl061, AFSEL_takes_the_pad_and_keeps_DIR_and_latch) {
    wire(0);
    write(DIR, 0x01);
    write(ALL, 0x01);
    write(AFSEL, 0x01);
    EXPECT_TRUE(wire(0).floating());
    EXPECT_EQ(read(ALL), 0x01u);
    chip->drive_alternate(0, Drive::low);
    EXPECT_EQ(wire(0).level(), Level::low);
    write(AFSEL, 0x00);
    EXPECT_EQ(wire(0).level(), Level::high);
}

TEST_F(Pl061, AFSEL_does_not_stop_detection) {
    low(0);
    write(IEV, 0x01);
    write(AFSEL, 0x01);
    high(0);
    EXPECT_EQ(read(RIS), 0x01u);
}

TEST_F(Pl061, identification_registers_name_part_and_cell) {
    std::uint32_t peripheral = 0, cell = 0;
    for (unsigned i = 0; i < 4; ++i) {
        peripheral |= read(0xFE0 + 4 * i) << (8 * i);
        cell |= read(0xFF0 + 4 * i) << (8 * i);
    }
    EXPECT_EQ(peripheral, 0x00041061u);
    EXPECT_EQ(cell, 0xB105F00Du);
}

TEST_F(Pl061, bits_31_to_8_read_0_and_ignore_writes) {
    write(DIR, 0xFFFFFF0F);
    EXPECT_EQ(read(DIR), 0x0Fu);
    EXPECT_EQ(around.reports.size(), 0u);
}

TEST_F(Pl061, IC_reads_0_and_says_so) {
    EXPECT_EQ(read(IC), 0u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::read_of_write_only), 1u);
}

TEST_F(Pl061, writes_to_status_and_unmapped_offsets_are_reported) {
    write(RIS, 1);
    write(0x800, 1);
    EXPECT_EQ(read(0x800), 0u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::write_to_read_only), 1u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_write), 1u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_read), 1u);
    EXPECT_EQ(around.reports[0].text, "gpio: write to a read-only register, RIS (offset 0x414)");
}

TEST_F(Pl061, reset_clears_registers_latches_and_drivers) {
    wire(0);
    write(DIR, 0x01);
    write(ALL, 0x01);
    high(1);
    low(1);
    write(IE, 0x02);
    EXPECT_TRUE(line());
    chip->reset(ResetKind::cold);
    EXPECT_FALSE(line());
    for (std::uint32_t offset : {DIR, IS, IBE, IEV, IE, RIS, MIS, AFSEL}) {
        EXPECT_EQ(read(offset), 0u) << offset;
    }
    EXPECT_TRUE(wire(0).floating());
}

TEST_F(Pl061, byte_access_reaches_a_register_and_the_gap_behind_it_is_unmapped) {
    chip->write(DIR, 1, 0x0F);
    EXPECT_EQ(chip->read(DIR, 1), 0x0Fu);
    EXPECT_EQ(chip->read(DIR + 1, 1), 0u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::unmapped_read), 1u);
}

}  // namespace
}  // namespace gpioclx::hardware
