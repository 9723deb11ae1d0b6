#include "kernel/vf/fault_point.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "kernel/dbg/finding.h"
#include "kernel/system.h"
#include "machine/machine.h"

namespace gpioclx::kernel::vf {
namespace {

using machine::ChoiceKind;
using machine::Machine;

struct Faults {
    bool asked = false;
};

// What comes with the tool is not what is examined: it may be in between, not alone.
constexpr std::string_view own[] = {"acpi_bus!", "resource_hub!", "msgpioclx!", "serialbus!",
                                    "pinuser!"};

bool of_a_user(std::string_view stack) {
    while (!stack.empty()) {
        if (std::none_of(std::begin(own), std::end(own),
                         [stack](std::string_view image) { return stack.starts_with(image); }))
            return true;
        const std::size_t end = stack.find(" < ");
        if (end == std::string_view::npos) return false;
        stack.remove_prefix(end + 3);
    }
    return false;
}

}  // namespace

void ask_about_faults() { part<Faults>().asked = true; }

bool asks_about_faults() { return part<Faults>().asked; }

std::size_t fault(std::string_view operation, machine::NameId object, std::size_t ways) {
    Machine& machine = Machine::current();
    const std::string stack = dbg::function_stack();
    // A transfer is a driver's wish too, but its request has come through a queue.
    if (stack.empty() || (operation == "allocation" && !of_a_user(stack))) return 0;
    return machine.choose({.kind = ChoiceKind::fault,
                           .actor = machine.name(stack),
                           .operation = machine.name(operation),
                           .object = object},
                          ways);
}

bool callback_fails(std::string_view callback, machine::NameId device) {
    Machine& machine = Machine::current();
    if (!asks_about_faults() || !machine.on_processor()) return false;
    const std::string stack = dbg::function_stack();
    return machine.choose({.kind = ChoiceKind::fault,
                           .actor = stack.empty() ? machine.processor().actor : machine.name(stack),
                           .operation = machine.name(callback),
                           .object = device},
                          2) != 0;
}

bool callback_fails(std::string_view callback, machine::NameId device, std::string_view driver) {
    const std::string prefix = std::string(driver) + "!";
    if (std::find(std::begin(own), std::end(own), prefix) != std::end(own)) return false;
    return callback_fails(callback, device);
}

}  // namespace gpioclx::kernel::vf
