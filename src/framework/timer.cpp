#include "framework/timer.h"

#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/callback.h"
#include "framework/callback_lock.h"
#include "framework/device.h"
#include "framework/dpc.h"
#include "framework/driver.h"

namespace gpioclx::framework {

Timer::Timer(Driver* driver, const WDF_TIMER_CONFIG& config, bool passive)
    : Object(object_type, driver), config_(config), passive_(passive) {
    KeInitializeTimerEx(&timer_, NotificationTimer);
    KeInitializeDpc(&dpc_, &Timer::dpc_entry, this);
    name_dpc(dpc_, config.EvtTimerFunc);
    KeInitializeEvent(&idle_, NotificationEvent, TRUE);
}

bool Timer::start(LONGLONG due_time) {
    LARGE_INTEGER due;
    due.QuadPart = due_time;
    return KeSetTimerEx(&timer_, due, static_cast<LONG>(config_.Period), &dpc_) != FALSE;
}

bool Timer::stop_timer(bool wait) {
    bool was_set = KeCancelTimer(&timer_) != FALSE;
    if (!wait) return was_set;
    if (KeRemoveQueueDpc(&dpc_)) was_set = true;
    KeFlushQueuedDpcs();
    if (passive_ && !in_own_callback())
        KeWaitForSingleObject(&idle_, Executive, KernelMode, FALSE, nullptr);
    return was_set;
}

void Timer::stop() {
    if (in_own_callback()) {
        violation("lock-207", device(), WDF_OBJECT_ERROR, reinterpret_cast<ULONG_PTR>(this), 0,
                  "a passive-level EvtTimerFunc deletes its own timer, which waits for the "
                  "callback to end");
    }
    stop_timer(true);
}

void Timer::run() {
    Device* device = this->device();
    Serialized serialized(config_.AutomaticSerialization ? serialization_lock(parent()) : nullptr);
    CallbackScope scope(Callback::timer, *device);
    config_.EvtTimerFunc(static_cast<WDFTIMER>(handle()));
}

void Timer::dpc_entry(PKDPC, PVOID context, PVOID, PVOID) {
    auto& self = *static_cast<Timer*>(context);
    if (!self.passive_) {
        self.reference();
        self.run();
        self.release();
        return;
    }
    if (self.work_queued_) return;  // a period that passed while the callback had not begun
    self.work_queued_ = true;
    KeClearEvent(&self.idle_);
    ExInitializeWorkItem(&self.work_, &Timer::work_entry, &self);
    ExQueueWorkItem(&self.work_, DelayedWorkQueue);
}

void NTAPI Timer::work_entry(PVOID context) {
    auto& self = *static_cast<Timer*>(context);
    self.reference();
    self.work_queued_ = false;
    self.running_thread_ = KeGetCurrentThread();
    self.run();
    self.running_thread_ = nullptr;
    if (!self.work_queued_) KeSetEvent(&self.idle_, IO_NO_INCREMENT, FALSE);
    self.release();
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_TIMER(function) from_handle<gpioclx::framework::Timer>(Timer, function)

NTSTATUS WdfTimerCreate(PWDF_TIMER_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
                        WDFTIMER* Timer) {
    enter();
    require(Config, "WdfTimerCreate", "Config");
    require(Timer, "WdfTimerCreate", "Timer");
    *Timer = nullptr;
    if (Config->Size != sizeof(WDF_TIMER_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (Config->EvtTimerFunc == nullptr || Config->Period > MAXLONG)
        return STATUS_INVALID_PARAMETER;
    if (Config->UseHighResolutionTimer && Config->TolerableDelay != 0)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = check_attributes(Attributes, ObjectType::timer);
    Object* parent = nullptr;
    if (NT_SUCCESS(status)) status = require_parent(Attributes, "WdfTimerCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    const gpioclx::framework::Driver* driver = parent->driver();
    const bool passive = Attributes->ExecutionLevel == WdfExecutionLevelPassive ||
                         (driver != nullptr && driver->user_mode() != nullptr);
    status = check_serialization(*parent, Config->AutomaticSerialization != FALSE, passive);
    if (!NT_SUCCESS(status)) return status;
    auto* timer = create_object<gpioclx::framework::Timer>(parent, Attributes, parent->driver(),
                                                           *Config, passive);
    if (timer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *Timer = static_cast<WDFTIMER>(timer->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfTimerCreate);

BOOLEAN WdfTimerStart(WDFTIMER Timer, LONGLONG DueTime) {
    enter();
    auto& timer = GX_TIMER("WdfTimerStart");
    if (timer.deleting()) {
        report("lifetime-235", timer.device(), "WdfTimerStart of a timer that is being deleted");
        return FALSE;
    }
    return timer.start(DueTime);
}
GX_EXPORT_FUNCTION(WdfTimerStart);

BOOLEAN WdfTimerStop(WDFTIMER Timer, BOOLEAN Wait) {
    enter("WdfTimerStop", Wait ? PASSIVE_LEVEL : DISPATCH_LEVEL);
    auto& timer = GX_TIMER("WdfTimerStop");
    if (Wait && timer.in_own_callback()) {
        report("lock-207", timer.device(),
               "WdfTimerStop waits for the callback in which it is called");
        return timer.stop_timer(false);
    }
    return timer.stop_timer(Wait != FALSE);
}
GX_EXPORT_FUNCTION(WdfTimerStop);

WDFOBJECT WdfTimerGetParentObject(WDFTIMER Timer) {
    enter();
    return GX_TIMER("WdfTimerGetParentObject").parent()->handle();
}
GX_EXPORT_FUNCTION(WdfTimerGetParentObject);
