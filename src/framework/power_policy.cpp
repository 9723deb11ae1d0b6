#include "framework/power_policy.h"

#include "ext/gx_export.h"

#include "framework/callback.h"
#include "framework/device.h"
#include "framework/power_state.h"
#include "kernel/pnp/device_node.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG default_idle_timeout_ms = 5000;

WDF_POWER_DEVICE_STATE framework_state(DEVICE_POWER_STATE state) {
    switch (state) {
        case PowerDeviceD1: return WdfPowerDeviceD1;
        case PowerDeviceD2: return WdfPowerDeviceD2;
        default: return WdfPowerDeviceD3;
    }
}

}  // namespace

PowerLock::PowerLock(PowerPolicy& policy) : policy_(policy) {
    KeWaitForSingleObject(&policy.lock, Executive, KernelMode, FALSE, nullptr);
    policy.lock_owner = KeGetCurrentThread();
}

PowerLock::~PowerLock() {
    policy_.lock_owner = nullptr;
    KeSetEvent(&policy_.lock, IO_NO_INCREMENT, FALSE);
}

PowerPolicy* PowerPolicy::create(Device& device) {
    machine::ArenaScope inside;
    auto* policy = new PowerPolicy;
    policy->device = &device;
    KeInitializeTimer(&policy->timer);
    KeInitializeDpc(&policy->timer_dpc, &PowerPolicy::timer_entry, policy);
    KeInitializeEvent(&policy->in_d0, NotificationEvent, FALSE);
    KeInitializeEvent(&policy->no_work, NotificationEvent, TRUE);
    KeInitializeEvent(&policy->lock, SynchronizationEvent, TRUE);
    return policy;
}

void PowerPolicy::destroy(PowerPolicy* policy) {
    if (policy == nullptr) return;
    KeCancelTimer(&policy->timer);
    delete policy;
}

void PowerPolicy::started() {
    running = true;
    device->set_policy_state(idle_enabled ? WdfDevStatePwrPolStartedIdleCapable
                                          : WdfDevStatePwrPolStarted);
    KeSetEvent(&in_d0, IO_NO_INCREMENT, FALSE);
    consider();
}

// Called with the lock held; a worker that waits for it finds running false and leaves.
void PowerPolicy::stopping() {
    running = false;
    KeCancelTimer(&timer);
    timer_set = timer_expired = false;
    device->set_policy_state(WdfDevStatePwrPolStopping);
    power_up_status = STATUS_POWER_STATE_INVALID;
    KeSetEvent(&in_d0, IO_NO_INCREMENT, FALSE);
}

void PowerPolicy::consider() {
    if (!running || system_asleep) return;
    if (busy()) {
        if (timer_set) {
            timer_set = timer_expired = false;
            KeCancelTimer(&timer);
        }
        if (device->power == PowerPhase::low_power) queue_work();
        return;
    }
    if (idle_enabled && device->power == PowerPhase::d0 && !timer_set) arm_timer();
    if (!idle_enabled && device->power == PowerPhase::low_power) queue_work();
}

void PowerPolicy::arm_timer() {
    const ULONG milliseconds =
        idle.IdleTimeout == IdleTimeoutDefaultValue ? default_idle_timeout_ms : idle.IdleTimeout;
    timer_set = true;
    timer_expired = false;
    LARGE_INTEGER due;
    due.QuadPart = WDF_REL_TIMEOUT_IN_MS(milliseconds);
    KeSetTimer(&timer, due, &timer_dpc);
}

void PowerPolicy::timer_entry(PKDPC, PVOID context, PVOID, PVOID) {
    auto* policy = static_cast<PowerPolicy*>(context);
    if (!policy->timer_set) return;  // canceled meanwhile
    policy->timer_expired = true;
    policy->queue_work();
}

void PowerPolicy::queue_work() {
    if (work_queued) return;
    work_queued = true;
    device->reference();
    KeClearEvent(&no_work);
    ExInitializeWorkItem(&work, &PowerPolicy::work_entry, this);
    ExQueueWorkItem(&work, DelayedWorkQueue);
}

void NTAPI PowerPolicy::work_entry(PVOID context) {
    auto* policy = static_cast<PowerPolicy*>(context);
    Device* device = policy->device;
    policy->work_queued = false;
    {
        PowerLock lock(*policy);
        policy->transition();
    }
    KeSetEvent(&policy->no_work, IO_NO_INCREMENT, FALSE);
    device->release();
}

