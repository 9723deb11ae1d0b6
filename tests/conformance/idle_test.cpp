// The controller's own power: D3 while nobody uses it, and the system's sleep (8.1, 8.2).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class DeviceIdle : public ConformanceTest {
  protected:
    static constexpr ULONG timeout_ms = 50;
    Peripheral& led = peripheral("LED0", io({3}));
    void SetUp() override {
        ConformanceTest::SetUp();
        gpio.information.Flags.DeviceIdlePowerMgmtSupported = TRUE;
        gpio.information.DeviceIdleTimeout = timeout_ms;
    }
};

// The tests' runs end when nothing is due any more: with the controller in D3.
TEST_F(DeviceIdle, F147_goes_to_D3_after_the_last_close_and_returns_before_the_next_open) {
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.lifecycle(), "Prepare BasicInfo Start(FALSE, D3Final) Stop(TRUE, D3)");
    trace.clear();
    Handle& handle = led.open(GENERIC_WRITE);
    ASSERT_EQ(handle.status, STATUS_SUCCESS);
    EXPECT_EQ(trace.compact({.setup = true}), "Start Connect");
    pass_ms(4 * timeout_ms);
    EXPECT_EQ(trace.lifecycle(), "Start(TRUE, D3)") << "P22: an open handle keeps it in D0";
    trace.clear();
    handle.close();
    EXPECT_EQ(trace.compact({.setup = true}), "Disconnect Stop");
    EXPECT_EQ(trace.lifecycle(), "Stop(TRUE, D3)");
}

TEST_F(DeviceIdle, F147_a_connected_interrupt_keeps_it_in_D0) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    pass_ms(4 * timeout_ms);
    gpio.pulse(5);
    EXPECT_EQ(trace.compact({.setup = true}), "Start E ; [Q] [X] isr");
    trace.clear();
    button.disconnect();
    EXPECT_EQ(trace.compact({.setup = true}), "D Stop");
    trace.clear();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(trace.compact({.setup = true}), "Start E");
}

TEST_F(DeviceIdle, F147_a_refused_open_does_not_keep_it_in_D0) {
    Peripheral& other = peripheral("LED1", io({3}));
    boot();
    Handle& handle = led.open(GENERIC_WRITE);
    EXPECT_EQ(other.open(GENERIC_WRITE).status, STATUS_ACCESS_DENIED);
    handle.close();
    EXPECT_EQ(trace.lifecycle(), "Start(TRUE, D3) Stop(TRUE, D3)");
}

// P12
TEST_F(DeviceIdle, F147_a_controller_in_D3_is_not_stopped_again_when_it_is_removed) {
    boot();
    shut_down();
    EXPECT_EQ(trace.lifecycle(), "Release");
}

// P4: what was saved for D3 is restored once, not by a later start.
TEST_F(DeviceIdle, F147_nothing_is_saved_by_a_final_stop) {
    boot();
    led.open(GENERIC_WRITE);
    trace.clear();
    shut_down();
    EXPECT_EQ(trace.lifecycle(), "Stop(FALSE, D3Final) Release");
}

TEST_F(DeviceIdle, F147_a_start_that_fails_refuses_the_open) {
    boot();
    gpio.fail(Callback::start, STATUS_DEVICE_HARDWARE_ERROR);
    EXPECT_EQ(led.open(GENERIC_WRITE).status, STATUS_DEVICE_NOT_READY);
    EXPECT_EQ(trace.count(Callback::connect), 0u);
}

TEST_F(DeviceIdle, F148_stays_in_D0_without_the_flag) {
    gpio.information.Flags.DeviceIdlePowerMgmtSupported = FALSE;
    boot();
    led.open(GENERIC_WRITE).close();
    pass_ms(100 * timeout_ms);
    EXPECT_EQ(trace.lifecycle(), "");
}

