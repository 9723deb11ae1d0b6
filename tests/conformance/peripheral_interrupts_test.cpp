// Interrupts as KMDF drivers of peripherals use them (rules W10-W20).
#include "peripheral_interrupts.h"

namespace gpioclx::conformance {
namespace {

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
    EXPECT_EQ(a_life(),
              "enable(DIRQL, lock) isr(DIRQL, lock) dpc(DISPATCH) "
              "synchronize(DIRQL, lock) synchronize(DIRQL, lock) disable(DIRQL, lock)");
}

TEST_F(InterruptLock, F169_of_a_passive_interrupt_is_a_wait_lock) {
    button.make_passive();
    EXPECT_EQ(a_life(),
              "enable(PASSIVE, lock) isr(PASSIVE, lock) work(PASSIVE) "
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

constexpr const char* power_up = "D0Entry(not connected) Enable PostInterruptsEnabled(connected)";
constexpr const char* power_down = "PreInterruptsDisabled(connected) Disable D0Exit(not connected)";

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
    EXPECT_EQ(noted(),
              "PreInterruptsDisabled(connected) Disable D0Exit(connected) "
              "D0Entry(connected) Enable PostInterruptsEnabled(connected)");
    EXPECT_EQ(trace.count(Callback::disable), 0u);
    EXPECT_EQ(trace.count(Callback::mask), 1u);
    EXPECT_EQ(trace.count(Callback::unmask), 1u);
}

}  // namespace
}  // namespace gpioclx::conformance
