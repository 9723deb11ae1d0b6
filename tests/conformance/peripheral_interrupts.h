// What tests of interrupts as peripherals use them have in common.
#pragma once

#include <fmt/format.h>
#include <ext/gx_interrupt.h>

#include <algorithm>

#include "conformance_test.h"
#include "framework/wait_lock.h"
#include "kernel/io/interrupt_object.h"
#include "kernel/ke/spin_lock.h"
#include "machine/arena.h"

namespace gpioclx::conformance {

// A button, and what its driver writes down about where it was called.
class PeripheralInterrupts : public ConformanceTest {
  public:
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    std::string notes;

    static PeripheralInterrupts& self() { return static_cast<PeripheralInterrupts&>(*current); }

    static void note(std::string_view text) {
        machine::OutsideArenaScope outside;
        std::string& notes = self().notes;
        (notes += notes.empty() ? "" : " ") += text;
    }
    // "isr(DIRQL, lock)": the caller's level, and whether it owns the lock of the interrupt.
    static void note_place(std::string_view what) {
        const KIRQL irql = KeGetCurrentIrql();
        const char* level = irql == PASSIVE_LEVEL    ? "PASSIVE"
                            : irql == DISPATCH_LEVEL ? "DISPATCH"
                            : irql == dirql()        ? "DIRQL"
                            : irql == dirql() + 1    ? "DIRQL + 1"
                                                     : "another level";
        const bool owner = owns_lock();
        machine::OutsideArenaScope outside;
        note(fmt::format("{}({}{})", what, level, owner ? ", lock" : ""));
    }
    // "D0Entry(connected)".
    static void note_connection(std::string_view what) {
        const bool connected =
            GxCountServiceRoutines(WdfDeviceWdmGetPhysicalDevice(self().button.device),
                                   line().Vector) != 0;
        machine::OutsideArenaScope outside;
        note(fmt::format("{}({})", what, connected ? "connected" : "not connected"));
    }
    // What was noted since the last call.
    std::string noted() {
        std::string text;
        std::swap(text, notes);
        return text;
    }

    static const decltype(CM_PARTIAL_RESOURCE_DESCRIPTOR::u.Interrupt)& line() {
        return self().button.descriptor(CmResourceTypeInterrupt).u.Interrupt;
    }
    // The highest of the button's interrupts.
    static KIRQL dirql() {
        ULONG highest = PASSIVE_LEVEL;
        for (const auto& descriptor : self().button.translated) {
            if (descriptor.Type == CmResourceTypeInterrupt)
                highest = std::max<ULONG>(highest, descriptor.u.Interrupt.Level);
        }
        return static_cast<KIRQL>(highest);
    }
    WDFWAITLOCK wait_lock = nullptr;  // given to the framework

  private:
    static bool owns_lock() {
        if (self().wait_lock != nullptr) {
            return framework::from_handle<framework::WaitLock>(self().wait_lock, "a test")
                .held_by_caller();
        }
        Peripheral& button = self().button;
        const PKINTERRUPT object = button.interrupts.empty()
                                       ? button.connected()
                                       : WdfInterruptWdmGetInterrupt(button.interrupts[0]);
        if (object == nullptr) return false;
        return object->has_spin_lock() ? kernel::ke::holds_lock(object->lock)
                                       : object->passive_lock->holder == KeGetCurrentThread();
    }
};

}  // namespace gpioclx::conformance
