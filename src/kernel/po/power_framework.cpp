#include "kernel/po/power_framework.h"

#include <pepfx.h>

#include <fmt/format.h>

#include <algorithm>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/order.h"
#include "kernel/ldr/image.h"
#include "kernel/po/component.h"
#include "kernel/rtl/text.h"
#include "kernel/system.h"

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::po;

namespace {

constexpr ULONG internal_power_error = 0xA0;
using Power = POHANDLE__::Power;

void enter(KIRQL highest, const char* function) {
    ke::charge();
    ke::require_irql_at_most(highest, function);
}

void device_idle(PKDPC, PVOID context, PVOID, PVOID) {
    POHANDLE__& device = *static_cast<POHANDLE>(context);
    if (device.power != Power::required || !device.managed) return;
    for (const Component& component : device.components) {
        if (component.references > 0 || component.active) return;
    }
    device.power = Power::going;
    device.power_not_required(device.context);
}

// F0 needs no time; every deeper state needs at least as much as the one before it.
bool is_valid(const PO_FX_COMPONENT_IDLE_STATE* states, ULONG count) {
    if (count == 0 || states == nullptr) return false;
    if (states[0].TransitionLatency != 0 || states[0].ResidencyRequirement != 0) return false;
    return std::is_sorted(states, states + count, [](const auto& left, const auto& right) {
        return left.TransitionLatency < right.TransitionLatency;
    });
}

template <typename Given>
bool copy_components(POHANDLE__& device, const Given* given, ULONG count) {
    for (ULONG i = 0; i < count; ++i) {
        if (!is_valid(given[i].IdleStates, given[i].IdleStateCount)) return false;
        Component& component = device.components.emplace_back();
        component.states.assign(given[i].IdleStates, given[i].IdleStates + given[i].IdleStateCount);
        KeInitializeEvent(&component.is_active, NotificationEvent, TRUE);
    }
    return count > 0;
}

template <typename Given>
bool copy_device(POHANDLE__& device, const Given& given) {
    device.active_condition = given.ComponentActiveConditionCallback;
    device.idle_condition = given.ComponentIdleConditionCallback;
    device.idle_state = given.ComponentIdleStateCallback;
    device.power_required = given.DevicePowerRequiredCallback;
    device.power_not_required = given.DevicePowerNotRequiredCallback;
    device.power_control = given.PowerControlCallback;
    device.context = given.DeviceContext;
    return copy_components(device, given.Components, given.ComponentCount);
}

NTSTATUS add(std::unique_ptr<POHANDLE__> device, POHANDLE* handle) {
    KeInitializeTimer(&device->idle_timer);
    KeInitializeDpc(&device->idle_dpc, &device_idle, device.get());
    *handle = device.get();
    part<Registrations>().all.push_back(device.release());
    return STATUS_SUCCESS;
}

// The component that a call means; a finding and null if there is none.
Component* component_of(POHANDLE handle, ULONG index, const char* function) {
    const auto& all = part<Registrations>().all;
    if (std::find(all.begin(), all.end(), handle) == all.end()) {
        dbg::report_finding("power-001",
                            fmt::format("{}: the handle is no registration with PoFx", function));
        return nullptr;
    }
    if (index < handle->components.size()) return &handle->components[index];
    dbg::report_finding("power-001",
                        fmt::format("{}: {} has no component {}", function, handle->name, index));
    return nullptr;
}

void complete(POHANDLE handle, ULONG index, Component::Pending what, const char* function) {
    enter(DISPATCH_LEVEL, function);
    Component* component = component_of(handle, index, function);
    if (component == nullptr) return;
    if (component->pending != what || component->completed) {
        dbg::report_finding("power-003",
                            fmt::format("{}: nothing of the kind is pending for component {} of {}",
                                        function, index, handle->name));
        return;
    }
    component->completed = true;
    settle(*handle, index);
}

struct Deferred : machine::SeenByDrivers {
    WORK_QUEUE_ITEM item;
    POHANDLE device;
    ULONG component;
};

void NTAPI settle_later(PVOID context) {
    std::unique_ptr<Deferred> deferred(static_cast<Deferred*>(context));
    const auto& all = part<Registrations>().all;
    if (std::find(all.begin(), all.end(), deferred->device) == all.end()) return;
    settle(*deferred->device, deferred->component);
}

void settle_as_asked(POHANDLE device, ULONG component, ULONG flags) {
    if ((flags & PO_FX_FLAG_ASYNC_ONLY) == 0) return settle(*device, component);
    machine::ArenaScope inside;
    auto* deferred = new Deferred{{}, {}, device, component};
    ExInitializeWorkItem(&deferred->item, &settle_later, deferred);
    ExQueueWorkItem(&deferred->item, DelayedWorkQueue);
}

}  // namespace

