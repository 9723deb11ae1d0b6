#include "bank_lock.h"

#include <ntstrsafe.h>

#include "controller.h"

namespace gpioclx {

void initialize_locks(Bank& bank) {
    KeInitializeSpinLock(&bank.interrupt_lock.word);
    KeInitializeEvent(&bank.wait_lock.free, SynchronizationEvent, TRUE);
    char name[160];
    PCSTR path = GxDevicePath(bank.controller->physical_device);
    RtlStringCbPrintfA(name, sizeof(name), "%s bank %u interrupt lock", path ? path : "?", bank.id);
    GxNameLock(&bank.interrupt_lock.word, name);
    RtlStringCbPrintfA(name, sizeof(name), "%s bank %u wait lock", path ? path : "?", bank.id);
    GxNameLock(&bank.wait_lock.free, name);
}

void forget_locks(Bank& bank) {
    GxForgetLock(&bank.interrupt_lock.word);
    GxForgetLock(&bank.wait_lock.free);
}

KIRQL acquire_interrupt_lock(Bank& bank) {
    KIRQL before = KeGetCurrentIrql();
    if (before < bank.interrupt_lock.irql) KeRaiseIrql(bank.interrupt_lock.irql, &before);
    KeAcquireSpinLockAtDpcLevel(&bank.interrupt_lock.word);
    bank.interrupt_lock.holder = KeGetCurrentProcessorNumber() + 1;
    return before;
}

void release_interrupt_lock(Bank& bank, KIRQL irql) {
    bank.interrupt_lock.refused = 0;
    bank.interrupt_lock.holder = 0;
    KeReleaseSpinLockFromDpcLevel(&bank.interrupt_lock.word);
    if (irql < KeGetCurrentIrql()) KeLowerIrql(irql);
}

bool interrupt_lock_is_mine(const Bank& bank) {
    return bank.interrupt_lock.holder == KeGetCurrentProcessorNumber() + 1;
}

void acquire_wait_lock(Bank& bank) {
    GxLockWanted(&bank.wait_lock.free);
    KeWaitForSingleObject(&bank.wait_lock.free, Executive, KernelMode, FALSE, nullptr);
    bank.wait_lock.holder = KeGetCurrentThread();
    GxLockAcquired(&bank.wait_lock.free);
}

void release_wait_lock(Bank& bank) {
    bank.wait_lock.refused = 0;
    bank.wait_lock.holder = nullptr;
    GxLockReleased(&bank.wait_lock.free);
    KeSetEvent(&bank.wait_lock.free, IO_NO_INCREMENT, FALSE);
}

bool wait_lock_is_mine(const Bank& bank) {
    return KeGetCurrentIrql() < DISPATCH_LEVEL && bank.wait_lock.holder == KeGetCurrentThread();
}

ServiceLock::ServiceLock(Bank& bank) : bank_(bank), irql_(PASSIVE_LEVEL) {
    if (bank.controller->memory_mapped()) {
        irql_ = acquire_interrupt_lock(bank);
    } else {
        acquire_wait_lock(bank);
    }
}

ServiceLock::~ServiceLock() {
    if (bank_.controller->memory_mapped()) {
        release_interrupt_lock(bank_, irql_);
    } else {
        release_wait_lock(bank_);
    }
}

}  // namespace gpioclx
