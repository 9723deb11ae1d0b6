#include "framework/callback_lock.h"

#include "ext/gx_observe.h"

#include "framework/call.h"
#include "machine/machine.h"

namespace gpioclx::framework {

CallbackLock::CallbackLock(bool passive, const char* name) : passive_(passive) {
    if (passive) {
        KeInitializeEvent(&event_, SynchronizationEvent, TRUE);
        GxNameLock(&event_, name);
    } else {
        KeInitializeSpinLock(&spin_);
        GxNameLock(&spin_, name);
    }
}

CallbackLock::~CallbackLock() {
    GxForgetLock(passive_ ? static_cast<const VOID*>(&event_) : &spin_);
}

bool CallbackLock::held_by_caller() const {
    if (!held_) return false;
    if (passive_) return owner_ == KeGetCurrentThread() && KeGetCurrentIrql() < DISPATCH_LEVEL;
    machine::Machine& machine = machine::Machine::current();
    return machine.processor().index == processor_ && machine.level() >= DISPATCH_LEVEL;
}

void CallbackLock::acquire(const char* function) {
    if (held_by_caller()) {
        violation("lock-201", nullptr, WDF_RECURSIVE_LOCK, reinterpret_cast<ULONG_PTR>(this), 0,
                  "%s acquires a callback lock that its caller holds already", function);
    }
    if (passive_) {
        if (KeGetCurrentIrql() >= DISPATCH_LEVEL) {
            report("irql-203", nullptr,
                   "%s acquires a callback lock of passive execution level at IRQL %u", function,
                   KeGetCurrentIrql());
        }
        GxLockWanted(&event_);
        KeEnterCriticalRegion();
        KeWaitForSingleObject(&event_, Executive, KernelMode, FALSE, nullptr);
        owner_ = KeGetCurrentThread();
        GxLockAcquired(&event_);
    } else {
        KIRQL irql;
        KeAcquireSpinLock(&spin_, &irql);
        irql_ = irql;
        processor_ = machine::Machine::current().processor().index;
    }
    held_ = true;
}

void CallbackLock::release() {
    held_ = false;
    owner_ = nullptr;
    if (passive_) {
        GxLockReleased(&event_);
        KeSetEvent(&event_, IO_NO_INCREMENT, FALSE);
        KeLeaveCriticalRegion();
    } else {
        KeReleaseSpinLock(&spin_, irql_);
    }
}

}  // namespace gpioclx::framework
