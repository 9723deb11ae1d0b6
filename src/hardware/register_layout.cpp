#include "hardware/register_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <optional>

#include "hardware/output_layout.h"
#include "hardware/role_meaning.h"

namespace gpioclx::hardware {
namespace {

// A table of codes has an entry for each.
constexpr unsigned code_bits_max = 8;

std::uint32_t all_ones(unsigned bits) { return bits >= 32 ? 0xFFFFFFFFu : (1u << bits) - 1; }

// A role with all that a register or a field of a per-pin word says about it.
struct Meaning {
    Role role;
    Access access;
    const RoleArguments* arguments;
    const std::string* of;
    const std::vector<std::pair<unsigned, std::string>>* values;
    int line;
};

class LayoutBuilder {
  public:
    explicit LayoutBuilder(const RegisterMap& map) : map_(map) {}

    Result<RegisterLayout> build() {
        make_banks();
        layout_.cell_of_word.assign((map_.size + map_.stride - 1) / map_.stride,
                                    RegisterLayout::no_cell);
        for (std::size_t i = 0; i < map_.registers.size() && !error_; ++i) {
            register_index_ = static_cast<std::uint16_t>(i);
            spec_ = &map_.registers[i];
            add_register();
        }
        if (!error_) finish_cells();
        if (!error_) add_aliases();
        if (error_) return *error_;
        if (auto added = add_output_layout(map_, layout_); !added) return added.error();
        if (auto checked = check_bus(); !checked) return checked.error();
        return std::move(layout_);
    }

  private:
    void make_banks() {
        for (const BankSpec& spec : map_.banks) {
            Bank bank;
            bank.first_pin = spec.first_pin;
            bank.pins = all_ones(spec.pin_count);
            for (unsigned i = 0; i < spec.pin_count; ++i) {
                layout_.bank_of_pin.push_back(static_cast<std::uint16_t>(layout_.banks.size()));
            }
            layout_.banks.push_back(bank);
        }
    }

    Result<void> check_bus() const {
        if (!map_.bus) return {};
        for (const std::string& name :
             {map_.bus->mode_register, map_.bus->address_pins_when.register_name}) {
            if (name.empty() || store_of(map_, layout_, name)) continue;
            return Error{
                .message = fmt::format("bus: '{}' is no register with pins = \"none\"", name),
                .file = map_.file,
                .line = map_.bus->line};
        }
        return {};
    }

    void fail(int line, std::string_view key, std::string message, std::string hint = {}) {
        if (error_) return;
        error_ = Error{.message = fmt::format("register {}: {}: {}", spec_->name, key, message),
                       .file = map_.file,
                       .line = line,
                       .hint = std::move(hint)};
    }
    void fail(std::string_view key, std::string message, std::string hint = {}) {
        fail(spec_->line, key, std::move(message), std::move(hint));
    }

    void check_lock() {
        const auto is_lock = [this](const RegisterSpec& spec) {
            return spec.name == spec_->locked_by && spec.role == Role::lock;
        };
        if (spec_->locked_by.empty() ||
            std::any_of(map_.registers.begin(), map_.registers.end(), is_lock)) {
            return;
        }
        fail("locked_by", fmt::format("'{}' is no register of role lock", spec_->locked_by),
             "a register with role = \"lock\" has to have that name");
    }

    void add_register() {
        check_lock();
        note_features(spec_->role, spec_->arguments);
        for (const FieldSpec& field : spec_->fields) note_features(field.role, field.arguments);
        if (spec_->page) return add_page();
        if (!spec_->fields.empty()) {
            return fail("field", "fields need a page", "page = { base = .., stride = .. }");
        }
        if (!spec_->per_pin) return add_plain_words();
        if (is_single_bit(spec_->role) && spec_->bits != 1) {
            return fail("bits", fmt::format("role {} has one bit a pin", to_string(spec_->role)),
                        "bits = 1");
        }
        if (!map_.registers_repeat_per_bank) return add_pin_words(0, 0, map_.pins, false);
        for (std::size_t i = 0; i < map_.banks.size() && !error_; ++i) {
            const BankSpec& bank = map_.banks[i];
            const std::uint32_t base =
                spec_->stride ? static_cast<std::uint32_t>(i) * *spec_->stride : bank.base;
            add_pin_words(base, bank.first_pin, bank.pin_count, true);
        }
    }

