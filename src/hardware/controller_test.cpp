// What any register map can rely on, whatever the chip: wires, floating inputs, loops between pins,
// address rules, access rules, and the questions that checkers ask.
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

class ControllerFacts : public ControllerTest {
  protected:
    std::string block(std::string_view registers, std::string_view more = "",
                      std::string_view controller = "") {
        return std::string(
                   "controller = { name = \"t\", title = \"t\", source = \"t\", pins = 8, "
                   "size = 0x100, width = 32, access_widths = [8, 16, 32]") +
               std::string(controller) + " }\nregister = [" + std::string(registers) + "]\n" +
               std::string(more);
    }
};

TEST_F(ControllerFacts, a_floating_input_is_reported_once_for_each_floating_period) {
    make("pl061");
    wire(0);
    read(0x3FC);
    read(0x3FC);
    EXPECT_EQ(around.count(HardwareEvent::Kind::floating_read), 1u);
    EXPECT_EQ(around.reports[0].pins, 1u) << "pins without a wire are not told";
    high(0);
    drive(0, Drive::off);
    EXPECT_EQ(read(0x3FC), 1u) << "keeps its last level";
    EXPECT_EQ(around.count(HardwareEvent::Kind::floating_read), 2u);
}

TEST_F(ControllerFacts, a_floating_pin_outside_of_the_window_is_not_read) {
    make("pl061");
    wire(0);
    read(4u << 1);
    EXPECT_EQ(around.reports.size(), 0u);
    read(4u << 0);
    EXPECT_EQ(around.reports.size(), 1u);
}

TEST_F(ControllerFacts, an_output_wired_to_an_input_of_the_same_block_gives_an_edge) {
    make("pl061");
    Wire loop(around, "loop");
    ASSERT_TRUE(chip->connect(0, loop));
    ASSERT_TRUE(chip->connect(1, loop));
    write(0x400, 0x01);
    write(0x40C, 0x02);
    write(0x410, 0x02);
    write(0x3FC, 0x01);
    EXPECT_EQ(read(0x414), 0x02u);
    EXPECT_TRUE(line());
}

TEST_F(ControllerFacts, two_pins_that_swap_roles_in_one_write_do_not_fight) {
    make("pl061");
    Wire shared(around, "shared");
    ASSERT_TRUE(chip->connect(0, shared));
    ASSERT_TRUE(chip->connect(1, shared));
    write(0x400, 0x01);
    write(0x3FC, 0x01);
    write(0x400, 0x02);
    EXPECT_EQ(shared.level(), Level::low);
    EXPECT_EQ(around.count(HardwareEvent::Kind::contention), 0u);
}

TEST_F(ControllerFacts, wires_join_controllers_and_each_sees_the_edge_in_the_same_step) {
    make("pl061");
    auto map = read_register_map(std::string(GX_HARDWARE_MAPS) + "/bcm2835.toml");
    ASSERT_TRUE(map);
    auto other = Controller::create("other", std::move(*map), around);
    ASSERT_TRUE(other);
    Wire net(around, "net");
    ASSERT_TRUE(chip->connect(3, net));
    ASSERT_TRUE((*other)->connect(20, net));
    (*other)->write(0x4C, 4, 1u << 20);
    write(0x400, 0x08);
    write(0x3FC, 0x08);
    EXPECT_EQ((*other)->read(0x40, 4), 1u << 20);
    EXPECT_TRUE((*other)->output_active(0));
}

TEST_F(ControllerFacts, an_open_drain_interrupt_output_drives_its_wire_low_when_active) {
    make_from_text(
        block("{ name = \"IN\", offset = 0, role = \"input\" },"
              "{ name = \"ST\", offset = 4, role = \"status\", access = \"w1c\" },"
              "{ name = \"RE\", offset = 8, role = \"detect_rising\" }",
              "[interrupt]\nassert = \"status\"\noutput = [ { name = \"INT\", pins = \"0-7\", "
              "active = \"low\", type = \"open_drain\" } ]"));
    Wire irq(around, "irq");
    Terminal resistor = irq.attach(nullptr, 0, "r");
    resistor.pull(Pull::up, Strength::normal);
    chip->connect_output(0, irq);
    EXPECT_EQ(irq.level(), Level::high);
    low(2);
    write(8, 4);
    high(2);
    EXPECT_EQ(irq.level(), Level::low);
    write(4, 4);
    EXPECT_EQ(irq.level(), Level::high);
}

