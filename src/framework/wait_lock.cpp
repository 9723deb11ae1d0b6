#include "framework/wait_lock.h"

#include "ext/gx_export.h"
#include "ext/gx_observe.h"

#include <cstring>

#include "framework/attributes.h"
#include "framework/driver.h"

namespace gpioclx::framework {
namespace {
// How the framework calls itself where a function's name belongs.
constexpr const char* framework_itself = "the framework";
}  // namespace

WaitLock::WaitLock(Driver* driver, const char* name) : Object(object_type, driver) {
    KeInitializeEvent(&event_, SynchronizationEvent, TRUE);
    GxNameLock(&event_, name);
}

WaitLock::~WaitLock() { GxForgetLock(&event_); }

NTSTATUS WaitLock::acquire(const LONGLONG* timeout, const char* function) {
    if (held_by_caller()) {
        violation("lock-201", device(), WDF_RECURSIVE_LOCK, reinterpret_cast<ULONG_PTR>(this), 0,
                  "%s of a wait lock that this thread holds already", function);
    }
    LARGE_INTEGER limit{};
    if (timeout != nullptr) limit.QuadPart = *timeout;
    if (timeout == nullptr) GxLockWanted(&event_);
    KeEnterCriticalRegion();
    const NTSTATUS status = KeWaitForSingleObject(&event_, Executive, KernelMode, FALSE,
                                                  timeout != nullptr ? &limit : nullptr);
    if (status == STATUS_TIMEOUT) {
        KeLeaveCriticalRegion();
        return status;
    }
    owner_ = KeGetCurrentThread();
    of_framework_ = std::strcmp(function, framework_itself) == 0;
    GxLockAcquired(&event_);
    return STATUS_SUCCESS;
}

void WaitLock::release_for_lost_driver() {
    if (held_by_caller() && !of_framework_) release(framework_itself);
}

void WaitLock::release(const char* function) {
    if (!held_by_caller()) {
        violation("lock-202", device(), WDF_INVALID_LOCK_OPERATION,
                  reinterpret_cast<ULONG_PTR>(this), 0, "%s of a wait lock that %s", function,
                  owner_ != nullptr ? "another thread holds" : "nobody holds");
    }
    owner_ = nullptr;
    GxLockReleased(&event_);
    KeSetEvent(&event_, IO_NO_INCREMENT, FALSE);
    KeLeaveCriticalRegion();
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

GX_ASKS_CALLER
NTSTATUS WdfWaitLockCreate(PWDF_OBJECT_ATTRIBUTES LockAttributes, WDFWAITLOCK* Lock) {
    enter();
    require(Lock, "WdfWaitLockCreate", "Lock");
    *Lock = nullptr;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(LockAttributes, ObjectType::wait_lock);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(LockAttributes, driver, "WdfWaitLockCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    auto* lock = create_object<WaitLock>(parent, LockAttributes, driver,
                                         driver->object_name("wait lock").text);
    if (lock == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *Lock = static_cast<WDFWAITLOCK>(lock->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfWaitLockCreate);

NTSTATUS WdfWaitLockAcquire(WDFWAITLOCK Lock, PLONGLONG Timeout) {
    // Only an attempt that does not wait is allowed at DISPATCH_LEVEL.
    enter("WdfWaitLockAcquire",
          Timeout != nullptr && *Timeout == 0 ? DISPATCH_LEVEL : PASSIVE_LEVEL);
    return from_handle<WaitLock>(Lock, "WdfWaitLockAcquire").acquire(Timeout, "WdfWaitLockAcquire");
}
GX_EXPORT_FUNCTION(WdfWaitLockAcquire);

VOID WdfWaitLockRelease(WDFWAITLOCK Lock) {
    enter();
    from_handle<WaitLock>(Lock, "WdfWaitLockRelease").release("WdfWaitLockRelease");
}
GX_EXPORT_FUNCTION(WdfWaitLockRelease);
