// The power framework (PoFx): components of a device with an active or idle condition, and power
// states F0, F1, ... that an idle one may be in (specification 8.6). A component is active while
// somebody holds a reference; without one it goes to the deepest state that its latency and
// residency allow, at once.
//
// One transition of a component at a time, made by whoever caused it: callbacks come in the thread
// that called PoFxActivateComponent or PoFxIdleComponent, unless it asked for another one.
#pragma once

#include <wdm.h>

#include <deque>
#include <string>
#include <vector>

#include "kernel/pnp/device_node.h"
#include "machine/arena.h"

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::po {

// What PoFx takes for granted of a component whose driver said nothing else. 100 ns.
constexpr ULONGLONG default_latency = 1 * 10'000'000ull;  // how long its user can wait: 1 s
constexpr ULONGLONG default_residency =
    10 * 10'000'000ull;  // how long it is going to be idle: 10 s

struct Component {
    enum class Pending : std::uint8_t { nothing, idle_condition, idle_state };

    std::vector<PO_FX_COMPONENT_IDLE_STATE> states;  // F0 first
    ULONGLONG latency = default_latency;
    ULONGLONG residency = default_residency;
    LONG references = 0;
    bool active = true;          // its condition
    ULONG state = 0;             // F-state
    bool critical = false;       // the state was entered by a critical transition
    bool sleep_decided = false;  // since it became idle:
    bool stays_awake = false;    // until it is used again
    KEVENT is_active{};          // notification

    // A transition comes after those who have let go of the component, and before those who
    // activate it then. That does not order those among each other (ke/order.h).
    const void* users() const { return &references; }
    const void* transition() const { return &state; }

    Pending pending = Pending::nothing;  // waits for PoFxCompleteIdle...
    bool completed = false;
    ULONG target = 0;       // of a pending idle_state
    bool settling = false;  // somebody makes its transitions
    bool again = false;     // something changed meanwhile
};

}  // namespace gpioclx::kernel::po

// One registration.
struct POHANDLE__ : gpioclx::machine::SeenByDrivers {
    std::string name;  // ACPI path or the id of a core device
    PDEVICE_OBJECT physical_device = nullptr;
    const gpioclx::kernel::pnp::DeviceNode* node = nullptr;
    PVOID context = nullptr;
    PPO_FX_COMPONENT_ACTIVE_CONDITION_CALLBACK active_condition = nullptr;
    PPO_FX_COMPONENT_IDLE_CONDITION_CALLBACK idle_condition = nullptr;
    PPO_FX_COMPONENT_IDLE_STATE_CALLBACK idle_state = nullptr;
    PPO_FX_DEVICE_POWER_REQUIRED_CALLBACK power_required = nullptr;
    PPO_FX_DEVICE_POWER_NOT_REQUIRED_CALLBACK power_not_required = nullptr;
    PPO_FX_POWER_CONTROL_CALLBACK power_control = nullptr;
    PPO_FX_COMPONENT_CRITICAL_TRANSITION_CALLBACK critical_transition = nullptr;
    bool managed = false;  // PoFxStartDevicePowerManagement
    // DevicePowerNotRequired was called and DevicePowerRequired was not; the driver reports the end
    // of both.
    enum class Power : std::uint8_t { required, going, not_required, coming };
    Power power = Power::required;
    ULONGLONG idle_timeout = 0;  // 100 ns
    KTIMER idle_timer{};
    KDPC idle_dpc{};
    std::deque<gpioclx::kernel::po::Component> components;
};

namespace gpioclx::kernel::po {

struct Registrations {
    std::vector<POHANDLE> all;
};

// A critical transition (P60): at any IRQL, called by a platform extension or by deep idle.
// `active`: back to F0.
void transition_critical(POHANDLE device, ULONG component, bool active);

// Reports what the image registered and did not unregister.
void report_registrations_of(const ldr::Image& image);

}  // namespace gpioclx::kernel::po
