// What a platform extension plug-in (PEP) gets from the kernel (I98, P61). Any IRQL but the
// registration.
#include <pepfx.h>

#include "ext/gx_export.h"
#include "kernel/io/interrupt_object.h"
#include "kernel/io/interrupt_primary.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/pnp/assigned_interrupt.h"
#include "kernel/po/power_framework.h"
#include "kernel/system.h"

using namespace gpioclx;
using namespace gpioclx::kernel;

namespace {

// The one plug-in; its registration ends with the system.
struct Plugin {
    bool registered = false;
    PEP_INFORMATION information{};
};

VOID request_worker(POHANDLE) { ke::charge(); }

NTSTATUS request_interrupt(ULONG gsiv) {
    ke::charge();
    if (io::SecondaryLine* line = io::find_secondary_line(gsiv)) {
        line->replay();
        return STATUS_SUCCESS;
    }
    auto& lines = part<io::PrimaryInterrupts>().lines;
    const auto found = lines.find(gsiv);
    if (found == lines.end()) return STATUS_INVALID_PARAMETER;
    machine::InterruptLine& line = found->second->line;
    // A level is still there.
    if (line.trigger == machine::Trigger::edge && !line.asserted) {
        machine::Machine::current().assert_line(line);
        machine::Machine::current().deassert_line(line);
    }
    return STATUS_SUCCESS;
}

struct Enumeration {
    PPO_ENUMERATE_INTERRUPT_SOURCE_CALLBACK callback;
    PVOID context;
    PPEP_UNMASKED_INTERRUPT_INFORMATION information;

    // False: the plug-in has seen enough.
    bool tell(bool secondary, ULONG gsiv, KINTERRUPT_MODE mode, KINTERRUPT_POLARITY polarity,
              USHORT pin) const {
        information->Flags.AsUSHORT = 0;
        information->Flags.SecondaryInterrupt = secondary;
        information->Mode = mode;
        information->Polarity = polarity;
        information->Gsiv = gsiv;
        information->PinNumber = pin;
        information->DeviceHandle = nullptr;
        return callback(context, information) != FALSE;
    }
};

NTSTATUS enumerate_unmasked(POHANDLE, ULONG, PPO_ENUMERATE_INTERRUPT_SOURCE_CALLBACK callback,
                            PVOID context, PPEP_UNMASKED_INTERRUPT_INFORMATION information) {
    ke::charge();
    if (callback == nullptr || information == nullptr ||
        information->Version != PEP_UNMASKED_INTERRUPT_INFORMATION_V1 ||
        information->Size < sizeof(*information))
        return STATUS_INVALID_PARAMETER;
    const Enumeration all{callback, context, information};
    for (const auto& [gsiv, line] : part<io::PrimaryInterrupts>().lines) {
        if (!line->line.enabled) continue;
        const bool edge = line->line.trigger == machine::Trigger::edge;
        if (!all.tell(false, gsiv, edge ? Latched : LevelSensitive, InterruptActiveHigh, 0))
            return STATUS_SUCCESS;
    }
    for (const auto& line : part<io::SecondaryInterrupts>().lines) {
        if (!line->unmasked()) continue;
        const pnp::AssignedInterrupt* assigned =
            pnp::assigned_interrupt(line->chain.first()->physical_device, line->gsi);
        if (assigned == nullptr) continue;
        if (!all.tell(true, line->gsi, assigned->line.Mode, assigned->line.Polarity,
                      static_cast<USHORT>(line->pin)))
            break;
    }
    return STATUS_SUCCESS;
}

VOID transition_critical_resource(POHANDLE device, ULONG component, BOOLEAN active) {
    ke::charge();
    po::transition_critical(device, component, active != FALSE);
}

}  // namespace

extern "C" {

NTSTATUS PoFxRegisterPluginEx(PPEP_INFORMATION PepInformation, ULONGLONG,
                              PPEP_KERNEL_INFORMATION KernelInformation) {
    ke::charge();
    ke::require_irql_at_most(PASSIVE_LEVEL, "PoFxRegisterPlugin");
    if (PepInformation == nullptr || KernelInformation == nullptr ||
        KernelInformation->Version != PEP_KERNEL_INFORMATION_VERSION ||
        KernelInformation->Size != sizeof(PEP_KERNEL_INFORMATION) ||
        PepInformation->AcceptDeviceNotification == nullptr)
        return STATUS_INVALID_PARAMETER;
    // Windows has a status of its own for this, whose value the documentation does not tell.
    if (PepInformation->Version != PEP_INFORMATION_VERSION) return STATUS_INVALID_PARAMETER;
    Plugin& plugin = part<Plugin>();
    if (plugin.registered) return STATUS_INVALID_PARAMETER;
    plugin.registered = true;
    plugin.information = *PepInformation;
    PEP_KERNEL_INFORMATION filled{};
    filled.Version = KernelInformation->Version;
    filled.Size = KernelInformation->Size;
    filled.RequestWorker = &request_worker;
    filled.EnumerateUnmaskedInterrupts = &enumerate_unmasked;
    filled.RequestInterrupt = &request_interrupt;
    filled.TransitionCriticalResource = &transition_critical_resource;
    *KernelInformation = filled;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(PoFxRegisterPluginEx);

NTSTATUS PoFxRegisterPlugin(PPEP_INFORMATION PepInformation,
                            PPEP_KERNEL_INFORMATION KernelInformation) {
    return PoFxRegisterPluginEx(PepInformation, 0, KernelInformation);
}
GX_EXPORT_FUNCTION(PoFxRegisterPlugin);

}  // extern "C"