    void note_features(Role role, const RoleArguments& arguments) {
        switch (role) {
            case Role::function: layout_.has_function = true; break;
            case Role::pull: layout_.has_pull_field = true; break;
            case Role::pull_enable:
                layout_.has_pull_enable = true;
                layout_.pull_enable_up = arguments.pulls_up;
                break;
            case Role::int_type: layout_.has_type = true; break;
            case Role::int_polarity: layout_.has_polarity = true; break;
            case Role::int_config: layout_.has_config = true; break;
            case Role::int_both: layout_.both_overrides = arguments.override_type; break;
            case Role::detect_rising:
            case Role::detect_falling:
            case Role::detect_high:
            case Role::detect_low: layout_.has_detect = true; break;
            case Role::pull_strobe: layout_.strobe_wait_ns = arguments.wait_ns; break;
            default: break;
        }
    }

    static bool is_stored(const Part& part) {
        return part.write == Part::Write::fields || part.write == Part::Write::store ||
               part.read == Part::Read::store;
    }

    Meaning meaning_of_register() const {
        return {spec_->role, spec_->access,  &spec_->arguments,
                &spec_->of,  &spec_->values, spec_->line};
    }

    // pins = "none": words of their own meaning.
    void add_plain_words() {
        if (is_single_bit(spec_->role) || is_coded(spec_->role)) {
            return fail("pins", fmt::format("role {} is about pins", to_string(spec_->role)),
                        "leave pins away, or give the pins of the words");
        }
        for (std::size_t i = 0; i < spec_->offsets.size() && !error_; ++i) {
            Part part = make_part(meaning_of_register(), i);
            part.word_mask = spec_->mask;
            part.store = layout_.store_count++;
            if (spec_->role == Role::pull_command) {
                part.codes = add_codes(meaning_of_register(), 2);
                layout_.pull_command_store = part.store;
                layout_.pull_command_codes = part.codes;
            }
            place(spec_->offsets[i], part);
        }
    }

    // Words in pin order for `count` pins from `first`. Without a pin list, word i is bank i when
    // there are as many words as banks, else the pins follow each other.
    void add_pin_words(std::uint32_t base, unsigned first, unsigned count, bool relative) {
        const unsigned fits = (map_.width - spec_->first_bit) / spec_->bits;
        const unsigned per_word = spec_->per_word ? spec_->per_word : fits;
        if (per_word > fits) {
            return fail("per_word",
                        fmt::format("{} fields of {} bits from bit {} do not fit {} bits", per_word,
                                    spec_->bits, spec_->first_bit, map_.width),
                        fmt::format("at most {}", fits));
        }
        if (!spec_->pins && !relative && spec_->offsets.size() == map_.banks.size()) {
            for (std::size_t i = 0; i < map_.banks.size() && !error_; ++i) {
                const BankSpec& bank = map_.banks[i];
                if (bank.pin_count > per_word) return too_few_words(bank.pin_count, per_word);
                add_word(i, spec_->offsets[i], bank.first_pin, bank.pin_count);
            }
            return;
        }
        PinList pins = spec_->pins.value_or(PinList{});
        if (!spec_->pins) {
            for (unsigned i = 0; i < count; ++i) pins.push_back(static_cast<std::uint16_t>(i));
        }
        const unsigned shift = relative ? first : 0;
        const std::size_t words = (pins.size() + per_word - 1) / per_word;
        if (words != spec_->offsets.size()) return too_few_words(pins.size(), per_word);
        for (std::size_t i = 0; i < words && !error_; ++i) {
            const std::size_t begin = i * per_word;
            const std::size_t size = std::min<std::size_t>(per_word, pins.size() - begin);
            if (pins[begin + size - 1] - pins[begin] + 1u != size) {
                return fail("pins", "the pins of one word must be an unbroken range",
                            "write one register for each range");
            }
            add_word(i, base + spec_->offsets[i], pins[begin] + shift, static_cast<unsigned>(size));
        }
    }

    void too_few_words(std::size_t pins, unsigned per_word) {
        fail("offset",
             fmt::format("{} offsets for {} pins with {} pins a word", spec_->offsets.size(), pins,
                         per_word),
             fmt::format("{} words are needed; or give pins, bits, per_word",
                         (pins + per_word - 1) / per_word));
    }

