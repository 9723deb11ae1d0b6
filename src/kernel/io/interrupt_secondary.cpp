#include "kernel/io/interrupt_secondary.h"

#include <fmt/core.h>
#include <algorithm>
#include <ext/gx_connection.h>
#include <ext/gx_export.h>

#include "kernel/io/interrupt_object.h"
#include "kernel/io/io_call.h"
#include "kernel/ke/bug_check.h"
#include "kernel/pnp/assigned_interrupt.h"
#include "machine/arena.h"

namespace gpioclx::kernel::io {
namespace {

constexpr ULONG gpio_controller_driver_error = 0x138;
constexpr ULONG controller_not_registered = 1;

[[noreturn]] void stop_for_missing_controller(const SecondaryLine& line) {
    ke::bug_check(gpio_controller_driver_error, controller_not_registered, line.gsi, 0, 0,
                  fmt::format("an interrupt is connected to pin {} of {}, whose driver has not "
                              "registered as interrupt controller",
                              line.pin, line.controller_path));
}

}  // namespace

SecondaryLine::SecondaryLine(ULONG gsi_number, std::string path, ULONG pin_number)
    : gsi(gsi_number), controller_path(std::move(path)), pin(pin_number) {
    name = machine::Machine::current().name(fmt::format("{} pin {}", controller_path, pin));
    KeInitializeDpc(&active_dpc_, &SecondaryLine::report_active, this);
}

InterruptController* SecondaryLine::controller() const {
    auto& controllers = part<SecondaryInterrupts>().controllers;
    const auto found = controllers.find(controller_path);
    return found == controllers.end() ? nullptr : &found->second;
}

KIRQL SecondaryLine::irql() {
    const InterruptController* owner = controller();
    return owner != nullptr ? owner->callbacks.QueryIrql(owner->context, pin)
                            : static_cast<KIRQL>(machine::level_device_lowest);
}

NTSTATUS SecondaryLine::check(const _KINTERRUPT& interrupt, KIRQL requested_irql) {
    if (controller() == nullptr) stop_for_missing_controller(*this);
    // I48: pins of a serial controller are serviced at PASSIVE_LEVEL only.
    if (requested_irql != PASSIVE_LEVEL && requested_irql != irql())
        return STATUS_INVALID_PARAMETER;
    const pnp::AssignedInterrupt* own = pnp::assigned_interrupt(interrupt.physical_device, gsi);
    if (own == nullptr) return STATUS_NOT_FOUND;
    if (own->line.Mode != interrupt.mode) return STATUS_INVALID_PARAMETER;
    // I18: polarity of all must agree; the routines carry the descriptors of their devices.
    const bool disagrees = chain.any([&](const _KINTERRUPT& other) {
        const pnp::AssignedInterrupt* theirs = pnp::assigned_interrupt(other.physical_device, gsi);
        return theirs != nullptr && theirs->line.Polarity != own->line.Polarity;
    });
    return disagrees ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

NTSTATUS SecondaryLine::enable() {
    const InterruptController* owner = controller();
    const pnp::AssignedInterrupt* own =
        pnp::assigned_interrupt(chain.first()->physical_device, gsi);
    told_active_ = true;
    enabled_ = true;
    const NTSTATUS status = owner->callbacks.Enable(owner->context, gsi, &own->line);
    enabled_ = NT_SUCCESS(status);
    return status;
}

// Nothing of the pin may run any more when the controller is told, Serviced included.
void SecondaryLine::disable() {
    worker.cancel();
    worker.wait_until_idle();
    KeRemoveQueueDpc(&active_dpc_);
    const bool was_enabled = enabled_;
    enabled_ = false;
    const InterruptController* owner = controller();
    if (was_enabled && owner != nullptr) owner->callbacks.Disable(owner->context, gsi, pin);
}

// SetActive may be called up to the IRQL of the pin's routines, so that a routine that masks its
// own line is masked when it returns: a chained controller does (1.6). From above it goes through a
// deferred call.
void SecondaryLine::update() {
    const bool active = chain.wants_interrupts();
    // A chain whose last routine is just being disconnected is the business of disable().
    const bool leaving = !active && chain.any([](const _KINTERRUPT& i) { return i.disconnecting; });
    if (!enabled_ || leaving || active == told_active_) return;
    const KIRQL now = KeGetCurrentIrql();
    if (now > DISPATCH_LEVEL && now > irql()) {
        KeInsertQueueDpc(&active_dpc_, nullptr, nullptr);
    } else {
        tell_controller();
    }
}

VOID SecondaryLine::report_active(PKDPC, PVOID self, PVOID, PVOID) {
    static_cast<SecondaryLine*>(self)->tell_controller();
}

void SecondaryLine::tell_controller() {
    const bool active = chain.wants_interrupts();
    const InterruptController* owner = controller();
    if (!enabled_ || owner == nullptr || active == told_active_) return;
    told_active_ = active;
    owner->callbacks.SetActive(owner->context, gsi, pin, active);
}

bool SecondaryLine::unmasked() const {
    const InterruptController* owner = controller();
    if (!enabled_ || owner == nullptr || !chain.wants_interrupts()) return false;
    return owner->callbacks.QueryMasked == nullptr ||
           !owner->callbacks.QueryMasked(owner->context, pin);
}

bool SecondaryLine::latched() const {
    const _KINTERRUPT* interrupt = chain.first();
    return interrupt != nullptr && interrupt->mode == Latched;
}

void SecondaryLine::replay() {
    replay_.name = name;
    replay_.level = std::max<KIRQL>(irql(), machine::level_device_lowest);
    replay_.trigger = machine::Trigger::edge;
    replay_.handler = &SecondaryLine::replayed;
    replay_.context = this;
    replay_.enabled = true;
    machine::Machine& m = machine::Machine::current();
    m.assert_line(replay_);
    m.deassert_line(replay_);
}

bool SecondaryLine::replayed(void* context) {
    auto& self = *static_cast<SecondaryLine*>(context);
    if (!self.enabled_) return false;
    if (self.chain.has(false) && GxDispatchSecondaryInterrupt(self.gsi)) return true;
    return GxScheduleSecondaryInterrupt(self.gsi);
}

void SecondaryLine::prepare_passive() {
    worker.start(fmt::format("{} pin {} passive", controller_path, pin),
                 &SecondaryLine::run_passive, this);
}

void SecondaryLine::run_passive(void* context) {
    auto& self = *static_cast<SecondaryLine*>(context);
    const bool claimed = self.chain.ask(true, InterruptChain::Until::claimed);
    const InterruptController* owner = self.controller();
    if (self.enabled_ && owner != nullptr) {
        owner->callbacks.Serviced(owner->context, self.gsi, self.pin, claimed);
    }
}

void SecondaryLine::raised() {
    machine::Machine::current().emit(machine::EventKind::secondary_raised, name, machine::no_name,
                                     gsi, pin);
}

SecondaryLine& secondary_line(std::string_view controller_path, ULONG pin) {
    machine::ArenaScope inside;
    auto& table = part<SecondaryInterrupts>();
    SecondaryLine*& line = table.by_pin[{std::string(controller_path), pin}];
    if (line == nullptr) {
        const ULONG gsi = first_secondary_gsi + static_cast<ULONG>(table.lines.size());
        table.lines.push_back(
            std::make_unique<SecondaryLine>(gsi, std::string(controller_path), pin));
        line = table.lines.back().get();
    }
    return *line;
}

SecondaryLine* find_secondary_line(ULONG gsi) {
    const auto& lines = part<SecondaryInterrupts>().lines;
    if (gsi < first_secondary_gsi || gsi - first_secondary_gsi >= lines.size()) return nullptr;
    return lines[gsi - first_secondary_gsi].get();
}

}  // namespace gpioclx::kernel::io

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::io;

extern "C" {

NTSTATUS GxRegisterInterruptController(PDEVICE_OBJECT PhysicalDevice,
                                       const GX_INTERRUPT_CONTROLLER* Controller, PVOID Context) {
    IoCall call;
    machine::ArenaScope inside;
    const PCSTR path = GxDevicePath(PhysicalDevice);
    if (path == nullptr || Controller->Size != sizeof(GX_INTERRUPT_CONTROLLER)) {
        return STATUS_INVALID_PARAMETER;
    }
    const bool added = part<SecondaryInterrupts>()
                           .controllers.emplace(path, InterruptController{*Controller, Context})
                           .second;
    return added ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
GX_EXPORT_FUNCTION(GxRegisterInterruptController);

VOID GxUnregisterInterruptController(PDEVICE_OBJECT PhysicalDevice) {
    IoCall call;
    const PCSTR path = GxDevicePath(PhysicalDevice);
    if (path != nullptr) part<SecondaryInterrupts>().controllers.erase(path);
}
GX_EXPORT_FUNCTION(GxUnregisterInterruptController);

GX_LINE_SERVICE GxQuerySecondaryInterrupt(ULONG Gsi) {
    GX_LINE_SERVICE service{};
    if (const SecondaryLine* line = find_secondary_line(Gsi)) {
        service.HasInterruptLevelRoutine = line->chain.has(false);
        service.HasPassiveRoutine = line->chain.has(true);
    }
    return service;
}
GX_EXPORT_FUNCTION(GxQuerySecondaryInterrupt);

BOOLEAN GxDispatchSecondaryInterrupt(ULONG Gsi) {
    IoCall call;
    SecondaryLine* line = find_secondary_line(Gsi);
    if (line == nullptr) return FALSE;
    line->raised();
    return line->chain.ask(false, InterruptChain::Until::claimed);
}
GX_EXPORT_FUNCTION(GxDispatchSecondaryInterrupt);

BOOLEAN GxScheduleSecondaryInterrupt(ULONG Gsi) {
    IoCall call;
    SecondaryLine* line = find_secondary_line(Gsi);
    if (line == nullptr || !line->chain.has(true)) return FALSE;
    // With DIRQL routines in the chain those were asked, and the observers told, before (I50).
    if (!line->chain.has(false)) line->raised();
    line->worker.schedule();
    return TRUE;
}
GX_EXPORT_FUNCTION(GxScheduleSecondaryInterrupt);

BOOLEAN GxRunSecondaryInterrupt(ULONG Gsi) {
    IoCall call;
    SecondaryLine* line = find_secondary_line(Gsi);
    if (line == nullptr) return FALSE;
    line->raised();
    return line->chain.ask(true, InterruptChain::Until::claimed);
}
GX_EXPORT_FUNCTION(GxRunSecondaryInterrupt);

VOID GxMaskPrimaryInterrupt(PKINTERRUPT Interrupt) {
    for (PKINTERRUPT i = Interrupt; i != nullptr; i = i->next_of_device) {
        i->masked = true;
        i->line->update();
    }
}
GX_EXPORT_FUNCTION(GxMaskPrimaryInterrupt);

VOID GxUnmaskPrimaryInterrupt(PKINTERRUPT Interrupt) {
    for (PKINTERRUPT i = Interrupt; i != nullptr; i = i->next_of_device) {
        i->masked = false;
        i->line->update();
    }
}
GX_EXPORT_FUNCTION(GxUnmaskPrimaryInterrupt);

ULONG GxCountServiceRoutines(PDEVICE_OBJECT PhysicalDevice, ULONG Vector) {
    IoCall call;
    const InterruptLineBase* line = find_interrupt_line(Vector);
    ULONG count = 0;
    if (line == nullptr) return count;
    line->chain.any([&](const _KINTERRUPT& interrupt) {
        count += interrupt.physical_device == PhysicalDevice;
        return false;
    });
    return count;
}
GX_EXPORT_FUNCTION(GxCountServiceRoutines);

}  // extern "C"
