// Primary interrupts: lines of the machine's interrupt controller.
#pragma once

#include "kernel/io/interrupt_line.h"
#include "kernel/io/passive_worker.h"
#include "machine/interrupt_line.h"

#include <map>
#include <memory>

namespace gpioclx::kernel::io {

class PrimaryLine final : public InterruptLineBase {
  public:
    explicit PrimaryLine(ULONG gsi);

    // Trigger and DIRQL, when PnP first assigns the line. A later device must agree on the trigger.
    void configure(bool edge);
    bool configured() const { return configured_; }

    NTSTATUS check(const _KINTERRUPT& interrupt, KIRQL requested_irql) override;
    NTSTATUS enable() override;
    void disable() override;
    void update() override;
    void prepare_passive() override;
    KIRQL irql() override { return line.level; }

    machine::InterruptLine line;

  private:
    static bool handle(void* self);
    bool service();
    void note_unclaimed();
    static void run_passive(void* self);

    bool configured_ = false;
    bool connected_ = false;
    std::uint32_t wired_to_ = ~0u;  // processors, whatever drivers want
    bool passive_busy_ = false;     // level line: silenced until its worker ran
    bool given_up_ = false;         // nobody claims it: silenced until somebody connects anew
    std::uint64_t unclaimed_in_a_row_ = 0;
    std::uint64_t unclaimed_max_ = 0;
    PassiveWorker worker_;
};

struct PrimaryInterrupts {
    std::map<ULONG, std::unique_ptr<PrimaryLine>> lines;
    KIRQL next_irql = machine::level_device_lowest;
};

// Made at first use.
PrimaryLine& primary_line(ULONG gsi);

}  // namespace gpioclx::kernel::io
