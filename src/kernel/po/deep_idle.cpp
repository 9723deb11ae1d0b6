#include "kernel/po/deep_idle.h"

#include <wdm.h>

#include <ext/gx_export.h>
#include <ext/gx_power.h>

#include <algorithm>
#include <vector>

#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/po/power_framework.h"
#include "kernel/system.h"

namespace gpioclx::kernel::po {
namespace {

struct Listener {
    PDEVICE_OBJECT device;
    GX_DEEP_IDLE* notify;
    PVOID context;
};
struct DeepIdle {
    std::vector<Listener> listeners;
    std::uint64_t count = 0;
    bool stopped = false;
};

void tell(bool entering) {
    // A copy: nobody registers meanwhile, but the vector is the kernel's.
    const std::vector<Listener> listeners = part<DeepIdle>().listeners;
    for (const Listener& listener : listeners) listener.notify(listener.context, entering);
}

struct Stop {
    std::uint32_t last = 0;  // the processor that stops last
    std::uint64_t ns = 0;
    std::uint32_t arrived = 0;
    bool busy = false;  // somebody was not idle: try again
    bool over = false;
};

constexpr std::uint64_t slice_ns = 10'000;

// But for the interrupt that asks it to stop.
bool is_idle(const machine::Processor& processor) {
    return processor.thread == nullptr && processor.services == 1 && !processor.in_deferred &&
           processor.deferred == nullptr && processor.pending == nullptr;
}

// Components that went to F1 by themselves stay there (P51).
std::vector<std::pair<POHANDLE, ULONG>> components_in_f0() {
    std::vector<std::pair<POHANDLE, ULONG>> found;
    for (POHANDLE device : part<Registrations>().all) {
        if (device->critical_transition == nullptr) continue;
        for (ULONG i = 0; i < device->components.size(); ++i) {
            const Component& component = device->components[i];
            if (component.states.size() > 1 && component.state == 0) found.push_back({device, i});
        }
    }
    return found;
}

// Whoever of them is to take it: all wake up.
bool any_interrupt(machine::Machine& m) {
    for (std::uint32_t i = 0; i < m.processor_count(); ++i) {
        if (m.processor(i).pending != nullptr) return true;
    }
    return false;
}

void stay_idle(std::uint64_t ns) {
    machine::Machine& m = machine::Machine::current();
    for (std::uint64_t done = 0; done < ns && !any_interrupt(m); done += slice_ns)
        m.step(std::min(slice_ns, ns - done));
}

ULONG_PTR NTAPI stop(ULONG_PTR context) {
    Stop& stop = *reinterpret_cast<Stop*>(context);
    machine::Machine& m = machine::Machine::current();
    if (m.processor().index != stop.last) {
        stop.busy |= !is_idle(m.processor());
        ++stop.arrived;
        m.spin_notify(&stop.arrived);
        while (!stop.over) m.spin_wait(&stop.over, m.name("deep idle"));
        return 0;
    }
    while (stop.arrived < m.processor_count() - 1) m.spin_wait(&stop.arrived, m.name("deep idle"));
    const auto release = [&] {
        stop.over = true;
        m.spin_notify(&stop.over);
        return 0;
    };
    if (stop.busy) return release();
    const KIRQL before = ke::raise_irql(HIGH_LEVEL, "deep idle");
    const auto components = components_in_f0();
    for (const auto& [device, component] : components)
        transition_critical(device, component, false);
    DeepIdle& state = part<DeepIdle>();
    state.stopped = true;
    ++state.count;
    stay_idle(stop.ns);
    state.stopped = false;
    for (const auto& [device, component] : components) transition_critical(device, component, true);
    ke::lower_irql(before, "deep idle");
    return release();
}

// Processors stop when they are idle, and only then: false if one was not.
bool try_to_stop(std::uint64_t ns) {
    Stop request;
    request.ns = ns;
    // Whoever makes the call is the last to stop; it may not move to another processor meanwhile.
    const KIRQL before = ke::raise_irql(DISPATCH_LEVEL, "deep idle");
    request.last = System::current().machine().processor().index;
    KeIpiGenericCall(&stop, reinterpret_cast<ULONG_PTR>(&request));
    ke::lower_irql(before, "deep idle");
    return !request.busy;
}

void wait_a_little() {
    LARGE_INTEGER time;
    time.QuadPart = -static_cast<LONGLONG>(slice_ns / 100);
    KeDelayExecutionThread(KernelMode, FALSE, &time);
}

}  // namespace

std::uint64_t deep_idles() { return part<DeepIdle>().count; }
bool in_deep_idle() { return part<DeepIdle>().stopped; }

void deep_idle(std::uint64_t ns) {
    machine::Machine& m = System::current().machine();
    m.emit(machine::EventKind::mark, m.name("deep idle begins"));
    tell(true);
    while (!try_to_stop(ns)) wait_a_little();
    tell(false);
    m.emit(machine::EventKind::mark, m.name("deep idle is over"));
}

}  // namespace gpioclx::kernel::po

extern "C" VOID GxRegisterDeepIdle(PDEVICE_OBJECT PhysicalDevice, GX_DEEP_IDLE* Notify,
                                   PVOID Context) {
    using namespace gpioclx;
    kernel::ke::charge();
    machine::ArenaScope inside;
    auto& listeners = kernel::part<kernel::po::DeepIdle>().listeners;
    std::erase_if(listeners, [&](const auto& one) { return one.device == PhysicalDevice; });
    if (Notify != nullptr) listeners.push_back({PhysicalDevice, Notify, Context});
}
GX_EXPORT_FUNCTION(GxRegisterDeepIdle);
