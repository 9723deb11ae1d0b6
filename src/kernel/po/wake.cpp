#include "kernel/po/wake.h"

#include <algorithm>
#include <vector>

#include "kernel/io/interrupt_object.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/pnp/device_node.h"
#include "kernel/pnp/pnp_manager.h"
#include "kernel/po/deep_idle.h"
#include "kernel/po/system_power.h"
#include "kernel/system.h"

namespace gpioclx::kernel::po {
namespace {

struct Wake {
    bool wanted = false;
    std::vector<io::SecondaryLine*> lost;  // edges, in their order
};

bool asks_for_it(const GX_LINE_DESCRIPTOR& line, bool high) {
    return line.Polarity == InterruptActiveBoth || (line.Polarity == InterruptActiveHigh) == high;
}

// A device that sleeps with its system says itself whether it wakes it; the firmware's own events
// need nobody to say so.
bool may_wake(io::SecondaryLine& line, bool high, bool system_sleeps) {
    bool any = false;
    line.chain.any([&](const _KINTERRUPT& interrupt) {
        const auto* assigned = pnp::assigned_interrupt(interrupt.physical_device, line.gsi);
        pnp::DeviceNode* node = pnp::node_of(interrupt.physical_device);
        if (interrupt.disconnecting || assigned == nullptr || node == nullptr) return false;
        if (!assigned->line.WakeCapable || !asks_for_it(assigned->line, high)) return false;
        if (system_sleeps && !node->armed_for_wake && !assigned->line.ForFirmware) return false;
        if (system_sleeps) node->woke_system = true;
        any = true;
        return false;
    });
    return any && line.enabled();
}

}  // namespace

void pin_moved(std::string_view controller, std::uint32_t pin, bool high) {
    const SystemState state = system_state();
    const bool sleeps = state != SystemState::working;
    if (!sleeps && !in_deep_idle()) return;
    machine::ArenaScope inside;
    auto& by_pin = part<io::SecondaryInterrupts>().by_pin;
    const auto found = by_pin.find({std::string(controller), pin});
    if (found == by_pin.end() || !may_wake(*found->second, high, sleeps)) return;
    io::SecondaryLine& line = *found->second;
    if (!sleeps) return line.replay();
    Wake& wake = part<Wake>();
    // A level is still there when the controller looks again.
    if (line.latched() && std::find(wake.lost.begin(), wake.lost.end(), &line) == wake.lost.end())
        wake.lost.push_back(&line);
    wake.wanted = true;
    if (state == SystemState::asleep) pnp::post_job({pnp::Job::Kind::wake});
}

bool wake_is_wanted() { return part<Wake>().wanted; }

void replay_lost_edges() {
    Wake& wake = part<Wake>();
    wake.wanted = false;
    for (io::SecondaryLine* line : wake.lost) line->replay();
    wake.lost.clear();
}

}  // namespace gpioclx::kernel::po
