#include "framework/callback.h"

#include <array>

#include "framework/device.h"
#include "framework/driver.h"
#include "kernel/system.h"
#include "kernel/um/user_resources.h"
#include "kernel/vf/fault_point.h"
#include "machine/machine.h"
#include "machine/witness.h"

namespace gpioclx::framework {
namespace {

constexpr const char* texts[] = {
    "EvtDriverDeviceAdd",
    "EvtDriverUnload",
    "EvtDevicePrepareHardware",
    "EvtDeviceReleaseHardware",
    "EvtDeviceD0Entry",
    "EvtDeviceD0EntryPostInterruptsEnabled",
    "EvtDeviceD0Exit",
    "EvtDeviceD0ExitPreInterruptsDisabled",
    "EvtDeviceSelfManagedIoInit",
    "EvtDeviceSelfManagedIoRestart",
    "EvtDeviceSelfManagedIoSuspend",
    "EvtDeviceSelfManagedIoFlush",
    "EvtDeviceSelfManagedIoCleanup",
    "EvtDeviceSurpriseRemoval",
    "EvtDeviceQueryRemove",
    "EvtDeviceQueryStop",
    "EvtDeviceUsageNotification",
    "EvtDeviceRelationsQuery",
    "EvtInterruptEnable",
    "EvtInterruptDisable",
    "EvtInterruptIsr",
    "EvtInterruptDpc",
    "EvtInterruptWorkItem",
    "EvtIoDefault",
    "EvtIoRead",
    "EvtIoWrite",
    "EvtIoDeviceControl",
    "EvtIoInternalDeviceControl",
    "EvtIoStop",
    "EvtIoResume",
    "EvtIoCanceledOnQueue",
    "EvtIoInCallerContext",
    "EvtDeviceFileCreate",
    "EvtFileCleanup",
    "EvtFileClose",
    "EvtRequestCancel",
    "EvtRequestCompletionRoutine",
    "EvtTimerFunc",
    "EvtDpcFunc",
    "EvtWorkItemFunc",
    "EvtDeviceProcessQueryInterfaceRequest",
    "EvtCxDevicePrePrepareHardware",
    "EvtCxDevicePostPrepareHardware",
    "EvtCxDevicePreReleaseHardware",
    "EvtCxDevicePostReleaseHardware",
    "EvtCxDevicePreD0Entry",
    "EvtCxDevicePostD0Entry",
    "EvtCxDevicePreD0Exit",
    "EvtCxDevicePostD0Exit",
    "EvtDeviceArmWakeFromS0",
    "EvtDeviceDisarmWakeFromS0",
    "EvtDeviceWakeFromS0Triggered",
    "EvtDeviceArmWakeFromSx",
    "EvtDeviceDisarmWakeFromSx",
    "EvtDeviceWakeFromSxTriggered",
    "EvtChildListCreateDevice",
    "EvtChildListScanForChildren",
    "EvtIoQueueState",
    "EvtIoTargetQueryRemove",
    "EvtIoTargetRemoveCanceled",
    "EvtIoTargetRemoveComplete",
    "EvtDeviceWdmIrpPreprocess",
    "EvtDeviceResourcesQuery",
    "EvtDeviceFilterResourceRequirements",
};
static_assert(std::size(texts) == static_cast<std::size_t>(Callback::callback_count));

struct CallbackNames {
    std::array<machine::NameId, static_cast<std::size_t>(Callback::callback_count)> names{};
};

// Callbacks of a device's way up and down, beside which no other one of it is made.
bool is_setup(Callback callback) {
    switch (callback) {
        case Callback::driver_device_add:
        case Callback::prepare_hardware:
        case Callback::release_hardware:
        case Callback::d0_entry:
        case Callback::d0_exit: return true;
        default: return false;
    }
}

machine::Witness* witness_of_setup(Callback callback) {
    machine::Witness* const witness = machine::Machine::current().witness();
    return witness != nullptr && is_setup(callback) && witness->follows_memory() ? witness
                                                                                 : nullptr;
}

void setup_begins(Callback callback, const Driver* driver) {
    if (machine::Witness* witness = witness_of_setup(callback))
        witness->setup_begins(driver != nullptr ? driver->wdm()->DriverStart : nullptr);
}

void setup_ends(Callback callback) {
    if (machine::Witness* witness = witness_of_setup(callback)) witness->setup_ends();
}

// Only those have locks of Win32.
bool in_user_mode(const Driver* driver) {
    return driver != nullptr && driver->user_mode() != nullptr;
}

void emit(machine::EventKind kind, Callback callback, machine::NameId owner, NTSTATUS status) {
    machine::Machine::current().emit(kind, callback_name(callback), owner, 0, 0,
                                     static_cast<std::uint32_t>(status));
}

}  // namespace

const char* callback_text(Callback callback) { return texts[static_cast<std::size_t>(callback)]; }

machine::NameId callback_name(Callback callback) {
    machine::NameId& name = kernel::part<CallbackNames>().names[static_cast<std::size_t>(callback)];
    if (name == machine::no_name) name = machine::Machine::current().name(callback_text(callback));
    return name;
}

CallbackScope::CallbackScope(Callback callback, Device& device)
    : callback_(callback),
      owner_(device.name_id()),
      driver_(device.driver()),
      device_(&device),
      irql_(KeGetCurrentIrql()) {
    emit(machine::EventKind::callback_enter, callback_, owner_, STATUS_SUCCESS);
    setup_begins(callback_, driver_);
    if (in_user_mode(driver_)) user_locks_ = kernel::um::user_locks_held();
}

CallbackScope::CallbackScope(Callback callback, Driver& driver)
    : callback_(callback),
      owner_(driver.name_id()),
      driver_(&driver),
      device_(nullptr),
      irql_(KeGetCurrentIrql()) {
    emit(machine::EventKind::callback_enter, callback_, owner_, STATUS_SUCCESS);
    setup_begins(callback_, driver_);
    if (in_user_mode(driver_)) user_locks_ = kernel::um::user_locks_held();
}

const NTSTATUS CallbackScope::failure = kernel::vf::callback_failure;

// What the extension does for a controller's driver has callbacks of its own that fail.
bool CallbackScope::fails() const {
    return kernel::vf::asks_about_faults() && driver_ != nullptr &&
           kernel::vf::callback_fails(callback_text(callback_), owner_, driver_->name());
}

CallbackScope::~CallbackScope() {
    setup_ends(callback_);
    emit(machine::EventKind::callback_exit, callback_, owner_, status_);
    if (in_user_mode(driver_) && kernel::um::user_locks_held() > user_locks_)
        kernel::um::report_user_locks(callback_text(callback_));
    const KIRQL irql = KeGetCurrentIrql();
    if (irql == irql_) return;
    report("irql-202", device_, "%s returned at IRQL %u; it was called at IRQL %u",
           callback_text(callback_), irql, irql_);
    if (irql > irql_) {
        KeLowerIrql(irql_);
    } else {
        KIRQL before;
        KeRaiseIrql(irql_, &before);
    }
}

}  // namespace gpioclx::framework
