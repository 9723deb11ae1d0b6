// ActiveBoth and debouncing done by GpioClx (rules I70-I90, A30-A33).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

constexpr Shape with_polarity{.polarity = true};
constexpr USHORT debounce_10us = 500;     // 5 ms
constexpr ULONGLONG debounce_us = 5'000;  // the same

class Emulation : public ConformanceTest {
  protected:
    kernel::GpioInterruptResource both(USHORT pin) {
        return interrupt(pin, Latched, InterruptActiveBoth);
    }
    kernel::GpioInterruptResource debounced(kernel::GpioInterruptResource resource) {
        resource.debounce_10us = debounce_10us;
        return resource;
    }
    void emulate_both() { gpio.information.Flags.EmulateActiveBoth = 1; }
    void emulate_debouncing() { gpio.information.Flags.EmulateDebouncing = 1; }

    using Package = std::vector<kernel::AcpiValue>;
    // _DSM gives this whatever function is asked for (functions 0 and 1 differ by `by_function`).
    void dsm(kernel::AcpiValue supported, kernel::AcpiValue pins) {
        firmware.methods[gpio.path + "._DSM"] = supported;
        firmware.by_integer_argument[gpio.path + "._DSM"] = {2, {{0, supported}, {1, pins}}};
    }
    static kernel::AcpiValue number(std::uint64_t value) { return {value}; }
    static kernel::AcpiValue functions(std::uint8_t mask) {
        return {std::vector<std::uint8_t>{mask}};
    }
    static kernel::AcpiValue package(Package elements) { return {std::move(elements)}; }
};

TEST_F(Emulation, F97_hardware_that_can_do_both_edges_is_asked_to) {
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.last(Callback::enable).arguments,
              "bank 0 pin 5, edge, both, pull 0, debounce 0");
    gpio.raise(5);
    gpio.lower(5);
    EXPECT_EQ(trace.compact(), "E ; [Q] [X] isr ; [Q] [X] isr");
}

TEST_F(Emulation, F98_enable_is_for_the_asserted_level) {
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.last(Callback::enable).arguments,
              "bank 0 pin 5, level, low, pull 0, debounce 0");
}

// The worked trace of 6.11: press and release.
TEST_F(Emulation, F99_every_transition_is_one_interrupt_and_turns_the_polarity) {
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    gpio.lower(5);
    gpio.raise(5);
    EXPECT_EQ(trace.compact(with_polarity),
              "E(level, low) ; [Q] [M] [R(high)] [X] [U(high)] isr ; [Q] [M] [R(low)] [X] [U(low)] "
              "isr");
    for (int i = 0; i < 50; ++i) {
        gpio.lower(5);
        gpio.raise(5);
    }
    EXPECT_EQ(trace.isr_count(), 102u);
}

TEST_F(Emulation, F100_deasserted_at_connect_no_interrupt) {
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.isr_count(), 0u);
}

TEST_F(Emulation, F100_asserted_at_connect_one_at_once) {
    emulate_both();
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.isr_count(), 1u);
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 2u);
}

TEST_F(Emulation, F101_firmware_says_which_pins_are_asserted_high) {
    gpio.banks(64, 32);
    emulate_both();
    dsm(functions(3), package({number(40), number(7)}));
    peripheral("BTN0", both(40), both(41));
    gpio.starts_high(41);
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.compact(with_polarity), "E(level, high) E(level, low)");
    ASSERT_EQ(firmware.last_arguments.size(), 4u);
    EXPECT_EQ(std::get<std::vector<std::uint8_t>>(firmware.last_arguments[0].content),
              (std::vector<std::uint8_t>{0x40, 0x8F, 0x24, 0x4F, 0xE2, 0xD5, 0x9F, 0x49, 0x83, 0x4C,
                                         0x27, 0x75, 0x8E, 0xA1, 0xCD, 0x3F}));
    EXPECT_EQ(std::get<std::uint64_t>(firmware.last_arguments[1].content), 0u);
    EXPECT_TRUE(std::get<Package>(firmware.last_arguments[3].content).empty());
}

// A31, A32.
TEST_F(Emulation, F101_a_DSM_that_does_not_know_the_function_changes_nothing) {
    emulate_both();
    dsm(functions(0), package({number(5)}));
    gpio.starts_high(5);
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.compact(with_polarity), "E(level, low)");
}

TEST_F(Emulation, F102_ffff_stands_for_no_pin) {
    emulate_both();
    dsm(functions(3), package({number(0xFFFF), number(5), number(0xFFFF)}));
    peripheral("BTN0", both(5));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.compact(with_polarity), "E(level, high)");
}

