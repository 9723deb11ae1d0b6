// A register map unfolded for execution: for each word of the address range a cell, for each cell
// the parts it consists of. Built once; the hot paths of a controller only index into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "hardware/bank.h"
#include "hardware/interrupt_expression.h"
#include "hardware/register_map.h"

namespace gpioclx::hardware {

enum class Effect : std::uint8_t { none = 0, pads = 1, pulls = 2, config = 4, filter = 8 };

// What the codes of a field can mean.
enum class Function : std::uint8_t { input, output, gpio, hardware, interrupt, analog, reserved };
enum class Trigger : std::uint8_t { off, low, high, rising, falling, both, reserved };
enum class PullCode : std::uint8_t { none, up, down, reserved };

struct CodeTable {
    std::vector<std::uint8_t> meanings;  // by code; Function, Trigger or PullCode
    std::vector<std::string> names;      // by code; empty: reserved
};

// The part of a word that has one role.
struct Part {
    enum class Read : std::uint8_t {
        zero,
        store,
        plane,
        pad,
        input_path,
        data,
        latch,
        raw,
        masked
    };
    enum class Write : std::uint8_t {
        ignored,
        store,
        assign,
        set,
        clear,
        toggle,
        clear_zeros,
        fields,
        strobe,
        soft_trigger,
        lock_sequence
    };
    Read read = Read::zero;
    Write write = Write::ignored;
    Plane plane = Plane::latch;
    Effect effect = Effect::none;
    Role role = Role::reserved;
    Access access = Access::rw;
    std::uint16_t bank = 0;
    std::uint8_t left = 0, right = 0;  // word bits = (plane >> right) << left
    std::uint32_t invert = 0;          // all ones: the register has the opposite sense
    std::uint32_t bank_mask = 0;       // one-bit parts: whose pins, in the bank
    std::uint32_t word_mask = 0;       // bits of the word
    std::uint32_t offset = 0;          // of the word, for messages
    std::uint16_t store = 0;           // index of the stored word
    std::uint16_t codes = 0;           // index of the code table
    std::uint8_t field_bits = 1;
    std::uint8_t first_bit = 0;
    std::uint8_t key_bit = 0;                    // lock_sequence
    std::uint16_t first_pin = 0, pin_count = 0;  // fields: pins in this word
    std::uint16_t register_index = 0;
    std::uint32_t reset = 0;  // word bits
    bool resets = false;      // this part gives its plane's reset value
    bool read_clears = false;
    bool outputs_only = false;
    bool lockable = false;
    bool keep_on_warm_reset = false;
    bool may_sample = false;
    bool priority = false;

    std::uint32_t to_word(std::uint32_t plane_bits) const {
        return ((plane_bits & bank_mask) >> right) << left;
    }
    // The bits of the i-th pin's field in the word.
    std::uint32_t field_mask(unsigned i) const {
        return ((field_bits >= 32 ? 0 : 1u << field_bits) - 1) << (first_bit + i * field_bits);
    }
    std::uint32_t to_bank(std::uint32_t word_bits) const {
        return ((word_bits & word_mask) >> left) << right;
    }
};

// One word.
struct Cell {
    std::uint32_t implemented = 0;
    std::uint32_t window_mask = 0;  // non-zero: address bits are the bit mask
    std::uint32_t first_part = 0;
    std::uint16_t part_count = 0;
    std::uint16_t register_index = 0;
    std::uint32_t offset = 0;
    std::uint8_t window_shift = 0;
    WriteEnable write_enable = WriteEnable::none;
    bool write_enable_value = true;
    bool read_only = false;
    bool write_only = false;
    bool read_clears = false;
};

enum class AliasAction : std::uint8_t { none, exclusive_or, set, clear };

// A control bit in the stored words; mask 0: there is none.
struct StoredBit {
    std::uint16_t store = 0;
    std::uint32_t mask = 0;
};

struct OutputLayout {
    std::string name;
    bool active_high = true;
    bool open_drain = false;
    StoredBit all_pins_when = {}, open_drain_when = {}, active_high_when = {};
};

// One interrupt output looks at one bank.
struct OutputLink {
    std::uint16_t output = 0;
    std::uint8_t assertion = 0;
    bool on = false;
    bool mirror = false;  // counts only while the output stands for all pins
    std::uint32_t pins = 0;
};

struct RegisterLayout {
    static constexpr std::uint16_t no_cell = 0xFFFF;

    std::vector<std::uint16_t> cell_of_word;  // by offset / stride
    std::vector<AliasAction> alias_of_word;   // empty without aliases
    std::vector<Cell> cells;
    std::vector<Part> parts;
    std::vector<CodeTable> codes;
    std::uint16_t store_count = 0;
    std::vector<Bank> banks;  // as before reset; pins, first_pin, links
    std::vector<std::uint16_t> bank_of_pin;
    std::vector<InterruptExpression> assertions;
    std::vector<OutputLayout> outputs;
    std::vector<OutputLink> links;            // grouped by bank
    std::uint64_t output_control_stores = 0;  // bit n: stored word n has control bits of outputs
    // Store word and code table of pull_command; no_cell without one.
    std::uint16_t pull_command_store = no_cell;
    std::uint16_t pull_command_codes = 0;
    bool has_function = false, has_pull_field = false, has_pull_enable = false;
    bool has_type = false, has_config = false, has_detect = false, has_polarity = false;
    bool both_overrides = false;
    bool pull_enable_up = true;
    std::uint32_t strobe_wait_ns = 0;
};

Result<RegisterLayout> build_register_layout(const RegisterMap& map);

// The stored word of a register with pins = "none" and one word; nullopt if there is none.
std::optional<std::uint16_t> store_of(const RegisterMap& map, const RegisterLayout& layout,
                                      std::string_view register_name);

}  // namespace gpioclx::hardware
