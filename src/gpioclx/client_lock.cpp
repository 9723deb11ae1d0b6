// GPIO_CLX_AcquireInterruptLock and GPIO_CLX_ReleaseInterruptLock: a client's access to the lock of
// a bank, and everything that can be wrong with it (5.5).
#include "client_call.h"

namespace gpioclx {
namespace {

// V17, L19: of memory-mapped controllers each has its interrupts at its own DIRQL.
void check_caller(const Controller& controller, BANK_ID bank_id, const char* function) {
    if (!controller.memory_mapped()) return;
    PDEVICE_OBJECT caller = GxCallingDevice();
    if (caller == nullptr || caller == controller.physical_device) return;
    PCSTR path = GxDevicePath(caller);
    GxReportFinding("V17", controller.physical_device,
                    "%s(bank %u) of this controller in a callback for %s", function, bank_id,
                    path != nullptr ? path : "another one");
}

// V12: a bad context or bank is fatal (bug check 0x138, cause 2).
Bank* checked_bank(PVOID context, BANK_ID bank_id, const char* function) {
    Controller* controller = context != nullptr ? find_controller(context) : nullptr;
    if (controller == nullptr) {
        GxReportFinding("V12", nullptr, "%s was given a context that is no GPIO device context",
                        function);
        KeBugCheckEx(gpio_controller_driver_error, 2, reinterpret_cast<ULONG_PTR>(context), 0, 0);
    }
    if (controller->critical_bank != nullptr) {
        GxReportFinding("V6", controller->physical_device,
                        "%s(bank %u) during the critical transition of bank %u: nobody else runs, "
                        "and no lock is "
                        "available at HIGH_LEVEL",
                        function, bank_id, controller->critical_bank->id);
        return nullptr;
    }
    if (controller->setup_thread != nullptr && controller->setup_thread == KeGetCurrentThread()) {
        GxReportFinding("V5", controller->physical_device,
                        "%s(bank %u) in %s: bank locks are not available there", function, bank_id,
                        controller->setup_callback);
        return nullptr;
    }
    if (!controller->prepared || controller->banks == nullptr) {
        GxReportFinding("V16", controller->physical_device,
                        "%s(bank %u) before PrepareController or after ReleaseController", function,
                        bank_id);
        return nullptr;
    }
    if (bank_id >= controller->bank_count) {
        GxReportFinding("V12", controller->physical_device,
                        "%s: bank %u does not exist; the controller has %u banks", function,
                        bank_id, controller->bank_count);
        KeBugCheckEx(gpio_controller_driver_error, 2, reinterpret_cast<ULONG_PTR>(context), bank_id,
                     0);
    }
    check_caller(*controller, bank_id, function);
    return &controller->banks[bank_id];
}

[[noreturn]] void stop_for_recursion(Bank& bank) {
    Controller& controller = *bank.controller;
    GxReportFinding("V1", controller.physical_device,
                    "the lock of bank %u is acquired by its holder", bank.id);
    KeBugCheckEx(gpio_controller_driver_error, 2, reinterpret_cast<ULONG_PTR>(controller.context),
                 bank.id, 1);
}

void report_stranger(Bank& bank) {
    GxReportFinding("V2", bank.controller->physical_device,
                    "GPIO_CLX_ReleaseInterruptLock(bank %u): the caller does not hold this lock",
                    bank.id);
}

// 5.4: GpioClx itself holds the lock, for a callback that it made.
template <typename Lock>
void refuse(Bank& bank, Lock& lock, const char* finding, const char* which) {
    ++lock.refused;
    if (bank.controller->lenient_isr_lock) return;
    GxReportFinding(finding, bank.controller->physical_device,
                    "GPIO_CLX_AcquireInterruptLock(bank %u) in %s, which GpioClx calls with the %s "
                    "lock of this bank held",
                    bank.id, lock.callback, which);
}

void acquire_for_client(Bank& bank) {
    Controller& controller = *bank.controller;
    InterruptLock& lock = bank.interrupt_lock;
    if (interrupt_lock_is_mine(bank)) {
        if (lock.held_by_client) stop_for_recursion(bank);
        refuse(bank, lock, "V3", "interrupt");
        return;
    }
    if (KeGetCurrentIrql() > lock.irql) {
        GxReportFinding(
            "V7", controller.physical_device,
            "GPIO_CLX_AcquireInterruptLock(bank %u) at IRQL %u, above the bank's DIRQL %u", bank.id,
            KeGetCurrentIrql(), lock.irql);
    }
    lock.irql_before = acquire_interrupt_lock(bank);
    lock.held_by_client = true;
    Bank*& latest = controller.client_locks[KeGetCurrentProcessorNumber()];
    lock.acquired_before = latest;
    latest = &bank;
}

// Takes the bank out of the processor's chain. L5: the IRQL to go back to is that before the
// matching acquire. L8: out of order the IRQL stays until the locks acquired later are released
// too.
KIRQL forget_acquired(Bank& bank) {
    Bank*& latest = bank.controller->client_locks[KeGetCurrentProcessorNumber()];
    InterruptLock& lock = bank.interrupt_lock;
    if (latest == &bank) {
        latest = lock.acquired_before;
        return lock.irql_before;
    }
    GxReportFinding("V13", bank.controller->physical_device,
                    "the lock of bank %u is released before that of bank %u, which was acquired "
                    "later",
                    bank.id, latest->id);
    Bank* later = latest;
    while (later->interrupt_lock.acquired_before != &bank)
        later = later->interrupt_lock.acquired_before;
    later->interrupt_lock.acquired_before = lock.acquired_before;
    later->interrupt_lock.irql_before = lock.irql_before;
    return KeGetCurrentIrql();
}

void release_for_client(Bank& bank) {
    InterruptLock& lock = bank.interrupt_lock;
    if (!interrupt_lock_is_mine(bank)) return report_stranger(bank);
    if (!lock.held_by_client) {
        if (lock.refused == 0) return report_stranger(bank);
        --lock.refused;
        return;
    }
    if (KeGetCurrentIrql() < lock.irql) {
        GxReportFinding(
            "V9", bank.controller->physical_device,
            "GPIO_CLX_ReleaseInterruptLock(bank %u) at IRQL %u; it was acquired at DIRQL %u",
            bank.id, KeGetCurrentIrql(), lock.irql);
    }
    const KIRQL irql = forget_acquired(bank);
    lock.held_by_client = false;
    release_interrupt_lock(bank, irql);
}

// L4, L6, L14: the lock of a serial controller is the wait lock.
bool at_passive_level(const Bank& bank, const char* function) {
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) return true;
    GxReportFinding("V8", bank.controller->physical_device,
                    "%s(bank %u) at IRQL %u: the lock of a serial controller needs PASSIVE_LEVEL",
                    function, bank.id, KeGetCurrentIrql());
    return false;
}

void acquire_serial(Bank& bank) {
    if (!at_passive_level(bank, "GPIO_CLX_AcquireInterruptLock")) return;
    if (wait_lock_is_mine(bank)) {
        if (bank.wait_lock.held_by_client) stop_for_recursion(bank);
        refuse(bank, bank.wait_lock, "V4", "wait");
        return;
    }
    acquire_wait_lock(bank);
    bank.wait_lock.held_by_client = true;
    InterlockedIncrement(&bank.controller->client_wait_locks);
}

void release_serial(Bank& bank) {
    if (!at_passive_level(bank, "GPIO_CLX_ReleaseInterruptLock")) return;
    if (!wait_lock_is_mine(bank)) return report_stranger(bank);
    if (!bank.wait_lock.held_by_client) {
        if (bank.wait_lock.refused == 0) return report_stranger(bank);
        --bank.wait_lock.refused;
        return;
    }
    bank.wait_lock.held_by_client = false;
    InterlockedDecrement(&bank.controller->client_wait_locks);
    release_wait_lock(bank);
}

}  // namespace
}  // namespace gpioclx

using namespace gpioclx;

extern "C" VOID GPIO_CLX_AcquireInterruptLock(PVOID Context, BANK_ID BankId) {
    Bank* bank = checked_bank(Context, BankId, "GPIO_CLX_AcquireInterruptLock");
    if (bank == nullptr) return;
    if (bank->controller->memory_mapped()) {
        acquire_for_client(*bank);
    } else {
        acquire_serial(*bank);
    }
}

extern "C" VOID GPIO_CLX_ReleaseInterruptLock(PVOID Context, BANK_ID BankId) {
    Bank* bank = checked_bank(Context, BankId, "GPIO_CLX_ReleaseInterruptLock");
    if (bank == nullptr) return;
    if (bank->controller->memory_mapped()) {
        release_for_client(*bank);
    } else {
        release_serial(*bank);
    }
}
