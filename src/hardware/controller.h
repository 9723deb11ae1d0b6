// A GPIO controller that behaves as its register map says: memory-mapped, or behind a serial bus
// (serial_target.h).
//
// A write runs through: address -> register (window, alias) -> bits that may change -> access rule
// -> pads -> detectors -> status -> interrupt outputs, all before it returns. Nothing in here
// loops over pins that do not change, allocates, or looks at other controllers, so the cost of an
// access or an edge does not depend on how many pins and controllers there are.
//
// Files: controller.cpp (life, reset), controller_access.cpp (registers), controller_fields.cpp
// (fields of several bits, pull command), controller_pads.cpp (drivers, pulls, wires),
// controller_interrupts.cpp (detectors, status, outputs), controller_filter.cpp (debounce),
// controller_compare.cpp (comparators of expanders), controller_lock.cpp (key sequences),
// controller_power.cpp (loss of power), register_context.cpp (what software restores after it),
// controller_view.cpp (what tests and checkers ask).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "hardware/access_effect.h"
#include "hardware/device.h"
#include "hardware/register_block.h"
#include "hardware/register_layout.h"
#include "hardware/register_map.h"
#include "hardware/surroundings.h"
#include "hardware/wire.h"

namespace gpioclx::hardware {

// One pin as the roles of the map see it. A snapshot.
struct PinState {
    unsigned pin = 0, bank = 0, bit = 0;
    bool output = false;   // configured as output
    bool driving = false;  // the pad's driver is on (open drain, hardware control considered)
    bool latch = false;
    bool high = false;  // the level that an input reads
    bool floating = false;
    bool wired = false;
    bool hardware = false;           // taken by another block
    std::string_view function = {};  // name of the code; empty without function registers
    Pull pull = Pull::none;
    bool enabled = false;  // gate open
    bool unmasked = false;
    bool status = false;   // before the mask
    bool pending = false;  // the formula of the map is true for the pin
    bool rising = false, falling = false, level_high = false, level_low = false;
};

// What becomes of registers when their power goes. `none`: nothing ever takes it away.
enum class PowerLoss : std::uint8_t { reset, garbage, none };

// What software wrote into the registers of a controller, kept to be compared.
struct RegisterContext {
    std::vector<Bank> banks;
    std::vector<std::uint32_t> stores;
};

// A register that is not as it was.
struct RegisterDifference {
    std::string_view register_name;
    std::uint32_t before = 0, now = 0;  // bits of the word that belong to the pins looked at
    PinList pins = {};                  // empty: a control word
};

// Bits of a register that belong to one pin.
struct PinBits {
    std::string_view register_name;
    std::uint32_t offset = 0;
    std::uint32_t mask = 0;
    Role role = Role::reserved;
    Access access = Access::rw;
};

class Controller final : public Device, public RegisterBlock, private WireListener {
  public:
    // Errors: the map cannot be built (readers of map files check that already).
    static Result<std::unique_ptr<Controller>> create(std::string name, RegisterMap map,
                                                      Surroundings& surroundings);

    // Registers. `bytes` is 1, 2, 4 or 8; values are little-endian.
    std::uint64_t read(std::uint64_t offset, unsigned bytes) override;
    void write(std::uint64_t offset, unsigned bytes, std::uint64_t value) override;
    std::uint64_t register_bytes() const override { return map_.size; }
    // One byte over a serial bus: the same as read and write, and told to the surroundings.
    std::uint8_t read_serially(std::uint64_t offset);
    void write_serially(std::uint64_t offset, std::uint8_t value);
    // An access that did not get as far as the registers: a hole in the addresses of a serial chip.
    void report_hole(bool write, std::uint64_t offset, std::uint8_t value);
    // The word of a register that is not about pins; 0 if there is none of the name.
    std::uint32_t control_word(std::string_view register_name) const;
    // What a read would give, without side effects and without reports.
    std::uint64_t peek(std::uint64_t offset, unsigned bytes) const;

    // Device. Cold: power-on values. Warm: registers marked so keep theirs.
    unsigned pin_count() const override { return map_.pins; }
    Result<void> connect(unsigned pin, Wire& wire) override;
    void reset(ResetKind kind) override;
    Controller* as_controller() override { return this; }
    RegisterBlock* as_registers() override { return this; }

