// Each mistake that people make in a register map is told with its line, its key, and what would be
// right. And whatever a file holds, reading it ends with a map or an error.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "hardware/controller.h"
#include "hardware/register_map_reader.h"
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

struct Mistake {
    const char* name;
    int line;          // counted from 1
    const char* text;  // in the message
    const char* hint;  // in what would be right
    const char* document;
};

#define CONTROLLER \
    "controller = { name = 't', title = 't', source = 't', pins = 8, size = 0x40, width = 32 }\n"
#define REGISTERS(...) CONTROLLER "register = [\n" __VA_ARGS__ "\n]\n"
#define STATUS "{ name = 'S', offset = 0, role = 'status', access = 'w1c' },\n"

// Lines: CONTROLLER is line 1, the first register line 3.
constexpr Mistake mistakes[] = {
    {"empty_file", 1, "key 'controller' is missing", "controller = { name", ""},
    {"controller_is_a_list", 1, "controller: is a list, must be a table", "write a table",
     "controller = []\n"},
    {"no_name", 1, "controller: key 'name' is missing",
     "name = ", "controller = { title = 't' }\n"},
    {"no_pins", 1, "key 'pins' is missing", "pins = 8",
     "controller = { name = 't', title = 't', source = 't', size = 4, width = 32 }\n"},
    {"pins_as_text", 1, "controller: pins: is a text, must be a number", "number",
     "controller = { name = 't', title = 't', source = 't', pins = '8', size = 4, width = 32 }\n"},
    {"zero_pins", 1, "pins: a controller has at least one pin", "1 to 4096",
     "controller = { name = 't', title = 't', source = 't', pins = 0, size = 4, width = 32 }\n"},
    {"too_many_pins", 1, "pins: 5000 is out of range", "0 to 4096",
     "controller = { name = 't', title = 't', source = 't', pins = 5000, size = 4, width = 32 }\n"},
    {"negative_size", 1, "size: -4 is out of range", "0 to",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = -4, width = 32 }\n"},
    {"odd_width", 1, "width: 24 is not possible", "8, 16 or 32 bits",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 4, width = 24 }\n"},
    {"odd_stride", 1, "stride: 3 is not possible", "power of two",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 4, width = 8, stride "
     "= 3 }\n"},
    {"odd_access_width", 1, "access_widths: 12 is not possible", "8, 16, 32, 64",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 4, width = 32, "
     "access_widths = [12] }\n"},
    {"misspelt_controller_key", 1, "key 'tilte' is not known", "did you mean 'title'?",
     "controller = { name = 't', title = 't', tilte = 't', source = 't', pins = 8, size = 4, width "
     "= 32 }\n"},
    {"big_endian", 1, "endian: 'big' is not known", "little",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 4, width = 32, endian "
     "= 'big' }\n"},
    {"model_in_a_map", 1, "model: a register map cannot name a C++ model", "[[model]]",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 4, width = 32, model "
     "= 'x.so' }\n"},
    {"misspelt_table", 2, "key 'interupt' is not known", "did you mean 'interrupt'?",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 64, width = 32 }\n"
     "[interupt]\nwatch = 'pads'\n[[register]]\nname = 'A'\noffset = 0\nrole = 'output'\n"},
    {"no_registers", 1, "key 'register' is missing", "register = [", CONTROLLER},
    {"too_many_pins_for_a_bank", 1, "40 pins need more than one bank", "banks = { count",
     "controller = { name = 't', title = 't', source = 't', pins = 40, size = 64, width = 32 "
     "}\nregister = []\n"},
    {"bank_of_40_pins", 2, "a bank is one unbroken range of at most 32 pins", "0-31",
     "controller = { name = 't', title = 't', source = 't', pins = 40, size = 64, width = 32 }\n"
     "bank = [ { pins = '0-39' } ]\nregister = []\n"},
    {"bank_with_a_gap", 2, "the banks have 4 pins together, the controller 8", "0-7",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 64, width = 32 }\n"
     "bank = [ { pins = '0-3' } ]\nregister = []\n"},
    {"banks_that_do_not_fit", 2, "2 banks of 8 pins are not the controller's 8 pins", "count",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 64, width = 32 }\n"
     "banks = { count = 2, pins = 8, stride = 4 }\nregister = []\n"},
    {"misspelt_role", 3, "register A: role: 'ouput' is not known", "did you mean 'output'?",
     REGISTERS("{ name = 'A', offset = 0, role = 'ouput' }")},
    {"unknown_role", 3, "register A: role: 'banana' is not known", "roles: input, output",
     REGISTERS("{ name = 'A', offset = 0, role = 'banana' }")},
    {"no_role", 3, "register A: key 'role' is missing",
     "role = ", REGISTERS("{ name = 'A', offset = 0 }")},
    {"no_offset", 3, "register A: key 'offset' is missing",
     "offset = ", REGISTERS("{ name = 'A', role = 'output' }")},
    {"misspelt_key", 3, "key 'offest' is not known", "did you mean 'offset'?",
     REGISTERS("{ name = 'A', offest = 0, offset = 0, role = 'output' }")},
    {"unknown_access", 3, "register A: access: 'wc' is not known", "rw, ro, wo",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', access = 'wc' }")},
    {"offset_as_text", 3, "register A: offset: must be a number", "each from 0",
     REGISTERS("{ name = 'A', offset = '0x10', role = 'output' }")},
    {"offset_outside", 3, "register A: offset: 0x40 is outside of the block", "size is 0x40",
     REGISTERS("{ name = 'A', offset = 0x40, role = 'output' }")},
    {"offset_between_words", 3, "0x6 is not a multiple of the stride 4", "0x4 or 0x8",
     REGISTERS("{ name = 'A', offset = 6, role = 'output' }")},
    {"two_registers_at_one_place", 4, "register B: offset: overlaps register A at 0x0",
     "another offset",
     REGISTERS("{ name = 'A', offset = 0, role = 'output' },\n{ name = 'B', offset = 0, role = "
               "'direction' }")},
    {"two_registers_of_one_name", 4, "there is a register 'A' already", "another name",
     REGISTERS("{ name = 'A', offset = 0, role = 'output' },\n{ name = 'A', offset = 4, role = "
               "'direction' }")},
    {"two_directions", 4, "register B: role: pin 0 has its direction in register A already",
     "pins = ",
     REGISTERS("{ name = 'A', offset = 0, role = 'direction' },\n{ name = 'B', offset = 4, role = "
               "'direction' }")},
    {"pin_that_does_not_exist", 3, "pin 8 in '0-8' does not exist", "there are pins 0-7",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', pins = '0-8' }")},
    {"descending_pins", 3, "'7-0' is not a list of pins", "ascending order",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', pins = '7-0' }")},
    {"too_many_words", 3, "3 offsets for 8 pins with 32 pins a word", "1 words are needed",
     REGISTERS("{ name = 'A', offset = [0, 4, 8], role = 'output' }")},
    {"fields_that_do_not_fit", 3, "20 fields of 2 bits from bit 0 do not fit 32 bits", "at most 16",
     REGISTERS("{ name = 'A', offset = 0, role = 'pull', bits = 2, per_word = 20, values = { 0 = "
               "'none' } }")},
    {"two_bits_for_a_one_bit_role", 3, "register A: bits: role output has one bit a pin",
     "bits = 1", REGISTERS("{ name = 'A', offset = 0, role = 'output', bits = 2 }")},
    {"too_many_bits_for_a_code", 3, "register A: bits: 20 bits are too many", "at most 8",
     REGISTERS("{ name = 'A', offset = [0, 4, 8, 12, 16, 20, 24, 28], role = 'function', bits = "
               "20, values = { 0 = 'input' } }")},
    {"codes_missing", 3, "register A: values: the codes of the field are missing", "values = {",
     REGISTERS("{ name = 'A', offset = 0, role = 'function', bits = 2 }")},
    {"code_too_large", 3, "'4' is not a code of 2 bits", "0 to 3",
     REGISTERS("{ name = 'A', offset = 0, role = 'pull', bits = 2, values = { 4 = 'up' } }")},
    {"code_not_a_number", 3, "'up' is not a code of 2 bits", "0 to 3",
     REGISTERS("{ name = 'A', offset = 0, role = 'pull', bits = 2, values = { up = 1 } }")},
    {"code_with_unknown_name", 3, "'higher' is not known", "none, up, down",
     REGISTERS("{ name = 'A', offset = 0, role = 'pull', bits = 2, values = { 1 = 'higher' } }")},
    {"values_where_none_belong", 3, "register A: values: role output has no codes", "function",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', values = { 0 = 'low' } }")},
    {"argument_of_another_role", 3, "register A: level: role output has no such argument",
     "int_type", REGISTERS("{ name = 'A', offset = 0, role = 'output', level = 1 }")},
    {"argument_out_of_range", 3, "register A: output: must be 0 or 1", "0 or 1",
     REGISTERS("{ name = 'A', offset = 0, role = 'direction', output = 2 }")},
    {"async_as_number", 3, "register A: async: is a number, must be true or false", "true or false",
     REGISTERS("{ name = 'A', offset = 0, role = 'detect_rising', async = 1 }")},
    {"unknown_target", 3, "register A: of: 'RIS' is no register or role", "status",
     REGISTERS("{ name = 'A', offset = 0, role = 'eoi', of = 'RIS' }")},
    {"target_where_none_belongs", 3, "register A: of: role output acts on nothing else",
     "set, clear", REGISTERS("{ name = 'A', offset = 0, role = 'output', of = 'status' }")},
    {"input_that_is_written", 3, "register A: access: role input is read-only", "role data",
     REGISTERS("{ name = 'A', offset = 0, role = 'input', access = 'rw' }")},
    {"write_one_to_clear_a_code", 3, "register A: access: role pull is stored as written", "rw, ro",
     REGISTERS("{ name = 'A', offset = 0, role = 'pull', bits = 2, access = 'w1c', values = { 0 = "
               "'none' } }")},
    {"reset_too_large", 3, "register A: reset: must be a number", "0xff",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 0x40, width = 8, "
     "stride = 4 }\n"
     "register = [\n{ name = 'A', offset = 0, role = 'output', reset = [0x100] }\n]\n"},
    {"resets_of_another_count", 3, "register A: reset: 2 values for 1 words", "one for each",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', reset = [1, 2] }")},
    {"reset_as_text", 3, "register A: reset: 'latch' is not a value", "\"pad\"",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', reset = 'latch' }")},
    {"mask_of_a_register_of_pins", 3, "only words with pins = \"none\" have a mask",
     "follow from its pins", REGISTERS("{ name = 'A', offset = 0, role = 'output', mask = 0xFF }")},
    {"pins_none_of_a_pin_role", 3, "register A: pins: role direction is about pins",
     "leave pins away", REGISTERS("{ name = 'A', offset = 0, role = 'direction', pins = 'none' }")},
    {"window_without_bits", 3, "mask_window: key 'address_bits' is missing", "9:2",
     REGISTERS("{ name = 'A', offset = 0, role = 'data', mask_window = { end = 0x1C } }")},
    {"window_with_wrong_bits", 3, "'2:9' is not a range of bits", "high:low",
     REGISTERS("{ name = 'A', offset = 0, role = 'data', mask_window = { end = 0x1C, address_bits "
               "= '2:9' } }")},
    {"window_of_another_size", 3,
     "mask_window: end: address bits 4:2 reach from 0x0 to 0x1c, not to 0x3c", "end = 0x1c",
     REGISTERS("{ name = 'A', offset = 0, role = 'data', mask_window = { end = 0x3C, address_bits "
               "= '4:2' } }")},
    {"write_enable_of_a_narrow_word", 3, "write_enable: a word of 8 bits has no such half",
     "width = 32",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 0x40, width = 8, "
     "stride = 4 }\n"
     "register = [\n{ name = 'A', offset = 0, role = 'output', write_enable = 'upper_half' }\n]\n"},
    {"write_enable_over_pins", 3,
     "write_enable: bits 16 to 31 enable writes and cannot belong to pins", "at most 16 pins",
     "controller = { name = 't', title = 't', source = 't', pins = 32, size = 0x40, width = 32 }\n"
     "register = [\n{ name = 'A', offset = 0, role = 'output', write_enable = 'upper_half' }\n]\n"},
    {"enable_without_write_enable", 3, "register A: enable: there is no write_enable",
     "write_enable = ", REGISTERS("{ name = 'A', offset = 0, role = 'output', enable = 0 }")},
    {"stride_without_banks", 3, "register A: stride: the controller has one bank", "banks = {",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', stride = 4 }")},
    {"lock_that_is_none", 3, "locked_by: 'B' is no register of role lock", "role = \"lock\"",
     REGISTERS("{ name = 'A', offset = 0, role = 'output', locked_by = 'B' }")},
    {"strobe_without_command", 3, "register A: of: there is no register of role pull_command",
     "pull_command", REGISTERS("{ name = 'A', offset = 0, role = 'pull_strobe' }")},
    {"fields_without_page", 3, "register A: field: fields need a page", "page = {",
     REGISTERS("{ name = 'A', offset = 0, field = [ { role = 'output', bit = '0' } ] }")},
    {"page_without_fields", 3, "key 'field' is missing",
     "role = ", REGISTERS("{ name = 'A', role = 'output', page = { base = 0, stride = 4 } }")},
    {"page_without_stride", 3, "page: key 'stride' is missing", "stride = ",
     REGISTERS("{ name = 'A', page = { base = 0 }, field = [ { role = 'output', bit = '0' } ] }")},
    {"field_beyond_the_word", 3, "'32' is no range of bits of the word", "up to 31",
     REGISTERS("{ name = 'A', page = { base = 0, stride = 4 }, field = [ { role = 'output', bit = "
               "'32' } ] }")},
    {"alias_over_registers", 3, "aliases: the alias at 0x4 is taken or outside",
     "multiple of the block",
     "controller = { name = 't', title = 't', source = 't', pins = 8, size = 0x40, width = 32, "
     "aliases = { set = 4 } }\n"
     "register = [\n{ name = 'A', offset = 0, role = 'output' },\n{ name = 'B', offset = 4, role = "
     "'direction' }\n]\n"},
    {"no_formula", 6, "interrupt: key 'assert' is missing",
     "assert = ", REGISTERS(STATUS) "[interrupt]\nwatch = 'pads'\n"},
    {"formula_with_an_unknown_word", 6, "'mask' cannot stand in an interrupt formula",
     "words: status", REGISTERS(STATUS) "[interrupt]\nassert = 'status & mask'\n"},
    {"formula_without_an_end", 6, "')' is missing", "as in",
     REGISTERS(STATUS) "[interrupt]\nassert = '(status'\n"},
    {"formula_over_a_role_that_no_register_has", 6, "no register has role int_unmask", "int_unmask",
     REGISTERS(STATUS) "[interrupt]\nassert = 'status & int_unmask'\n"},
    {"unknown_watch", 7, "interrupt: watch: 'pins' is not known", "one of pads",
     REGISTERS(STATUS) "[interrupt]\nwatch = 'pins'\nassert = 'status'\n"},
    {"watch_of_a_function_that_no_pin_has", 6,
     "watch: no code of a function register means interrupt", "values",
     REGISTERS(STATUS) "[interrupt]\nwatch = 'function'\nassert = 'status'\n"},
    {"output_without_name", 8, "interrupt output: key 'name' is missing", "IRQ",
     REGISTERS(STATUS) "[interrupt]\nassert = 'status'\noutput = [ { pins = '0-7' } ]\n"},
    {"two_outputs_of_one_name", 9, "there is an interrupt output 'IRQ' already", "another name",
     REGISTERS(STATUS) "[interrupt]\nassert = 'status'\noutput = [ { name = 'IRQ', pins = '0' "
                       "},\n{ name = 'IRQ', pins = '1' } ]\n"},
    {"pull_both_ways", 8, "pull_after_reset: down: pin 3 is pulled up already", "up or down",
     REGISTERS(STATUS) "[pull_after_reset]\nup = '0-3'\ndown = '3'\n"},
    {"function_after_reset_that_no_code_has", 7,
     "function_after_reset: alt9: no code of a function register is named 'alt9'", "values",
     REGISTERS(STATUS) "[function_after_reset]\nalt9 = '0'\n"},
    {"a_date", 1, "a register map has no use for this kind of value", "whole number",
     "controller = 2020-01-01\n"},
    {"a_fraction", 1, "a register map has no use for this kind of value", "whole number",
     "controller = { name = 't', title = 't', source = 't', pins = 8.5, size = 4, width = 32 }\n"},
    {"broken_toml", 1, "expected key or closing", "valid TOML", "controller = {\n"},
    {"a_bracket_of_another_kind", 2, "where a key or a value belongs", "valid TOML",
     "a = 1\nregister = [ }\n"},
    {"twice_the_same_key", 2, "", "valid TOML", "title = 'a'\ntitle = 'b'\n"},
    {"serial_part", 2, "bus", "", CONTROLLER "bus = { kind = 'uart' }\nregister = []\n"},
};

class MistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(MistakeTest, is_told_with_line_key_and_what_would_be_right) {
    const Mistake& mistake = GetParam();
    auto map = parse_register_map(mistake.document, "t.toml");
    ASSERT_FALSE(map) << "it was accepted";
    const Error& error = map.error();
    EXPECT_EQ(error.file, "t.toml");
    EXPECT_EQ(error.line, mistake.line) << error.text();
    EXPECT_NE(error.message.find(mistake.text), std::string::npos) << error.text();
    EXPECT_NE(error.hint, "") << error.text();
    EXPECT_NE(error.hint.find(mistake.hint), std::string::npos) << error.text();
}

INSTANTIATE_TEST_SUITE_P(RegisterMap, MistakeTest, testing::ValuesIn(mistakes),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(VariantMistake, each_is_told_with_its_line) {
    const std::string base = REGISTERS("{ name = 'A', offset = 0, role = 'output' }");
    const std::pair<const char*, const char*> cases[] = {
        {"[variant.v]\nremove = ['B']\n", "variant v: remove: there is no register 'B'"},
        {"[variant.v]\nremove = 'A'\n", "variant v: remove: must be a list of names"},
        {"[variant.v]\nreplace = { B = { offset = 4 } }\n",
         "variant v: replace: there is no register 'B'"},
        {"[variant.v]\nreplace = { A = 4 }\n",
         "variant v: replace: what replaces A must be a table"},
        {"[variant.v]\noutput_pins = { IRQ = '0' }\n", "there is no interrupt output 'IRQ'"},
        {"[variant.v]\nadd = { name = 'B' }\n", "variant v: add: is a table, must be a list"},
        {"[variant.v]\nrename = 'B'\n", "variant v: key 'rename' is not known"},
    };
    for (const auto& [text, message] : cases) {
        auto map = parse_register_map(base + text, "t.toml", "v");
        ASSERT_FALSE(map) << text;
        EXPECT_NE(map.error().message.find(message), std::string::npos) << map.error().text();
        EXPECT_GE(map.error().line, 5) << map.error().text();
        EXPECT_NE(map.error().hint, "") << map.error().text();
    }
}

// A generator of our own: the same edits on every machine.
class Dice {
  public:
    explicit Dice(std::uint32_t seed) : state_(seed) {}
    std::uint32_t roll(std::size_t sides) {
        state_ = state_ * 1664525u + 1013904223u;
        return static_cast<std::uint32_t>((state_ >> 8) % sides);
    }

  private:
    std::uint32_t state_;
};

std::string read_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::vector<std::string> tokens_of(const std::string& text) {
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        if (std::isalnum(static_cast<unsigned char>(text[i])))
            while (end < text.size() &&
                   (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
                ++end;
        tokens.push_back(text.substr(i, end - i));
        i = end;
    }
    return tokens;
}

// What was accepted must also run.
void exercise(RegisterMap map, Dice& dice) {
    TestSurroundings around;
    auto chip = Controller::create("gpio", std::move(map), around);
    ASSERT_TRUE(chip) << chip.error().text();
    for (int i = 0; i < 60; ++i) {
        const std::uint32_t offset = dice.roll((*chip)->map().size + 16);
        const unsigned bytes = 1u << dice.roll(4);
        const std::uint64_t value = dice.roll(0x10000) * 0x10001ull * (dice.roll(3) + 1);
        if (dice.roll(2) == 0)
            (*chip)->write(offset, bytes, value);
        else
            (*chip)->read(offset, bytes);
    }
    for (unsigned pin = 0; pin < (*chip)->pin_count(); ++pin) {
        (void)(*chip)->pin(pin);
        (void)(*chip)->bits_of_pin(pin);
    }
    around.run_until(1'000'000'000);
    (*chip)->reset(ResetKind::warm);
}

TEST(MapEdits, random_edits_of_the_shipped_maps_give_a_map_that_runs_or_an_error) {
    std::vector<std::string> words = {"0",    "1",    "-1",          "32",         "33",
                                      "64",   "4096", "0xFFFFFFFF",  "9999999999", "true",
                                      "'x'",  "\"\"", "[]",          "{}",         "none",
                                      "0-7",  "rw",   "w1c",         "rc",         "data",
                                      "lock", "page", "mask_window", "upper_half", "bits"};
    unsigned accepted = 0, refused = 0;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(GX_HARDWARE_MAPS))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (std::uint32_t seed = 1; seed <= 1500; ++seed) {
        Dice dice(seed);
        std::vector<std::string> tokens = tokens_of(read_file(files[dice.roll(files.size())]));
        for (unsigned edits = 1 + dice.roll(4); edits > 0; --edits) {
            std::string& token = tokens[dice.roll(tokens.size())];
            switch (dice.roll(4)) {
                case 0: token.clear(); break;
                case 1: token = words[dice.roll(words.size())]; break;
                case 2: token = tokens[dice.roll(tokens.size())]; break;
                default:
                    if (!token.empty())
                        token[dice.roll(token.size())] = static_cast<char>(dice.roll(256));
            }
        }
        std::string text;
        for (const std::string& token : tokens) text += token;
        SCOPED_TRACE("seed " + std::to_string(seed));
        auto map = parse_register_map(text, "edited.toml");
        if (map) {
            ++accepted;
            exercise(std::move(*map), dice);
        } else {
            ++refused;
            EXPECT_NE(map.error().message, "");
            EXPECT_GT(map.error().line, 0) << map.error().text();
        }
    }
    // Both must happen, or the edits are too mild or too rough.
    EXPECT_GT(accepted, 100u);
    EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace gpioclx::hardware
