// IRQL = level of the machine's processor, the same numbers.
#pragma once

#include <wdm.h>

#include <string_view>

#include "kernel/ke/cost.h"
#include "machine/machine.h"

namespace gpioclx::kernel::ke {

// Reports irql-001 (of the framework irql-201) or irql-007 and returns false.
bool report_irql_above(KIRQL highest, std::string_view function);
bool report_irql_below(KIRQL lowest, std::string_view function);

// What a service requires because of its arguments; what it always requires stands in wdk/irql.tsv
// and is checked where a driver enters it (ldr/irql_gate.h). Outside processors everything may.
inline bool require_irql_at_most(KIRQL highest, std::string_view function) {
    machine::Machine& machine = machine::Machine::current();
    if (!machine.on_processor() || machine.level() <= highest) return true;
    return report_irql_above(highest, function);
}
inline bool require_irql_at_least(KIRQL lowest, std::string_view function) {
    machine::Machine& machine = machine::Machine::current();
    if (!machine.on_processor() || machine.level() >= lowest) return true;
    return report_irql_below(lowest, function);
}

// Changes the IRQL as KfRaiseIrql and KeLowerIrql do, for `function` in bug checks; no time passes.
KIRQL raise_irql(KIRQL irql, const char* function);
void lower_irql(KIRQL irql, const char* function);

}  // namespace gpioclx::kernel::ke