struct Malformed {
    const char* name;
    std::function<kernel::AcpiValue()> functions, pins;
    ULONG function;
};
class MalformedDsm : public Emulation, public ::testing::WithParamInterface<Malformed> {
  public:
    static kernel::AcpiValue good() { return functions(3); }
    static kernel::AcpiValue text() { return {std::string("5")}; }
    static kernel::AcpiValue of(std::uint64_t pin) { return package({number(pin)}); }
};
INSTANTIATE_TEST_SUITE_P(
    Data, MalformedDsm,
    ::testing::Values(
        Malformed{"functions", &MalformedDsm::text, [] { return MalformedDsm::of(5); }, 0},
        Malformed{"no_package", &MalformedDsm::good, &MalformedDsm::text, 1},
        Malformed{"no_pin", &MalformedDsm::good, [] { return MalformedDsm::of(32); }, 1},
        Malformed{"element", &MalformedDsm::good,
                  [] { return kernel::AcpiValue{std::vector{MalformedDsm::text()}}; }, 1}),
    [](const auto& info) { return info.param.name; });
TEST_P(MalformedDsm, F102_malformed_data_is_a_bug_check) {
    emulate_both();
    dsm(GetParam().functions(), GetParam().pins());
    expect_finding("firmware-103");
    boot(true);
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 7u);
    EXPECT_EQ(bug_check().parameter2, 0u);  // revision
}

TEST_F(Emulation, F103_a_passive_routine_keeps_the_pin_masked_until_it_returned) {
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", both(5)).make_passive();
    keep_trace = true;
    boot();
    gpio.lower(5);
    EXPECT_EQ(trace.compact(with_polarity),
              "E(level, low) ; [Q] [M] [R(high)] [X] ... isr [U(high)]");
}

// The line turns while the routine runs: the next interrupt comes after it, none is lost.
TEST_F(Emulation, F103_a_transition_during_the_routine_is_counted_after_it) {
    emulate_both();
    gpio.starts_high(5);
    Peripheral& button = peripheral("BTN0", both(5));
    button.make_passive();
    int runs = 0;
    button.isr = [&] {
        if (++runs == 1) gpio.pins.set_level(5, true);
        return true;
    };
    boot();
    gpio.lower(5);
    EXPECT_EQ(runs, 2);
    gpio.lower(5);
    EXPECT_EQ(runs, 3);
}

TEST_F(Emulation, F103_behind_a_serial_controller) {
    gpio.serial();
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", both(5)).make_passive();
    boot();
    gpio.lower(5);
    gpio.raise(5);
    EXPECT_EQ(trace.compact(with_polarity), "Q M R(high) X isr U(high) ; Q M R(low) X isr U(low)");
}

TEST_F(Emulation, F104_hardware_gets_the_debounce_time_as_it_stands) {
    kernel::GpioInterruptResource resource = interrupt(5, LevelSensitive, InterruptActiveHigh);
    resource.debounce_10us = 584;
    peripheral("BTN0", resource).make_passive();
    keep_trace = true;
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.last(Callback::enable).arguments,
              "bank 0 pin 5, level, high, pull 0, debounce 584");
    EXPECT_EQ(trace.last(Callback::unmask).arguments,
              "bank 0 pin 5, level, high, pull 0, debounce 584");
}

// Stimuli come from a thread of the machine, so that nothing happens between them that they do not
// wait for. Pulses are shorter than the time.
class Debounce : public Emulation {
  protected:
    void set_for_us(bool level, ULONGLONG us) {
        in_thread([&] {
            gpio.set_level(5, level);
            wait_us(us);
        });
    }
    void bounce(bool to) {
        for (int i = 0; i < 2; ++i) {
            set_for_us(to, 1000);
            set_for_us(!to, 300);
        }
    }
};

TEST_F(Debounce, F105_a_pulse_shorter_than_the_time_is_no_interrupt) {
    emulate_debouncing();
    peripheral("BTN0", debounced(interrupt(5, Latched, InterruptRisingEdge)));
    keep_trace = true;
    boot();
    in_thread([&] {
        bounce(true);
        wait_us(4 * debounce_us);
    });
    EXPECT_EQ(trace.isr_count(), 0u);
    EXPECT_EQ(
        trace.compact(with_polarity),
        "E(level, low) [Q] [M] [R(high)] [X] [U(high)] ; [Q] [M] [R(low)] [X] [U(low)] ; [Q] [M] "
        "[R(high)] [X] [U(high)] ; [Q] [M] [R(low)] [X] [U(low)] ; [Q] [M] [R(high)] [X] "
        "[U(high)]");
}

