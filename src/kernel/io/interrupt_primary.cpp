#include "kernel/io/interrupt_primary.h"

#include <fmt/core.h>

#include "kernel/dbg/finding.h"
#include "kernel/dbg/setting.h"
#include "kernel/io/interrupt_object.h"
#include "kernel/ke/cost.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::io {

using machine::Trigger;

PrimaryLine::PrimaryLine(ULONG gsi) {
    name = machine::Machine::current().name(fmt::format("GSI {}", gsi));
    line.name = name;
    line.number = gsi;
    line.handler = &PrimaryLine::handle;
    line.context = this;
}

// Lines get distinct DIRQLs in order of first use; when all are given away they start over.
void PrimaryLine::configure(bool edge) {
    if (configured_) return;
    configured_ = true;
    line.trigger = edge ? Trigger::edge : Trigger::level;
    KIRQL& next = part<PrimaryInterrupts>().next_irql;
    line.level = next;
    next = next == machine::level_device_highest ? machine::level_device_lowest
                                                 : static_cast<KIRQL>(next + 1);
}

NTSTATUS PrimaryLine::check(const _KINTERRUPT& interrupt, KIRQL requested_irql) {
    const bool edge = interrupt.mode == Latched;
    if (edge != (line.trigger == Trigger::edge)) return STATUS_INVALID_PARAMETER;
    if (requested_irql != PASSIVE_LEVEL && requested_irql != line.level)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

// The first routine says which processors may take the interrupt.
NTSTATUS PrimaryLine::enable() {
    connected_ = true;
    wired_to_ = line.affinity;
    const auto wanted = static_cast<std::uint32_t>(chain.first()->affinity) & wired_to_;
    if (wanted != 0) line.affinity = wanted;
    given_up_ = false;
    unclaimed_in_a_row_ = 0;
    unclaimed_max_ = dbg::query_setting("", "storm_threshold", 10'000);
    update();
    return STATUS_SUCCESS;
}

void PrimaryLine::disable() {
    connected_ = false;
    update();
    worker_.cancel();
    worker_.wait_until_idle();
    passive_busy_ = false;
    line.affinity = wired_to_;
}

// A mask silences the line for everybody on it: the source stays asserted meanwhile.
void PrimaryLine::update() {
    machine::Machine& m = machine::Machine::current();
    const bool open = connected_ && !passive_busy_ && !given_up_ && chain.wants_interrupts();
    if (open == line.enabled) return;
    open ? m.enable_line(line) : m.disable_line(line);
}

void PrimaryLine::prepare_passive() {
    worker_.start(fmt::format("{} passive", machine::Machine::current().text(name)),
                  &PrimaryLine::run_passive, this);
}

bool PrimaryLine::handle(void* self) { return static_cast<PrimaryLine*>(self)->service(); }

// A level line is asked until one claims: if more devices want service it stays asserted. An edge
// is gone when it was seen, so everybody has to look.
bool PrimaryLine::service() {
    ke::charge();
    const bool edge = line.trigger == Trigger::edge;
    const bool claimed =
        chain.ask(false, edge ? InterruptChain::Until::end : InterruptChain::Until::claimed);
    if ((!claimed || edge) && chain.has(true)) {
        if (!edge) {
            passive_busy_ = true;
            update();
        }
        worker_.schedule();
        unclaimed_in_a_row_ = 0;
        return true;
    }
    if (claimed) {
        unclaimed_in_a_row_ = 0;
    } else {
        note_unclaimed();
    }
    return claimed;
}

// A level that nobody claims is never silenced: Windows would do nothing else from here on.
void PrimaryLine::note_unclaimed() {
    if (++unclaimed_in_a_row_ < unclaimed_max_) return;
    given_up_ = true;
    update();
    dbg::report_finding(
        "interrupt-010",
        fmt::format("interrupt storm: {} came {} times in a row and no service routine "
                    "claimed it; it is silenced",
                    machine::Machine::current().text(name), unclaimed_in_a_row_));
}

void PrimaryLine::run_passive(void* context) {
    auto& self = *static_cast<PrimaryLine*>(context);
    const bool edge = self.line.trigger == Trigger::edge;
    self.chain.ask(true, edge ? InterruptChain::Until::end : InterruptChain::Until::claimed);
    self.passive_busy_ = false;
    self.update();
}

PrimaryLine& primary_line(ULONG gsi) {
    machine::ArenaScope inside;
    auto& slot = part<PrimaryInterrupts>().lines[gsi];
    if (slot == nullptr) slot = std::make_unique<PrimaryLine>(gsi);
    return *slot;
}

}  // namespace gpioclx::kernel::io