TEST_F(DeviceIdle, F149_the_timeout_is_a_minimum) {
    boot();
    in_thread([&] {
        led.open(GENERIC_WRITE).close();
        trace.clear();
        wait_us((timeout_ms - 1) * 1000);
        EXPECT_EQ(trace.lifecycle(), "");
        wait_us(20'000);
        EXPECT_EQ(trace.lifecycle(), "Stop(TRUE, D3)");
    });
}

// Counted from the last use, not from the first.
TEST_F(DeviceIdle, F149_begins_anew_with_each_use) {
    boot();
    in_thread([&] {
        for (int i = 0; i < 5; ++i) {
            led.open(GENERIC_WRITE).close();
            wait_us((timeout_ms - 10) * 1000);
        }
        EXPECT_EQ(trace.lifecycle(), "Start(TRUE, D3)");
    });
}

class SystemSleep : public ConformanceTest {
  protected:
    // Connected by its own hand, so that the framework does not disconnect it on the way to Dx.
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    void SetUp() override {
        ConformanceTest::SetUp();
        button.make_by_hand().make_passive();
        button.isr = [this] {
            gpio.pins.set_level(5, false);
            return true;
        };
    }
    void boot_connected() {
        boot();
        ASSERT_EQ(button.connect(), STATUS_SUCCESS);
        trace.clear();
    }
};

TEST_F(SystemSleep, F150_connected_interrupts_are_masked_before_Stop_and_unmasked_after_Start) {
    boot_connected();
    sleep();
    EXPECT_EQ(trace.compact({.setup = true}), "[M] Stop");
    trace.clear();
    wake();
    EXPECT_EQ(trace.compact({.setup = true}), "Start [U]");
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(SystemSleep, F150_a_controller_without_connected_interrupts_only_stops) {
    button.resources.clear();
    boot();
    sleep();
    wake();
    EXPECT_EQ(trace.compact({.setup = true}), "Stop Start");
    EXPECT_EQ(trace.lifecycle(), "Stop(TRUE, D3) Start(TRUE, D3)");
}

// P9
TEST_F(SystemSleep, F150_users_of_pins_go_first_and_return_last) {
    static std::string order;
    order.clear();
    const auto add = [](const char* what) {
        machine::OutsideArenaScope outside;
        order += what;
    };
    button.resources = {io({3})};
    button.callbacks = [](WDF_PNPPOWER_EVENT_CALLBACKS& callbacks) {
        callbacks.EvtDeviceD0Entry = [](WDFDEVICE, WDF_POWER_DEVICE_STATE) -> NTSTATUS {
            machine::OutsideArenaScope outside;
            order += "button up ";
            return STATUS_SUCCESS;
        };
        callbacks.EvtDeviceD0Exit = [](WDFDEVICE, WDF_POWER_DEVICE_STATE) -> NTSTATUS {
            machine::OutsideArenaScope outside;
            order += "button down ";
            return STATUS_SUCCESS;
        };
    };
    gpio.during[Callback::start] = [add](void*) { add("gpio up "); };
    gpio.during[Callback::stop] = [add](void*) { add("gpio down "); };
    boot();
    sleep();
    wake();
    EXPECT_EQ(order, "gpio up button up button down gpio down gpio up button up ");
}

// P25
TEST_F(SystemSleep, F159_a_pin_that_was_masked_before_is_masked_after) {
    button.isr = [] { return true; };  // leaves the level asserted
    boot_connected();
    button.report_active(false);
    EXPECT_EQ(trace.compact(), "[M]");
    trace.clear();
    sleep();
    wake();
    EXPECT_EQ(trace.compact({.setup = true}), "Stop Start");
    EXPECT_EQ(extension(gpio).masked(0), 1ull << 5);
    button.report_active(true);
    EXPECT_EQ(extension(gpio).masked(0), 0u);
}

// A routine that is still at work when the controller goes: its pin is as before once it is back.
TEST_F(SystemSleep, F159_a_pin_masked_for_its_passive_routine_is_served_again_after) {
    bool first = true;
    button.isr = [&] {
        if (std::exchange(first, false)) {
            kernel->sleep();
            wait_us(100'000);
        }
        gpio.pins.set_level(5, false);
        return true;
    };
    boot_connected();
    gpio.raise(5);
    ASSERT_EQ(kernel->system_state(), kernel::po::SystemState::asleep);
    EXPECT_EQ(extension(gpio).masked(0), 1ull << 5);
    wake();
    EXPECT_EQ(extension(gpio).masked(0), 0u);
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 1u);
}

// Neither does what was reported meanwhile get lost.
TEST_F(SystemSleep, F159_what_becomes_inactive_in_D3_is_masked_after) {
    boot_connected();
    sleep();
    button.report_active(false);
    EXPECT_EQ(trace.count(Callback::mask), 1u) << "only for the sleep";
    wake();
    EXPECT_EQ(extension(gpio).masked(0), 1ull << 5);
    EXPECT_EQ(trace.count(Callback::unmask), 0u);
}

}  // namespace
}  // namespace gpioclx::conformance
