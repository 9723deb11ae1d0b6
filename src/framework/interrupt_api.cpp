// The functions of WDFINTERRUPT.
#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/interrupt.h"
#include "framework/queue.h"
#include "framework/user_mode.h"

using namespace gpioclx::framework;

#define GX_INTERRUPT(function) from_handle<gpioclx::framework::Interrupt>(Interrupt, function)

// Highest IRQL that an interrupt lock is taken from.

static NTSTATUS check_config(const gpioclx::framework::Device& device,
                             const WDF_INTERRUPT_CONFIG& config) {
    if (config.Size != sizeof(WDF_INTERRUPT_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    if (config.EvtInterruptIsr == nullptr) return STATUS_INVALID_PARAMETER;
    if (config.EvtInterruptDpc != nullptr && config.EvtInterruptWorkItem != nullptr)
        return STATUS_INVALID_PARAMETER;  // W10
    if (config.PassiveHandling ? config.SpinLock != nullptr : config.WaitLock != nullptr)
        return STATUS_INVALID_PARAMETER;  // W12
    if (config.ShareVector > WdfUseDefault || config.ReportInactiveOnPowerDown > WdfUseDefault)
        return STATUS_INVALID_PARAMETER;
    if (config.CanWakeDevice && (!config.PassiveHandling || !device.in_prepare))
        return STATUS_INVALID_PARAMETER;  // W16
    if (device.is_control()) return STATUS_INVALID_DEVICE_STATE;
    const bool has_descriptors =
        config.InterruptRaw != nullptr && config.InterruptTranslated != nullptr;
    if (device.in_prepare) return has_descriptors ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_STATE;
    if (device.phase != PnpPhase::added) return STATUS_INVALID_DEVICE_STATE;
    if (config.InterruptRaw != nullptr || config.InterruptTranslated != nullptr)
        return STATUS_INVALID_DEVICE_STATE;
    return STATUS_SUCCESS;
}

// W13: what is serialized must run at the execution level of the lock.
static NTSTATUS check_serialization(const WDF_INTERRUPT_CONFIG& config, Object& parent) {
    if (!config.AutomaticSerialization) return STATUS_SUCCESS;
    const bool passive = parent.passive_execution();
    const bool user = parent.driver()->user_mode() != nullptr;  // its DPC is a work item
    if ((passive && config.EvtInterruptDpc != nullptr && !user) ||
        (!passive && config.EvtInterruptWorkItem != nullptr)) {
        return STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WdfInterruptCreate(WDFDEVICE Device, PWDF_INTERRUPT_CONFIG Configuration,
                            PWDF_OBJECT_ATTRIBUTES Attributes, WDFINTERRUPT* Interrupt) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfInterruptCreate");
    require(Configuration, "WdfInterruptCreate", "Configuration");
    require(Interrupt, "WdfInterruptCreate", "Interrupt");
    *Interrupt = nullptr;
    WDF_INTERRUPT_CONFIG config = *Configuration;
    if (device.driver()->user_mode() != nullptr) {
        config.PassiveHandling = TRUE;                // the only kind there is (I94)
        config.ReportInactiveOnPowerDown = WdfFalse;  // W15
    }
    NTSTATUS status = check_config(device, config);
    if (NT_SUCCESS(status) && !may_create_interrupt(device)) status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(status)) status = check_attributes(Attributes, ObjectType::interrupt);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(Attributes, &device, "WdfInterruptCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    if (parent->type() != ObjectType::device && parent->type() != ObjectType::queue)
        return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
    const bool named_parent = Attributes != nullptr && Attributes->ParentObject != nullptr;
    if (named_parent && parent != &device && !config.AutomaticSerialization)
        return STATUS_INVALID_PARAMETER;
    status = check_serialization(config, *parent);
    if (!NT_SUCCESS(status)) return status;
    auto* interrupt =
        create_object<gpioclx::framework::Interrupt>(parent, Attributes, device, config);
    if (interrupt == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (!interrupt->is_whole()) {
        interrupt->delete_object();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (device.in_prepare) interrupt->assign(*config.InterruptRaw, *config.InterruptTranslated);
    *Interrupt = interrupt->interrupt_handle();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfInterruptCreate);

BOOLEAN WdfInterruptQueueDpcForIsr(WDFINTERRUPT Interrupt) {
    enter();
    return GX_INTERRUPT("WdfInterruptQueueDpcForIsr").queue_dpc();
}
GX_EXPORT_FUNCTION(WdfInterruptQueueDpcForIsr);

BOOLEAN WdfInterruptQueueWorkItemForIsr(WDFINTERRUPT Interrupt) {
    enter();
    return GX_INTERRUPT("WdfInterruptQueueWorkItemForIsr").queue_work_item();
}
GX_EXPORT_FUNCTION(WdfInterruptQueueWorkItemForIsr);

BOOLEAN WdfInterruptSynchronize(WDFINTERRUPT Interrupt, PFN_WDF_INTERRUPT_SYNCHRONIZE Callback,
                                WDFCONTEXT Context) {
    auto& interrupt = GX_INTERRUPT("WdfInterruptSynchronize");
    enter("WdfInterruptSynchronize", interrupt.passive() ? PASSIVE_LEVEL : DISPATCH_LEVEL);
    require(reinterpret_cast<const void*>(Callback), "WdfInterruptSynchronize", "Callback");
    return interrupt.synchronize(Callback, Context);
}
GX_EXPORT_FUNCTION(WdfInterruptSynchronize);

VOID WdfInterruptAcquireLock(WDFINTERRUPT Interrupt) {
    auto& interrupt = GX_INTERRUPT("WdfInterruptAcquireLock");
    enter("WdfInterruptAcquireLock", interrupt.passive() ? PASSIVE_LEVEL : HIGH_LEVEL);
    interrupt.acquire("WdfInterruptAcquireLock");
}
GX_EXPORT_FUNCTION(WdfInterruptAcquireLock);

VOID WdfInterruptReleaseLock(WDFINTERRUPT Interrupt) {
    enter();
    GX_INTERRUPT("WdfInterruptReleaseLock").release("WdfInterruptReleaseLock");
}
GX_EXPORT_FUNCTION(WdfInterruptReleaseLock);

BOOLEAN WdfInterruptTryToAcquireLock(WDFINTERRUPT Interrupt) {
    enter();
    auto& interrupt = GX_INTERRUPT("WdfInterruptTryToAcquireLock");
    if (!interrupt.passive()) {
        violation("lock-206", interrupt.device(), WDF_INVALID_LOCK_OPERATION,
                  reinterpret_cast<ULONG_PTR>(Interrupt), 0,
                  "WdfInterruptTryToAcquireLock of an interrupt without PassiveHandling");
    }
    return interrupt.try_acquire();
}
GX_EXPORT_FUNCTION(WdfInterruptTryToAcquireLock);

VOID WdfInterruptEnable(WDFINTERRUPT Interrupt) {
    enter();
    auto& interrupt = GX_INTERRUPT("WdfInterruptEnable");
    if (interrupt.connected()) {
        interrupt.enable();
    } else {
        report("lock-203", interrupt.device(),
               "WdfInterruptEnable of an interrupt that is not connected");
    }
}
GX_EXPORT_FUNCTION(WdfInterruptEnable);

VOID WdfInterruptDisable(WDFINTERRUPT Interrupt) {
    enter();
    auto& interrupt = GX_INTERRUPT("WdfInterruptDisable");
    if (interrupt.connected()) {
        interrupt.disable();
    } else {
        report("lock-203", interrupt.device(),
               "WdfInterruptDisable of an interrupt that is not connected");
    }
}
GX_EXPORT_FUNCTION(WdfInterruptDisable);

PKINTERRUPT WdfInterruptWdmGetInterrupt(WDFINTERRUPT Interrupt) {
    enter();
    return GX_INTERRUPT("WdfInterruptWdmGetInterrupt").wdm();
}
GX_EXPORT_FUNCTION(WdfInterruptWdmGetInterrupt);

VOID WdfInterruptGetInfo(WDFINTERRUPT Interrupt, PWDF_INTERRUPT_INFO Info) {
    enter();
    require(Info, "WdfInterruptGetInfo", "Info");
    GX_INTERRUPT("WdfInterruptGetInfo").get_info(*Info);
}
GX_EXPORT_FUNCTION(WdfInterruptGetInfo);

VOID WdfInterruptSetPolicy(WDFINTERRUPT Interrupt, WDF_INTERRUPT_POLICY Policy,
                           WDF_INTERRUPT_PRIORITY Priority, KAFFINITY TargetProcessorSet) {
    enter();
    GROUP_AFFINITY target{};
    target.Mask = TargetProcessorSet;
    GX_INTERRUPT("WdfInterruptSetPolicy").set_policy(Policy, Priority, target);
}
GX_EXPORT_FUNCTION(WdfInterruptSetPolicy);

VOID WdfInterruptSetExtendedPolicy(WDFINTERRUPT Interrupt,
                                   PWDF_INTERRUPT_EXTENDED_POLICY PolicyAndGroup) {
    enter();
    require(PolicyAndGroup, "WdfInterruptSetExtendedPolicy", "PolicyAndGroup");
    GX_INTERRUPT("WdfInterruptSetExtendedPolicy")
        .set_policy(PolicyAndGroup->Policy, PolicyAndGroup->Priority,
                    PolicyAndGroup->TargetProcessorSetAndGroup);
}
GX_EXPORT_FUNCTION(WdfInterruptSetExtendedPolicy);

WDFDEVICE WdfInterruptGetDevice(WDFINTERRUPT Interrupt) {
    enter();
    return GX_INTERRUPT("WdfInterruptGetDevice").device()->device_handle();
}
GX_EXPORT_FUNCTION(WdfInterruptGetDevice);

VOID WdfInterruptReportActive(WDFINTERRUPT Interrupt) {
    enter();
    GX_INTERRUPT("WdfInterruptReportActive").report_active(true);
}
GX_EXPORT_FUNCTION(WdfInterruptReportActive);

VOID WdfInterruptReportInactive(WDFINTERRUPT Interrupt) {
    enter();
    GX_INTERRUPT("WdfInterruptReportInactive").report_active(false);
}
GX_EXPORT_FUNCTION(WdfInterruptReportInactive);