void PowerPolicy::transition() {
    if (!running || system_asleep) return;
    if (device->power == PowerPhase::d0 && timer_expired && !busy() && idle_enabled) {
        go_down();
    } else if (device->power == PowerPhase::low_power && (busy() || !idle_enabled)) {
        go_up();
    }
    timer_set = timer_expired = false;
    consider();
}

void PowerPolicy::go_down() {
    KeClearEvent(&in_d0);
    device->set_policy_state(WdfDevStatePwrPolTimerExpiredNoWake);
    const auto& callbacks = device->settings.power_policy;
    if (wakes_from_s0() && callbacks.EvtDeviceArmWakeFromS0 != nullptr) {
        CallbackScope scope(Callback::arm_wake_from_s0, *device);
        armed =
            NT_SUCCESS(scope.returned(callbacks.EvtDeviceArmWakeFromS0(device->device_handle())));
        if (!armed) {
            KeSetEvent(&in_d0, IO_NO_INCREMENT, FALSE);
            return;
        }
    }
    power_down(*device, framework_state(idle.DxState));
    device->set_policy_state(WdfDevStatePwrPolWaitingUnarmed);
}

void PowerPolicy::go_up() {
    power_up_status = power_up(*device, device->power_detail);
    if (NT_SUCCESS(power_up_status)) {
        if (armed && device->settings.power_policy.EvtDeviceDisarmWakeFromS0 != nullptr) {
            CallbackScope scope(Callback::disarm_wake_from_s0, *device);
            device->settings.power_policy.EvtDeviceDisarmWakeFromS0(device->device_handle());
        }
        armed = false;
        device->set_policy_state(WdfDevStatePwrPolStartedIdleCapable);
    } else {
        // A device that does not come back has failed; the PnP manager removes it.
        running = false;
        device->reported_state.Failed = WdfTrue;
        if (device->pdo() != nullptr) IoInvalidateDeviceState(device->pdo());
    }
    KeSetEvent(&in_d0, IO_NO_INCREMENT, FALSE);
}

// ---- references ----

NTSTATUS PowerPolicy::stop_idle(bool wait) {
    if (!device->settings.owns_power_policy) return STATUS_INVALID_DEVICE_REQUEST;
    ++driver_references;
    consider();
    if (device->power == PowerPhase::d0 || !running) {
        if (running || lock_owner == KeGetCurrentThread()) return STATUS_SUCCESS;
        if (device->phase == PnpPhase::starting) return STATUS_SUCCESS;
        --driver_references;
        return STATUS_POWER_STATE_INVALID;
    }
    if (!wait) return STATUS_PENDING;
    if (lock_owner == KeGetCurrentThread()) return STATUS_SUCCESS;  // inside D0Entry or D0Exit
    KeWaitForSingleObject(&in_d0, Executive, KernelMode, FALSE, nullptr);
    if (device->power == PowerPhase::d0) return STATUS_SUCCESS;
    --driver_references;
    return STATUS_POWER_STATE_INVALID;
}

void PowerPolicy::resume_idle(const char* file, int line) {
    if (driver_references == 0) {
        report("lifetime-231", device, "WdfDeviceResumeIdle without a WdfDeviceStopIdle (%s:%d)",
               file, line);
        return;
    }
    --driver_references;
    consider();
}

void PowerPolicy::reference_for_io() {
    ++io_references;
    if (idle_enabled || device->power == PowerPhase::low_power) consider();
}

void PowerPolicy::release_for_io() {
    --io_references;
    if (idle_enabled) consider();
}

NTSTATUS PowerPolicy::wake_for_interrupt() {
    wake_triggered();
    const NTSTATUS status = stop_idle(true);
    if (NT_SUCCESS(status)) resume_idle("interrupt", 0);
    return status;
}

void PowerPolicy::wake_triggered() {
    if (!armed || device->settings.power_policy.EvtDeviceWakeFromS0Triggered == nullptr) return;
    CallbackScope scope(Callback::wake_from_s0_triggered, *device);
    device->settings.power_policy.EvtDeviceWakeFromS0Triggered(device->device_handle());
}

