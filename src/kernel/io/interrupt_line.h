// What a primary and a secondary interrupt have in common for those who connect to it.
#pragma once

#include <wdm.h>

#include "kernel/io/interrupt_chain.h"
#include "machine/name_table.h"

namespace gpioclx::kernel::io {

class InterruptLineBase {
  public:
    virtual ~InterruptLineBase() = default;

    // The rules that the new routine must keep here, before anything is changed.
    virtual NTSTATUS check(const _KINTERRUPT& interrupt, KIRQL requested_irql) = 0;
    // The first routine is in the chain: lets interrupts in. A failure takes it out again.
    virtual NTSTATUS enable() = 0;
    // The last routine is drained and about to leave the chain.
    virtual void disable() = 0;
    // The chain or the activity of a routine in it changed; <= DIRQL.
    virtual void update() = 0;
    // A passive routine was connected: a thread for it must exist.
    virtual void prepare_passive() = 0;
    // The IRQL of the service routines here.
    virtual KIRQL irql() = 0;

    // PASSIVE_LEVEL. Rules I16-I18, I21, I23.
    NTSTATUS connect(_KINTERRUPT& interrupt, KIRQL requested_irql);
    void disconnect(_KINTERRUPT& interrupt);

    InterruptChain chain;
    machine::NameId name = machine::no_name;

  protected:
    InterruptLineBase() { KeInitializeEvent(&connect_lock_, SynchronizationEvent, TRUE); }

  private:
    KEVENT connect_lock_;  // one connect or disconnect at a time
};

// The line of this vector, null if nothing assigned it.
InterruptLineBase* find_interrupt_line(ULONG vector);

}  // namespace gpioclx::kernel::io
