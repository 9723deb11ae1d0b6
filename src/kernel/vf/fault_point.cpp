#include "kernel/vf/fault_point.h"

#include <fmt/format.h>

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

}  // namespace

void ask_about_faults() { part<Faults>().asked = true; }

bool asks_about_faults() { return part<Faults>().asked; }

std::size_t fault(std::string_view operation, machine::NameId object, std::size_t ways) {
    Machine& machine = Machine::current();
    const std::string stack = dbg::function_stack();
    if (stack.empty()) return 0;
    return machine.choose({.kind = ChoiceKind::fault,
                           .actor = machine.name(stack),
                           .operation = machine.name(operation),
                           .object = object},
                          ways);
}

}  // namespace gpioclx::kernel::vf
