// What a register-map file says, in types. Reading one: register_map_reader.h. What the keys mean:
// hardware/maps/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hardware/pin_list.h"
#include "hardware/role.h"

namespace gpioclx::hardware {

// pad_if_input: an output reads 0, its input path is off.
enum class ReadRule : std::uint8_t { pad, latch, latch_if_output, pad_if_input };
enum class WriteEnable : std::uint8_t { none, upper_half, upper_byte, lower_half };

// Arguments that belong to one role each; `line` for messages is the register's.
struct RoleArguments {
    bool output = true;          // direction: value of an output
    bool level = true;           // int_type: value of level mode
    bool high = true;            // int_polarity, pull_select: value of high/up
    bool asynchronous = false;   // detect_*
    bool override_type = false;  // int_both: also beats level mode
    bool priority = false;       // set, clear: wins over the other in one write
    bool may_sample = false;     // direction: turning an output on may latch the sampled input
    bool pulls_up = true;        // pull_enable without pull_select
    ReadRule read = ReadRule::latch_if_output;  // data, input
    unsigned key_bit = 0;                       // lock: bit of the key sequence; 0: none
    bool outputs_only = false;  // data, output: writes reach the latch of outputs only
    std::uint32_t wait_ns = 0;  // pull_strobe: setup and hold time of the command
};

struct FieldSpec {
    int line = 0;
    Role role = Role::reserved;
    Access access = Access::rw;
    unsigned first_bit = 0;
    unsigned bits = 1;
    std::uint32_t reset = 0;
    std::vector<std::pair<unsigned, std::string>> values;
    std::string of;
    RoleArguments arguments;
};

struct RegisterSpec {
    int line = 0;
    std::string name;
    std::vector<std::uint32_t> offsets;
    Role role = Role::reserved;
    Access access = Access::rw;
    unsigned bits = 1;
    unsigned per_word = 0;        // 0: as many as fit
    std::optional<PinList> pins;  // absent: word i = bank i
    bool per_pin = true;          // false: pins = "none"
    unsigned first_bit = 0;
    std::uint32_t mask = 0xFFFFFFFF;   // implemented bits when not per pin
    std::vector<std::uint32_t> reset;  // empty: 0; one: every word; else one per word
    bool keep_on_warm_reset = false;
    std::string of;  // role or register acted upon
    std::vector<std::pair<unsigned, std::string>> values;
    RoleArguments arguments;

    struct Window {
        std::uint32_t end = 0;
        unsigned high_bit = 0, low_bit = 0;
    };
    std::optional<Window> window;
    WriteEnable write_enable = WriteEnable::none;
    bool write_enable_value = true;       // which value of an enable bit lets its bit through
    std::optional<std::uint32_t> stride;  // from bank to bank, where it differs from the banks'
    std::string locked_by;                // register of role lock whose bits stop writes; or empty

    struct Page {
        std::vector<std::pair<PinList, std::uint32_t>> bases;  // empty list: all pins
        std::vector<std::uint32_t> offsets;                    // or: one per pin
        std::uint32_t stride = 0;
    };
    std::optional<Page> page;
    std::vector<FieldSpec> fields;
};

struct BankSpec {
    std::string name;
    std::uint16_t first_pin = 0;
    std::uint16_t pin_count = 0;
    std::uint32_t base = 0;
};

struct AliasSpec {
    std::uint32_t xor_offset = 0, set_offset = 0, clear_offset = 0;  // 0: none
};

// A bit of a register that is not about pins, "IOCON:6"; a control of the whole chip.
struct ControlBit {
    std::string register_name;  // empty: there is none
    unsigned bit = 0;
};

struct OutputSpec {
    int line = 0;
    std::string name;
    PinList pins;
    std::string assertion;  // empty: the map's
    bool active_high = true;
    bool open_drain = false;
    // While such a bit is 1:
    ControlBit all_pins_when;     // the output stands for the pins of all outputs
    ControlBit open_drain_when;   // it only pulls down, whatever its polarity
    ControlBit active_high_when;  // it is active high, else low
};

// How a chip behind a serial bus is addressed, and what its address pointer does. Which address or
// chip select it answers to is the board's business.
struct BusSpec {
    enum class Kind : std::uint8_t { i2c, spi };
    enum class Pointer : std::uint8_t { stay, increment, toggle_pair };
    // Rules in force while (mode register & mask) == value.
    struct Mode {
        std::uint32_t mask = 0, value = 0;
        Pointer pointer = Pointer::increment;
        // Register offset by address; an entry outside of the block is a hole. Empty: the same.
        std::vector<std::uint32_t> addresses;
    };
    int line = 0;
    Kind kind = Kind::i2c;
    unsigned address_bytes = 1;
    bool low_byte_first = false;
    std::uint32_t pointer_mask = 0xFFFFFFFF;         // bits of the pointer that count
    std::uint8_t hole = 0xFF;                        // read where no register is
    std::uint8_t opcode_write = 0, opcode_read = 0;  // SPI, with address pins at 0
    ControlBit address_pins_when;                    // SPI: address pins count while it is 1
    std::string mode_register;
    std::vector<Mode> modes;  // at least one; the first that fits
};

struct InterruptSpec {
    int line = 0;
    // input_path: detectors see 0 on pins that are outputs, so that a change of direction can be
    // an edge or a level to them.
    enum class Watch : std::uint8_t { pads, inputs, software_inputs, function, input_path };
    enum class Latch : std::uint8_t { always, enabled, unmasked };
    enum class LevelRule : std::uint8_t { follow, latch, none };
    enum class Reconfigure : std::uint8_t { keep, clear, may_latch };
    // Comparators in place of edge detectors: an input asks for attention while its pad differs
    // from what it was when somebody last looked. last_read: live, goes away when the pad comes
    // back; previous_clear: also forgets what was before a pin was enabled.
    enum class Compare : std::uint8_t { none, last_read, previous_clear };
    Watch watch = Watch::pads;
    Latch latch_edges_while = Latch::always;
    bool drop_on_disable = false;
    LevelRule level = LevelRule::follow;
    Reconfigure on_reconfigure = Reconfigure::keep;
    Compare compare = Compare::none;
    bool freeze = false;              // cause and capture keep the first event until a clear
    std::vector<Role> clear_on_read;  // reading a register of these roles clears its pins
    std::string assertion = "status";
    std::uint32_t debounce_ns = 0;  // how long a pin with debounce_enable must be stable
    std::vector<OutputSpec> outputs;
};

struct RegisterMap {
    std::string file;
    std::string name, title, source;
    std::string variant;                // the one applied; empty: none
    std::vector<std::string> variants;  // the ones there are
    unsigned pins = 0;
    std::uint32_t size = 0;
    unsigned width = 32;        // bits of a word
    std::uint32_t stride = 4;   // bytes from word to word
    unsigned access_bytes = 4;  // sum of the allowed widths: 1 | 2 | 4 | 8
    bool keep_on_warm_reset = false;
    std::vector<BankSpec> banks;
    bool registers_repeat_per_bank = false;
    std::vector<RegisterSpec> registers;
    AliasSpec aliases;
    PinList pull_up_after_reset, pull_down_after_reset;
    std::vector<std::pair<std::string, PinList>> function_after_reset;
    std::optional<InterruptSpec> interrupt;
    std::optional<BusSpec> bus;  // absent: memory-mapped
    std::vector<std::string> notes;
};

}  // namespace gpioclx::hardware
