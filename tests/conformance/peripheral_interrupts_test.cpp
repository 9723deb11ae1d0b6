// Interrupts as drivers of peripherals use them: WDF interrupt objects (rules W10-W20) and the WDM
// routines below them (W21-W28).
#include <ext/gx_interrupt.h>
#include <fmt/format.h>

#include "conformance_test.h"
#include "framework/wait_lock.h"
#include "kernel/io/interrupt_object.h"
#include "kernel/ke/spin_lock.h"
#include "machine/arena.h"

namespace gpioclx::conformance {
namespace {

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
    static KIRQL dirql() { return static_cast<KIRQL>(line().Level); }
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
        return object != nullptr && kernel::ke::holds_lock(object->lock);
    }
};

// ---- WDF: the lock (W11) ----

class InterruptLock : public PeripheralInterrupts {
  protected:
    void SetUp() override {
        PeripheralInterrupts::SetUp();
        button.configuration = [this](WDF_INTERRUPT_CONFIG& config) {
            config.EvtInterruptEnable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note_place("enable"), STATUS_SUCCESS;
            };
            config.EvtInterruptDisable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note_place("disable"), STATUS_SUCCESS;
            };
            if (!config.PassiveHandling) {
                config.EvtInterruptDpc = [](WDFINTERRUPT, WDFOBJECT) { note_place("dpc"); };
                return;
            }
            config.EvtInterruptWorkItem = [](WDFINTERRUPT, WDFOBJECT) { note_place("work"); };
            ASSERT_EQ(WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &wait_lock), STATUS_SUCCESS);
            config.WaitLock = wait_lock;
        };
        button.isr = [this] {
            note_place("isr");
            if (button.passive) {
                WdfInterruptQueueWorkItemForIsr(button.interrupts[0]);
            } else {
                WdfInterruptQueueDpcForIsr(button.interrupts[0]);
            }
            return true;
        };
    }
    // Start, an interrupt, WdfInterruptSynchronize, and the end.
    std::string a_life() {
        boot();
        gpio.raise(5);
        in_thread([&] {
            const auto routine = [](WDFINTERRUPT, WDFCONTEXT context) -> BOOLEAN {
                note_place("synchronize");
                return context != nullptr;
            };
            EXPECT_TRUE(WdfInterruptSynchronize(button.interrupts[0], routine, this));
            EXPECT_FALSE(WdfInterruptSynchronize(button.interrupts[0], routine, nullptr));
        });
        remove(button.path);
        return noted();
    }
};

TEST_F(InterruptLock, F169_is_a_spin_lock_at_DIRQL_around_the_four_callbacks) {
    EXPECT_EQ(a_life(), "enable(DIRQL, lock) isr(DIRQL, lock) dpc(DISPATCH) "
                        "synchronize(DIRQL, lock) synchronize(DIRQL, lock) disable(DIRQL, lock)");
}

TEST_F(InterruptLock, F169_of_a_passive_interrupt_is_a_wait_lock) {
    button.make_passive();
    EXPECT_EQ(a_life(), "enable(PASSIVE, lock) isr(PASSIVE, lock) work(PASSIVE) "
                        "synchronize(PASSIVE, lock) synchronize(PASSIVE, lock) "
                        "disable(PASSIVE, lock)");
}

// ---- WDF: the order (W14, W15) ----

class PowerOrder : public PeripheralInterrupts {
  protected:
    WDF_TRI_STATE report_inactive = WdfUseDefault;
    void SetUp() override {
        PeripheralInterrupts::SetUp();
        button.callbacks = [](WDF_PNPPOWER_EVENT_CALLBACKS& callbacks) {
            callbacks.EvtDeviceD0Entry = [](WDFDEVICE, WDF_POWER_DEVICE_STATE) -> NTSTATUS {
                return note_connection("D0Entry"), STATUS_SUCCESS;
            };
            callbacks.EvtDeviceD0EntryPostInterruptsEnabled =
                [](WDFDEVICE, WDF_POWER_DEVICE_STATE) -> NTSTATUS {
                return note_connection("PostInterruptsEnabled"), STATUS_SUCCESS;
            };
            callbacks.EvtDeviceD0ExitPreInterruptsDisabled =
                [](WDFDEVICE, WDF_POWER_DEVICE_STATE) -> NTSTATUS {
                return note_connection("PreInterruptsDisabled"), STATUS_SUCCESS;
            };
            callbacks.EvtDeviceD0Exit = [](WDFDEVICE, WDF_POWER_DEVICE_STATE) -> NTSTATUS {
                return note_connection("D0Exit"), STATUS_SUCCESS;
            };
        };
        button.configuration = [this](WDF_INTERRUPT_CONFIG& config) {
            config.ReportInactiveOnPowerDown = report_inactive;
            config.EvtInterruptEnable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note("Enable"), STATUS_SUCCESS;
            };
            config.EvtInterruptDisable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note("Disable"), STATUS_SUCCESS;
            };
        };
    }
    // To D3 and back, as its power policy does for a device that nobody uses.
    void idle_and_wake() {
        in_thread([&] {
            WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings;
            WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, IdleCannotWakeFromS0);
            settings.IdleTimeout = 10;
            ASSERT_EQ(WdfDeviceAssignS0IdleSettings(button.device, &settings), STATUS_SUCCESS);
            wait_us(100'000);
            ASSERT_EQ(WdfDeviceStopIdle(button.device, TRUE), STATUS_SUCCESS);
        });
    }
};

constexpr const char* power_up =
    "D0Entry(not connected) Enable PostInterruptsEnabled(connected)";
constexpr const char* power_down =
    "PreInterruptsDisabled(connected) Disable D0Exit(not connected)";

TEST_F(PowerOrder, F170_start_connects_after_D0Entry_and_removal_is_the_mirror) {
    boot();
    EXPECT_EQ(noted(), power_up);
    remove(button.path);
    EXPECT_EQ(noted(), power_down);
    EXPECT_EQ(trace.compact(), "D");
}

TEST_F(PowerOrder, F170_a_low_power_state_disconnects_unless_the_driver_wants_otherwise) {
    boot();
    noted();
    idle_and_wake();
    EXPECT_EQ(noted(), std::string(power_down) + " " + power_up);
    EXPECT_EQ(trace.compact(), "D E");
}

TEST_F(PowerOrder, F170_with_ReportInactiveOnPowerDown_it_stays_connected_and_is_masked) {
    report_inactive = WdfTrue;
    boot();
    noted();
    idle_and_wake();
    EXPECT_EQ(noted(), "PreInterruptsDisabled(connected) Disable D0Exit(connected) "
                       "D0Entry(connected) Enable PostInterruptsEnabled(connected)");
    EXPECT_EQ(trace.count(Callback::disable), 0u);
    EXPECT_EQ(trace.count(Callback::mask), 1u);
    EXPECT_EQ(trace.count(Callback::unmask), 1u);
}

}  // namespace
}  // namespace gpioclx::conformance