    void add_word(std::size_t word, std::uint32_t offset, unsigned first_pin, unsigned count) {
        Part part = make_part(meaning_of_register(), word);
        if (part.write == Part::Write::lock_sequence) {
            return add_lock_sequence(part, offset, first_pin, count);
        }
        if (is_stored(part)) {
            return add_field_part(part, meaning_of_register(), offset, first_pin, count,
                                  spec_->first_bit, spec_->bits);
        }
        add_single_bits(part, offset, first_pin, count, spec_->first_bit);
    }

    void add_lock_sequence(Part part, std::uint32_t offset, unsigned first_pin, unsigned count) {
        const unsigned key = spec_->arguments.key_bit;
        if (key < spec_->first_bit + count || key >= map_.width ||
            layout_.bank_of_pin[first_pin] != layout_.bank_of_pin[first_pin + count - 1]) {
            return fail("key_bit", fmt::format("bit {} is no bit besides those of the pins", key),
                        fmt::format("{} to {}, and pins of one bank", spec_->first_bit + count,
                                    map_.width - 1));
        }
        part.store = layout_.store_count++;
        part.key_bit = static_cast<std::uint8_t>(key);
        part.first_bit = static_cast<std::uint8_t>(spec_->first_bit);
        part.first_pin = static_cast<std::uint16_t>(first_pin);
        part.pin_count = static_cast<std::uint16_t>(count);
        part.bank = layout_.bank_of_pin[first_pin];
        part.word_mask = (all_ones(count) << spec_->first_bit) | (1u << key);
        place(offset, part);
    }

    void add_field_part(Part part, const Meaning& meaning, std::uint32_t offset, unsigned first_pin,
                        unsigned count, unsigned first_bit, unsigned bits) {
        part.store = layout_.store_count++;
        part.field_bits = static_cast<std::uint8_t>(bits);
        part.first_bit = static_cast<std::uint8_t>(first_bit);
        part.first_pin = static_cast<std::uint16_t>(first_pin);
        part.pin_count = static_cast<std::uint16_t>(count);
        part.bank = layout_.bank_of_pin[first_pin];
        part.word_mask = all_ones(count * bits) << first_bit;
        part.resets = true;
        if (is_coded(meaning.role)) {
            part.codes = add_codes(meaning, bits);
            if (error_) return;
            for (unsigned i = 0; i < count; ++i) {
                claim(100 + static_cast<int>(meaning.role), first_pin + i, meaning.role);
            }
        }
        place(offset, part);
    }

    // One part for each bank that the word reaches.
    void add_single_bits(const Part& model, std::uint32_t offset, unsigned first_pin,
                         unsigned count, unsigned first_bit) {
        for (unsigned done = 0; done < count && !error_;) {
            Part part = model;
            part.bank = layout_.bank_of_pin[first_pin + done];
            const Bank& bank = layout_.banks[part.bank];
            unsigned here = 0;
            while (done + here < count &&
                   layout_.bank_of_pin[first_pin + done + here] == part.bank) {
                ++here;
            }
            const unsigned bank_bit = first_pin + done - bank.first_pin;
            const unsigned word_bit = first_bit + done;
            part.bank_mask = all_ones(here) << bank_bit;
            part.word_mask = all_ones(here) << word_bit;
            part.left = static_cast<std::uint8_t>(word_bit > bank_bit ? word_bit - bank_bit : 0);
            part.right = static_cast<std::uint8_t>(bank_bit > word_bit ? bank_bit - word_bit : 0);
            part.first_pin = static_cast<std::uint16_t>(first_pin + done);
            part.pin_count = static_cast<std::uint16_t>(here);
            if (part.resets && part.access != Access::ro) {
                for (unsigned i = 0; i < here; ++i) {
                    // A data register beside an output register reaches the same latch.
                    if (part.role == Role::data) break;
                    claim(static_cast<int>(part.plane), first_pin + done + i, part.role);
                }
            }
            if (part.role == Role::data && spec_->reset.empty()) part.resets = false;
            place(offset, part);
            done += here;
        }
    }