TEST_F(Debounce, F106_a_level_that_stays_is_one_interrupt_not_before_the_time) {
    emulate_debouncing();
    peripheral("BTN0", debounced(interrupt(5, Latched, InterruptRisingEdge)));
    boot();
    in_thread([&] {
        wait_us(2 * debounce_us);
        bounce(true);
        gpio.set_level(5, true);
        wait_us(debounce_us - 50);
        EXPECT_EQ(trace.isr_count(), 0u);
        wait_us(100);
        EXPECT_EQ(trace.isr_count(), 1u);
        wait_us(10 * debounce_us);
    });
    set_for_us(false, 2 * debounce_us);  // the other edge is not wanted
    EXPECT_EQ(trace.isr_count(), 1u);
    set_for_us(true, 2 * debounce_us);
    EXPECT_EQ(trace.isr_count(), 2u);
}

// I86 step 0: a line that already is at the level that an edge leads to has had no edge.
TEST_F(Debounce, F106_a_line_that_is_high_when_it_is_connected_had_no_rising_edge) {
    emulate_debouncing();
    gpio.starts_high(5);
    peripheral("BTN0", debounced(interrupt(5, Latched, InterruptRisingEdge)));
    keep_trace = true;
    boot();
    in_thread([&] { wait_us(3 * debounce_us); });
    EXPECT_EQ(trace.compact(with_polarity), "E(level, low)");
}

TEST_F(Debounce, F106_F104_the_hardware_is_told_no_debounce_time) {
    emulate_debouncing();
    peripheral("BTN0", debounced(interrupt(5, LevelSensitive, InterruptActiveHigh)), both(6));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.all(Callback::enable).at(0)->arguments,
              "bank 0 pin 5, level, high, pull 0, debounce 0");
}

class DebouncedBoth : public Debounce, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(AtDIRQL, DebouncedBoth, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Passive, DebouncedBoth, ::testing::Values(true));
TEST_P(DebouncedBoth, F107_F105_press_and_release_with_bounces_are_two_interrupts) {
    emulate_debouncing();
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", debounced(both(5))).passive = GetParam();
    boot();
    in_thread([&] {
        bounce(false);
        set_for_us(false, 4 * debounce_us);
        EXPECT_EQ(trace.isr_count(), 1u);
        bounce(true);
        set_for_us(true, 4 * debounce_us);
    });
    EXPECT_EQ(trace.isr_count(), 2u);
}

// I86 step 2: the timer is stopped; the line is where it was.
TEST_P(DebouncedBoth, F107_F105_a_bounce_alone_is_no_interrupt) {
    emulate_debouncing();
    emulate_both();
    gpio.starts_high(5);
    peripheral("BTN0", debounced(both(5))).passive = GetParam();
    boot();
    in_thread([&] {
        set_for_us(false, 1000);
        set_for_us(true, 4 * debounce_us);
    });
    EXPECT_EQ(trace.count(Callback::reconfigure), 2u);
    EXPECT_EQ(trace.isr_count(), 0u);
}

TEST_F(Debounce, F107_behind_a_serial_controller) {
    gpio.serial();
    emulate_debouncing();
    gpio.starts_high(5);
    peripheral("BTN0", debounced(both(5))).make_passive();
    boot();
    in_thread([&] {
        bounce(false);
        set_for_us(false, 4 * debounce_us);
        EXPECT_EQ(trace.isr_count(), 1u);
        bounce(true);
        set_for_us(true, 4 * debounce_us);
    });
    EXPECT_EQ(trace.isr_count(), 2u);
    for (const Call& call : trace.calls)
        EXPECT_EQ(call.place.irql, PASSIVE_LEVEL) << call.arguments;
}

// I87: a level; its routine silences it.
class DebouncedLevel : public Debounce, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(AtDIRQL, DebouncedLevel, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Passive, DebouncedLevel, ::testing::Values(true));
TEST_P(DebouncedLevel, F106_I87_a_level_that_stays_is_delivered_until_it_is_silenced) {
    emulate_debouncing();
    Peripheral& device =
        peripheral("BTN0", debounced(interrupt(5, LevelSensitive, InterruptActiveHigh)));
    device.passive = GetParam();
    int runs = 0;
    device.isr = [&] {
        if (++runs == 2) gpio.pins.set_level(5, false);
        return true;
    };
    boot();
    in_thread([&] {
        bounce(true);
        EXPECT_EQ(runs, 0);
        set_for_us(true, 20 * debounce_us);
        EXPECT_EQ(runs, 2);
        bounce(true);
        wait_us(2 * debounce_us);
    });
    EXPECT_EQ(runs, 2);
}

