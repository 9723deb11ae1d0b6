#include "kernel/po/component.h"

#include <fmt/format.h>

#include "kernel/ke/order.h"
#include "kernel/pnp/device_node.h"
#include "kernel/system.h"

namespace gpioclx::kernel::po {
namespace {

using Pending = Component::Pending;
using Power = POHANDLE__::Power;

void note_state(const POHANDLE__& device, ULONG index, ULONG state) {
    machine::Machine& m = System::current().machine();
    const machine::NameId name = m.name(device.name);
    const machine::NameId what = m.name(fmt::format("component {} F{}", index, state));
    m.emit(machine::EventKind::device_state, name, what);
    if (device.node != nullptr) {
        machine::ArenaScope inside;
        part<pnp::FirmwareLink>().acpi->set_component_power(
            device.node->path, index, static_cast<std::uint32_t>(device.components.size()),
            state == 0);
    }
}

ULONG deepest_allowed(const Component& component) {
    for (ULONG state = static_cast<ULONG>(component.states.size()) - 1; state > 0; --state) {
        const PO_FX_COMPONENT_IDLE_STATE& candidate = component.states[state];
        if (candidate.TransitionLatency <= component.latency &&
            candidate.ResidencyRequirement <= component.residency)
            return state;
    }
    return 0;
}

// What manages the power of the platform may keep a component awake until it is used again. Asked
// once each time that it becomes idle.
bool stays_awake(POHANDLE__& device, ULONG index, ULONG state) {
    Component& component = device.components[index];
    if (!component.sleep_decided) {
        component.sleep_decided = true;
        machine::Machine& m = System::current().machine();
        component.stays_awake = m.choose({machine::ChoiceKind::power, m.name(device.name),
                                          m.name(fmt::format("component {} F{}", index, state))},
                                         2) != 0;
    }
    return component.stays_awake;
}

// A driver hears of F1 before the power goes, and of F0 when it is back.
void begin_state(POHANDLE__& device, ULONG index, ULONG state) {
    Component& component = device.components[index];
    component.pending = Pending::idle_state;
    component.completed = device.idle_state == nullptr;
    component.target = state;
    if (state == 0) note_state(device, index, 0);
    ke::note_order_after(component.users());
    if (device.idle_state != nullptr) device.idle_state(device.context, index, state);
    ke::note_order_before(component.transition());
}

void finish_pending(POHANDLE__& device, ULONG index) {
    Component& component = device.components[index];
    const Pending finished = component.pending;
    component.pending = Pending::nothing;
    if (finished != Pending::idle_state) return;
    component.state = component.target;
    if (component.state != 0) note_state(device, index, component.state);
}

void become_idle(POHANDLE__& device, ULONG index) {
    Component& component = device.components[index];
    component.active = false;
    component.sleep_decided = false;
    KeClearEvent(&component.is_active);
    component.pending = Pending::idle_condition;
    component.completed = device.idle_condition == nullptr;
    if (device.idle_condition != nullptr) device.idle_condition(device.context, index);
}

void become_active(POHANDLE__& device, ULONG index) {
    Component& component = device.components[index];
    component.active = true;
    if (device.active_condition != nullptr) device.active_condition(device.context, index);
    KeSetEvent(&component.is_active, IO_NO_INCREMENT, FALSE);
}

// False: at rest, or somebody has to complete something first.
bool make_one_transition(POHANDLE__& device, ULONG index) {
    Component& component = device.components[index];
    if (component.pending != Pending::nothing) {
        if (!component.completed) return false;
        finish_pending(device, index);
        return true;
    }
    if (component.critical) return false;
    const bool wanted = !device.managed || component.references > 0;
    if (wanted && !component.active) {
        if (device.power != Power::required) return false;
        if (component.state != 0) {
            begin_state(device, index, 0);
        } else {
            become_active(device, index);
        }
        return true;
    }
    if (!wanted && component.active) {
        become_idle(device, index);
        return true;
    }
    if (wanted || component.state != 0) return false;
    const ULONG state = deepest_allowed(component);
    if (state == 0 || stays_awake(device, index, state)) return false;
    begin_state(device, index, state);
    return true;
}

bool is_wanted(const POHANDLE__& device) {
    if (!device.managed) return true;
    for (const Component& component : device.components) {
        if (component.references > 0 || component.active) return true;
    }
    return false;
}

// The power of the device as a whole.
void settle_power(POHANDLE__& device) {
    if (device.power_required == nullptr || device.power_not_required == nullptr) return;
    const bool wanted = is_wanted(device);
    if (wanted && device.power == Power::required) {
        KeCancelTimer(&device.idle_timer);
    } else if (wanted && device.power == Power::not_required) {
        device.power = Power::coming;
        device.power_required(device.context);
    } else if (!wanted && device.power == Power::required) {
        LARGE_INTEGER due;
        due.QuadPart = -static_cast<LONGLONG>(device.idle_timeout);
        KeSetTimer(&device.idle_timer, due, &device.idle_dpc);
    }
}

}  // namespace

void settle(POHANDLE__& device, ULONG index) {
    Component& component = device.components[index];
    if (component.settling) {
        component.again = true;
        return;
    }
    component.settling = true;
    do {
        component.again = false;
        settle_power(device);
        while (make_one_transition(device, index)) continue;
    } while (component.again);
    component.settling = false;
    settle_power(device);
}

void settle_all(POHANDLE__& device) {
    for (ULONG i = 0; i < device.components.size(); ++i) settle(device, i);
}

}  // namespace gpioclx::kernel::po
