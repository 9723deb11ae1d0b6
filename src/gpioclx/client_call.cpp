#include "client_call.h"

namespace gpioclx {
namespace {

void report_leak(Controller& controller, const CallSite& site, const Bank& bank) {
    GxReportFinding("V10", controller.physical_device, "%s returned with the lock of bank %u held",
                    site.name, bank.id);
    // Given back, so that the machine can go on to show consequences.
    GPIO_CLX_ReleaseInterruptLock(controller.context, bank.id);
}

void check_interrupt_locks(Controller& controller, const CallSite& site, const CallEntry& entry) {
    if (KeGetCurrentIrql() <= DISPATCH_LEVEL) return;  // whoever holds one is above
    Bank*& latest = controller.client_locks[KeGetCurrentProcessorNumber()];
    while (latest != nullptr && latest != entry.client_lock) report_leak(controller, site, *latest);
}

void check_wait_locks(Controller& controller, const CallSite& site) {
    if (controller.client_wait_locks == 0 || KeGetCurrentIrql() > PASSIVE_LEVEL) return;
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        Bank& bank = controller.banks[i];
        if (bank.wait_lock.held_by_client && wait_lock_is_mine(bank))
            report_leak(controller, site, bank);
    }
}

void note_callback(Bank& bank, const CallSite& site) {
    if ((site.locks & GX_HOLDS_INTERRUPT_LOCK) != 0) bank.interrupt_lock.callback = site.name;
    if ((site.locks & GX_HOLDS_WAIT_LOCK) != 0) bank.wait_lock.callback = site.name;
}

bool same(const char* left, const char* right) {
    while (*left != '\0' && *left == *right) ++left, ++right;
    return *left == *right;
}

template <ULONG count>
bool is_any(const char* name, const char* const (&names)[count]) {
    for (const char* one : names) {
        if (same(name, one)) return true;
    }
    return false;
}

}  // namespace

// V25, V26: for a memory-mapped controller Windows takes the rest as the end of the machine.
bool may_fail(const Controller& controller, const CallSite& site) {
    static const char* const any[] = {"CLIENT_QueryControllerBasicInformation",
                                      "CLIENT_PrepareController",
                                      "CLIENT_StartController",
                                      "CLIENT_ConnectIoPins",
                                      "CLIENT_ConnectFunctionConfigPins",
                                      "CLIENT_EnableInterrupt",
                                      "CLIENT_ControllerSpecificFunction"};
    static const char* const serial[] = {
        "CLIENT_ReadGpioPins",          "CLIENT_WriteGpioPins",
        "CLIENT_ReadGpioPinsUsingMask", "CLIENT_WriteGpioPinsUsingMask",
        "CLIENT_MaskInterrupts",        "CLIENT_UnmaskInterrupt",
        "CLIENT_QueryActiveInterrupts", "CLIENT_ClearActiveInterrupts"};
    return is_any(site.name, any) || (!controller.memory_mapped() && is_any(site.name, serial));
}

// At PASSIVE_LEVEL a processor holds no spin lock, and a thread may come back on another one.
CallEntry enter_callback(Controller& controller, const CallSite& site) {
    if (site.bank != no_bank) {
        note_callback(controller.banks[site.bank], site);
    } else if (site.locks != 0) {
        for (USHORT i = 0; i < controller.bank_count; ++i) note_callback(controller.banks[i], site);
    }
    const KIRQL irql = KeGetCurrentIrql();
    if (irql <= DISPATCH_LEVEL) return {irql, nullptr};
    return {irql, controller.client_locks[KeGetCurrentProcessorNumber()]};
}

void check_after_callback(Controller& controller, const CallSite& site, const CallEntry& entry,
                          NTSTATUS status) {
    if (controller.memory_mapped()) {
        check_interrupt_locks(controller, site, entry);
    } else {
        check_wait_locks(controller, site);
    }
    const KIRQL now = KeGetCurrentIrql();
    if (now != entry.irql) {
        GxReportFinding("V11", controller.physical_device,
                        "%s was called at IRQL %u and returned at IRQL %u", site.name, entry.irql,
                        now);
        if (now > entry.irql) {
            KeLowerIrql(entry.irql);
        } else {
            KIRQL before;
            KeRaiseIrql(entry.irql, &before);
        }
    }
    if (status == STATUS_PENDING) {
        GxReportFinding("V36", controller.physical_device,
                        "%s returned STATUS_PENDING; it must be done when it returns", site.name);
    }
}

void report_changed_parameters(Controller& controller, const CallSite& site) {
    if (site.bank == no_bank) {
        GxReportFinding("V38", controller.physical_device,
                        "%s changed parameters that are input only", site.name);
    } else {
        GxReportFinding("V38", controller.physical_device,
                        "%s of bank %u changed parameters that are input only", site.name,
                        site.bank);
    }
}

void log_warning(const Controller& controller, const char* text) {
    PCSTR path = GxDevicePath(controller.physical_device);
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_WARNING_LEVEL, "GpioClx: %s: %s\n",
               path != nullptr ? path : "?", text);
}

void log_failure(const Bank& bank, const char* callback, ULONG64 operand, NTSTATUS status,
                 ULONG attempts) {
    PCSTR path = GxDevicePath(bank.controller->physical_device);
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL,
               "GpioClx: %s of %s bank %u, pin or mask %I64x, failed with %08x after %u attempts\n",
               callback, path != nullptr ? path : "?", bank.id, operand, static_cast<ULONG>(status),
               attempts);
}

}  // namespace gpioclx