    void add_page() {
        const RegisterSpec::Page& page = *spec_->page;
        for (unsigned pin = 0; pin < map_.pins && !error_; ++pin) {
            std::optional<std::uint32_t> offset;
            if (!page.offsets.empty()) offset = page.offsets[pin];
            for (const auto& [pins, base] : page.bases) {
                const auto at = std::find(pins.begin(), pins.end(), pin);
                if (pins.empty()) offset = base + pin * page.stride;
                if (at != pins.end()) {
                    offset = base + static_cast<std::uint32_t>(at - pins.begin()) * page.stride;
                }
            }
            if (!offset) {
                return fail("page", fmt::format("pin {} has no word", pin),
                            "the pins of base cover all pins");
            }
            for (const FieldSpec& field : spec_->fields) add_page_field(field, pin, *offset);
        }
    }

    void add_page_field(const FieldSpec& field, unsigned pin, std::uint32_t offset) {
        const Meaning meaning{field.role, field.access,  &field.arguments,
                              &field.of,  &field.values, field.line};
        Part part = make_part(meaning, 0);
        part.reset = field.reset << field.first_bit;
        if (is_stored(part)) {
            return add_field_part(part, meaning, offset, pin, 1, field.first_bit, field.bits);
        }
        if (field.bits != 1) {
            return fail(field.line, "bit",
                        fmt::format("role {} has one bit", to_string(field.role)), "bit = \"3\"");
        }
        add_single_bits(part, offset, pin, 1, field.first_bit);
    }

    Part make_part(const Meaning& meaning, std::size_t word) {
        Part part;
        PlaneRef target;
        if (const auto plane = plane_of(meaning.role, *meaning.arguments)) target = *plane;
        const std::string_view fallback = default_target(meaning.role);
        check_access(meaning);
        if (meaning.role == Role::pull_strobe) check_command(meaning);
        if (!fallback.empty()) {
            target = find_target(meaning, meaning.of->empty() ? fallback : *meaning.of);
        }
        if (meaning.role == Role::input && meaning.access != Access::ro) {
            fail(meaning.line, "access", "role input is read-only",
                 "role data reads pads and writes the latch");
        }
        give_meaning(part, meaning.role, meaning.access, *meaning.arguments, target);
        part.register_index = register_index_;
        part.keep_on_warm_reset = spec_->keep_on_warm_reset;
        part.lockable = !spec_->locked_by.empty();
        if (!spec_->reset.empty()) {
            part.reset = spec_->reset.size() == 1 ? spec_->reset[0] : spec_->reset[word];
        }
        return part;
    }

    // Words without a plane know only one way of being written.
    void check_access(const Meaning& meaning) {
        if (is_single_bit(meaning.role) || meaning.role == Role::reserved) return;
        const Access access = meaning.access;
        if (access == Access::rw || access == Access::ro || access == Access::wo) return;
        fail(meaning.line, "access",
             fmt::format("role {} is stored as written", to_string(meaning.role)), "rw, ro or wo");
    }

    void check_command(const Meaning& meaning) {
        const auto is_command = [](const auto& spec) { return spec.role == Role::pull_command; };
        if (std::any_of(map_.registers.begin(), map_.registers.end(), is_command)) return;
        fail(meaning.line, "of", "there is no register of role pull_command",
             "the strobe takes over what pull_command holds");
    }

    // `of`: the name of a register, or a role.
    PlaneRef find_target(const Meaning& meaning, std::string_view of) {
        for (const RegisterSpec& spec : map_.registers) {
            const bool match = spec.name == of || to_string(spec.role) == of;
            if (!match || !spec.fields.empty()) continue;
            if (const auto plane = plane_of(spec.role, spec.arguments)) return *plane;
        }
        if (const auto role = role_named(of)) {
            if (const auto plane = plane_of(*role, {})) return *plane;
        }
        fail(meaning.line, "of", fmt::format("'{}' is no register or role of one bit a pin", of),
             "as in of = \"status\"");
        return {};
    }

