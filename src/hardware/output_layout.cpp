#include "hardware/output_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gpioclx::hardware {
namespace {

bool has_interrupt_function(const RegisterLayout& layout) {
    for (const Part& part : layout.parts) {
        if (part.role != Role::function) continue;
        const auto& meanings = layout.codes[part.codes].meanings;
        const auto wanted = static_cast<std::uint8_t>(Function::interrupt);
        if (std::find(meanings.begin(), meanings.end(), wanted) != meanings.end()) return true;
    }
    return false;
}

Error mistake(const RegisterMap& map, int line, std::string message, std::string hint) {
    return {.message = "interrupt: assert: " + std::move(message),
            .file = map.file,
            .line = line,
            .hint = std::move(hint)};
}

// Equal formulas are evaluated once a bank.
Result<std::uint8_t> add_assertion(const RegisterMap& map, RegisterLayout& layout,
                                   std::vector<std::string>& texts, const std::string& text,
                                   int line) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i] == text) return static_cast<std::uint8_t>(i);
    }
    auto parsed = InterruptExpression::parse(text);
    if (!parsed) return mistake(map, line, parsed.error().message, parsed.error().hint);
    for (const auto& [plane, role] :
         {std::pair{Plane::unmask, "int_unmask"}, std::pair{Plane::enable, "int_enable"},
          std::pair{Plane::soft_trigger, "soft_trigger"},
          std::pair{Plane::hardware, "hardware_control"}}) {
        const auto has_it = [plane = plane](const Part& part) {
            return part.plane == plane && part.bank_mask != 0 && part.resets;
        };
        if (!parsed->uses(plane) || std::any_of(layout.parts.begin(), layout.parts.end(), has_it))
            continue;
        return mistake(map, line, fmt::format("'{}': no register has role {}", text, role),
                       fmt::format("add a register of role {}{}, or leave it out", role,
                                   plane == Plane::unmask ? " (or int_mask)" : ""));
    }
    if (texts.size() == assertions_max) {
        return mistake(map, line, "too many different formulas",
                       fmt::format("at most {}", assertions_max));
    }
    texts.push_back(text);
    layout.assertions.push_back(*parsed);
    return static_cast<std::uint8_t>(texts.size() - 1);
}

void link_bank(const RegisterMap& map, RegisterLayout& layout, std::size_t bank_index,
               const std::vector<std::uint8_t>& assertions) {
    Bank& bank = layout.banks[bank_index];
    bank.first_link = static_cast<std::uint16_t>(layout.links.size());
    for (std::size_t output = 0; output < layout.outputs.size(); ++output) {
        OutputLink link;
        link.output = static_cast<std::uint16_t>(output);
        link.assertion = assertions[output];
        OutputLink mirror = link;
        mirror.mirror = true;
        for (const OutputSpec& spec : map.interrupt->outputs) {
            const bool own = &spec == &map.interrupt->outputs[output];
            for (std::uint16_t pin : spec.pins) {
                if (layout.bank_of_pin[pin] != bank_index) continue;
                (own ? link : mirror).pins |= 1u << (pin - bank.first_pin);
            }
        }
        mirror.pins &= ~link.pins;
        if (link.pins != 0) layout.links.push_back(link);
        if (mirror.pins != 0 && layout.outputs[output].all_pins_when.mask != 0) {
            layout.links.push_back(mirror);
        }
    }
    bank.link_count = static_cast<std::uint16_t>(layout.links.size() - bank.first_link);
}

// Where a control bit is stored. Words beyond the 64th cannot control outputs.
Result<StoredBit> find_control(const RegisterMap& map, RegisterLayout& layout,
                               const ControlBit& bit, int line) {
    if (bit.register_name.empty()) return StoredBit{};
    const auto store = store_of(map, layout, bit.register_name);
    if (!store || *store >= 64) {
        return Error{
            .message = fmt::format("interrupt output: '{}' is no register with pins = \"none\"",
                                   bit.register_name),
            .file = map.file,
            .line = line};
    }
    layout.output_control_stores |= std::uint64_t{1} << *store;
    return StoredBit{*store, 1u << bit.bit};
}

Result<OutputLayout> layout_of(const RegisterMap& map, RegisterLayout& layout,
                               const OutputSpec& output) {
    OutputLayout result{output.name, output.active_high, output.open_drain};
    const std::pair<const ControlBit*, StoredBit*> controls[] = {
        {&output.all_pins_when, &result.all_pins_when},
        {&output.open_drain_when, &result.open_drain_when},
        {&output.active_high_when, &result.active_high_when}};
    for (const auto& [from, to] : controls) {
        auto found = find_control(map, layout, *from, output.line);
        if (!found) return found.error();
        *to = *found;
    }
    return result;
}

}  // namespace

Result<void> add_output_layout(const RegisterMap& map, RegisterLayout& layout) {
    if (!map.interrupt) return {};
    const InterruptSpec& interrupt = *map.interrupt;
    if (interrupt.watch == InterruptSpec::Watch::function && !has_interrupt_function(layout)) {
        return Error{.message = "interrupt: watch: no code of a function register means interrupt",
                     .file = map.file,
                     .line = interrupt.line,
                     .hint = "values = { .. = \"interrupt\" } in a register of role function"};
    }
    std::vector<std::string> texts;
    std::vector<std::uint8_t> assertions;
    // The map's own formula comes first: it is what `pending` means.
    auto own = add_assertion(map, layout, texts, interrupt.assertion, interrupt.line);
    if (!own) return own.error();
    for (const OutputSpec& output : interrupt.outputs) {
        const std::string& text = output.assertion.empty() ? interrupt.assertion : output.assertion;
        auto index = add_assertion(map, layout, texts, text, output.line);
        if (!index) return index.error();
        assertions.push_back(*index);
        auto one = layout_of(map, layout, output);
        if (!one) return one.error();
        layout.outputs.push_back(std::move(*one));
    }
    for (std::size_t i = 0; i < layout.banks.size(); ++i) link_bank(map, layout, i, assertions);
    return {};
}

}  // namespace gpioclx::hardware
