// Mistakes in a register map: each names file, line, key and what would be right.
#include "hardware/register_map_reader.h"

#include <gtest/gtest.h>

namespace gpioclx::hardware {
namespace {

constexpr std::string_view head =
    "controller = { name = \"t\", title = \"t\", source = \"t\", pins = 8, size = 0x20, width = 32 "
    "}\n";

std::string error_of(std::string_view registers, std::string_view more = "") {
    const std::string text =
        std::string(head) + "register = [\n" + std::string(registers) + "\n]\n" + std::string(more);
    auto map = parse_register_map(text, "t.toml");
    return map ? "no error" : map.error().text();
}

TEST(RegisterMapMistake, unknown_role_names_line_and_the_near_one) {
    EXPECT_EQ(error_of("{ name = \"D\", offset = 0, role = \"directoin\" }"),
              "t.toml:3: register D: role: 'directoin' is not known (did you mean 'direction'?)");
}

TEST(RegisterMapMistake, unknown_key_names_the_near_one) {
    EXPECT_EQ(error_of("{ name = \"D\", offest = 0, offset = 0, role = \"direction\" }"),
              "t.toml:3: register D: key 'offest' is not known (did you mean 'offset'?)");
}

TEST(RegisterMapMistake, overlapping_registers) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 4, role = \"direction\" },\n"
                       "{ name = \"B\", offset = 4, role = \"output\" }"),
              "t.toml:4: register B: offset: overlaps register A at 0x4, bits 0xff "
              "(give another offset, or first_bit and pins that do not meet)");
}

TEST(RegisterMapMistake, offset_beyond_size) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 0x20, role = \"direction\" }"),
              "t.toml:3: register A: offset: 0x20 is outside of the block "
              "(controller.size is 0x20)");
}

TEST(RegisterMapMistake, offset_between_words) {
    EXPECT_NE(error_of("{ name = \"A\", offset = 2, role = \"direction\" }")
                  .find("0x2 is not a multiple of the stride 4"),
              std::string::npos);
}

TEST(RegisterMapMistake, pin_out_of_range) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 0, role = \"direction\", pins = \"0-8\" }"),
              "t.toml:3: register A: pins: pin 8 in '0-8' does not exist (there are pins 0-7)");
}

TEST(RegisterMapMistake, number_of_words_does_not_fit_the_pins) {
    EXPECT_NE(error_of("{ name = \"A\", offset = [0, 4, 8], role = \"direction\" }")
                  .find("3 offsets for 8 pins with 32 pins a word (1 words are needed"),
              std::string::npos);
}

TEST(RegisterMapMistake, the_same_role_twice_for_a_pin) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 0, role = \"direction\" },\n"
                       "{ name = \"B\", offset = 4, role = \"direction\" }"),
              "t.toml:4: register B: role: pin 0 has its direction in register A already "
              "(pins = \"..\" divides the pins between two registers)");
}

TEST(RegisterMapMistake, missing_codes_and_unknown_codes) {
    EXPECT_NE(error_of("{ name = \"A\", offset = 0, role = \"function\", bits = 3 }")
                  .find("register A: values: the codes of the field are missing"),
              std::string::npos);
    EXPECT_NE(error_of("{ name = \"A\", offset = 0, role = \"pull\", bits = 2, "
                       "values = { 0 = \"none\", 1 = \"upp\" } }")
                  .find("register A: values: 'upp' is not known (for role pull: none, up, down)"),
              std::string::npos);
    EXPECT_NE(error_of("{ name = \"A\", offset = 0, role = \"pull\", bits = 2, "
                       "values = { 4 = \"none\" } }")
                  .find("'4' is not a code of 2 bits"),
              std::string::npos);
}

TEST(RegisterMapMistake, argument_of_another_role) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 0, role = \"output\", level = 1 }"),
              "t.toml:3: register A: level: role output has no such argument "
              "(it belongs to int_type)");
}

TEST(RegisterMapMistake, lock_that_is_none) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 0, role = \"output\", locked_by = \"B\" }"),
              "t.toml:3: register A: locked_by: 'B' is no register of role lock "
              "(a register with role = \"lock\" has to have that name)");
}

TEST(RegisterMapMistake, unknown_target) {
    EXPECT_NE(error_of("{ name = \"A\", offset = 0, role = \"eoi\", of = \"RIS\" }")
                  .find("t.toml:3: register A: of: 'RIS' is no register or role"),
              std::string::npos);
}

TEST(RegisterMapMistake, unknown_word_in_an_interrupt_formula) {
    EXPECT_NE(error_of("{ name = \"A\", offset = 0, role = \"status\" }",
                       "[interrupt]\nassert = \"status & mask\"\n")
                  .find("'status & mask': 'mask' cannot stand in an interrupt formula"),
              std::string::npos);
    EXPECT_NE(error_of("{ name = \"A\", offset = 0, role = \"status\" }",
                       "[interrupt]\nassert = \"(status\"\n")
                  .find("')' is missing"),
              std::string::npos);
}

TEST(RegisterMapMistake, wrong_kind_of_value) {
    EXPECT_EQ(error_of("{ name = \"A\", offset = 0, role = 3 }"),
              "t.toml:3: register A: role: is a number, must be a text (write a text)");
    EXPECT_NE(error_of("{ name = \"A\", offset = \"x\", role = \"output\" }")
                  .find("offset: must be a number or a list of numbers"),
              std::string::npos);
}

TEST(RegisterMapMistake, syntax_error_names_the_line) {
    auto map = parse_register_map("controller = {\n", "t.toml");
    ASSERT_FALSE(map);
    EXPECT_EQ(map.error().file, "t.toml");
    EXPECT_GT(map.error().line, 0);
}

TEST(RegisterMapMistake, missing_keys_of_the_controller) {
    auto map = parse_register_map("controller = { name = \"t\" }\n", "t.toml");
    ASSERT_FALSE(map);
    EXPECT_EQ(map.error().text(),
              "t.toml:1: controller: key 'title' is missing (as in title = \"...\")");
}

TEST(RegisterMapMistake, unknown_variant_lists_those_there_are) {
    auto map = read_register_map(std::string(GX_HARDWARE_MAPS) + "/bcm2835.toml", "bcm2712");
    ASSERT_FALSE(map);
    EXPECT_NE(map.error().text().find("there is no variant 'bcm2712' (there are: bcm2711)"),
              std::string::npos);
}

TEST(RegisterMapMistake, missing_file) {
    auto map = read_register_map("/nowhere/x.toml");
    ASSERT_FALSE(map);
    EXPECT_EQ(map.error().text(), "/nowhere/x.toml: cannot be read: No such file or directory");
}

TEST(RegisterMapMistake, banks_that_do_not_cover_the_pins) {
    EXPECT_NE(
        error_of("{ name = \"A\", offset = 0, role = \"output\" }", "[[bank]]\npins = \"0-3\"\n")
            .find("the banks have 4 pins together, the controller 8"),
        std::string::npos);
}

TEST(RegisterMap, reads_what_the_file_says) {
    auto map = read_register_map(std::string(GX_HARDWARE_MAPS) + "/pl061.toml");
    ASSERT_TRUE(map);
    EXPECT_EQ(map->name, "pl061");
    EXPECT_EQ(map->source, "ARM DDI 0190B, ch. 3");
    EXPECT_EQ(map->pins, 8u);
    ASSERT_TRUE(map->interrupt);
    EXPECT_EQ(map->interrupt->outputs[0].name, "GPIOINTR");
    EXPECT_EQ(map->registers[0].window->end, 0x3FCu);
}

}  // namespace
}  // namespace gpioclx::hardware
