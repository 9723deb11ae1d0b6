#include "framework/device.h"

#include "ext/gx_connection.h"
#include "ext/gx_export.h"
#include "ext/gx_pnp.h"

#include <cstdio>
#include <cstring>
#include <new>

#include "framework/attributes.h"
#include "framework/child_list.h"
#include "framework/driver.h"
#include "framework/file_object.h"
#include "framework/interrupt.h"
#include "framework/io_target.h"
#include "framework/power_policy.h"
#include "framework/query_interface.h"
#include "framework/queue.h"
#include "framework/request.h"
#include "framework/resource_list.h"
#include "framework/string.h"
#include "machine/machine.h"

namespace gpioclx::framework {

Device::Device(Driver* driver, DeviceSettings&& from)
    : Object(object_type, driver), settings(static_cast<DeviceSettings&&>(from)) {
    from.extensions = nullptr;
    reported_state.Size = sizeof(reported_state);
    reported_state.Disabled = reported_state.DontDisplayInUI = reported_state.Failed = WdfFalse;
    reported_state.NotDisableable = reported_state.Removed = reported_state.ResourcesChanged = WdfFalse;
    reported_state.AssignedToGuest = WdfFalse;
}

Device::~Device() {
    while (request_cache != nullptr) {
        Request* request = request_cache;
        request_cache = request->cache_next();
        Request::destroy_cached(request);
    }
    while (settings.extensions != nullptr) {
        ExtensionSettings* extension = settings.extensions;
        settings.extensions = extension->next;
        delete extension;
    }
    while (offered != nullptr) {
        OfferedInterface* next = offered->next;
        free_offered_interface(offered);
        offered = next;
    }
    delete lock_;
    PowerPolicy::destroy(policy);
}

Device* Device::of(const DEVICE_OBJECT* wdm) {
    if (wdm == nullptr || wdm->DeviceExtension == nullptr) return nullptr;
    const auto* extension = static_cast<const DeviceExtension*>(wdm->DeviceExtension);
    return extension->signature == DeviceExtension::live_signature ? extension->device : nullptr;
}

void Device::set_levels(const WDF_OBJECT_ATTRIBUTES* attributes) {
    passive_ = driver()->passive_execution();
    scope_ = driver()->scope();
    if (attributes != nullptr) {
        if (attributes->ExecutionLevel != WdfExecutionLevelInheritFromParent) {
            passive_ = attributes->ExecutionLevel == WdfExecutionLevelPassive;
        }
        if (attributes->SynchronizationScope != WdfSynchronizationScopeInheritFromParent) {
            scope_ = attributes->SynchronizationScope;
        }
    }
    machine::ArenaScope inside;
    // Also without a scope: WdfObjectAcquireLock and automatic serialization of DPCs, timers and
    // work items use the device's lock.
    char text[96];
    std::snprintf(text, sizeof(text), "%s device lock", name_);
    lock_ = new CallbackLock(passive_, text);
}

NTSTATUS Device::create_wdm(WDFDEVICE_INIT& init) {
    if (settings.name.empty() && (!settings.sddl.empty() || settings.has_device_class) && is_control()) {
        return STATUS_INVALID_SECURITY_DESCR;
    }
    NTSTATUS status =
        IoCreateDevice(init.driver->wdm(), sizeof(DeviceExtension), settings.name.empty() ? nullptr : settings.name.get(),
                       settings.device_type, settings.characteristics, settings.exclusive, &wdm_);
    if (!NT_SUCCESS(status)) return status;
    auto* extension = static_cast<DeviceExtension*>(wdm_->DeviceExtension);
    extension->signature = DeviceExtension::live_signature;
    extension->device = this;
    if (!is_physical() && !is_control()) status = attach(init.pdo);
    if (is_physical()) pdo_ = wdm_;
    if (!is_filter()) {
        if (settings.io_type == WdfDeviceIoBuffered) wdm_->Flags |= DO_BUFFERED_IO;
        if (settings.io_type == WdfDeviceIoDirect) wdm_->Flags |= DO_DIRECT_IO;
        // Either will do: what the transfer costs decides on Windows; small transfers are copied.
        if (settings.io_type == WdfDeviceIoBufferedOrDirect) wdm_->Flags |= DO_BUFFERED_IO;
        wdm_->Flags |= settings.power_inrush ? DO_POWER_INRUSH : settings.power_pageable ? DO_POWER_PAGABLE : 0;
    }
    return status;
}

NTSTATUS Device::attach(DEVICE_OBJECT* pdo) {
    pdo_ = pdo;
    lower_ = IoAttachDeviceToDeviceStack(wdm_, pdo);
    if (lower_ == nullptr) return STATUS_NO_SUCH_DEVICE;
    wdm_->StackSize = static_cast<CCHAR>(lower_->StackSize + 1);
    wdm_->AlignmentRequirement = lower_->AlignmentRequirement;
    if (is_filter()) {
        wdm_->Flags |= lower_->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE | DO_POWER_INRUSH);
        wdm_->DeviceType = lower_->DeviceType;
        wdm_->Characteristics = lower_->Characteristics;
    }
    return STATUS_SUCCESS;
}

