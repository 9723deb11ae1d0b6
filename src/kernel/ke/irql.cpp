#include "kernel/ke/irql.h"

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/dbg/running_callback.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/held_lock.h"
#include "kernel/ldr/irql_gate.h"

namespace gpioclx::kernel::ke {

using machine::Machine;

bool report_irql_above(KIRQL highest, std::string_view function) {
    // Above what it always requires the gate in front of it has told already.
    const ldr::IrqlRule* always = ldr::irql_rule_of(function);
    if (always != nullptr && highest < always->highest &&
        Machine::current().level() > always->highest)
        return false;
    dbg::report_finding(
        function.starts_with("Wdf") ? dbg::id::irql_framework_too_high : dbg::id::irql_too_high,
        fmt::format("{} was called at IRQL {}; it may be called up to IRQL {}{}", function,
                    Machine::current().level(), highest, dbg::in_raised_callback()));
    return false;
}

bool report_irql_below(KIRQL lowest, std::string_view function) {
    dbg::report_finding(dbg::id::irql_too_low,
                        fmt::format("{} was called at IRQL {}; it needs IRQL {} or higher",
                                    function, Machine::current().level(), lowest));
    return false;
}

KIRQL raise_irql(KIRQL irql, const char* function) {
    Machine& machine = Machine::current();
    const KIRQL before = machine.level();
    if (irql < before || irql > HIGH_LEVEL) {
        bug_check(
            bug_code::irql_not_greater_or_equal, irql, before, 0, 0,
            fmt::format("{} to IRQL {} at IRQL {}; raising may not lower", function, irql, before),
            dbg::id::irql_wrong_direction);
    }
    machine.raise(irql);
    return before;
}

void lower_irql(KIRQL irql, const char* function) {
    Machine& machine = Machine::current();
    const KIRQL before = machine.level();
    if (irql > before) {
        bug_check(
            bug_code::irql_not_less_or_equal, irql, before, 0, 0,
            fmt::format("{} to IRQL {} at IRQL {}; lowering may not raise", function, irql, before),
            dbg::id::irql_wrong_direction);
    }
    const ProcessorState& state = current_processor();
    if (irql < state.floor) {
        bug_check(bug_code::irql_not_less_or_equal, irql, before, state.floor, 0,
                  fmt::format("{} to IRQL {} inside a routine that was called at IRQL {}", function,
                              irql, state.floor),
                  dbg::id::irql_below_floor);
    }
    if (irql < DISPATCH_LEVEL && state.held_count > 0) {
        const HeldLock& held = state.held[state.held_count - 1];
        dbg::report_finding(dbg::id::lock_leaked,
                            fmt::format("{} to IRQL {} while the spin lock '{}' is held", function,
                                        irql, machine.text(held.name)));
    }
    machine.lower(irql);
}

void report_too_many_locks() {
    bug_check(bug_code::spin_lock_already_owned, 0, 0, 0, 0,
              "a processor holds more than 32 spin locks at once", dbg::id::lock_leaked);
}

RoutineScope::RoutineScope(KIRQL floor, const char* what, machine::NameId name, bool interrupt)
    : what_(what), name_(name), interrupt_(interrupt) {
    ProcessorState& state = current_processor();
    floor_before_ = state.floor;
    irql_before_ = Machine::current().level();
    held_before_ = state.held_count;
    state.floor = floor;
    state.interrupt_depth += interrupt;
}

RoutineScope::~RoutineScope() {
    ProcessorState& state = current_processor();
    Machine& machine = Machine::current();
    if (state.held_count > held_before_) {
        dbg::report_finding(
            dbg::id::lock_leaked,
            fmt::format("the {} '{}' returned holding the spin lock '{}'", what_,
                        machine.text(name_), machine.text(state.held[state.held_count - 1].name)));
    }
    const KIRQL irql = machine.level();
    if (irql != irql_before_) {
        dbg::report_finding(dbg::id::irql_not_restored,
                            fmt::format("the {} '{}' was called at IRQL {} and returned at IRQL {}",
                                        what_, machine.text(name_), irql_before_, irql));
        if (irql > irql_before_)
            machine.lower(irql_before_);
        else
            machine.raise(irql_before_);
    }
    state.floor = floor_before_;
    state.interrupt_depth -= interrupt_;
}

}  // namespace gpioclx::kernel::ke

namespace ke = gpioclx::kernel::ke;
using gpioclx::machine::Machine;

KIRQL KeGetCurrentIrql(VOID) {
    ke::charge(ke::cost::lock_ns);
    return Machine::current().on_processor() ? Machine::current().level() : PASSIVE_LEVEL;
}
GX_EXPORT_FUNCTION(KeGetCurrentIrql);

KIRQL KfRaiseIrql(KIRQL NewIrql) {
    ke::charge(ke::cost::lock_ns);
    return ke::raise_irql(NewIrql, "KeRaiseIrql");
}
GX_EXPORT_FUNCTION(KfRaiseIrql);

#undef KeRaiseIrql
VOID KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql) { *OldIrql = KfRaiseIrql(NewIrql); }
GX_EXPORT_FUNCTION(KeRaiseIrql);

KIRQL KeRaiseIrqlToDpcLevel(VOID) {
    ke::charge(ke::cost::lock_ns);
    return ke::raise_irql(DISPATCH_LEVEL, "KeRaiseIrqlToDpcLevel");
}
GX_EXPORT_FUNCTION(KeRaiseIrqlToDpcLevel);

KIRQL KeRaiseIrqlToSynchLevel(VOID) {
    ke::charge(ke::cost::lock_ns);
    return ke::raise_irql(SYNCH_LEVEL, "KeRaiseIrqlToSynchLevel");
}
GX_EXPORT_FUNCTION(KeRaiseIrqlToSynchLevel);

VOID KfLowerIrql(KIRQL NewIrql) {
    ke::lower_irql(NewIrql, "KeLowerIrql");
    ke::charge(ke::cost::lock_ns);
}
GX_EXPORT_FUNCTION(KfLowerIrql);

#undef KeLowerIrql
VOID KeLowerIrql(KIRQL NewIrql) { KfLowerIrql(NewIrql); }
GX_EXPORT_FUNCTION(KeLowerIrql);