namespace gpioclx::kernel::po {

void transition_critical(POHANDLE device, ULONG index, bool active) {
    Component* component = component_of(device, index, "TransitionCriticalResource");
    if (component == nullptr || device->critical_transition == nullptr) return;
    AcpiProvider& acpi = *part<pnp::FirmwareLink>().acpi;
    machine::Machine& m = System::current().machine();
    const auto note = [&](bool on) {
        m.emit(machine::EventKind::device_state, m.name(device->name),
               m.name(fmt::format("component {} {}", index, on ? "F0" : "F1, critical")));
        machine::ArenaScope inside;
        if (device->node == nullptr) return;
        acpi.set_component_power(device->node->path, index,
                                 static_cast<std::uint32_t>(device->components.size()), on);
    };
    if (active) note(true);
    device->critical_transition(device->context, index, active);
    component->critical = !active;
    component->state = active ? 0 : 1;
    if (!active) note(false);
}

void report_registrations_of(const ldr::Image& image) {
    std::erase_if(part<Registrations>().all, [&image](POHANDLE device) {
        const void* code = device->idle_state != nullptr
                               ? reinterpret_cast<const void*>(device->idle_state)
                               : reinterpret_cast<const void*>(device->active_condition);
        if (!image.contains(code)) return false;
        dbg::report_finding(
            dbg::id::image_in_use,
            fmt::format("the driver '{}' was unloaded while {} is registered with PoFx",
                        image.name(), device->name));
        return true;
    });
}

}  // namespace gpioclx::kernel::po