NTSTATUS PowerPolicy::assign_idle(const WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS& settings) {
    if (settings.Size != sizeof(settings)) return STATUS_INFO_LENGTH_MISMATCH;
    if (!device->settings.owns_power_policy) return STATUS_INVALID_DEVICE_REQUEST;
    if (settings.IdleCaps < IdleCannotWakeFromS0 || settings.IdleCaps > IdleUsbSelectiveSuspend)
        return STATUS_INVALID_PARAMETER;
    if (settings.Enabled > WdfUseDefault || settings.DxState < PowerDeviceD1 ||
        settings.DxState > PowerDeviceMaximum) {
        return STATUS_INVALID_PARAMETER;
    }
    if (settings.UserControlOfIdleSettings < IdleDoNotAllowUserControl ||
        settings.UserControlOfIdleSettings > IdleAllowUserControl) {
        return STATUS_INVALID_PARAMETER;
    }
    // Capabilities, user control and timeout type are fixed by the first call.
    if (has_idle && (idle.IdleTimeoutType != settings.IdleTimeoutType))
        return STATUS_INVALID_DEVICE_REQUEST;
    idle = settings;
    has_idle = true;
    idle_enabled = settings.Enabled != WdfFalse;
    if (timer_set) {
        KeCancelTimer(&timer);
        timer_set = timer_expired = false;
    }
    consider();
    return STATUS_SUCCESS;
}

NTSTATUS PowerPolicy::assign_wake(const WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS& settings) {
    if (settings.Size != sizeof(settings)) return STATUS_INFO_LENGTH_MISMATCH;
    if (!device->settings.owns_power_policy) return STATUS_INVALID_DEVICE_REQUEST;
    if (settings.Enabled > WdfUseDefault) return STATUS_INVALID_PARAMETER;
    wake = settings;
    has_wake = true;
    return STATUS_SUCCESS;
}

void PowerPolicy::system_power(SYSTEM_POWER_STATE state) {
    PowerLock one(*this);
    if (state > PowerSystemWorking && !system_asleep) {
        system_asleep = true;
        if (timer_set) KeCancelTimer(&timer);
        timer_set = timer_expired = false;
        if (device->power == PowerPhase::d0) {
            KeClearEvent(&in_d0);
            arm_for_sleep();
            const bool chosen = armed_for_sx && wake.DxState < PowerDeviceMaximum;
            power_down(*device, framework_state(chosen ? wake.DxState : PowerDeviceD3));
        }
    } else if (state == PowerSystemWorking && system_asleep) {
        system_asleep = false;
        if (device->power == PowerPhase::low_power) go_up();
        disarm_after_sleep();
        consider();
    }
}

// The driver may not be able to: then the device sleeps without waking anybody, which is no failure
// of the device.
void PowerPolicy::arm_for_sleep() {
    if (!has_wake || wake.Enabled == WdfFalse) return;
    const auto& callbacks = device->settings.power_policy;
    armed_for_sx = true;
    if (callbacks.EvtDeviceArmWakeFromSxWithReason != nullptr ||
        callbacks.EvtDeviceArmWakeFromSx != nullptr) {
        CallbackScope scope(Callback::arm_wake_from_sx, *device);
        armed_for_sx = NT_SUCCESS(scope.returned(
            callbacks.EvtDeviceArmWakeFromSxWithReason != nullptr
                ? callbacks.EvtDeviceArmWakeFromSxWithReason(device->device_handle(), TRUE, FALSE)
                : callbacks.EvtDeviceArmWakeFromSx(device->device_handle())));
    }
    if (armed_for_sx) {
        set_bus_wake(true);
    } else if (callbacks.EvtDeviceDisarmWakeFromSx != nullptr) {
        CallbackScope scope(Callback::disarm_wake_from_sx, *device);
        callbacks.EvtDeviceDisarmWakeFromSx(device->device_handle());
    }
}

void PowerPolicy::disarm_after_sleep() {
    if (!armed_for_sx) return;
    armed_for_sx = false;
    const bool triggered = set_bus_wake(false);
    const auto& callbacks = device->settings.power_policy;
    if (triggered && callbacks.EvtDeviceWakeFromSxTriggered != nullptr) {
        CallbackScope scope(Callback::wake_from_sx_triggered, *device);
        callbacks.EvtDeviceWakeFromSxTriggered(device->device_handle());
    }
    if (callbacks.EvtDeviceDisarmWakeFromSx != nullptr) {
        CallbackScope scope(Callback::disarm_wake_from_sx, *device);
        callbacks.EvtDeviceDisarmWakeFromSx(device->device_handle());
    }
}

