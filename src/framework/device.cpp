#include "framework/device.h"

#include "ext/gx_connection.h"
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
    reported_state.NotDisableable = reported_state.Removed = reported_state.ResourcesChanged =
        WdfFalse;
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
    if (settings.name.empty() && (!settings.sddl.empty() || settings.has_device_class) &&
        is_control()) {
        return STATUS_INVALID_SECURITY_DESCR;
    }
    NTSTATUS status =
        IoCreateDevice(init.driver->wdm(), sizeof(DeviceExtension),
                       settings.name.empty() ? nullptr : settings.name.get(), settings.device_type,
                       settings.characteristics, settings.exclusive, &wdm_);
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
        wdm_->Flags |= settings.power_inrush     ? DO_POWER_INRUSH
                       : settings.power_pageable ? DO_POWER_PAGABLE
                                                 : 0;
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
        wdm_->Flags |=
            lower_->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE | DO_POWER_INRUSH);
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
        default_child_list = ChildList::create(
            *this, settings.child_list,
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

void Device::undo_add_device() {
    destroy();
}

void Device::stop() {
    // A control device goes without PnP: its queues end here.
    for (Queue* queue = first_queue; queue != nullptr; queue = queue->next_of_device())
        queue->purge_for_removal();
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
    phase = PnpPhase::removed;
    delete_names();
    release_extension();
    DEVICE_OBJECT* wdm = wdm_;
    DEVICE_OBJECT* lower = lower_;
    delete_object();
    if (lower != nullptr) IoDetachDevice(lower);
    if (wdm != nullptr) IoDeleteDevice(wdm);
}

// A control device goes with its object: with WdfObjectDelete, or with the driver.
void Device::cleaned() {
    if (!is_control() || phase == PnpPhase::removed || wdm_ == nullptr) return;
    phase = PnpPhase::removed;
    delete_names();
    release_extension();
    IoDeleteDevice(wdm_);
    wdm_ = nullptr;
}

// Requests that still arrive find nobody.
void Device::release_extension() {
    if (wdm_ == nullptr) return;
    auto* extension = static_cast<DeviceExtension*>(wdm_->DeviceExtension);
    extension->signature = 0;
    extension->device = nullptr;
}

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
        reinterpret_cast<PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION>(n.callback)(device_handle(),
                                                                                   &data);
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
