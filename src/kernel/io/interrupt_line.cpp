#include "kernel/io/interrupt_line.h"

#include "kernel/io/interrupt_object.h"

namespace gpioclx::kernel::io {
namespace {

class EventLock {
  public:
    explicit EventLock(KEVENT& event) : event_(event) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, nullptr);
    }
    ~EventLock() { KeSetEvent(&event_, IO_NO_INCREMENT, FALSE); }

  private:
    KEVENT& event_;
};

}  // namespace

NTSTATUS InterruptLineBase::connect(_KINTERRUPT& interrupt, KIRQL requested_irql) {
    EventLock lock(connect_lock_);
    NTSTATUS status = check(interrupt, requested_irql);
    if (!NT_SUCCESS(status)) return status;
    // I18: everybody must agree to share. One that is being disconnected still holds its place.
    if (!chain.empty() &&
        (!interrupt.shared || chain.any([](const _KINTERRUPT& i) { return !i.shared; }))) {
        return STATUS_ACCESS_DENIED;
    }
    if (chain.any([&](const _KINTERRUPT& i) { return i.mode != interrupt.mode; })) {
        return STATUS_INVALID_PARAMETER;
    }
    const bool first = chain.empty();
    interrupt.line = this;
    if (interrupt.passive) prepare_passive();
    // In the chain before the line is enabled: it may fire at once (I16).
    chain.insert(interrupt);
    if (first) status = enable();
    if (!NT_SUCCESS(status)) {
        interrupt.disconnecting = true;
        interrupt.drained.wait_until(name, [&] { return interrupt.running == 0; });
        chain.remove(interrupt);
        return status;
    }
    update();
    return STATUS_SUCCESS;
}

void InterruptLineBase::disconnect(_KINTERRUPT& interrupt) {
    interrupt.disconnecting = true;
    update();
    // Without a lock, so that a running passive routine can finish whatever it waits for (I23).
    interrupt.drained.wait_until(name, [&] { return interrupt.running == 0; });
    EventLock lock(connect_lock_);
    const bool last = !chain.any([&](const _KINTERRUPT& i) { return &i != &interrupt; });
    if (last) disable();
    chain.remove(interrupt);
}

}  // namespace gpioclx::kernel::io
