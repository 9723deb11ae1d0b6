#include "framework/interrupt.h"

#include <cstdio>
#include <cstring>

#include "framework/callback.h"
#include "framework/callback_lock.h"
#include "framework/device.h"
#include "framework/dpc.h"
#include "framework/driver.h"
#include "framework/power_policy.h"
#include "framework/resource_list.h"
#include "framework/spin_lock.h"
#include "framework/wait_lock.h"
#include "machine/machine.h"

namespace gpioclx::framework {

Interrupt::Interrupt(Device& device, const WDF_INTERRUPT_CONFIG& config)
    : Object(object_type, device.driver()),
      device_(device),
      config_(config),
      from_prepare_(device.in_prepare) {
    KeInitializeDpc(&dpc_, &Interrupt::dpc_entry, this);
    KeInitializeDpc(&work_dpc_, &Interrupt::work_dpc_entry, this);
    name_dpc(dpc_, config.EvtInterruptDpc);
    name_dpc(work_dpc_, config.EvtInterruptWorkItem);
    KeInitializeEvent(&work_done_, NotificationEvent, TRUE);
    if (config.SpinLock != nullptr) {
        spin_ = &from_handle<SpinLock>(config.SpinLock, "WdfInterruptCreate");
        spin_->make_interrupt_lock();
        spin_->reference();
    }
    if (config.WaitLock != nullptr) {
        wait_ = &from_handle<WaitLock>(config.WaitLock, "WdfInterruptCreate");
        wait_->reference();
    } else if (passive()) {
        char name[96];
        std::snprintf(name, sizeof(name), "%s passive interrupt lock", device.name());
        wait_ = new WaitLock(device.driver(), name);
    }
    Interrupt** end = &device.first_interrupt;
    while (*end != nullptr) end = &(*end)->next_;
    *end = this;
}

Interrupt::~Interrupt() {
    for (Interrupt** link = &device_.first_interrupt; *link != nullptr; link = &(*link)->next_) {
        if (*link != this) continue;
        *link = next_;
        break;
    }
    if (spin_ != nullptr) static_cast<Object*>(spin_)->release();
    if (wait_ != nullptr) {
        if (config_.WaitLock != nullptr) {
            static_cast<Object*>(wait_)->release();
        } else {
            static_cast<Object*>(wait_)->delete_object();
        }
    }
}

void Interrupt::stop() {
    disconnect();
    flush();
}

// What the service routine has queued runs to its end: the first wait brings a work item that is
// still behind its DPC into its queue, where the event stands for it.
void Interrupt::flush() {
    KeFlushQueuedDpcs();
    KeWaitForSingleObject(&work_done_, Executive, KernelMode, FALSE, nullptr);
}

CallbackLock* Interrupt::serialization() {
    return config_.AutomaticSerialization ? serialization_lock(parent()) : nullptr;
}

// ---- resources ----

void Interrupt::assign(const CM_PARTIAL_RESOURCE_DESCRIPTOR& raw,
                       const CM_PARTIAL_RESOURCE_DESCRIPTOR& translated) {
    std::memcpy(&raw_, &raw, sizeof(raw_));
    std::memcpy(&translated_, &translated, sizeof(translated_));
    has_resource_ = true;
    if (spin_ != nullptr)
        spin_->use_for_interrupts(static_cast<KIRQL>(translated.u.Interrupt.Level));
}

void assign_interrupts(Device& device) {
    Interrupt* interrupt = device.first_interrupt;
    const auto skip_prepared = [&interrupt] {
        while (interrupt != nullptr && interrupt->from_prepare())
            interrupt = interrupt->next_of_device();
    };
    skip_prepared();
    for (ULONG i = 0; i < device.translated_resources->count() && interrupt != nullptr; ++i) {
        const CM_PARTIAL_RESOURCE_DESCRIPTOR* translated = device.translated_resources->at(i);
        if (translated->Type != CmResourceTypeInterrupt) continue;
        interrupt->assign(*device.raw_resources->at(i), *translated);
        interrupt = interrupt->next_of_device();
        skip_prepared();
    }
    // Objects beyond the resources stay unused.
    for (; interrupt != nullptr; interrupt = interrupt->next_of_device()) {
        if (!interrupt->from_prepare()) interrupt->revoke();
    }
}

// ---- connecting ----

bool Interrupt::shares_vector() const {
    return config_.ShareVector == WdfUseDefault
               ? translated_.ShareDisposition == CmResourceShareShared
               : config_.ShareVector == WdfTrue;
}

NTSTATUS Interrupt::connect() {
    const auto& line = translated_.u.Interrupt;
    if (!passive() && line.Level <= DISPATCH_LEVEL) {  // behind a serial controller (O-27)
        report("irql-204", &device_,
               "interrupt 0x%X is delivered at PASSIVE_LEVEL only; its WDF_INTERRUPT_CONFIG needs "
               "PassiveHandling",
               static_cast<unsigned>(line.Vector));
        return STATUS_NOT_SUPPORTED;
    }
    const bool latched = (translated_.Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0;
    if (driver()->user_mode() != nullptr && latched && shares_vector()) {
        report("umdf-003", &device_,
               "interrupt 0x%X of %s is edge-triggered and shared; a driver in user mode can have "
               "an edge for itself only, or share a level",
               static_cast<unsigned>(line.Vector), device_.name());
        return STATUS_NOT_SUPPORTED;
    }
    IO_CONNECT_INTERRUPT_PARAMETERS parameters{};
    parameters.Version = CONNECT_FULLY_SPECIFIED;
    auto& full = parameters.FullySpecified;
    full.PhysicalDeviceObject = device_.pdo();
    full.InterruptObject = &interrupt_;
    full.ServiceRoutine = &Interrupt::service;
    full.ServiceContext = this;
    full.Vector = line.Vector;
    full.FloatingSave = config_.FloatingSave;
    full.ShareVector = shares_vector();
    full.InterruptMode = latched ? Latched : LevelSensitive;
    full.ProcessorEnableMask = target_.Mask != 0 ? target_.Mask : line.Affinity;
    if (passive()) {
        full.Irql = full.SynchronizeIrql = PASSIVE_LEVEL;  // W22
    } else {
        full.Irql = static_cast<KIRQL>(line.Level);
        full.SynchronizeIrql = spin_ != nullptr ? spin_->synchronize_irql() : full.Irql;
        full.SpinLock = spin_ != nullptr ? spin_->lock() : nullptr;
    }
    const NTSTATUS status = IoConnectInterruptEx(&parameters);
    if (!NT_SUCCESS(status)) interrupt_ = nullptr;
    return status;
}

void Interrupt::disconnect() {
    if (interrupt_ == nullptr) return;
    IO_DISCONNECT_INTERRUPT_PARAMETERS parameters{};
    parameters.Version = CONNECT_FULLY_SPECIFIED;
    parameters.ConnectionContext.InterruptObject = interrupt_;
    IoDisconnectInterruptEx(&parameters);
    interrupt_ = nullptr;
}

NTSTATUS Interrupt::power_up() {
    if (!has_resource_) return STATUS_SUCCESS;
    if (interrupt_ == nullptr) {
        active_ = true;
        const NTSTATUS status = connect();
        if (!NT_SUCCESS(status)) return device_.failed_in("connecting an interrupt", status);
    } else if (!active_) {
        report_active(true);
    }
    if (enabled_) return STATUS_SUCCESS;  // it stayed as it was to wake the device (W16)
    const NTSTATUS status = enable();
    return NT_SUCCESS(status)
               ? status
               : device_.failed_in(callback_text(Callback::interrupt_enable), status);
}

NTSTATUS Interrupt::power_down(bool final) {
    if (interrupt_ == nullptr) return STATUS_SUCCESS;
    // One that wakes the device stays as it is (W16).
    if (!final && can_wake() && device_.policy != nullptr &&
        device_.policy->keeps_wake_interrupts())
        return STATUS_SUCCESS;
    const NTSTATUS status = enabled_ ? disable() : STATUS_SUCCESS;
    const bool pageable = device_.settings.power_pageable;
    if (final || (pageable && config_.ReportInactiveOnPowerDown != WdfTrue)) {
        disconnect();
    } else if (pageable) {
        report_active(false);
    }
    flush();  // the device is still in D0 for it
    return status;
}

struct EnableCall {
    Interrupt* interrupt;
    PFN_WDF_INTERRUPT_ENABLE callback;
    PFN_WDF_INTERRUPT_SYNCHRONIZE synchronize;
    WDFCONTEXT context;
    WDFDEVICE device;
    NTSTATUS status;
    BOOLEAN result;
};

BOOLEAN Interrupt::call_under_lock(PVOID context) {
    auto* call = static_cast<EnableCall*>(context);
    if (call->callback != nullptr) {
        call->status = call->callback(call->interrupt->interrupt_handle(), call->device);
    } else {
        call->result = call->synchronize(call->interrupt->interrupt_handle(), call->context);
    }
    return TRUE;
}

NTSTATUS Interrupt::call_enable(bool enabling) {
    const PFN_WDF_INTERRUPT_ENABLE callback =
        enabling ? config_.EvtInterruptEnable : config_.EvtInterruptDisable;
    if (callback == nullptr) return STATUS_SUCCESS;
    EnableCall call{this,           callback, nullptr, nullptr, device_.device_handle(),
                    STATUS_SUCCESS, FALSE};
    CallbackScope scope(enabling ? Callback::interrupt_enable : Callback::interrupt_disable,
                        device_);
    if (passive()) {
        wait_->acquire(nullptr, "the framework");
        call_under_lock(&call);
        wait_->release("the framework");
    } else {
        KeSynchronizeExecution(interrupt_, &Interrupt::call_under_lock, &call);
    }
    return scope.returned(call.status);
}

NTSTATUS Interrupt::enable() {
    const NTSTATUS status = call_enable(true);
    enabled_ = NT_SUCCESS(status);
    return status;
}

NTSTATUS Interrupt::disable() {
    const NTSTATUS status = call_enable(false);
    enabled_ = false;
    return status;
}

void Interrupt::report_active(bool active) {
    active_ = active;
    if (interrupt_ == nullptr) return;
    IO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS parameters{};
    parameters.Version = CONNECT_FULLY_SPECIFIED;
    parameters.ConnectionContext.InterruptObject = interrupt_;
    if (active) {
        IoReportInterruptActive(&parameters);
    } else {
        IoReportInterruptInactive(&parameters);
    }
}

// ---- service ----

BOOLEAN Interrupt::service(PKINTERRUPT interrupt, PVOID context) {
    auto& self = *static_cast<Interrupt*>(context);
    UNREFERENCED_PARAMETER(interrupt);  // it may come before the connect has returned it (W23)
    if (!self.passive()) {
        CallbackScope scope(Callback::interrupt_isr, self.device_);
        const BOOLEAN claimed = self.config_.EvtInterruptIsr(self.interrupt_handle(), 0);
        scope.returned(claimed);
        return claimed;
    }
    if (self.can_wake() && self.device_.power != PowerPhase::d0 && self.device_.policy != nullptr) {
        if (!NT_SUCCESS(self.device_.policy->wake_for_interrupt())) return FALSE;
    }
    self.wait_->acquire(nullptr, "the framework");
    BOOLEAN claimed;
    {
        CallbackScope scope(Callback::interrupt_isr, self.device_);
        claimed = self.config_.EvtInterruptIsr(self.interrupt_handle(), 0);
        scope.returned(claimed);
    }
    self.wait_->release("the framework");
    return claimed;
}

void Interrupt::dpc_entry(PKDPC, PVOID context, PVOID, PVOID) {
    static_cast<Interrupt*>(context)->run_dpc();
}

void Interrupt::run_dpc() {
    Serialized serialized(serialization());
    CallbackScope scope(Callback::interrupt_dpc, device_);
    config_.EvtInterruptDpc(interrupt_handle(),
                            parent() != nullptr ? parent()->handle() : device_.handle());
}

bool Interrupt::queue_dpc() {
    if (config_.EvtInterruptDpc == nullptr) {
        violation("lifetime-230", &device_, WDF_INVALID_INTERRUPT,
                  reinterpret_cast<ULONG_PTR>(this), 0,
                  "WdfInterruptQueueDpcForIsr for an interrupt without an EvtInterruptDpc");
    }
    // In user mode there is no DISPATCH_LEVEL: the DPC is a work item by another name.
    if (driver()->user_mode() != nullptr) return queue_work();
    return KeInsertQueueDpc(&dpc_, nullptr, nullptr) != FALSE;
}

bool Interrupt::queue_work_item() {
    if (config_.EvtInterruptWorkItem == nullptr) {
        violation(
            "lifetime-230", &device_, WDF_INVALID_INTERRUPT, reinterpret_cast<ULONG_PTR>(this), 0,
            "WdfInterruptQueueWorkItemForIsr for an interrupt without an EvtInterruptWorkItem");
    }
    return queue_work();
}

bool Interrupt::queue_work() {
    if (work_queued_) return false;
    work_queued_ = true;
    if (KeGetCurrentIrql() > DISPATCH_LEVEL) {
        KeInsertQueueDpc(&work_dpc_, nullptr, nullptr);  // work items cannot be queued at DIRQL
    } else {
        KeClearEvent(&work_done_);
        ExInitializeWorkItem(&work_item_, &Interrupt::work_entry, this);
        ExQueueWorkItem(&work_item_, DelayedWorkQueue);
    }
    return true;
}

void Interrupt::work_dpc_entry(PKDPC, PVOID context, PVOID, PVOID) {
    auto* self = static_cast<Interrupt*>(context);
    KeClearEvent(&self->work_done_);
    ExInitializeWorkItem(&self->work_item_, &Interrupt::work_entry, self);
    ExQueueWorkItem(&self->work_item_, DelayedWorkQueue);
}

void NTAPI Interrupt::work_entry(PVOID context) {
    static_cast<Interrupt*>(context)->run_work_item();
}

void Interrupt::run_work_item() {
    reference();
    work_queued_ = false;  // from here on the ISR may queue it again
    {
        Serialized serialized(serialization());
        const auto routine = config_.EvtInterruptWorkItem != nullptr ? config_.EvtInterruptWorkItem
                                                                     : config_.EvtInterruptDpc;
        CallbackScope scope(config_.EvtInterruptWorkItem != nullptr ? Callback::interrupt_work_item
                                                                    : Callback::interrupt_dpc,
                            device_);
        routine(interrupt_handle(), parent() != nullptr ? parent()->handle() : device_.handle());
    }
    if (!work_queued_) KeSetEvent(&work_done_, IO_NO_INCREMENT, FALSE);
    Object::release();
}

// ---- locks ----

void Interrupt::acquire(const char* function) {
    if (passive()) {
        wait_->acquire(nullptr, function);
        return;
    }
    if (interrupt_ == nullptr) {
        report("lock-203", &device_,
               "%s of an interrupt that is not connected; the lock exists from EvtInterruptEnable "
               "to EvtInterruptDisable",
               function);
        KIRQL irql;
        KeRaiseIrql(
            has_resource_ ? static_cast<KIRQL>(translated_.u.Interrupt.Level) : DISPATCH_LEVEL,
            &irql);
        old_irql_ = irql;
        return;
    }
    const KIRQL irql = KeAcquireInterruptSpinLock(interrupt_);
    old_irql_ = irql;
}

void Interrupt::release(const char* function) {
    if (passive()) {
        wait_->release(function);
    } else if (interrupt_ == nullptr) {
        KeLowerIrql(old_irql_);
    } else {
        KeReleaseInterruptSpinLock(interrupt_, old_irql_);
    }
}

bool Interrupt::try_acquire() {
    const LONGLONG no_wait = 0;
    return wait_->acquire(&no_wait, "WdfInterruptTryToAcquireLock") == STATUS_SUCCESS;
}

bool Interrupt::synchronize(PFN_WDF_INTERRUPT_SYNCHRONIZE callback, WDFCONTEXT context) {
    EnableCall call{this, nullptr, callback, context, nullptr, STATUS_SUCCESS, FALSE};
    if (passive()) {
        wait_->acquire(nullptr, "WdfInterruptSynchronize");
        call_under_lock(&call);
        wait_->release("WdfInterruptSynchronize");
    } else if (interrupt_ == nullptr) {
        report("lock-203", &device_,
               "WdfInterruptSynchronize of an interrupt that is not connected");
        KIRQL irql;
        KeRaiseIrql(
            has_resource_ ? static_cast<KIRQL>(translated_.u.Interrupt.Level) : DISPATCH_LEVEL,
            &irql);
        call_under_lock(&call);
        KeLowerIrql(irql);
    } else {
        KeSynchronizeExecution(interrupt_, &Interrupt::call_under_lock, &call);
    }
    return call.result != FALSE;
}

// ---- facts ----

void Interrupt::get_info(WDF_INTERRUPT_INFO& info) const {
    const ULONG size = info.Size;
    info = {};
    info.Size = size;
    info.Polarity = WdfInterruptPolarityUnknown;  // resources do not carry it
    if (!has_resource_) return;
    const auto& line = translated_.u.Interrupt;
    info.TargetProcessorSet = line.Affinity;
    info.Vector = line.Vector;
    info.Irql = passive() ? PASSIVE_LEVEL : static_cast<KIRQL>(line.Level);
    info.Mode = (translated_.Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0 ? Latched : LevelSensitive;
    info.ShareDisposition = translated_.ShareDisposition;
}

void Interrupt::set_policy(WDF_INTERRUPT_POLICY policy, WDF_INTERRUPT_PRIORITY priority,
                           const GROUP_AFFINITY& target) {
    policy_ = policy;
    priority_ = priority;
    if (policy == WdfIrqPolicySpecifiedProcessors) target_ = target;
}

}  // namespace gpioclx::framework
