#include "client_call.h"

namespace gpioclx {
namespace {

// V10: gives back what the callback kept, so that the machine can go on to show consequences.
void release_leaked_locks(Controller& controller, const CallSite& site) {
    ClientLocks& held = controller.client_locks[KeGetCurrentProcessorNumber()];
    while (held.depth > 0) {
        const BANK_ID bank = held.order[held.depth - 1];
        GxReportFinding("V10", controller.physical_device,
                        "%s returned with the lock of bank %u held", site.name, bank);
        GPIO_CLX_ReleaseInterruptLock(controller.context, bank);
    }
}

}  // namespace

void check_after_callback(Controller& controller, const CallSite& site, KIRQL irql,
                          NTSTATUS status) {
    // A DIRQL callback runs while its own processor can hold client locks only of interrupted code,
    // so only passive callbacks can be asked for leaks.
    if (irql == PASSIVE_LEVEL && controller.memory_mapped() && KeGetCurrentIrql() > PASSIVE_LEVEL) {
        release_leaked_locks(controller, site);
    }
    const KIRQL now = KeGetCurrentIrql();
    if (now != irql) {
        GxReportFinding("V11", controller.physical_device,
                        "%s was called at IRQL %u and returned at IRQL %u", site.name, irql, now);
        if (now > irql) KeLowerIrql(irql);
    }
    if (status == STATUS_PENDING) {
        GxReportFinding("V36", controller.physical_device,
                        "%s returned STATUS_PENDING; it must be done when it returns", site.name);
    }
}

}  // namespace gpioclx
