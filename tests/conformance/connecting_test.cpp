// Connecting and disconnecting pins as interrupt inputs (rules I11-I25).
#include <ext/gx_interrupt.h>

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Connecting = ConformanceTest;

TEST_F(Connecting, F65_enable_gets_what_the_firmware_says) {
    auto resource = interrupt(5, LevelSensitive, InterruptActiveLow);
    resource.pull = GPIO_PIN_PULL_CONFIGURATION_PULLUP;
    resource.debounce_10us = 584;
    resource.vendor_data = {1, 2, 3};
    gpio.starts_high(5);
    peripheral("BTN0", resource);
    keep_trace = true;
    boot();
    const Call& call = trace.last(Callback::enable);
    EXPECT_EQ(call.arguments, "bank 0 pin 5, level, low, pull 1, debounce 584");
    EXPECT_EQ(call.vendor_data, (std::vector<UCHAR>{1, 2, 3}));
}

TEST_F(Connecting, F65_no_vendor_data_is_a_NULL_pointer) {
    peripheral("BTN0", interrupt(5, Latched, InterruptFallingEdge));
    keep_trace = true;
    boot();
    const Call& call = trace.last(Callback::enable);
    EXPECT_EQ(call.arguments, "bank 0 pin 5, edge, low, pull 0, debounce 0");
    EXPECT_FALSE(call.has_vendor_data);
}

TEST_F(Connecting, F66_a_pin_delivers_as_soon_as_it_is_enabled) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_EQ(trace.count(Callback::unmask), 0u);
}

TEST_F(Connecting, F67_a_failing_enable_fails_the_start_of_the_peripheral) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.fail(Callback::enable, STATUS_NOT_SUPPORTED);
    boot();
    EXPECT_EQ(device("\\_SB.BTN0").status, static_cast<std::uint32_t>(STATUS_NOT_SUPPORTED));
    EXPECT_EQ(trace.count(Callback::disable), 0u);
    EXPECT_EQ(state(gpio.path), "started");
}

TEST_F(Connecting, F67_after_a_failing_enable_the_pin_is_free) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    gpio.fail(Callback::enable, STATUS_NOT_SUPPORTED, 1);
    EXPECT_EQ(button.connect(), STATUS_NOT_SUPPORTED);
    gpio.pulse(5);
    EXPECT_EQ(trace.compact(), "E");
    EXPECT_EQ(button.connect(), STATUS_SUCCESS);
    gpio.pulse(5);
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Connecting, F68_a_level_that_is_asserted_already_interrupts_at_once) {
    gpio.starts_high(5);
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.compact(), "E [Q] isr [X]");
}

// I16: the driver has given its bank lock back, and has not returned from Enable yet.
TEST_F(Connecting, F68_an_interrupt_that_fires_before_enable_returns_is_delivered) {
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_by_hand();
    boot();
    gpio.pins.set_level(5, true);
    gpio.after[Callback::enable] = [&](void*) {
        KeStallExecutionProcessor(100);
        EXPECT_EQ(trace.isr_count(), 1u);
        EXPECT_EQ(trace.last(Callback::query_active).mask, 0x20u);
    };
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(trace.compact(), "E [Q] isr [X]");
}

// I16, mirrored: the pin leaves the enabled mask only when Disable has returned.
TEST_F(Connecting, F69_a_pin_is_enabled_until_disable_has_returned) {
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_by_hand();
    peripheral("BTN1", interrupt(6, Latched, InterruptRisingEdge));
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    gpio.during[Callback::disable] = [&](void*) {
        gpio.raise(6);
        KeStallExecutionProcessor(100);
        EXPECT_EQ(trace.last(Callback::query_active).mask, 0x60u);
    };
    button.disconnect();
    gpio.during.clear();
    gpio.lower(6);
    gpio.raise(6);
    EXPECT_EQ(trace.last(Callback::query_active).mask, 0x40u);
}

TEST_F(Connecting, F69_the_last_of_three_disables) {
    std::vector<Peripheral*> devices;
    for (const char* name : {"DEV0", "DEV1", "DEV2"}) {
        devices.push_back(
            &peripheral(name, shared(interrupt(5, LevelSensitive, InterruptActiveLow))));
        devices.back()->make_by_hand();
    }
    gpio.starts_high(5);
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    devices[1]->disconnect();
    devices[0]->disconnect();
    EXPECT_EQ(trace.compact(), "E");
    devices[2]->disconnect();
    EXPECT_EQ(trace.compact(), "E D");
}

TEST_F(Connecting, F70_an_exclusive_pin_refuses_a_second_routine) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    Peripheral& other = peripheral("BTN1", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    other.make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(other.connect(), STATUS_ACCESS_DENIED);
    button.disconnect();
    EXPECT_EQ(other.connect(), STATUS_SUCCESS);
}

