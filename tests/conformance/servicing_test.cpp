// From the primary interrupt to the service routines of peripherals (rules I26-I53).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class Servicing : public ConformanceTest {
  protected:
    // Three devices on pin 5.
    std::vector<Peripheral*> chain(KINTERRUPT_MODE mode) {
        std::vector<Peripheral*> devices;
        for (const char* name : {"DEV0", "DEV1", "DEV2"}) {
            devices.push_back(&peripheral(name, shared(interrupt(5, mode, InterruptActiveHigh))));
            devices.back()->make_by_hand();
        }
        return devices;
    }
};

TEST_F(Servicing, F71_a_chain_is_asked_until_one_claims) {
    auto devices = chain(LevelSensitive);
    devices[0]->isr = [] { return false; };
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] isr(DEV0) isr(DEV1) [X]");
}

TEST_F(Servicing, F71_an_edge_triggered_chain_stops_at_the_first_claim_too) {
    auto devices = chain(Latched);
    devices[0]->isr = [] { return false; };
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] [X] isr(DEV0) isr(DEV1)");
}

TEST_F(Servicing, F72_routines_at_DIRQL_come_before_passive_ones) {
    auto devices = chain(LevelSensitive);
    devices[0]->make_passive();
    devices[1]->isr = [] { return false; };
    devices[2]->isr = [] { return false; };
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.raise(5);
    // I50: nobody at DIRQL claims, so the pin is masked and the passive one asked.
    EXPECT_EQ(trace.compact({.who = true}), "[Q] isr(DEV1) isr(DEV2) [M] ... isr(DEV0) [X] [U]");
}

TEST_F(Servicing, F72_passive_routines_are_not_asked_when_one_at_DIRQL_claims) {
    auto devices = chain(LevelSensitive);
    devices[0]->make_passive();
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] isr(DEV1) [X]");
}

TEST_F(Servicing, F72_an_edge_pin_with_both_kinds) {
    auto devices = chain(Latched);
    devices[0]->make_passive();
    devices[1]->isr = [] { return false; };
    devices[2]->isr = [] { return false; };
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] [X] isr(DEV1) isr(DEV2) ... isr(DEV0)");
}

TEST_F(Servicing, F77_an_edge_during_a_passive_routine_causes_one_more_run) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    button.make_passive();
    int runs = 0;
    button.isr = [&] {
        if (++runs == 1) {
            gpio.pulse(5);
            gpio.pulse(5);
            wait_us(100);
        }
        return true;
    };
    boot();
    gpio.pulse(5);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(trace.count(Callback::mask), 0u);
}

TEST_F(Servicing, F79_a_level_pin_stays_masked_while_its_passive_routine_runs) {
    Peripheral& device = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    device.make_passive();
    device.isr = [&] {
        wait_us(1000);  // the line is asserted all the time
        EXPECT_EQ(trace.isr_count(), 1u);
        gpio.pins.set_level(5, false);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "[Q] [M] ... isr [X] [U]");
}

TEST_F(Servicing, F80_unmasking_signals_a_level_that_is_still_asserted_again) {
    Peripheral& device = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    device.make_passive();
    int runs = 0;
    device.isr = [&] {
        if (++runs == 3) gpio.pins.set_level(5, false);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(trace.count(Callback::mask), 3u);
    EXPECT_EQ(trace.count(Callback::unmask), 3u);
}

TEST_F(Servicing, F80_a_level_at_DIRQL_that_is_still_asserted_interrupts_again) {
    Peripheral& device = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    int runs = 0;
    device.isr = [&] {
        if (++runs == 3) gpio.pins.set_level(5, false);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "[Q] isr [X] [Q] isr [X] [Q] isr [X]");
}

TEST_F(Servicing, F81_auto_clear_with_a_level_and_a_passive_routine) {
    gpio.information.Flags.ActiveInterruptsAutoClearOnRead = 1;
    client.packet.CLIENT_ClearActiveInterrupts = nullptr;
    peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "[Q] [M] ... isr [U]");
}

TEST_F(Servicing, F82_masking_and_unmasking_keep_the_configuration) {
    peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    for (int i = 0; i < 3; ++i) gpio.raise(5);
    EXPECT_EQ(trace.count(Callback::enable) + trace.count(Callback::reconfigure) +
                  trace.count(Callback::disable),
              0u);
    EXPECT_EQ(trace.isr_count(), 3u);
}