TEST_F(ControllerFacts, set_and_clear_halves_of_one_word_with_set_first) {
    make_from_text(block(
        "{ name = \"DIR\", offset = 0, role = \"direction\", reset = 0xFF },"
        "{ name = \"OUT\", offset = 4, role = \"output\" },"
        "{ name = \"BSRR_S\", offset = 8, role = \"set\", access = \"wo\", priority = \"set\" },"
        "{ name = \"BSRR_R\", offset = 8, role = \"clear\", access = \"wo\", first_bit = 16 }"));
    write(8, 0x0000000F);
    EXPECT_EQ(read(4), 0x0Fu);
    write(8, 0x00030001);
    EXPECT_EQ(read(4), 0x0Du) << "set wins on pin 0";
    chip->write(10, 2, 0x0004);
    EXPECT_EQ(read(4), 0x09u) << "half-word access to the clearing half";
}

TEST_F(ControllerFacts, upper_half_write_enable_changes_only_enabled_bits) {
    make_from_text(
        block("{ name = \"OUT\", offset = 0, role = \"output\", write_enable = \"upper_half\" }"));
    write(0, 0x000F0005);
    EXPECT_EQ(read(0), 0x05u);
    write(0, 0x00FF);
    EXPECT_EQ(read(0), 0x05u);
    write(0, 0x00010000);
    EXPECT_EQ(read(0), 0x04u);
}

TEST_F(ControllerFacts, aliases_xor_set_and_clear_the_base_register) {
    make_from_text(block("{ name = \"OUT\", offset = 0, role = \"output\" }", "",
                         ", aliases = { xor = 0x40, set = 0x80, clear = 0xC0 }"));
    write(0x80, 0x0F);
    write(0x40, 0x11);
    write(0xC0, 0x02);
    EXPECT_EQ(read(0), 0x1Cu);
    EXPECT_EQ(read(0x80), 0x1Cu);
}

TEST_F(ControllerFacts, read_clears_and_peek_does_not) {
    make_from_text(
        block("{ name = \"ST\", offset = 0, role = \"status\", access = \"rc\" },"
              "{ name = \"FE\", offset = 4, role = \"detect_falling\" }",
              "[interrupt]\nassert = \"status\"\noutput = [ { name = \"I\", pins = \"0-7\" } ]"));
    high(1);
    write(4, 2);
    low(1);
    EXPECT_TRUE(chip->read_has_side_effects(0));
    EXPECT_EQ(chip->peek(0, 4), 2u);
    EXPECT_EQ(read(0), 2u);
    EXPECT_FALSE(line());
    EXPECT_EQ(read(0), 0u);
}

TEST_F(ControllerFacts, a_gate_drops_and_a_mask_keeps) {
    make_from_text(block(
        "{ name = \"EN\", offset = 0x0, role = \"int_enable\" },"
        "{ name = \"MASK\", offset = 0x4, role = \"int_mask\" },"
        "{ name = \"TYPE\", offset = 0x8, role = \"int_type\", level = 0 },"
        "{ name = \"POL\", offset = 0xC, role = \"int_polarity\", high = 1 },"
        "{ name = \"RAW\", offset = 0x10, role = \"raw_status\" , access = \"ro\" },"
        "{ name = \"STAT\", offset = 0x14, role = \"masked_status\" },"
        "{ name = \"EOI\", offset = 0x18, role = \"eoi\" }",
        "[interrupt]\nwatch = \"pads\"\nlatch_edges_while = \"enabled\"\ndrop_on_disable = true\n"
        "level = \"follow\"\non_reconfigure = \"clear\"\nassert = \"raw_status & ~int_mask\"\n"
        "output = [ { name = \"I\", pins = \"0-7\" } ]"));
    low(0);
    write(0x8, 1);
    write(0xC, 1);
    write(0x0, 1);
    write(0x4, 1);
    high(0);
    EXPECT_EQ(read(0x10), 1u);
    EXPECT_EQ(read(0x14), 0u);
    EXPECT_FALSE(line());
    write(0x4, 0);
    EXPECT_TRUE(line());
    write(0x0, 0);
    EXPECT_FALSE(line());
    write(0x0, 1);
    EXPECT_EQ(read(0x10), 0u) << "the gate dropped it";
}