TEST_F(Connecting, F70_one_exclusive_descriptor_is_enough_to_refuse) {
    Peripheral& button = peripheral("BTN0", shared(interrupt(5, Latched, InterruptRisingEdge)));
    Peripheral& other = peripheral("BTN1", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    other.make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(other.connect(), STATUS_ACCESS_DENIED);
}

TEST_F(Connecting, F70_mode_and_polarity_of_a_shared_pin_must_agree) {
    Peripheral& rising = peripheral("BTN0", shared(interrupt(5, Latched, InterruptRisingEdge)));
    Peripheral& falling = peripheral("BTN1", shared(interrupt(5, Latched, InterruptFallingEdge)));
    Peripheral& level =
        peripheral("BTN2", shared(interrupt(5, LevelSensitive, InterruptActiveHigh)));
    for (Peripheral* p : {&rising, &falling, &level}) p->make_by_hand();
    boot();
    ASSERT_EQ(rising.connect(), STATUS_SUCCESS);
    EXPECT_EQ(falling.connect(), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(level.connect(), STATUS_INVALID_PARAMETER);
}

// I24: three retries; then the pin counts as disabled.
TEST_F(Connecting, F73_a_serial_disable_that_always_fails_is_logged_and_given_up) {
    gpio.serial();
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_passive().make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.fail(Callback::disable, STATUS_IO_TIMEOUT);
    button.disconnect();
    EXPECT_EQ(trace.compact(), "D D D D");
    EXPECT_TRUE(
        logged("CLIENT_DisableInterrupt of \\_SB.GPIO bank 0, pin or mask 5, failed with "
               "c00000b5 after 4 attempts"));
    EXPECT_EQ(button.connect(), STATUS_SUCCESS);
}

class FailedCallback : public ConformanceTest, public ::testing::WithParamInterface<Callback> {};

// What a memory-mapped controller cannot fail (I60).
TEST_P(FailedCallback, F74_is_bug_check_138_cause_5) {
    gpio.information.Flags.EmulateActiveBoth = 1;
    setting("checked", GetParam() == Callback::query_enabled);
    Peripheral& user = peripheral("DEV0", interrupt(1, Latched, InterruptRisingEdge),
                                  interrupt(2, LevelSensitive, InterruptActiveHigh),
                                  interrupt(3, Latched, InterruptActiveBoth));
    user.make_passive().make_by_hand();
    gpio.starts_high(3);
    boot();
    for (ULONG n : {0, 1, 2}) ASSERT_EQ(user.connect(n), STATUS_SUCCESS);
    gpio.fail(GetParam(), STATUS_IO_DEVICE_ERROR);
    expect_finding("V25");
    thread("user", [&] {
        gpio.raise(1);
        gpio.raise(2);
        gpio.lower(3);
        wait_us(1000);
        user.disconnect(0);
    });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 5u);
    EXPECT_EQ(static_cast<ULONG>(bug_check().parameter2),
              static_cast<ULONG>(STATUS_IO_DEVICE_ERROR));
}
INSTANTIATE_TEST_SUITE_P(All, FailedCallback,
                         ::testing::Values(Callback::mask, Callback::unmask, Callback::clear,
                                           Callback::query_active, Callback::query_enabled,
                                           Callback::reconfigure, Callback::disable),
                         [](const auto& info) { return std::string(name_of(info.param)); });

// O-31
TEST_F(Connecting, F74_a_failing_enable_is_no_bug_check) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    gpio.fail(Callback::enable, STATUS_NOT_SUPPORTED);
    EXPECT_EQ(button.connect(), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(bug_check().code, 0u);
}

// I29
TEST_F(Connecting, F83_the_mask_means_nothing_while_a_pin_is_disabled) {
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_passive().make_by_hand();
    button.isr = [&] { return true; };  // does not silence
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.report_active(false);
    EXPECT_EQ(trace.compact(), "E [M]");
    button.disconnect();
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "");  // disabled: no callback, no delivery
    gpio.lower(5);
    trace.clear();
    button.isr = {};
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [M] ... isr [X] [U]");
}

TEST_F(Connecting, F93_a_routine_at_DIRQL_cannot_connect_behind_a_serial_controller) {
    gpio.serial();
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    EXPECT_EQ(button.connect_at(gpio.translated.at(1).u.Interrupt.Level), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.compact(), "");
}

TEST_F(Connecting, F96_a_pin_whose_controller_is_gone_is_bug_check_138_cause_1) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    thread("connect", [&] {
        GxUnregisterInterruptController(WdfDeviceWdmGetPhysicalDevice(gpio.device));
        button.connect();
    });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 1u);
    EXPECT_EQ(bug_check().parameter2,
              button.descriptor(CmResourceTypeInterrupt).u.Interrupt.Vector);
}

}  // namespace
}  // namespace gpioclx::conformance