    // Without power, registers are lost and accesses to them are reported, pads neither drive nor
    // pull, nothing is detected and interrupt outputs rest. With power again, a pin is as after a
    // cold reset, and what happened meanwhile is no edge. The whole block, or pins on their own:
    // a pin has power if both have.
    void set_power(bool on);
    void set_pin_power(unsigned first_pin, unsigned count, bool on);
    bool has_power() const { return has_power_; }
    void set_power_loss(PowerLoss loss) { power_loss_ = loss; }
    PowerLoss power_loss() const { return power_loss_; }
    // A serial chip without power was addressed.
    void report_no_answer();

    RegisterContext context() const { return {banks_, stores_}; }
    // Where registers that software sets differ for these pins; control words too, if they are all
    // pins there are.
    std::vector<RegisterDifference> differences(const RegisterContext& before, unsigned first_pin,
                                                unsigned count) const;
    // Pins that asserted an interrupt since they have power again, or will when they are unmasked,
    // for no reason: their pads did not move, and no level asks for it.
    PinList spurious_interrupts(unsigned first_pin, unsigned count) const;

    // Outputs that drove the other level, since they have power again, before they were as before.
    // None where the latch of an input cannot be written: no order of restoring helps there.
    PinList glitches(const RegisterContext& before, unsigned first_pin, unsigned count) const;

    // What another block of the chip drives through a pin that is under its control.
    void drive_alternate(unsigned pin, Drive drive);

    // Interrupt outputs.
    unsigned output_count() const override { return static_cast<unsigned>(layout_.outputs.size()); }
    std::string_view output_name(unsigned index) const override { return output(index).name; }
    const OutputLayout& output(unsigned index) const { return layout_.outputs[index]; }
    bool output_active(unsigned index) const { return outputs_[index].active; }
    // Lets an output drive a wire too, with its polarity and open-drain kind.
    void connect_output(unsigned index, Wire& wire) override;

    // View.
    const RegisterMap& map() const { return map_; }
    unsigned bank_count() const { return static_cast<unsigned>(banks_.size()); }
    const Bank& bank(unsigned index) const { return banks_[index]; }
    const Bank& bank_of_pin(unsigned pin) const { return banks_[layout_.bank_of_pin[pin]]; }
    PinState pin(unsigned pin) const;
    Wire* wire_of(unsigned pin) const { return terminals_[pin].wire(); }
    // Empty where no register is.
    std::string_view register_name(std::uint64_t offset) const override;
    bool read_has_side_effects(std::uint64_t offset) const;
    std::vector<PinBits> bits_of_pin(unsigned pin) const;
    // The pins that own any of the bits of the word at `offset`.
    PinList pins_of_bits(std::uint64_t offset, std::uint32_t bits) const;
    // What an access does to the state behind the registers; of a write, before it happens.
    AccessEffect effect_of(bool write, std::uint64_t offset, unsigned bytes,
                           std::uint64_t value) const;
    // By register name; nullopt if the map has no such register or word.
    std::optional<std::uint32_t> offset_of(std::string_view register_name, unsigned word = 0) const;

  private:
    struct OutputState {
        std::uint32_t links_on = 0;  // banks that assert it
        bool active = false;         // as told to the surroundings
        bool queued = false;
        Terminal terminal;
    };

    Controller(std::string name, RegisterMap map, RegisterLayout layout,
               Surroundings& surroundings);