    std::uint16_t add_codes(const Meaning& meaning, unsigned bits) {
        CodeTable table;
        if (bits > code_bits_max) {
            fail(meaning.line, "bits", fmt::format("{} bits are too many for a code", bits),
                 fmt::format("at most {}", code_bits_max));
            return 0;
        }
        if (meaning.values->empty()) {
            fail(meaning.line, "values", "the codes of the field are missing",
                 fmt::format("values = {{ 0 = \"name\", .. }} with {}", code_names(meaning.role)));
        }
        table.meanings.assign(std::size_t{1} << bits, reserved_code(meaning.role));
        table.names.resize(std::size_t{1} << bits);
        for (const auto& [code, name] : *meaning.values) {
            const auto decoded = code_meaning(meaning.role, name);
            if (!decoded) {
                fail(meaning.line, "values", fmt::format("'{}' is not known", name),
                     fmt::format("for role {}: {}", to_string(meaning.role),
                                 code_names(meaning.role)));
                break;
            }
            if (code >= table.meanings.size()) {
                fail(meaning.line, "values",
                     fmt::format("code {} has more than {} bits", code, bits),
                     fmt::format("0 to {}", all_ones(bits)));
                break;
            }
            table.meanings[code] = *decoded;
            table.names[code] = name;
        }
        layout_.codes.push_back(std::move(table));
        return static_cast<std::uint16_t>(layout_.codes.size() - 1);
    }

    void claim(int what, unsigned pin, Role role) {
        std::vector<int>& owners = owners_[what];
        if (owners.empty()) owners.assign(map_.pins, -1);
        if (owners[pin] >= 0) {
            fail("role",
                 fmt::format("pin {} has its {} in register {} already", pin, to_string(role),
                             map_.registers[owners[pin]].name),
                 "pins = \"..\" divides the pins between two registers");
        }
        owners[pin] = register_index_;
    }

    void place(std::uint32_t offset, const Part& part) {
        if (error_) return;
        if (offset % map_.stride != 0) {
            const std::uint32_t before = offset - offset % map_.stride;
            return fail(
                "offset",
                fmt::format("0x{:x} is not a multiple of the stride {}", offset, map_.stride),
                fmt::format("0x{:x} or 0x{:x}", before, before + map_.stride));
        }
        const std::uint32_t end = spec_->window ? spec_->window->end : offset;
        if (end >= map_.size || end < offset) {
            return fail("offset", fmt::format("0x{:x} is outside of the block", end),
                        fmt::format("controller.size is 0x{:x}", map_.size));
        }
        for (std::uint32_t at = offset; at <= end; at += map_.stride) {
            std::uint16_t& index = layout_.cell_of_word[at / map_.stride];
            if (index == RegisterLayout::no_cell) {
                if (at == offset) {
                    index = static_cast<std::uint16_t>(layout_.cells.size());
                    layout_.cells.push_back(make_cell(offset));
                    parts_of_cell_.emplace_back();
                } else {
                    index = layout_.cell_of_word[offset / map_.stride];
                }
            } else if (layout_.cells[index].offset != offset) {
                return fail("offset",
                            fmt::format("0x{:x} belongs to register {}", at, name_of_cell(index)),
                            "give another offset");
            }
        }
        const std::uint16_t index = layout_.cell_of_word[offset / map_.stride];
        check_overlap(parts_of_cell_[index], part, offset);
        check_enable_bits(part);
        if (part.role != Role::reserved) layout_.cells[index].implemented |= part.word_mask;
        parts_of_cell_[index].push_back(part);
        parts_of_cell_[index].back().offset = offset;
    }

    void check_enable_bits(const Part& part) {
        std::uint32_t enables = 0;
        if (spec_->write_enable == WriteEnable::upper_byte) enables = 0xFF00;
        if (spec_->write_enable == WriteEnable::upper_half ||
            spec_->write_enable == WriteEnable::lower_half) {
            enables = 0xFFFF0000;
        }
        if ((part.word_mask & enables) == 0) return;
        fail("write_enable",
             fmt::format("bits {} to {} enable writes and cannot belong to pins",
                         std::countr_zero(enables), 31 - std::countl_zero(enables)),
             fmt::format("at most {} pins a word (per_word, pins)", std::popcount(enables)));
    }

    Cell make_cell(std::uint32_t offset) const {
        Cell cell;
        cell.offset = offset;
        cell.register_index = register_index_;
        cell.write_enable = spec_->write_enable;
        cell.write_enable_value = spec_->write_enable_value;
        if (spec_->window) {
            cell.window_shift = static_cast<std::uint8_t>(spec_->window->low_bit);
            cell.window_mask = all_ones(spec_->window->high_bit - spec_->window->low_bit + 1);
        }
        return cell;
    }

