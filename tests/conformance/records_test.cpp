// What the extension records of enabled and masked pins, against the hardware and against what
// drivers report (rules I30, I66, I95, I96).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Records = ConformanceTest;

// A controller whose enable bit is the mask bit too (I30): the driver shows enabled-and-not-masked.
TEST_F(Records, F84_one_register_for_enable_and_mask_agrees_with_the_records) {
    setting("checked", 1);
    peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    peripheral("DEV1", interrupt(6, Latched, InterruptRisingEdge));
    keep_trace = true;
    boot();
    gpio.raise(5);
    gpio.raise(6);
    trace.mark();
    shut_down();
    EXPECT_EQ(trace.compact({.query_enabled = true}),
              "E [H] E [H] ; [Q] [M] [H] ... isr [X] [U] [H] ; [Q] [X] isr ; D [H] D [H]");
}

TEST_F(Records, F108_a_driver_that_forgets_to_disable_is_reported_when_checked) {
    setting("checked", 1);
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    gpio.instead[Callback::disable] = [](void*) { return STATUS_SUCCESS; };
    expect_finding("V31");
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    EXPECT_EQ(finding_count("V31"), 0u);
    button.disconnect();
    EXPECT_EQ(finding_count("V31"), 1u);
}

TEST_F(Records, F108_a_driver_that_forgets_to_unmask_is_reported_when_checked) {
    setting("checked", 1);
    peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    gpio.instead[Callback::unmask] = [](void*) { return STATUS_SUCCESS; };
    expect_finding("V31");
    boot();
    gpio.raise(5);
}

// The service routine of another pin comes while the driver has not written its register yet, or
// has written it and not returned.
TEST_F(Records, F108_I16_a_pin_that_is_being_enabled_or_disabled_is_not_compared) {
    setting("checked", 1);
    peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    Peripheral& button = peripheral("BTN0", interrupt(6, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    const auto service_other_pin = [this](void*) {
        gpio.raise(5);
        KeStallExecutionProcessor(10);
    };
    gpio.during[Callback::enable] = service_other_pin;
    gpio.after[Callback::disable] = service_other_pin;
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    gpio.lower(5);
    button.disconnect();
    gpio.after.clear();
    EXPECT_EQ(finding_count("V31"), 0u);
    EXPECT_EQ(trace.count(Callback::mask), 2u);
}

TEST_F(Records, F108_an_unchecked_controller_is_not_asked) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    gpio.instead[Callback::disable] = [](void*) { return STATUS_SUCCESS; };
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.disconnect();
    EXPECT_EQ(trace.count(Callback::query_enabled), 0u);
}

TEST_F(Records, F109_a_driver_of_the_oldest_layout_is_never_asked) {
    setting("checked", 1);
    client.packet.Version = 1;
    client.packet.Size = GX_GPIO_CLIENT_PACKET_SIZE_1;
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    gpio.pulse(5);
    trace.mark();
    button.disconnect();
    EXPECT_EQ(trace.compact({.query_enabled = true}), "E ; [Q] [X] isr ; D");
}

TEST_F(Records, F110_inactive_masks_and_active_unmasks_once) {
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    button.report_active(false);
    button.report_active(false);
    EXPECT_EQ(trace.compact(), "E [M]");
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 0u);
    button.report_active(true);
    button.report_active(true);
    EXPECT_EQ(trace.compact(), "E [M] ; [U] [Q] isr [X]");
}

TEST_F(Records, F110_the_last_active_routine_of_a_shared_pin_decides) {
    std::vector<Peripheral*> devices;
    for (const char* name : {"DEV0", "DEV1", "DEV2"}) {
        devices.push_back(
            &peripheral(name, shared(interrupt(5, LevelSensitive, InterruptActiveHigh))));
        devices.back()->make_by_hand();
    }
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    trace.clear();
    devices[0]->report_active(false);
    devices[1]->report_active(false);
    EXPECT_EQ(trace.compact(), "");
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] isr(DEV2) [X]");
    devices[2]->report_active(false);
    devices[0]->report_active(true);
    EXPECT_EQ(trace.count(Callback::mask), 1u);
    EXPECT_EQ(trace.count(Callback::unmask), 1u);
}

// I96: the report comes at DISPATCH_LEVEL, the callback in a worker.
TEST_F(Records, F110_inactive_behind_a_serial_controller) {
    gpio.serial();
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_passive().make_by_hand();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    in_thread([&] {
        KIRQL before;
        KeRaiseIrql(DISPATCH_LEVEL, &before);
        button.report_active(false);
        EXPECT_EQ(trace.count(Callback::mask), 0u);
        KeLowerIrql(before);
    });
    EXPECT_EQ(trace.compact(), "E M");
    in_thread([&] {
        KIRQL before;
        KeRaiseIrql(DISPATCH_LEVEL, &before);
        button.report_active(true);
        KeLowerIrql(before);
    });
    EXPECT_EQ(trace.compact(), "E M U");
}

// A pin that is inactive stays masked when its passive routine returns.
TEST_F(Records, F110_a_routine_that_reports_itself_inactive) {
    Peripheral& device = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    device.make_passive().make_by_hand();
    device.isr = [&] {
        device.report_active(false);
        return true;
    };
    boot();
    ASSERT_EQ(device.connect(), STATUS_SUCCESS);
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [M] ... isr [X]");
    device.isr = {};
    device.report_active(true);
    EXPECT_EQ(trace.compact(), "E ; [Q] [M] ... isr [X] [U] [Q] [M] ... isr [X] [U]");
}

}  // namespace
}  // namespace gpioclx::conformance
