// Looks at the locks of the extension themselves, so that a trace shows what was held and not what
// the extension says it holds.
#include "extension_probe.h"

#include <gtest/gtest.h>

#include "conformance_test.h"
#include "gpioclx/controller.h"
#include "kernel/io/interrupt_secondary.h"
#include "kernel/system.h"
#include "machine/machine.h"
#include "trace.h"

namespace gpioclx::conformance {
namespace {

void look_at(const gpioclx::Bank& bank, Place& place, bool& all_waits) {
    if (bank.interrupt_lock.word == place.processor + 1u) place.interrupt_lock = true;
    const bool waits = !place.in_interrupt && bank.wait_lock.free.Header.SignalState == 0 &&
                       bank.wait_lock.holder == place.thread;
    all_waits &= waits;
}

// Null while it has not registered its pins.
const gpioclx::Controller* find_extension(const std::string& path) {
    const auto& all = kernel::part<kernel::io::SecondaryInterrupts>().controllers;
    const auto found = all.find(path);
    if (found == all.end()) return nullptr;
    return static_cast<const gpioclx::Controller*>(found->second.context);
}

const gpioclx::Bank& bank_of(const Controller& controller, ULONG bank) {
    static const gpioclx::Bank none = {};
    const gpioclx::Controller* extension = find_extension(controller.path);
    EXPECT_TRUE(extension != nullptr && bank < extension->bank_count);
    return extension != nullptr && bank < extension->bank_count ? extension->banks[bank] : none;
}

}  // namespace

USHORT ExtensionProbe::bank_count() const {
    const gpioclx::Controller* extension = find_extension(controller_.path);
    return extension != nullptr ? extension->bank_count : 0;
}
ULONG ExtensionProbe::spurious(ULONG bank) const { return bank_of(controller_, bank).spurious; }
bool ExtensionProbe::has_f1(ULONG bank) const { return bank_of(controller_, bank).has_f1; }
ULONG64 ExtensionProbe::masked(ULONG bank) const { return bank_of(controller_, bank).masked; }
PinCounters ExtensionProbe::pin(ULONG controller_pin) const {
    const USHORT per_bank = controller_.information.NumberOfPinsPerBank;
    const gpioclx::Bank& bank = bank_of(controller_, controller_pin / per_bank);
    if (bank.pins == nullptr) return {};
    const gpioclx::Pin& pin = bank.pins[controller_pin % per_bank];
    return {pin.delivered, pin.unclaimed, pin.storms};
}

Place here(const std::string& path, ULONG bank) {
    Place place;
    place.irql = KeGetCurrentIrql();
    place.processor = static_cast<UCHAR>(KeGetCurrentProcessorNumber());
    place.thread = KeGetCurrentThread();
    const machine::Processor& processor = machine::Machine::current().processor();
    place.in_interrupt = place.irql > DISPATCH_LEVEL && processor.thread != nullptr &&
                         processor.actor != processor.thread->name;
    if (processor.thread == nullptr) place.in_interrupt = true;
    for (const auto& [name, registered] :
         kernel::part<kernel::io::SecondaryInterrupts>().controllers) {
        if (!path.empty() && name != path) continue;
        const auto& controller = *static_cast<const gpioclx::Controller*>(registered.context);
        bool all_waits = controller.bank_count > 0;
        bool any_wait = false;
        for (USHORT i = 0; i < controller.bank_count; ++i) {
            if (bank != no_bank && i != bank) continue;
            bool waits = true;
            look_at(controller.banks[i], place, waits);
            all_waits &= waits;
            any_wait |= waits;
        }
        // A service routine (no path) must hold none; a call for all banks must hold all.
        place.wait_lock |= path.empty() ? any_wait : all_waits;
    }
    return place;
}

}  // namespace gpioclx::conformance
