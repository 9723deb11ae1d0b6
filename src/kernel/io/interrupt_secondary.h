// Secondary interrupts: the table from global system interrupt to pin and connected routines, and
// the controllers that own the pins (wdk/ext/gx_interrupt.h).
#pragma once

#include <ext/gx_interrupt.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/io/interrupt_line.h"
#include "kernel/io/passive_worker.h"
#include "machine/interrupt_line.h"

namespace gpioclx::kernel::io {

constexpr ULONG first_secondary_gsi = 1024;  // above every primary number

struct InterruptController {
    GX_INTERRUPT_CONTROLLER callbacks{};
    PVOID context = nullptr;
};

class SecondaryLine final : public InterruptLineBase {
  public:
    SecondaryLine(ULONG gsi, std::string controller_path, ULONG pin);

    NTSTATUS check(const _KINTERRUPT& interrupt, KIRQL requested_irql) override;
    NTSTATUS enable() override;
    void disable() override;
    void update() override;
    void prepare_passive() override;
    KIRQL irql() override;

    // Null while the controller is not registered.
    InterruptController* controller() const;
    void raised();  // tells observers
    // Connected, active, and neither the controller nor a driver holds it back. Any IRQL.
    bool unmasked() const;
    bool enabled() const { return enabled_; }
    bool latched() const;  // its connected routines are for edges
    // An edge that the hardware lost comes again, as soon as the IRQL allows (I98). Any IRQL.
    void replay();

    const ULONG gsi;
    const std::string controller_path;
    const ULONG pin;
    PassiveWorker worker;

  private:
    static void run_passive(void* self);
    static bool replayed(void* self);
    static VOID report_active(PKDPC, PVOID self, PVOID, PVOID);
    void tell_controller();

    bool enabled_ = false;
    bool told_active_ = true;
    KDPC active_dpc_{};
    machine::InterruptLine replay_{};
};

struct SecondaryInterrupts {
    std::vector<std::unique_ptr<SecondaryLine>> lines;  // by GSI from first_secondary_gsi
    std::map<std::pair<std::string, ULONG>, SecondaryLine*> by_pin;
    std::map<std::string, InterruptController> controllers;
};

// The line of the pin; it gets the next free GSI if it has none yet (I12).
SecondaryLine& secondary_line(std::string_view controller_path, ULONG pin);
// Null for a number that was never assigned.
SecondaryLine* find_secondary_line(ULONG gsi);

}  // namespace gpioclx::kernel::io