TEST_F(Servicing, F85_unmask_repeats_the_configuration_without_vendor_data) {
    auto resource = interrupt(5, LevelSensitive, InterruptActiveLow);
    resource.pull = GPIO_PIN_PULL_CONFIGURATION_PULLDOWN;
    resource.debounce_10us = 100;
    resource.vendor_data = {9};
    gpio.starts_high(5);
    peripheral("DEV0", resource).make_passive();
    boot();
    gpio.lower(5);
    const Call& call = trace.last(Callback::unmask);
    EXPECT_EQ(call.arguments, "bank 0 pin 5, level, low, pull 2, debounce 100");
    EXPECT_FALSE(call.has_vendor_data);
}

TEST_F(Servicing, F86_an_active_pin_that_is_not_enabled_is_reported_and_ignored) {
    peripheral("DEV0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.after[Callback::query_active] = [](void* p) {
        static_cast<GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS*>(p)->ActiveMask |= 0x80;
    };
    expect_finding("V21");
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.last(Callback::query_active).mask, 0x20u);
    EXPECT_EQ(trace.last(Callback::clear).mask, 0x20u);
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Servicing, F86_an_active_pin_that_does_not_exist_is_reported_and_ignored) {
    gpio.banks(10, 32);
    peripheral("DEV0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.after[Callback::query_active] = [](void* p) {
        static_cast<GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS*>(p)->ActiveMask |= 1u << 20;
    };
    expect_finding("V22");
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.last(Callback::clear).mask, 0x20u);
}

// I31, I32: the enabled mask holds masked pins too; that they are active means nothing.
TEST_F(Servicing, F87_an_active_pin_that_is_masked_is_not_serviced) {
    Peripheral& slow = peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    slow.make_passive();
    peripheral("DEV1", interrupt(6, Latched, InterruptRisingEdge));
    slow.isr = [&] {
        gpio.raise(6);
        wait_us(100);
        EXPECT_EQ(trace.last(Callback::query_active).mask, 0x60u);
        gpio.pins.set_level(5, false);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}),
              "[Q] [M] ... isr(DEV0) ; [Q] [X] isr(DEV1) ... [X] [U]");
}

TEST_F(Servicing, F88_pins_that_are_active_together_are_served_in_ascending_order) {
    peripheral("DEV9", interrupt(9, Latched, InterruptRisingEdge));
    peripheral("DEV0", interrupt(0, Latched, InterruptRisingEdge));
    peripheral("DEV5", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    in_thread([&] {
        GPIO_CLX_AcquireInterruptLock(gpio.context, 0);
        gpio.pins.set_level(9, true);
        gpio.pins.set_level(5, true);
        gpio.pins.set_level(0, true);
        GPIO_CLX_ReleaseInterruptLock(gpio.context, 0);
    });
    EXPECT_EQ(trace.compact({.who = true}), "[Q] [X] isr(DEV0) isr(DEV5) isr(DEV9)");
    EXPECT_EQ(trace.last(Callback::clear).mask, 0x221u);
}

// 1.5, as observers see it.
TEST_F(Servicing, F89_from_the_primary_interrupt_to_the_secondary) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    recorder.events.clear();
    gpio.raise(5);
    std::string path;
    for (const machine::Event& event : recorder.events) {
        const std::string subject(names.text(event.subject));
        switch (event.kind) {
            case machine::EventKind::interrupt_enter: path += subject + " > "; break;
            case machine::EventKind::callback_enter:
                if (subject.starts_with("CLIENT_")) path += subject + " > ";
                break;
            case machine::EventKind::secondary_raised:
                EXPECT_EQ(event.a, button.descriptor(CmResourceTypeInterrupt).u.Interrupt.Vector);
                path += subject + " > ";
                break;
            default: break;
        }
    }
    EXPECT_EQ(path,
              "GSI 40 > \\_SB.GPIO > "
              "CLIENT_QueryActiveInterrupts > CLIENT_ClearActiveInterrupts > "
              "\\_SB.GPIO pin 5 > \\_SB.BTN0 > ");
}

TEST_F(Servicing, F90_at_DIRQL_a_serial_controller_does_nothing_but_PreProcess) {
    gpio.serial();
    add_pre_process(client.packet);
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.raise(5);
    const int dirql = gpio.translated.at(1).u.Interrupt.Level;
    EXPECT_EQ(trace.compact(), "P<irql " + std::to_string(dirql) + ", no lock> ... Q M isr X U");
}

