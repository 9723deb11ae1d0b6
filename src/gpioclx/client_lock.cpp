// GPIO_CLX_AcquireInterruptLock and GPIO_CLX_ReleaseInterruptLock: a client's access to the lock of
// a bank, and everything that can be wrong with it (5.5).
#include "client_call.h"

namespace gpioclx {
namespace {

// V12: a bad context or bank is fatal (bug check 0x138, cause 2).
Bank* checked_bank(PVOID context, BANK_ID bank_id, const char* function) {
    Controller* controller = context != nullptr ? find_controller(context) : nullptr;
    if (controller == nullptr) {
        GxReportFinding("V12", nullptr, "%s was given a context that is no GPIO device context",
                        function);
        KeBugCheckEx(gpio_controller_driver_error, 2, reinterpret_cast<ULONG_PTR>(context), 0, 0);
    }
    if (controller->setup_thread != nullptr && controller->setup_thread == KeGetCurrentThread()) {
        GxReportFinding("V5", controller->physical_device,
                        "%s(bank %u) in a setup callback: bank locks are not available there",
                        function, bank_id);
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
    return &controller->banks[bank_id];
}

void acquire_for_client(Bank& bank) {
    Controller& controller = *bank.controller;
    InterruptLock& lock = bank.interrupt_lock;
    if (KeGetCurrentIrql() > lock.irql) {
        GxReportFinding(
            "V7", controller.physical_device,
            "GPIO_CLX_AcquireInterruptLock(bank %u) at IRQL %u, above the bank's DIRQL %u", bank.id,
            KeGetCurrentIrql(), lock.irql);
    }
    if (interrupt_lock_is_mine(bank)) {
        if (lock.held_by_client) {
            GxReportFinding("V1", controller.physical_device,
                            "the lock of bank %u is acquired by its holder", bank.id);
            KeBugCheckEx(gpio_controller_driver_error, 2,
                         reinterpret_cast<ULONG_PTR>(controller.context), bank.id, 1);
        }
        // 5.4: GpioClx holds it for a callback that it made.
        if (!controller.lenient_isr_lock) {
            GxReportFinding("V3", controller.physical_device,
                            "GPIO_CLX_AcquireInterruptLock(bank %u) in a callback that GpioClx "
                            "made with this lock held",
                            bank.id);
        }
        return;
    }
    const KIRQL before = acquire_interrupt_lock(bank);
    lock.held_by_client = true;
    ClientLocks& held = controller.client_locks[KeGetCurrentProcessorNumber()];
    if (held.depth == 0) held.base_irql = before;
    if (held.depth < RTL_NUMBER_OF(held.order)) held.order[held.depth] = bank.id;
    ++held.depth;
}

void release_for_client(Bank& bank) {
    Controller& controller = *bank.controller;
    InterruptLock& lock = bank.interrupt_lock;
    if (!interrupt_lock_is_mine(bank) || !lock.held_by_client) {
        if (controller.lenient_isr_lock && interrupt_lock_is_mine(bank)) return;
        GxReportFinding(
            "V2", controller.physical_device,
            "GPIO_CLX_ReleaseInterruptLock(bank %u): the caller does not hold this lock", bank.id);
        return;
    }
    if (KeGetCurrentIrql() != lock.irql) {
        GxReportFinding(
            "V9", controller.physical_device,
            "GPIO_CLX_ReleaseInterruptLock(bank %u) at IRQL %u; it was acquired at DIRQL %u",
            bank.id, KeGetCurrentIrql(), lock.irql);
    }
    ClientLocks& held = controller.client_locks[KeGetCurrentProcessorNumber()];
    ULONG place = held.depth;
    while (place > 0 && held.order[place - 1] != bank.id) --place;
    if (place != held.depth) {
        GxReportFinding(
            "V13", controller.physical_device,
            "the lock of bank %u is released before that of bank %u, which was acquired later",
            bank.id, held.order[held.depth - 1]);
    }
    for (; place > 0 && place < held.depth; ++place) held.order[place - 1] = held.order[place];
    --held.depth;
    lock.held_by_client = false;
    // L8: the IRQL drops with the last lock.
    release_interrupt_lock(bank, held.depth == 0 ? held.base_irql : lock.irql);
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
        if (bank.wait_lock.held_by_client) {
            GxReportFinding("V1", bank.controller->physical_device,
                            "the lock of bank %u is acquired by its holder", bank.id);
            KeBugCheckEx(gpio_controller_driver_error, 2,
                         reinterpret_cast<ULONG_PTR>(bank.controller->context), bank.id, 1);
        }
        GxReportFinding("V4", bank.controller->physical_device,
                        "GPIO_CLX_AcquireInterruptLock(bank %u) in a callback that GpioClx made "
                        "with the wait lock held",
                        bank.id);
        return;
    }
    acquire_wait_lock(bank);
    bank.wait_lock.held_by_client = true;
}

void release_serial(Bank& bank) {
    if (!at_passive_level(bank, "GPIO_CLX_ReleaseInterruptLock")) return;
    if (!wait_lock_is_mine(bank) || !bank.wait_lock.held_by_client) {
        GxReportFinding(
            "V2", bank.controller->physical_device,
            "GPIO_CLX_ReleaseInterruptLock(bank %u): the caller does not hold this lock", bank.id);
        return;
    }
    bank.wait_lock.held_by_client = false;
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