    // Registers.
    const Cell* cell_at(std::uint64_t offset) const;
    std::uint32_t read_word(const Cell& cell, std::uint64_t offset) const;
    std::uint32_t read_part(const Part& part) const;
    StateEffect effect_of_part(const Part& part, bool write, std::uint32_t value,
                               std::uint32_t lanes, bool names_bits) const;
    void report_floating(const Cell& cell, std::uint64_t offset);
    void clear_by_read(const Cell& cell, std::uint32_t lanes);
    void write_lock_sequence(const Part& part, std::uint32_t value, std::uint32_t lanes);
    bool confirm_lock(const Cell& cell);
    std::uint32_t locked_fields(const Part& part) const;
    std::uint64_t read_slowly(std::uint64_t offset, unsigned bytes);
    void write_slowly(std::uint64_t offset, unsigned bytes, std::uint64_t value);
    bool check_access(std::uint64_t offset, unsigned bytes);
    // False: nothing that the access could reach has power.
    bool check_power(std::uint64_t offset, unsigned bytes, bool write, std::uint64_t value);
    // Bits of the word that belong to pins without power.
    std::uint32_t bits_without_power(const Cell& cell) const;
    void follow_power();
    void lose_registers(const std::vector<std::uint32_t>& pins, bool control_words);
    void fill_with_garbage(const std::vector<std::uint32_t>& pins);
    std::vector<std::uint32_t> planes_of(unsigned first_pin, unsigned count) const;
    bool is_context(const Part& part) const;
    void write_word(const Cell& cell, std::uint64_t offset, std::uint32_t value,
                    std::uint32_t lanes);
    void apply_write_enable(const Cell& cell, std::uint32_t& value, std::uint32_t& lanes) const;
    void apply_alias(const Cell& cell, std::uint64_t offset, std::uint32_t& value,
                     std::uint32_t& lanes) const;
    void write_part(const Part& part, std::uint32_t value, std::uint32_t lanes);
    void write_plane(const Part& part, Bank& bank, std::uint32_t value, std::uint32_t mask);
    void write_store(const Part& part, std::uint32_t value, std::uint32_t lanes);
    void write_fields(const Part& part, std::uint32_t value, std::uint32_t lanes);
    void decode_field(const Part& part, unsigned pin, std::uint32_t code, bool quiet);
    void write_strobe(const Part& part, Bank& bank, std::uint32_t value, std::uint32_t mask);
    void write_pull_command(const Part& part, std::uint32_t old_value, std::uint32_t new_value);
    void turn_on_outputs(const Part& part, Bank& bank, std::uint32_t turned_on);
    void report(HardwareEvent::Kind kind, std::uint64_t offset, std::uint64_t value = 0,
                std::uint32_t bits = 0);
    void report_part(HardwareEvent::Kind kind, const Part& part, std::uint32_t pins,
                     std::string_view detail = {});

    // After a change.
    void touch(Bank& bank, Effect effect);
    void settle();
    void update_pads(Bank& bank);
    void update_unwired_pads(Bank& bank);
    void stage_wires(Bank& bank, std::uint32_t changed);
    void wire_level(std::uint32_t tag, bool high, bool floating) override;

    void update_triggers(Bank& bank);
    void follow_reconfiguration(Bank& bank, std::uint32_t old_level_mode);
    void filter(Bank& bank);
    void restart_filter(Bank& bank);
    void filter_settles(std::uint16_t bank, unsigned bit);
    // `filter_rose`, `filter_fell`: edges that the debounce filter lets through now.
    void detect(Bank& bank, std::uint32_t filter_rose = 0, std::uint32_t filter_fell = 0);
    void compare(Bank& bank);
    void assert_outputs(Bank& bank);
    void set_link(OutputLink& link, bool on);
    void flush_outputs();
    bool stored(StoredBit bit) const {
        return bit.mask != 0 && (stores_[bit.store] & bit.mask) != 0;
    }
    bool counts(const OutputLink& link) const {
        return !link.mirror || stored(layout_.outputs[link.output].all_pins_when);
    }
    void follow_output_controls();

    void reset_planes(ResetKind kind);
    void reset_part(const Part& part);
    void apply_function_after_reset();

    RegisterMap map_;
    RegisterLayout layout_;
    Surroundings* surroundings_;

    // Copies for the hot paths.
    std::uint32_t word_bits_mask_ = 0;
    std::uint8_t stride_shift_ = 0;
    InterruptSpec rules_;

    std::vector<Bank> banks_;
    std::vector<std::uint32_t> stores_;
    std::vector<Terminal> terminals_;  // by pin
    std::vector<OutputState> outputs_;
    std::vector<std::uint16_t> touched_;
    std::vector<std::uint16_t> queued_outputs_;
    std::vector<std::string> reconfigure_choices_;  // by register
    std::vector<std::string> turn_on_choices_;
    // Key sequence of a lock register: how far it has come, with which word.
    unsigned lock_step_ = 0;
    std::uint32_t lock_word_ = 0;
    std::vector<std::uint64_t> changed_at_ns_;  // by pin, for the debounce filter
    std::uint64_t pull_command_at_ns_ = 0;
    std::uint64_t pull_strobe_at_ns_ = 0;
    std::uint16_t reconfigured_by_ = 0;  // register index
    bool busy_ = false;                  // inside an access: pad changes wait for its end
    PowerLoss power_loss_ = PowerLoss::reset;
    bool has_power_ = true;                   // the block as a whole
    bool some_off_ = false;                   // any pin without power
    std::vector<std::string> power_choices_;  // by register
};

}  // namespace gpioclx::hardware
