// Interrupts that wake their device (W16, I97).
#include "peripheral_interrupts.h"

namespace gpioclx::conformance {
namespace {

class WakeInterrupt : public PeripheralInterrupts {
  protected:
    NTSTATUS d0_entry = STATUS_SUCCESS;
    void SetUp() override {
        PeripheralInterrupts::SetUp();
        kernel::GpioInterruptResource resource = interrupt(5, LevelSensitive, InterruptActiveHigh);
        resource.wake = true;
        button.resources = {resource};
        button.make_passive();
        button.callbacks = [](WDF_PNPPOWER_EVENT_CALLBACKS& callbacks) {
            callbacks.EvtDeviceD0Entry = [](WDFDEVICE, WDF_POWER_DEVICE_STATE from) -> NTSTATUS {
                note(from == WdfPowerDeviceD3 ? "D0Entry from D3" : "D0Entry");
                return static_cast<WakeInterrupt&>(self()).d0_entry;
            };
            callbacks.EvtDeviceD0Exit = [](WDFDEVICE, WDF_POWER_DEVICE_STATE to) -> NTSTATUS {
                return note(to == WdfPowerDeviceD3 ? "D0Exit to D3" : "D0Exit"), STATUS_SUCCESS;
            };
        };
        button.configuration = [](WDF_INTERRUPT_CONFIG& config) {
            config.CanWakeDevice = TRUE;
            config.EvtInterruptEnable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note("Enable"), STATUS_SUCCESS;
            };
            config.EvtInterruptDisable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note("Disable"), STATUS_SUCCESS;
            };
        };
        button.isr = [this] {
            note_place("isr");
            gpio.pins.set_level(5, false);
            return true;
        };
    }
    // To D3, where its idle settings bring a device that nobody uses.
    void go_to_sleep() {
        in_thread([&] {
            WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings;
            WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, IdleCanWakeFromS0);
            settings.DxState = PowerDeviceD3;
            settings.IdleTimeout = 10;
            ASSERT_EQ(WdfDeviceAssignS0IdleSettings(button.device, &settings), STATUS_SUCCESS);
            wait_us(100'000);
        });
    }
};

TEST_F(WakeInterrupt, F111_brings_its_device_to_D0_before_the_passive_routine_runs) {
    boot();
    EXPECT_EQ(noted(), "D0Entry Enable");
    trace.clear();
    go_to_sleep();
    EXPECT_EQ(noted(), "D0Exit to D3") << "neither disabled nor disconnected";
    EXPECT_EQ(trace.compact(), "");
    in_thread([&] {
        gpio.raise(5);
        wait_us(5'000);
    });
    const std::string text = noted();
    EXPECT_TRUE(text.starts_with("D0Entry from D3 isr(PASSIVE, lock)")) << text;
    EXPECT_EQ(trace.compact(), "[Q] [M] ... isr [X] [U]");
}

TEST_F(WakeInterrupt, F111_of_a_device_that_is_awake_is_like_any_other) {
    boot();
    noted();
    gpio.raise(5);
    EXPECT_EQ(noted(), "isr(PASSIVE, lock)");
}

TEST_F(WakeInterrupt, F111_is_disconnected_when_its_device_does_not_wake) {
    boot();
    go_to_sleep();
    noted();
    trace.clear();
    d0_entry = STATUS_UNSUCCESSFUL;
    in_thread([&] {
        gpio.raise(5);
        wait_us(5'000);
    });
    EXPECT_EQ(noted(), "D0Entry from D3 Disable");
    EXPECT_EQ(trace.isr_count(), 0u);
    EXPECT_EQ(trace.count(Callback::disable), 1u);
}

TEST_F(WakeInterrupt, F111_must_be_passive_and_made_in_PrepareHardware) {
    std::vector<NTSTATUS> statuses;
    button.make_by_hand();
    const auto create = [&](bool passive) {
        WDF_INTERRUPT_CONFIG config;
        WDF_INTERRUPT_CONFIG_INIT(
            &config, [](WDFINTERRUPT, ULONG) -> BOOLEAN { return FALSE; }, nullptr);
        config.CanWakeDevice = TRUE;
        config.PassiveHandling = passive;
        WDFINTERRUPT made;
        const NTSTATUS status =
            WdfInterruptCreate(button.device, &config, WDF_NO_OBJECT_ATTRIBUTES, &made);
        machine::OutsideArenaScope outside;
        statuses.push_back(status);
    };
    button.prepare_hardware = [&] {
        create(false);
        return STATUS_SUCCESS;
    };
    boot();
    in_thread([&] { create(true); });
    EXPECT_EQ(statuses,
              (std::vector<NTSTATUS>{STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER}));
}

}  // namespace
}  // namespace gpioclx::conformance