    std::string_view name_of_cell(std::uint16_t index) const {
        return map_.registers[layout_.cells[index].register_index].name;
    }

    // Two parts may share bits only if one is only read and the other only written.
    void check_overlap(const std::vector<Part>& parts, const Part& added, std::uint32_t offset) {
        for (const Part& there : parts) {
            if ((there.word_mask & added.word_mask) == 0) continue;
            const bool both_read = there.read != Part::Read::zero && added.read != Part::Read::zero;
            const bool both_written =
                there.write != Part::Write::ignored && added.write != Part::Write::ignored;
            if (!both_read && !both_written) continue;
            return fail("offset",
                        fmt::format("overlaps register {} at 0x{:x}, bits 0x{:x}",
                                    map_.registers[there.register_index].name, offset,
                                    there.word_mask & added.word_mask),
                        "give another offset, or first_bit and pins that do not meet");
        }
    }

    void finish_cells() {
        for (std::size_t i = 0; i < layout_.cells.size(); ++i) {
            std::vector<Part>& parts = parts_of_cell_[i];
            // Parts act in this order: who has priority comes last.
            std::stable_sort(parts.begin(), parts.end(),
                             [](const Part& a, const Part& b) { return a.priority < b.priority; });
            Cell& cell = layout_.cells[i];
            cell.first_part = static_cast<std::uint32_t>(layout_.parts.size());
            cell.part_count = static_cast<std::uint16_t>(parts.size());
            cell.read_only = cell.implemented != 0;
            cell.write_only = cell.implemented != 0;
            for (Part& part : parts) {
                cell.read_only &= part.write == Part::Write::ignored;
                cell.write_only &= part.read == Part::Read::zero;
                part.read_clears |=
                    map_.interrupt &&
                    std::ranges::count(map_.interrupt->clear_on_read, part.role) != 0;
                cell.read_clears |= part.read_clears;
                layout_.parts.push_back(part);
            }
        }
    }

    void add_aliases() {
        const AliasSpec& alias = map_.aliases;
        if (!alias.xor_offset && !alias.set_offset && !alias.clear_offset) return;
        layout_.alias_of_word.assign(layout_.cell_of_word.size(), AliasAction::none);
        const std::vector<std::uint16_t> base = layout_.cell_of_word;
        auto repeat = [&](std::uint32_t offset, AliasAction action) {
            for (std::size_t i = 0; offset != 0 && i < base.size(); ++i) {
                if (base[i] == RegisterLayout::no_cell) continue;
                const std::size_t at = i + offset / map_.stride;
                if (at >= base.size() || base[at] != RegisterLayout::no_cell) {
                    spec_ = &map_.registers[layout_.cells[base[i]].register_index];
                    return fail(
                        "aliases",
                        fmt::format("the alias at 0x{:x} is taken or outside", at * map_.stride),
                        "aliases are offsets of the whole block: a multiple of the block's "
                        "size, within controller.size");
                }
                layout_.cell_of_word[at] = base[i];
                layout_.alias_of_word[at] = action;
            }
        };
        repeat(alias.xor_offset, AliasAction::exclusive_or);
        repeat(alias.set_offset, AliasAction::set);
        repeat(alias.clear_offset, AliasAction::clear);
    }

    const RegisterMap& map_;
    RegisterLayout layout_;
    const RegisterSpec* spec_ = nullptr;
    std::uint16_t register_index_ = 0;
    std::vector<std::vector<Part>> parts_of_cell_;
    std::map<int, std::vector<int>> owners_;
    std::optional<Error> error_;
};

}  // namespace

Result<RegisterLayout> build_register_layout(const RegisterMap& map) {
    return LayoutBuilder(map).build();
}

std::optional<std::uint16_t> store_of(const RegisterMap& map, const RegisterLayout& layout,
                                      std::string_view register_name) {
    for (const Part& part : layout.parts) {
        const RegisterSpec& spec = map.registers[part.register_index];
        if (spec.name == register_name && !spec.per_pin && spec.offsets.size() == 1)
            return part.store;
    }
    return std::nullopt;
}

}  // namespace gpioclx::hardware