// The line stays asserted until the worker has been there; it must not interrupt meanwhile.
TEST_F(Servicing, F90_the_primary_of_a_serial_controller_is_silent_until_the_worker_is_done) {
    gpio.serial();
    add_pre_process(client.packet);
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    gpio.during[Callback::query_active] = [&](void*) { wait_us(1000); };
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.count(Callback::pre_process), 1u);
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Servicing, F90_a_serial_query_that_fails_is_repeated_and_logged) {
    gpio.serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.fail(Callback::query_active, STATUS_IO_TIMEOUT, 4);
    gpio.raise(5);
    // Four times in vain; the level is still there when the primary is let in again (I61).
    EXPECT_EQ(trace.compact(), "Q Q Q Q Q M isr X U");
    EXPECT_TRUE(
        logged("CLIENT_QueryActiveInterrupts of \\_SB.GPIO bank 0, pin or mask 20, failed "
               "with c00000b5 after 4 attempts"));
}

TEST_F(Servicing, F91_PreProcess_comes_once_before_the_first_query_of_each_bank) {
    gpio.banks(64, 32).edge_primary();
    gpio.interrupts = {40};
    add_pre_process(client.packet);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    peripheral("BTN1", interrupt(36, Latched, InterruptRisingEdge));
    boot();
    gpio.raise(36);
    EXPECT_EQ(trace.compact(), "[P] [Q] [P] [Q] [X] isr [Q] [Q]");
    const auto calls = trace.all(Callback::pre_process);
    EXPECT_EQ(calls[0]->arguments, "bank 0 enabled 20");
    EXPECT_EQ(calls[1]->arguments, "bank 1 enabled 10");
}

TEST_F(Servicing, D5_the_event_of_a_callback_has_what_it_gave_back) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    gpio.pulse(5);
    std::size_t found = 0;
    for (const machine::Event& event : recorder.events) {
        found += event.kind == machine::EventKind::callback_exit && event.b == 0x20 &&
                 names.text(event.subject) == "CLIENT_QueryActiveInterrupts";
    }
    EXPECT_EQ(found, 1u);
}

TEST_F(Servicing, F91_a_failing_PreProcess_changes_nothing) {
    add_pre_process(client.packet);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.fail(Callback::pre_process, STATUS_UNSUCCESSFUL);
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact(), "[P] [Q] [X] isr");
}

// The expander's interrupt output is wired to pin 3 of the controller on the SoC.
TEST_F(Servicing, F92_a_button_behind_an_expander_behind_a_controller) {
    Controller& expander =
        add_controller("\\_SB.EXP0", add_driver("expander")).serial().chained_to(gpio, 3);
    expander.starts_high(5);
    peripheral("BTN0", of(expander, interrupt(5, LevelSensitive, InterruptActiveLow)))
        .make_passive();
    boot();
    expander.lower(5);
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_TRUE(expander.pins.level(5));  // the routine has silenced its device
    expander.lower(5);
    EXPECT_EQ(trace.isr_count(), 2u);
    for (const Call& call : trace.calls) {
        if (call.who != "EXP0") continue;
        EXPECT_EQ(call.place.irql, PASSIVE_LEVEL) << call.arguments;
    }
}

// I23, L20: the routine reads pins of the bank that its own disconnect waits for.
TEST_F(Servicing, F69_disconnect_waits_for_a_passive_routine_that_uses_its_bank) {
    Peripheral& device =
        peripheral("DEV0", interrupt(5, LevelSensitive, InterruptActiveHigh), io({6}));
    device.make_passive().make_by_hand();
    boot();
    Handle& handle = device.open(GENERIC_READ);
    device.isr = [&] {
        wait_us(500);
        EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
        gpio.pins.set_level(5, false);
        return true;
    };
    ASSERT_EQ(device.connect(), STATUS_SUCCESS);
    trace.clear();
    in_thread([&] {
        gpio.raise(5);
        wait_us(100);
        device.disconnect();
    });
    EXPECT_EQ(trace.count(Callback::disable), 1u);
    EXPECT_EQ(trace.calls.back().callback, Callback::disable) << trace.compact();
}

}  // namespace
}  // namespace gpioclx::conformance