TEST_F(ControllerFacts, mask_set_and_mask_clear_reach_the_mask_by_its_own_sense) {
    make_from_text(
        block("{ name = \"ST\", offset = 0, role = \"mask_status\" },"
              "{ name = \"DIS\", offset = 4, role = \"mask_set\", access = \"wo\" },"
              "{ name = \"ENA\", offset = 8, role = \"mask_clear\", access = \"wo\" }"));
    write(4, 0x0C);
    EXPECT_EQ(read(0), 0x0Cu);
    EXPECT_FALSE(chip->pin(2).unmasked);
    write(8, 0x04);
    EXPECT_EQ(read(0), 0x08u);
    EXPECT_TRUE(chip->pin(2).unmasked);
}

TEST_F(ControllerFacts, a_word_per_pin_has_fields_of_several_roles) {
    make_from_text(
        block("{ name = \"PAD\", page = { base = 0x20, stride = 4 }, field = ["
              "  { role = \"data\", bit = \"0\" },"
              "  { role = \"output_enable\", bit = \"1\" },"
              "  { role = \"pull\", bit = \"3:2\", values = { 0 = \"none\", 1 = \"up\", 2 = "
              "\"down\" }, reset = 2 },"
              "  { role = \"int_config\", bit = \"6:4\", values = { 0 = \"off\", 1 = \"rising\", 2 "
              "= \"falling\", 4 = \"high\" } },"
              "  { role = \"status\", bit = \"31\", access = \"w1c\" } ] }",
              "[interrupt]\nlevel = \"latch\"\nassert = \"status\"\noutput = [ { name = \"I\", "
              "pins = \"0-7\" } ]"));
    const std::uint32_t word3 = 0x20 + 12;
    EXPECT_EQ(read(word3), 0x8u);
    EXPECT_EQ(chip->pin(3).pull, Pull::down);
    write(word3, 0x4 | 0x10);
    EXPECT_TRUE(chip->pin(3).high) << "pulled up now";
    EXPECT_EQ(read(word3), 0x80000015u) << "the rise was seen by the detector of the same write";
    write(word3, 0x80000014);
    EXPECT_EQ(read(word3), 0x15u);
    write(word3, 0x2);
    EXPECT_TRUE(chip->pin(3).driving);
    EXPECT_FALSE(chip->pin(3).high);
    EXPECT_FALSE(chip->pin(2).driving);
}

TEST_F(ControllerFacts, locked_pins_keep_their_configuration_and_the_attempt_is_reported) {
    make_from_text(
        block("{ name = \"LOCK\", offset = 0, role = \"lock\" },"
              "{ name = \"DIR\", offset = 4, role = \"direction\", locked_by = \"LOCK\" },"
              "{ name = \"MODE\", offset = 8, role = \"pull\", bits = 2, locked_by = \"LOCK\","
              "  values = { 0 = \"none\", 1 = \"up\", 2 = \"down\" } }"));
    write(0, 0x2);
    write(4, 0x3);
    EXPECT_EQ(read(4), 0x1u);
    write(8, 0x5);
    EXPECT_EQ(read(8), 0x1u);
    EXPECT_EQ(around.count(HardwareEvent::Kind::locked_write), 2u);
    EXPECT_EQ(around.reports[0].pins, 2u);
}