extern "C" {

NTSTATUS PoFxRegisterDevice(PDEVICE_OBJECT Pdo, PPO_FX_DEVICE Device, POHANDLE* Handle) {
    enter(PASSIVE_LEVEL, "PoFxRegisterDevice");
    if (Pdo == nullptr || Device == nullptr) return STATUS_INVALID_PARAMETER;
    for (const POHANDLE other : part<Registrations>().all) {
        if (other->physical_device == Pdo) {
            ke::bug_check(internal_power_error, 0, reinterpret_cast<ULONG_PTR>(Pdo), 0, 0,
                          fmt::format("{} is registered with PoFx twice", other->name));
        }
    }
    machine::ArenaScope inside;
    auto device = std::make_unique<POHANDLE__>();
    device->physical_device = Pdo;
    device->node = pnp::node_of(Pdo);
    if (device->node == nullptr) return STATUS_INVALID_PARAMETER;
    device->name = device->node->path;
    bool valid = false;
    if (Device->Version == PO_FX_VERSION_V1) {
        valid = copy_device(*device, *reinterpret_cast<PPO_FX_DEVICE_V1>(Device));
    } else if (Device->Version == PO_FX_VERSION_V2) {
        valid = copy_device(*device, *reinterpret_cast<PPO_FX_DEVICE_V2>(Device));
    }
    if (!valid) return STATUS_INVALID_PARAMETER;
    return add(std::move(device), Handle);
}
GX_EXPORT_FUNCTION(PoFxRegisterDevice);

// A core device has no physical device. Its id is the path of a device of the firmware, if it is
// one.
NTSTATUS PoFxRegisterCoreDevice(PCUNICODE_STRING Id, PPO_FX_CORE_DEVICE Device, POHANDLE* Handle) {
    enter(PASSIVE_LEVEL, "PoFxRegisterCoreDevice");
    if (Id == nullptr || Device == nullptr || Device->Version != PO_FX_VERSION_V1 ||
        Device->ComponentCriticalTransitionCallback == nullptr)
        return STATUS_INVALID_PARAMETER;
    machine::ArenaScope inside;
    auto device = std::make_unique<POHANDLE__>();
    device->name = rtl::to_utf8(*Id);
    device->node = pnp::find_node(device->name);
    device->active_condition = Device->ComponentActiveConditionCallback;
    device->idle_condition = Device->ComponentIdleConditionCallback;
    device->idle_state = Device->ComponentIdleStateCallback;
    device->critical_transition = Device->ComponentCriticalTransitionCallback;
    device->context = Device->DeviceContext;
    if (!copy_components(*device, Device->Components, Device->ComponentCount))
        return STATUS_INVALID_PARAMETER;
    return add(std::move(device), Handle);
}
GX_EXPORT_FUNCTION(PoFxRegisterCoreDevice);

VOID PoFxStartDevicePowerManagement(POHANDLE Handle) {
    enter(PASSIVE_LEVEL, "PoFxStartDevicePowerManagement");
    if (component_of(Handle, 0, "PoFxStartDevicePowerManagement") == nullptr) return;
    Handle->managed = true;
    settle_all(*Handle);
}
GX_EXPORT_FUNCTION(PoFxStartDevicePowerManagement);

VOID PoFxUnregisterDevice(POHANDLE Handle) {
    enter(PASSIVE_LEVEL, "PoFxUnregisterDevice");
    if (component_of(Handle, 0, "PoFxUnregisterDevice") == nullptr) return;
    KeCancelTimer(&Handle->idle_timer);
    KeFlushQueuedDpcs();
    std::erase(part<Registrations>().all, Handle);
    delete Handle;
}
GX_EXPORT_FUNCTION(PoFxUnregisterDevice);

VOID PoFxActivateComponent(POHANDLE Handle, ULONG Component, ULONG Flags) {
    const bool blocking = (Flags & PO_FX_FLAG_BLOCKING) != 0;
    enter(blocking ? APC_LEVEL : DISPATCH_LEVEL, "PoFxActivateComponent");
    po::Component* component = component_of(Handle, Component, "PoFxActivateComponent");
    if (component == nullptr) return;
    ++component->references;
    settle_as_asked(Handle, Component, Flags);
    if (blocking)
        KeWaitForSingleObject(&component->is_active, Executive, KernelMode, FALSE, nullptr);
    ke::note_order_after(component->transition());
}
GX_EXPORT_FUNCTION(PoFxActivateComponent);

VOID PoFxIdleComponent(POHANDLE Handle, ULONG Component, ULONG Flags) {
    const bool blocking = (Flags & PO_FX_FLAG_BLOCKING) != 0;
    enter(blocking ? APC_LEVEL : DISPATCH_LEVEL, "PoFxIdleComponent");
    po::Component* component = component_of(Handle, Component, "PoFxIdleComponent");
    if (component == nullptr) return;
    if (component->references == 0) {
        dbg::report_finding("power-002",
                            fmt::format("PoFxIdleComponent: component {} of {} has no reference",
                                        Component, Handle->name));
        return;
    }
    ke::note_order_before(component->users());
    --component->references;
    settle_as_asked(Handle, Component, Flags);
}
GX_EXPORT_FUNCTION(PoFxIdleComponent);

VOID PoFxCompleteIdleCondition(POHANDLE Handle, ULONG Component) {
    complete(Handle, Component, po::Component::Pending::idle_condition,
             "PoFxCompleteIdleCondition");
}
GX_EXPORT_FUNCTION(PoFxCompleteIdleCondition);

VOID PoFxCompleteIdleState(POHANDLE Handle, ULONG Component) {
    complete(Handle, Component, po::Component::Pending::idle_state, "PoFxCompleteIdleState");
}
GX_EXPORT_FUNCTION(PoFxCompleteIdleState);

VOID PoFxCompleteDevicePowerNotRequired(POHANDLE Handle) {
    enter(DISPATCH_LEVEL, "PoFxCompleteDevicePowerNotRequired");
    if (component_of(Handle, 0, "PoFxCompleteDevicePowerNotRequired") == nullptr) return;
    if (Handle->power != Power::going) return;
    Handle->power = Power::not_required;
    settle_all(*Handle);
}
GX_EXPORT_FUNCTION(PoFxCompleteDevicePowerNotRequired);

VOID PoFxReportDevicePoweredOn(POHANDLE Handle) {
    enter(DISPATCH_LEVEL, "PoFxReportDevicePoweredOn");
    if (component_of(Handle, 0, "PoFxReportDevicePoweredOn") == nullptr) return;
    Handle->power = Power::required;
    settle_all(*Handle);
}
GX_EXPORT_FUNCTION(PoFxReportDevicePoweredOn);

VOID PoFxSetComponentLatency(POHANDLE Handle, ULONG Component, ULONGLONG Latency) {
    enter(DISPATCH_LEVEL, "PoFxSetComponentLatency");
    if (auto* component = component_of(Handle, Component, "PoFxSetComponentLatency")) {
        component->latency = Latency;
        settle(*Handle, Component);
    }
}
GX_EXPORT_FUNCTION(PoFxSetComponentLatency);

VOID PoFxSetComponentResidency(POHANDLE Handle, ULONG Component, ULONGLONG Residency) {
    enter(DISPATCH_LEVEL, "PoFxSetComponentResidency");
    if (auto* component = component_of(Handle, Component, "PoFxSetComponentResidency")) {
        component->residency = Residency;
        settle(*Handle, Component);
    }
}
GX_EXPORT_FUNCTION(PoFxSetComponentResidency);

// No component here loses the ability to wake: nothing follows from the hint.
VOID PoFxSetComponentWake(POHANDLE Handle, ULONG Component, BOOLEAN) {
    enter(DISPATCH_LEVEL, "PoFxSetComponentWake");
    component_of(Handle, Component, "PoFxSetComponentWake");
}
GX_EXPORT_FUNCTION(PoFxSetComponentWake);

VOID PoFxSetDeviceIdleTimeout(POHANDLE Handle, ULONGLONG IdleTimeout) {
    enter(DISPATCH_LEVEL, "PoFxSetDeviceIdleTimeout");
    if (component_of(Handle, 0, "PoFxSetDeviceIdleTimeout") != nullptr)
        Handle->idle_timeout = IdleTimeout;
}
GX_EXPORT_FUNCTION(PoFxSetDeviceIdleTimeout);

// To the platform extension, which does not support the device: there is none.
NTSTATUS PoFxPowerControl(POHANDLE Handle, LPCGUID, PVOID, SIZE_T, PVOID, SIZE_T,
                          PSIZE_T BytesReturned) {
    enter(DISPATCH_LEVEL, "PoFxPowerControl");
    if (component_of(Handle, 0, "PoFxPowerControl") == nullptr) return STATUS_INVALID_PARAMETER;
    if (BytesReturned != nullptr) *BytesReturned = 0;
    return STATUS_NOT_SUPPORTED;
}
GX_EXPORT_FUNCTION(PoFxPowerControl);

VOID PoFxNotifySurprisePowerOn(PDEVICE_OBJECT) { enter(APC_LEVEL, "PoFxNotifySurprisePowerOn"); }
GX_EXPORT_FUNCTION(PoFxNotifySurprisePowerOn);

}  // extern "C"