// I88: masked while it settles.
TEST_F(Debounce, F105_F106_I88_a_level_of_a_controller_that_cannot_reconfigure) {
    emulate_debouncing();
    client.packet.CLIENT_ReconfigureInterrupt = nullptr;
    Peripheral& device =
        peripheral("BTN0", debounced(interrupt(5, LevelSensitive, InterruptActiveHigh)));
    boot();
    in_thread([&] {
        set_for_us(true, 1000);
        set_for_us(false, 2 * debounce_us);
    });
    EXPECT_EQ(trace.isr_count(), 0u);
    EXPECT_EQ(trace.compact(), "[Q] [M] ; [X] [U] [Q]");
    set_for_us(true, 3 * debounce_us);
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_FALSE(gpio.pins.level(5));  // silenced by `device`
    (void)device;
}

TEST_F(Debounce, F106_I88_an_edge_of_a_controller_that_cannot_reconfigure) {
    emulate_debouncing();
    client.packet.CLIENT_ReconfigureInterrupt = nullptr;
    Peripheral& device =
        peripheral("BTN0", debounced(interrupt(5, Latched, InterruptRisingEdge))).make_by_hand();
    boot();
    EXPECT_EQ(device.connect(), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(trace.count(Callback::enable), 0u);
}

// I67: the timer of a pin that has been disconnected finds nothing to do.
TEST_F(Debounce, F188_no_reconfiguration_of_a_pin_that_is_not_in_use) {
    emulate_debouncing();
    emulate_both();
    gpio.starts_high(5);
    Peripheral& button = peripheral("BTN0", debounced(both(5)), both(6)).make_by_hand();
    boot();
    EXPECT_EQ(button.connect(0), STATUS_SUCCESS);
    in_thread([&] {
        set_for_us(false, 1000);
        EXPECT_EQ(trace.count(Callback::reconfigure), 1u);  // it settles
        button.disconnect(0);
        trace.clear();
        gpio.raise(5);
        gpio.raise(6);  // never connected
        wait_us(4 * debounce_us);
    });
    EXPECT_EQ(trace.full(), "");
    EXPECT_EQ(button.connect(0), STATUS_SUCCESS);
    set_for_us(false, 4 * debounce_us);
    EXPECT_EQ(trace.isr_count(), 1u);
    button.disconnect(0);
}

// The timer expires between CLIENT_DisableInterrupt and the end of the disconnect.
TEST_F(Debounce, F188_a_timer_that_expires_while_its_pin_is_disconnected) {
    emulate_debouncing();
    setting("checked", 1);
    Peripheral& button =
        peripheral("BTN0", debounced(interrupt(5, LevelSensitive, InterruptActiveHigh)))
            .make_by_hand();
    boot();
    EXPECT_EQ(button.connect(), STATUS_SUCCESS);
    in_thread([&] {
        set_for_us(true, 1000);
        gpio.during[Callback::query_enabled] = [](void*) {
            KeStallExecutionProcessor(2 * debounce_us);
        };
        trace.clear();
        button.disconnect();
    });
    EXPECT_EQ(trace.compact({.query_enabled = true}), "D [H]");
}

// I36: what could not be masked is tried once more, then a level is disabled.
class MaskFailure : public Emulation, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Times, MaskFailure, ::testing::Values(1, 2));
TEST_P(MaskFailure, F187_of_a_serial_controller) {
    gpio.serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    int left = GetParam();
    gpio.instead[Callback::mask] = [&](void* given) -> NTSTATUS {
        auto& p = *static_cast<PGPIO_MASK_INTERRUPT_PARAMETERS>(given);
        if (left-- > 0) {
            p.FailedMask = p.PinMask;
            return STATUS_IO_TIMEOUT;
        }
        p.FailedMask = 0;
        gpio.pins.set_masked(5, true);
        return STATUS_SUCCESS;
    };
    gpio.raise(5);
    EXPECT_TRUE(logged("CLIENT_MaskInterrupts"));
    EXPECT_EQ(trace.compact(), GetParam() == 1 ? "Q M M isr X U" : "Q M M D isr");
    trace.clear();
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), GetParam() == 1 ? 1u : 0u);
}

}  // namespace
}  // namespace gpioclx::conformance