NTSTATUS Device::create(WDFDEVICE_INIT& init, const WDF_OBJECT_ATTRIBUTES* attributes) {
    PCSTR path = init.pdo != nullptr ? GxDevicePath(init.pdo) : nullptr;
    std::snprintf(name_, sizeof(name_), "%s", path != nullptr ? path : driver()->name());
    name_id_ = machine::Machine::current().name(name_);
    set_levels(attributes);
    NTSTATUS status = create_wdm(init);
    if (!NT_SUCCESS(status)) return status;
    machine::ArenaScope inside;
    policy = PowerPolicy::create(*this);
    if (lower_ != nullptr) {
        local_target = IoTarget::create_local(*this);
        if (local_target == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    }
    parent_device = init.parent;
    if (settings.has_child_list) {
        default_child_list = ChildList::create(*this, settings.child_list,
                                               settings.has_child_list_attributes ? &settings.child_list_attributes : nullptr);
        if (default_child_list == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    }
    initializing_control = is_control();
    if (!is_control()) set_pnp_state(WdfDevStatePnpInit);
    return STATUS_SUCCESS;
}

void Device::finish_add_device() {
    wdm_->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    emit_state("added", STATUS_SUCCESS);
}

void Device::undo_add_device() { destroy(); }

void Device::stop() {
    // A control device goes without PnP: its queues end here.
    for (Queue* queue = first_queue; queue != nullptr; queue = queue->next_of_device()) queue->purge_for_removal();
}

void Device::delete_names() {
    while (links != nullptr) {
        SymbolicLink* link = links;
        links = link->next;
        IoDeleteSymbolicLink(link->name.get());
        delete link;
    }
    while (interfaces != nullptr) {
        DeviceInterface* item = interfaces;
        interfaces = item->next;
        if (item->enabled) IoSetDeviceInterfaceState(item->link.get(), FALSE);
        delete item;
    }
}

void Device::destroy() {
    if (phase != PnpPhase::removed) phase = PnpPhase::removed;
    delete_names();
    if (wdm_ != nullptr) {
        auto* extension = static_cast<DeviceExtension*>(wdm_->DeviceExtension);
        extension->signature = 0;
        extension->device = nullptr;
    }
    DEVICE_OBJECT* wdm = wdm_;
    DEVICE_OBJECT* lower = lower_;
    delete_object();
    if (lower != nullptr) IoDetachDevice(lower);
    if (wdm != nullptr) IoDeleteDevice(wdm);
}

void Device::last_release() { delete this; }

void Device::emit_state(const char* state, NTSTATUS status) {
    machine::Machine& machine = machine::Machine::current();
    machine.emit(machine::EventKind::device_state, name_id_, machine.name(state), 0, 0,
                 static_cast<std::uint32_t>(status));
}

NTSTATUS Device::failed_in(const char* callback, NTSTATUS status) {
    emit_state(callback, status);
    if (pdo_ != nullptr) GxReportFailure(pdo_, callback, status);
    return status;
}

void Device::notify(UCHAR kind, ULONG from, ULONG to) {
    for (ULONG i = 0; i < settings.notification_count; ++i) {
        const StateNotification& n = settings.notifications[i];
        if (n.kind != kind) continue;
        const bool entering = n.state == to && (n.types & StateNotificationEnterState) != 0;
        const bool leaving = n.state == from && (n.types & StateNotificationLeaveState) != 0;
        if (!entering && !leaving) continue;
        // The three structures differ only in the type of their states.
        WDF_DEVICE_PNP_NOTIFICATION_DATA data{};
        data.Type = entering ? StateNotificationEnterState : StateNotificationLeaveState;
        data.Data.EnterState.CurrentState = static_cast<WDF_DEVICE_PNP_STATE>(from);
        data.Data.EnterState.NewState = static_cast<WDF_DEVICE_PNP_STATE>(to);
        reinterpret_cast<PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION>(n.callback)(device_handle(), &data);
    }
}

void Device::set_pnp_state(WDF_DEVICE_PNP_STATE state) {
    const auto before = pnp_state;
    if (before == state) return;
    pnp_state = state;
    if (settings.notification_count != 0) notify(0, before, state);
}

void Device::set_power_state(WDF_DEVICE_POWER_STATE state) {
    const auto before = power_state;
    if (before == state) return;
    power_state = state;
    if (settings.notification_count != 0) notify(1, before, state);
}

void Device::set_policy_state(WDF_DEVICE_POWER_POLICY_STATE state) {
    const auto before = policy_state;
    if (before == state) return;
    policy_state = state;
    if (settings.notification_count != 0) notify(2, before, state);
}

FileObject* Device::file_object(const FILE_OBJECT* wdm) const {
    for (FileObject* file = first_file; file != nullptr; file = file->next_of_device()) {
        if (file->wdm() == wdm) return file;
    }
    return nullptr;
}

NTSTATUS Device::enqueue(Request& request) {
    const UCHAR major = request.major();
    Queue* queue = queue_for(major);
    if (queue != nullptr) return queue->insert_new(request);
    if (is_filter() && lower_ != nullptr) {
        request.forward_and_forget(lower_);
        return STATUS_SUCCESS;
    }
    request.complete_by_framework(STATUS_INVALID_DEVICE_REQUEST);
    return STATUS_INVALID_DEVICE_REQUEST;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT* DeviceInit, PWDF_OBJECT_ATTRIBUTES DeviceAttributes, WDFDEVICE* Device) {
    enter("WdfDeviceCreate", PASSIVE_LEVEL);
    require(DeviceInit, "WdfDeviceCreate", "DeviceInit");
    require(Device, "WdfDeviceCreate", "Device");
    *Device = nullptr;
    if (*DeviceInit == nullptr) return STATUS_INVALID_PARAMETER;
    WDFDEVICE_INIT& init = WDFDEVICE_INIT::checked(*DeviceInit, "WdfDeviceCreate");
    if (init.created != nullptr) return STATUS_INVALID_DEVICE_STATE;
    NTSTATUS status = check_attributes(DeviceAttributes, ObjectType::device);
    if (!NT_SUCCESS(status)) return status;
    gpioclx::framework::Object* parent = init.parent != nullptr ? static_cast<gpioclx::framework::Object*>(init.parent) : init.driver;
    auto* device = create_object<gpioclx::framework::Device>(parent, DeviceAttributes, init.driver,
                                                             static_cast<DeviceSettings&&>(init.settings));
    if (device == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    status = device->create(init, DeviceAttributes);
    if (!NT_SUCCESS(status)) {
        device->destroy();
        return status;
    }
    *Device = device->device_handle();
    if (device->is_physical() || device->is_control()) {
        // Nobody waits for the outcome of an AddDevice: the init is used up here.
        if (init.child_list != nullptr) {
            init.created = device;
        } else {
            WDFDEVICE_INIT::destroy(&init);
        }
        if (device->is_physical()) device->wdm()->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    } else {
        init.created = device;
    }
    *DeviceInit = nullptr;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceCreate);

#define GX_DEVICE(function) from_handle<gpioclx::framework::Device>(Device, function)

WDFDEVICE WdfWdmDeviceGetWdfDeviceHandle(PDEVICE_OBJECT DeviceObject) {
    enter("WdfWdmDeviceGetWdfDeviceHandle");
    auto* device = gpioclx::framework::Device::of(DeviceObject);
    return device != nullptr ? device->device_handle() : nullptr;
}
GX_EXPORT_FUNCTION(WdfWdmDeviceGetWdfDeviceHandle);

PDEVICE_OBJECT WdfDeviceWdmGetDeviceObject(WDFDEVICE Device) {
    enter("WdfDeviceWdmGetDeviceObject");
    return GX_DEVICE("WdfDeviceWdmGetDeviceObject").wdm();
}
GX_EXPORT_FUNCTION(WdfDeviceWdmGetDeviceObject);

PDEVICE_OBJECT WdfDeviceWdmGetAttachedDevice(WDFDEVICE Device) {
    enter("WdfDeviceWdmGetAttachedDevice");
    return GX_DEVICE("WdfDeviceWdmGetAttachedDevice").lower();
}
GX_EXPORT_FUNCTION(WdfDeviceWdmGetAttachedDevice);

PDEVICE_OBJECT WdfDeviceWdmGetPhysicalDevice(WDFDEVICE Device) {
    enter("WdfDeviceWdmGetPhysicalDevice");
    return GX_DEVICE("WdfDeviceWdmGetPhysicalDevice").pdo();
}
GX_EXPORT_FUNCTION(WdfDeviceWdmGetPhysicalDevice);

WDFDRIVER WdfDeviceGetDriver(WDFDEVICE Device) {
    enter("WdfDeviceGetDriver");
    return static_cast<WDFDRIVER>(GX_DEVICE("WdfDeviceGetDriver").driver()->handle());
}
GX_EXPORT_FUNCTION(WdfDeviceGetDriver);

WDFIOTARGET WdfDeviceGetIoTarget(WDFDEVICE Device) {
    enter("WdfDeviceGetIoTarget");
    auto& device = GX_DEVICE("WdfDeviceGetIoTarget");
    return device.local_target != nullptr ? static_cast<WDFIOTARGET>(device.local_target->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfDeviceGetIoTarget);

WDFQUEUE WdfDeviceGetDefaultQueue(WDFDEVICE Device) {
    enter("WdfDeviceGetDefaultQueue");
    auto& device = GX_DEVICE("WdfDeviceGetDefaultQueue");
    return device.default_queue != nullptr ? static_cast<WDFQUEUE>(device.default_queue->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDefaultQueue);

NTSTATUS WdfDeviceConfigureRequestDispatching(WDFDEVICE Device, WDFQUEUE Queue, WDF_REQUEST_TYPE RequestType) {
    enter("WdfDeviceConfigureRequestDispatching");
    auto& device = GX_DEVICE("WdfDeviceConfigureRequestDispatching");
    auto& queue = from_handle<gpioclx::framework::Queue>(Queue, "WdfDeviceConfigureRequestDispatching");
    if (&queue.owner() != &device) return STATUS_INVALID_PARAMETER;
    if (RequestType != WdfRequestTypeCreate && RequestType != WdfRequestTypeRead &&
        RequestType != WdfRequestTypeWrite && RequestType != WdfRequestTypeDeviceControl &&
        RequestType != WdfRequestTypeDeviceControlInternal) {
        return STATUS_INVALID_PARAMETER;
    }
    // A request type has the number of its IRP's major function.
    auto*& slot = device.queues_by_major[RequestType];
    if (slot != nullptr) return STATUS_WDF_BUSY;
    slot = &queue;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceConfigureRequestDispatching);

NTSTATUS WdfDeviceEnqueueRequest(WDFDEVICE Device, WDFREQUEST Request) {
    enter("WdfDeviceEnqueueRequest");
    auto& device = GX_DEVICE("WdfDeviceEnqueueRequest");
    auto& request = from_handle<gpioclx::framework::Request>(Request, "WdfDeviceEnqueueRequest");
    if (!request.in_caller_context() || request.device() != &device) return STATUS_INVALID_DEVICE_REQUEST;
    auto* queue = device.queue_for(request.major());
    if (queue == nullptr && !device.is_filter()) return STATUS_INVALID_DEVICE_REQUEST;
    if (queue != nullptr && !queue->accepts()) return STATUS_WDF_BUSY;
    request.leave_caller_context();
    device.enqueue(request);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceEnqueueRequest);

WDFFILEOBJECT WdfDeviceGetFileObject(WDFDEVICE Device, PFILE_OBJECT FileObject) {
    enter("WdfDeviceGetFileObject");
    auto* file = GX_DEVICE("WdfDeviceGetFileObject").file_object(FileObject);
    return file != nullptr ? static_cast<WDFFILEOBJECT>(file->handle()) : nullptr;
}
GX_EXPORT_FUNCTION(WdfDeviceGetFileObject);

WDF_DEVICE_PNP_STATE WdfDeviceGetDevicePnpState(WDFDEVICE Device) {
    enter("WdfDeviceGetDevicePnpState");
    return GX_DEVICE("WdfDeviceGetDevicePnpState").pnp_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDevicePnpState);

WDF_DEVICE_POWER_STATE WdfDeviceGetDevicePowerState(WDFDEVICE Device) {
    enter("WdfDeviceGetDevicePowerState");
    return GX_DEVICE("WdfDeviceGetDevicePowerState").power_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDevicePowerState);

WDF_DEVICE_POWER_POLICY_STATE WdfDeviceGetDevicePowerPolicyState(WDFDEVICE Device) {
    enter("WdfDeviceGetDevicePowerPolicyState");
    return GX_DEVICE("WdfDeviceGetDevicePowerPolicyState").policy_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDevicePowerPolicyState);

POWER_ACTION WdfDeviceGetSystemPowerAction(WDFDEVICE Device) {
    enter("WdfDeviceGetSystemPowerAction");
    return GX_DEVICE("WdfDeviceGetSystemPowerAction").system_power_action;
}
GX_EXPORT_FUNCTION(WdfDeviceGetSystemPowerAction);

VOID WdfDeviceGetDeviceState(WDFDEVICE Device, PWDF_DEVICE_STATE DeviceState) {
    enter("WdfDeviceGetDeviceState");
    auto& device = GX_DEVICE("WdfDeviceGetDeviceState");
    require(DeviceState, "WdfDeviceGetDeviceState", "DeviceState");
    *DeviceState = device.reported_state;
}
GX_EXPORT_FUNCTION(WdfDeviceGetDeviceState);

VOID WdfDeviceSetDeviceState(WDFDEVICE Device, PWDF_DEVICE_STATE DeviceState) {
    enter("WdfDeviceSetDeviceState");
    auto& device = GX_DEVICE("WdfDeviceSetDeviceState");
    require(DeviceState, "WdfDeviceSetDeviceState", "DeviceState");
    const auto take = [](WDF_TRI_STATE& to, WDF_TRI_STATE from) {
        if (from != WdfUseDefault) to = from;
    };
    WDF_DEVICE_STATE& state = device.reported_state;
    take(state.Disabled, DeviceState->Disabled);
    take(state.DontDisplayInUI, DeviceState->DontDisplayInUI);
    take(state.Failed, DeviceState->Failed);
    take(state.NotDisableable, DeviceState->NotDisableable);
    take(state.Removed, DeviceState->Removed);
    take(state.ResourcesChanged, DeviceState->ResourcesChanged);
    take(state.AssignedToGuest, DeviceState->AssignedToGuest);
    // Before the start nobody has asked yet; the PnP manager asks after it.
    if (device.phase != PnpPhase::added && device.pdo() != nullptr) IoInvalidateDeviceState(device.pdo());
}
GX_EXPORT_FUNCTION(WdfDeviceSetDeviceState);

VOID WdfDeviceSetFailed(WDFDEVICE Device, WDF_DEVICE_FAILED_ACTION FailedAction) {
    enter("WdfDeviceSetFailed");
    auto& device = GX_DEVICE("WdfDeviceSetFailed");
    if (FailedAction == WdfDeviceFailedUndefined || FailedAction > WdfDeviceFailedNoRestart) {
        report("lifetime-218", &device, "WdfDeviceSetFailed with action %d", static_cast<int>(FailedAction));
        return;
    }
    device.emit_state("WdfDeviceSetFailed", STATUS_DEVICE_DATA_ERROR);
    device.reported_state.Failed = WdfTrue;
    if (device.pdo() != nullptr) IoInvalidateDeviceState(device.pdo());
}
GX_EXPORT_FUNCTION(WdfDeviceSetFailed);

VOID WdfDeviceSetStaticStopRemove(WDFDEVICE Device, BOOLEAN Stoppable) {
    enter("WdfDeviceSetStaticStopRemove");
    GX_DEVICE("WdfDeviceSetStaticStopRemove").static_stop_remove = Stoppable != FALSE;
}
GX_EXPORT_FUNCTION(WdfDeviceSetStaticStopRemove);

VOID WdfDeviceSetPnpCapabilities(WDFDEVICE Device, PWDF_DEVICE_PNP_CAPABILITIES PnpCapabilities) {
    enter("WdfDeviceSetPnpCapabilities");
    auto& device = GX_DEVICE("WdfDeviceSetPnpCapabilities");
    require(PnpCapabilities, "WdfDeviceSetPnpCapabilities", "PnpCapabilities");
    device.pnp_capabilities = *PnpCapabilities;
    device.has_pnp_capabilities = true;
}
GX_EXPORT_FUNCTION(WdfDeviceSetPnpCapabilities);

VOID WdfDeviceSetPowerCapabilities(WDFDEVICE Device, PWDF_DEVICE_POWER_CAPABILITIES PowerCapabilities) {
    enter("WdfDeviceSetPowerCapabilities");
    auto& device = GX_DEVICE("WdfDeviceSetPowerCapabilities");
    require(PowerCapabilities, "WdfDeviceSetPowerCapabilities", "PowerCapabilities");
    device.power_capabilities = *PowerCapabilities;
    device.has_power_capabilities = true;
}
GX_EXPORT_FUNCTION(WdfDeviceSetPowerCapabilities);

VOID WdfDeviceSetBusInformationForChildren(WDFDEVICE Device, PPNP_BUS_INFORMATION BusInformation) {
    enter("WdfDeviceSetBusInformationForChildren");
    auto& device = GX_DEVICE("WdfDeviceSetBusInformationForChildren");
    require(BusInformation, "WdfDeviceSetBusInformationForChildren", "BusInformation");
    device.bus_information = *BusInformation;
    device.has_bus_information = true;
}
GX_EXPORT_FUNCTION(WdfDeviceSetBusInformationForChildren);

VOID WdfDeviceSetSpecialFileSupport(WDFDEVICE Device, WDF_SPECIAL_FILE_TYPE FileType, BOOLEAN FileTypeIsSupported) {
    enter("WdfDeviceSetSpecialFileSupport");
    auto& device = GX_DEVICE("WdfDeviceSetSpecialFileSupport");
    if (FileType <= WdfSpecialFileUndefined || FileType >= WdfSpecialFileMax) return;
    const ULONG bit = 1u << FileType;
    device.special_files = FileTypeIsSupported ? device.special_files | bit : device.special_files & ~bit;
}
GX_EXPORT_FUNCTION(WdfDeviceSetSpecialFileSupport);

VOID WdfDeviceSetCharacteristics(WDFDEVICE Device, ULONG DeviceCharacteristics) {
    enter("WdfDeviceSetCharacteristics");
    GX_DEVICE("WdfDeviceSetCharacteristics").wdm()->Characteristics = DeviceCharacteristics;
}
GX_EXPORT_FUNCTION(WdfDeviceSetCharacteristics);

ULONG WdfDeviceGetCharacteristics(WDFDEVICE Device) {
    enter("WdfDeviceGetCharacteristics");
    return GX_DEVICE("WdfDeviceGetCharacteristics").wdm()->Characteristics;
}
GX_EXPORT_FUNCTION(WdfDeviceGetCharacteristics);

ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device) {
    enter("WdfDeviceGetAlignmentRequirement");
    return GX_DEVICE("WdfDeviceGetAlignmentRequirement").wdm()->AlignmentRequirement;
}
GX_EXPORT_FUNCTION(WdfDeviceGetAlignmentRequirement);

VOID WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement) {
    enter("WdfDeviceSetAlignmentRequirement");
    GX_DEVICE("WdfDeviceSetAlignmentRequirement").wdm()->AlignmentRequirement = AlignmentRequirement;
}
GX_EXPORT_FUNCTION(WdfDeviceSetAlignmentRequirement);

// Relations of removal and power usage between devices: recorded by nobody here, because nothing is
// paged and nothing is ejected; drivers that declare them run unchanged.
NTSTATUS WdfDeviceAddDependentUsageDeviceObject(WDFDEVICE Device, PDEVICE_OBJECT DependentDevice) {
    enter("WdfDeviceAddDependentUsageDeviceObject");
    GX_DEVICE("WdfDeviceAddDependentUsageDeviceObject");
    require(DependentDevice, "WdfDeviceAddDependentUsageDeviceObject", "DependentDevice");
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceAddDependentUsageDeviceObject);

VOID WdfDeviceRemoveDependentUsageDeviceObject(WDFDEVICE Device, PDEVICE_OBJECT DependentDevice) {
    enter("WdfDeviceRemoveDependentUsageDeviceObject");
    GX_DEVICE("WdfDeviceRemoveDependentUsageDeviceObject");
    require(DependentDevice, "WdfDeviceRemoveDependentUsageDeviceObject", "DependentDevice");
}
GX_EXPORT_FUNCTION(WdfDeviceRemoveDependentUsageDeviceObject);

NTSTATUS WdfDeviceAddRemovalRelationsPhysicalDevice(WDFDEVICE Device, PDEVICE_OBJECT PhysicalDevice) {
    enter("WdfDeviceAddRemovalRelationsPhysicalDevice");
    GX_DEVICE("WdfDeviceAddRemovalRelationsPhysicalDevice");
    require(PhysicalDevice, "WdfDeviceAddRemovalRelationsPhysicalDevice", "PhysicalDevice");
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfDeviceAddRemovalRelationsPhysicalDevice);

VOID WdfDeviceRemoveRemovalRelationsPhysicalDevice(WDFDEVICE Device, PDEVICE_OBJECT PhysicalDevice) {
    enter("WdfDeviceRemoveRemovalRelationsPhysicalDevice");
    GX_DEVICE("WdfDeviceRemoveRemovalRelationsPhysicalDevice");
    require(PhysicalDevice, "WdfDeviceRemoveRemovalRelationsPhysicalDevice", "PhysicalDevice");
}
GX_EXPORT_FUNCTION(WdfDeviceRemoveRemovalRelationsPhysicalDevice);

VOID WdfDeviceClearRemovalRelationsDevices(WDFDEVICE Device) {
    enter("WdfDeviceClearRemovalRelationsDevices");
    GX_DEVICE("WdfDeviceClearRemovalRelationsDevices");
}
GX_EXPORT_FUNCTION(WdfDeviceClearRemovalRelationsDevices);

NTSTATUS WdfDeviceAssignMofResourceName(WDFDEVICE Device, PCUNICODE_STRING MofResourceName) {
    enter("WdfDeviceAssignMofResourceName", PASSIVE_LEVEL);
    GX_DEVICE("WdfDeviceAssignMofResourceName");
    require(MofResourceName, "WdfDeviceAssignMofResourceName", "MofResourceName");
    return STATUS_SUCCESS;  // there is no WMI to hand it to
}
GX_EXPORT_FUNCTION(WdfDeviceAssignMofResourceName);
