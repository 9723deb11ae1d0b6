#include "framework/spin_lock.h"

#include <cstdio>

#include "ext/gx_export.h"
#include "ext/gx_observe.h"

#include "framework/attributes.h"
#include "framework/driver.h"
#include "framework/wait_lock.h"
#include "machine/machine.h"

namespace gpioclx::framework {

SpinLock::SpinLock(Driver* driver, const char* name) : Object(object_type, driver) {
    if (driver->user_mode() != nullptr) {
        waiting_ = new WaitLock(driver, name);
        return;
    }
    KeInitializeSpinLock(&lock_);
    GxNameLock(&lock_, name);
    std::snprintf(name_, sizeof name_, "%s", name);
}

SpinLock::~SpinLock() {
    if (waiting_ != nullptr) {
        static_cast<Object*>(waiting_)->delete_object();
    } else {
        if (held_) unlink();
        GxForgetLock(&lock_);
    }
}

void SpinLock::acquire() {
    if (waiting_ != nullptr) {
        waiting_->acquire(nullptr, "WdfSpinLockAcquire");
        return;
    }
    machine::Machine& machine = machine::Machine::current();
    if (held_ && processor_ == machine.processor().index && machine.level() >= DISPATCH_LEVEL) {
        violation("lock-201", device(), WDF_RECURSIVE_LOCK, reinterpret_cast<ULONG_PTR>(this), 0,
                  "WdfSpinLockAcquire of a spin lock that this processor holds already");
    }
    KIRQL irql;
    KeAcquireSpinLock(&lock_, &irql);
    old_irql_ = irql;
    held_ = true;
    processor_ = machine.processor().index;
    next_held_ = driver()->held_spin_locks;
    driver()->held_spin_locks = this;
}

void SpinLock::unlink() {
    for (SpinLock** at = &driver()->held_spin_locks; *at != nullptr; at = &(*at)->next_held_) {
        if (*at != this) continue;
        *at = next_held_;
        return;
    }
}

const SpinLock* SpinLock::held_here(const Driver& driver) {
    const auto processor = machine::Machine::current().processor().index;
    for (const SpinLock* lock = driver.held_spin_locks; lock != nullptr; lock = lock->next_held_)
        if (lock->processor_ == processor) return lock;
    return nullptr;
}

void SpinLock::release() {
    if (waiting_ != nullptr) return waiting_->release("WdfSpinLockRelease");
    machine::Machine& machine = machine::Machine::current();
    if (!held_ || processor_ != machine.processor().index) {
        violation("lock-202", device(), WDF_INVALID_LOCK_OPERATION,
                  reinterpret_cast<ULONG_PTR>(this), 0, "WdfSpinLockRelease of a spin lock that %s",
                  held_ ? "another processor holds" : "nobody holds");
    }
    held_ = false;
    unlink();
    KeReleaseSpinLock(&lock_, old_irql_);
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

GX_ASKS_CALLER
NTSTATUS WdfSpinLockCreate(PWDF_OBJECT_ATTRIBUTES SpinLockAttributes, WDFSPINLOCK* SpinLock) {
    enter();
    require(SpinLock, "WdfSpinLockCreate", "SpinLock");
    *SpinLock = nullptr;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(SpinLockAttributes, ObjectType::spin_lock);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(SpinLockAttributes, driver, "WdfSpinLockCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    auto* lock = create_object<gpioclx::framework::SpinLock>(parent, SpinLockAttributes, driver,
                                                             driver->object_name("spin lock").text);
    if (lock == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *SpinLock = static_cast<WDFSPINLOCK>(lock->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfSpinLockCreate);

VOID WdfSpinLockAcquire(WDFSPINLOCK SpinLock) {
    enter();
    from_handle<gpioclx::framework::SpinLock>(SpinLock, "WdfSpinLockAcquire").acquire();
}
GX_EXPORT_FUNCTION(WdfSpinLockAcquire);

VOID WdfSpinLockRelease(WDFSPINLOCK SpinLock) {
    enter();
    from_handle<gpioclx::framework::SpinLock>(SpinLock, "WdfSpinLockRelease").release();
}
GX_EXPORT_FUNCTION(WdfSpinLockRelease);
