// What a driver calls instead of a function that may not be called at every IRQL: a gate that
// compares the IRQL with the function's row of wdk/irql.tsv and goes on to the function. All
// imports of a driver lead through gates, so no function can forget the check, and what the kernel
// and the framework call themselves costs nothing.
//
// A gate leaves stack and registers as they are: it is no frame, and takes any arguments. What
// depends on the arguments ("condition" in the table) is checked by the function.
#pragma once

#include <wdm.h>

#include <map>
#include <span>
#include <string_view>

namespace gpioclx::kernel::ldr {

struct IrqlRule {
    std::string_view function;
    KIRQL lowest = PASSIVE_LEVEL;
    KIRQL highest = HIGH_LEVEL;
    bool bounded() const { return lowest != PASSIVE_LEVEL || highest != HIGH_LEVEL; }
};

// The rows of wdk/irql.tsv, in order of their names.
std::span<const IrqlRule> irql_rules();
const IrqlRule* irql_rule_of(std::string_view function);

// Puts gates in front of the functions that may not be called at every IRQL: replaces their
// addresses. Gates stand for good, at the same addresses in every build; a second call with other
// functions writes new ones.
void put_gates(std::map<std::string_view, const void*>& exports);

}  // namespace gpioclx::kernel::ldr