// What a wait/wake request to the bus does. True: the device has woken the system since it was
// armed.
bool PowerPolicy::set_bus_wake(bool armed_now) {
    auto* node = kernel::pnp::node_of(device->pdo());
    if (node == nullptr) return false;
    const bool triggered = node->woke_system;
    node->armed_for_wake = armed_now;
    node->woke_system = false;
    return triggered;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_DEVICE(function) from_handle<gpioclx::framework::Device>(Device, function)

NTSTATUS WdfDeviceAssignS0IdleSettings(WDFDEVICE Device,
                                       PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS Settings) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceAssignS0IdleSettings");
    require(Settings, "WdfDeviceAssignS0IdleSettings", "Settings");
    return device.policy->assign_idle(*Settings);
}
GX_EXPORT_FUNCTION(WdfDeviceAssignS0IdleSettings);

NTSTATUS WdfDeviceAssignSxWakeSettings(WDFDEVICE Device,
                                       PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS Settings) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceAssignSxWakeSettings");
    require(Settings, "WdfDeviceAssignSxWakeSettings", "Settings");
    return device.policy->assign_wake(*Settings);
}
GX_EXPORT_FUNCTION(WdfDeviceAssignSxWakeSettings);

NTSTATUS WdfDeviceStopIdleNoTrack(WDFDEVICE Device, BOOLEAN WaitForD0) {
    enter("WdfDeviceStopIdle", WaitForD0 ? PASSIVE_LEVEL : DISPATCH_LEVEL);
    return GX_DEVICE("WdfDeviceStopIdle").policy->stop_idle(WaitForD0 != FALSE);
}
GX_EXPORT_FUNCTION(WdfDeviceStopIdleNoTrack);

VOID WdfDeviceResumeIdleNoTrack(WDFDEVICE Device) {
    enter();
    GX_DEVICE("WdfDeviceResumeIdle").policy->resume_idle("?", 0);
}
GX_EXPORT_FUNCTION(WdfDeviceResumeIdleNoTrack);

NTSTATUS WdfDeviceStopIdleActual(WDFDEVICE Device, BOOLEAN WaitForD0, PVOID Tag, LONG Line,
                                 PCCH File) {
    UNREFERENCED_PARAMETER(Tag);
    UNREFERENCED_PARAMETER(Line);
    UNREFERENCED_PARAMETER(File);
    return WdfDeviceStopIdleNoTrack(Device, WaitForD0);
}
GX_EXPORT_FUNCTION(WdfDeviceStopIdleActual);

VOID WdfDeviceResumeIdleActual(WDFDEVICE Device, PVOID Tag, LONG Line, PCCH File) {
    enter();
    UNREFERENCED_PARAMETER(Tag);
    GX_DEVICE("WdfDeviceResumeIdle")
        .policy->resume_idle(File != nullptr ? File : "?", static_cast<int>(Line));
}
GX_EXPORT_FUNCTION(WdfDeviceResumeIdleActual);

NTSTATUS WdfDeviceIndicateWakeStatus(WDFDEVICE Device, NTSTATUS WaitWakeStatus) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceIndicateWakeStatus");
    if (WaitWakeStatus == STATUS_PENDING || WaitWakeStatus == STATUS_CANCELLED)
        return STATUS_INVALID_PARAMETER;
    if (!device.policy->armed) return STATUS_INVALID_DEVICE_REQUEST;
    if (NT_SUCCESS(WaitWakeStatus)) {
        device.policy->wake_triggered();
        device.policy->stop_idle(false);
        device.policy->resume_idle("WdfDeviceIndicateWakeStatus", 0);
    }
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceIndicateWakeStatus);

NTSTATUS WdfDeviceWdmAssignPowerFrameworkSettings(
    WDFDEVICE Device, PWDF_POWER_FRAMEWORK_SETTINGS PowerFrameworkSettings) {
    enter();
    auto& device = GX_DEVICE("WdfDeviceWdmAssignPowerFrameworkSettings");
    require(PowerFrameworkSettings, "WdfDeviceWdmAssignPowerFrameworkSettings",
            "PowerFrameworkSettings");
    if (PowerFrameworkSettings->Size != sizeof(WDF_POWER_FRAMEWORK_SETTINGS))
        return STATUS_INFO_LENGTH_MISMATCH;
    if (!device.settings.owns_power_policy) return STATUS_INVALID_DEVICE_REQUEST;
    return STATUS_NOT_SUPPORTED;  // no power framework stands behind system-managed idle yet
}
GX_EXPORT_FUNCTION(WdfDeviceWdmAssignPowerFrameworkSettings);
