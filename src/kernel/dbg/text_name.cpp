#include "kernel/dbg/text_name.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "machine/machine.h"

namespace gpioclx::kernel::dbg {
namespace {

// The last text of each place. Whoever shares the place takes it over.
struct TextNames {
    struct Known {
        const char* text = nullptr;
        machine::NameId name = machine::no_name;
        bool constant = false;  // a literal of a driver: will be the same text for good
    };
    std::array<Known, 256> known{};

    Known& at(const char* text) {
        const auto bits = reinterpret_cast<std::uintptr_t>(text);
        return known[(bits * 0x9E3779B97F4A7C15u) >> 56];
    }
};

}  // namespace

machine::NameId name_of_text(const char* text) {
    if (text == nullptr) return machine::no_name;
    TextNames::Known& known = part<TextNames>().at(text);
    if (known.text == text && known.constant) [[likely]]
        return known.name;
    machine::Machine& machine = machine::Machine::current();
    // Elsewhere the address alone proves nothing: the memory may hold another text by now.
    if (known.text == text && machine.text(known.name) == text) return known.name;
    known = {text, machine.name(text), ldr::is_constant(text)};
    return known.name;
}

}  // namespace gpioclx::kernel::dbg