TEST_F(ControllerFacts, warm_reset_keeps_registers_that_are_marked) {
    make_from_text(
        block("{ name = \"KEPT\", offset = 0, role = \"int_unmask\", reset_warm = \"keep\" },"
              "{ name = \"LOST\", offset = 4, role = \"int_enable\" }"));
    write(0, 0x55);
    write(4, 0x55);
    chip->reset(ResetKind::warm);
    EXPECT_EQ(read(0), 0x55u);
    EXPECT_EQ(read(4), 0u);
    chip->reset(ResetKind::cold);
    EXPECT_EQ(read(0), 0u);
}

TEST_F(ControllerFacts, open_drain_and_inversion_shape_the_pad) {
    make_from_text(
        block("{ name = \"DIR\", offset = 0, role = \"direction\", reset = 0xFF },"
              "{ name = \"DATA\", offset = 4, role = \"data\", read = \"pad\" },"
              "{ name = \"OD\", offset = 8, role = \"open_drain\" },"
              "{ name = \"INV\", offset = 12, role = \"input_invert\" }"));
    wire(0);
    write(8, 1);
    write(4, 1);
    EXPECT_TRUE(wire(0).floating());
    write(4, 0);
    EXPECT_EQ(wire(0).level(), Level::low);
    EXPECT_EQ(read(4) & 1, 0u);
    write(12, 1);
    EXPECT_EQ(read(4) & 1, 1u);
}

TEST_F(ControllerFacts, names_of_registers_are_known_by_offset) {
    make("bcm2835");
    EXPECT_EQ(chip->register_name(0x44), "GPEDS");
    EXPECT_EQ(chip->register_name(0x48), "");
    EXPECT_EQ(chip->register_name(0x4000), "");
    EXPECT_EQ(chip->offset_of("GPEDS", 1), 0x44u);
    EXPECT_EQ(chip->offset_of("GPEDS", 2), std::nullopt);
    make("pl061");
    EXPECT_EQ(chip->register_name(0x3FC), "DATA");
}

TEST_F(ControllerFacts, the_bits_of_a_pin_and_the_pins_of_bits_are_known) {
    make("bcm2835");
    bool function_found = false;
    for (const PinBits& bits : chip->bits_of_pin(33)) {
        if (bits.role != Role::function) {
            EXPECT_EQ(bits.mask, 2u) << bits.register_name;
            continue;
        }
        function_found = true;
        EXPECT_EQ(bits.offset, 0x0Cu);
        EXPECT_EQ(bits.mask, 7u << 9);
    }
    EXPECT_TRUE(function_found);
    EXPECT_EQ(chip->pins_of_bits(0x0C, 0x3F), (PinList{30, 31}));
    EXPECT_EQ(chip->pins_of_bits(0x40, 0x80000001), (PinList{0, 31}));
    make("pl061");
    EXPECT_EQ(chip->pins_of_bits(0x010, 0xFF), (PinList{2}));
}

TEST_F(ControllerFacts, a_pin_that_does_not_exist_or_is_wired_already_is_refused) {
    make("pl061");
    Wire net(around, "net");
    auto missing = chip->connect(8, net);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().text(), "gpio (pl061) has no pin 8 (it has pins 0-7)");
    ASSERT_TRUE(chip->connect(0, net));
    EXPECT_FALSE(chip->connect(0, net));
}

TEST_F(ControllerFacts, connecting_a_wire_makes_no_edge) {
    make("pl061");
    write(0x408, 0xFF);
    Wire net(around, "net");
    Terminal driver = net.attach(nullptr, 0, "d");
    driver.drive(Drive::high);
    ASSERT_TRUE(chip->connect(0, net));
    EXPECT_EQ(read(0x414), 0u);
    EXPECT_EQ(read(0x3FC), 1u);
}

}  // namespace
}  // namespace gpioclx::hardware
