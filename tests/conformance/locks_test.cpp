// The bank locks as a client uses them (rules L1-L20, V1, V2, V7-V13).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class Locks : public ConformanceTest {
  protected:
    void acquire(BANK_ID bank) { GPIO_CLX_AcquireInterruptLock(gpio.context, bank); }
    void release(BANK_ID bank) { GPIO_CLX_ReleaseInterruptLock(gpio.context, bank); }
    KIRQL dirql(ULONG bank) const {
        return static_cast<KIRQL>(gpio.translated.at(1 + bank).u.Interrupt.Level);
    }
};

TEST_F(Locks, F34_acquire_raises_to_the_banks_DIRQL_and_release_restores) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    std::vector<int> levels;
    levels.reserve(3);
    gpio.during[Callback::enable] = [&](void*) {
        levels.push_back(KeGetCurrentIrql());
        acquire(0);
        levels.push_back(KeGetCurrentIrql());
        release(0);
        levels.push_back(KeGetCurrentIrql());
    };
    boot();
    EXPECT_GT(dirql(0), DISPATCH_LEVEL);
    EXPECT_EQ(levels, (std::vector<int>{PASSIVE_LEVEL, dirql(0), PASSIVE_LEVEL}));
}

TEST_F(Locks, F34_release_restores_the_IRQL_before_the_matching_acquire) {
    gpio.banks(64, 32);
    boot();
    in_thread([&] {
        KIRQL before;
        KeRaiseIrql(DISPATCH_LEVEL, &before);
        acquire(0);
        acquire(1);
        EXPECT_EQ(KeGetCurrentIrql(), dirql(1));
        release(1);
        EXPECT_EQ(KeGetCurrentIrql(), dirql(0));
        release(0);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KeLowerIrql(before);
    });
}

TEST_F(Locks, F35_the_lock_of_a_serial_controller_keeps_the_IRQL) {
    gpio.serial();
    boot();
    in_thread([&] {
        acquire(0);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        release(0);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    });
}

// L7: the interrupt arrives while the lock is held, on another processor.
TEST_F(Locks, F36_lock_excludes_isr_callbacks_of_that_bank) {
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    in_thread([&] {
        acquire(0);
        gpio.raise(5);
        KeStallExecutionProcessor(100);
        EXPECT_EQ(trace.compact(), "");
        release(0);
        wait_us(100);
    });
    EXPECT_EQ(trace.compact(), "[Q] [X] isr");
}

TEST_F(Locks, F37_the_lock_of_one_bank_does_not_delay_another) {
    gpio.banks(64, 32);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    peripheral("BTN1", interrupt(37, Latched, InterruptRisingEdge));
    boot();
    in_thread([&] {
        acquire(0);
        gpio.raise(5);
        gpio.raise(37);
        KeStallExecutionProcessor(100);
        EXPECT_EQ(trace.isr_count(), 1u);
        release(0);
        wait_us(100);
    });
    EXPECT_EQ(trace.isr_count(), 2u);
    EXPECT_EQ(trace.all(Callback::query_active).front()->bank, 1u);
}

TEST_F(Locks, F38_acquiring_twice_is_fatal) {
    expect_finding("V1");
    boot();
    thread("client", [&] {
        acquire(0);
        acquire(0);
        ADD_FAILURE() << "the second acquire returned";
    });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
}

TEST_F(Locks, F38_acquiring_twice_is_fatal_for_a_serial_controller) {
    gpio.serial();
    expect_finding("V1");
    boot();
    thread("client", [&] {
        acquire(0);
        acquire(0);
        ADD_FAILURE() << "the second acquire returned";
    });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
}

TEST_F(Locks, F39_release_without_acquire_and_of_another_bank) {
    gpio.banks(64, 32);
    expect_finding("V2");
    boot();
    in_thread([&] {
        release(0);
        EXPECT_EQ(finding_count("V2"), 1u);
        acquire(0);
        release(1);
        EXPECT_EQ(finding_count("V2"), 2u);
        EXPECT_EQ(KeGetCurrentIrql(), dirql(0));
        release(0);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    });
    EXPECT_EQ(finding_count("V2"), 2u);
}

TEST_F(Locks, F39_release_by_somebody_else) {
    expect_finding("V2");
    boot();
    thread("owner", [&] {
        acquire(0);
        KeStallExecutionProcessor(500);
        release(0);
    });
    thread("stranger", [&] {
        KeStallExecutionProcessor(100);
        release(0);
    });
    run();
    EXPECT_EQ(finding_count("V2"), 1u);
}

TEST_F(Locks, F39_misuse_of_a_serial_controllers_lock) {
    gpio.banks(64, 32).serial();
    expect_finding("V2");
    boot();
    thread("owner", [&] {
        acquire(0);
        release(1);
        wait_us(500);
        EXPECT_EQ(finding_count("V2"), 2u);
        release(0);
    });
    thread("stranger", [&] {
        wait_us(100);
        EXPECT_EQ(finding_count("V2"), 1u);
        release(0);
    });
    run();
}

// V17, L19: the device is that of the callback.
TEST_F(Locks, V17_a_lock_of_another_controller_in_a_callback) {
    Controller& other = add_controller("\\_SB.GPI1", client);
    expect_finding("V17");
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    gpio.during[Callback::enable] = [&](void*) {
        acquire(0);
        release(0);
        EXPECT_EQ(finding_count("V17"), 0u);
        GPIO_CLX_AcquireInterruptLock(other.context, 0);
        GPIO_CLX_ReleaseInterruptLock(other.context, 0);
        EXPECT_EQ(finding_count("V17"), 1u) << "not once more at DIRQL, for the release";
    };
    boot();
    EXPECT_EQ(finding_count("V17"), 1u);
    in_thread([&] {  // outside of callbacks nobody can say
        GPIO_CLX_AcquireInterruptLock(other.context, 0);
        GPIO_CLX_ReleaseInterruptLock(other.context, 0);
    });
    EXPECT_EQ(finding_count("V17"), 1u);
}

class BadContext : public Locks, public ::testing::WithParamInterface<const char*> {};

TEST_P(BadContext, F40_a_context_that_is_none_is_bug_check_138) {
    expect_finding("V12");
    boot();
    char somewhere[16] = {};
    void* context = std::string(GetParam()) == "NULL"     ? nullptr
                    : std::string(GetParam()) == "inside" ? static_cast<char*>(gpio.context) + 16
                                                          : somewhere;
    thread("client", [&] { GPIO_CLX_AcquireInterruptLock(context, 0); });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 2u);
    EXPECT_EQ(bug_check().parameter2, reinterpret_cast<std::uint64_t>(context));
}
INSTANTIATE_TEST_SUITE_P(All, BadContext, ::testing::Values("NULL", "inside", "elsewhere"),
                         [](const auto& info) { return std::string(info.param); });

TEST_F(Locks, F40_release_checks_its_context_too) {
    expect_finding("V12");
    boot();
    thread("client", [&] { GPIO_CLX_ReleaseInterruptLock(nullptr, 0); });
    run();
    EXPECT_EQ(bug_check().parameter1, 2u);
}

TEST_F(Locks, F41_a_bank_that_does_not_exist) {
    gpio.banks(64, 32);
    expect_finding("V12");
    boot();
    thread("client", [&] { acquire(2); });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 2u);
}

// Two threads open pins of one bank: the callbacks never overlap, however long each takes.
TEST_F(Locks, F49_the_wait_lock_serializes_passive_callbacks_of_a_bank) {
    Peripheral& first = peripheral("LED0", io({1}));
    Peripheral& second = peripheral("LED1", io({2}));
    boot();
    gpio.during[Callback::connect] = [&](void*) { wait_us(500); };
    thread("first", [&] { first.open(GENERIC_READ); });
    thread("second", [&] { second.open(GENERIC_READ); });
    run();
    const auto calls = trace.all(Callback::connect);
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_LT(calls[0]->left, calls[1]->entered);
}

TEST_F(Locks, F50_passive_callbacks_of_different_banks_overlap) {
    gpio.banks(64, 32);
    Peripheral& first = peripheral("LED0", io({1}));
    Peripheral& second = peripheral("LED1", io({33}));
    boot();
    gpio.during[Callback::connect] = [&](void*) { wait_us(500); };
    thread("first", [&] { first.open(GENERIC_READ); });
    thread("second", [&] { second.open(GENERIC_READ); });
    run();
    const auto calls = trace.all(Callback::connect);
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_GT(calls[0]->left, calls[1]->entered);
}

// L17: I/O and interrupt callbacks alike.
TEST_F(Locks, F49_interrupt_and_io_callbacks_of_a_serial_bank_are_serialized) {
    gpio.serial();
    Peripheral& led = peripheral("LED0", io({1}));
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    gpio.during[Callback::connect] = [&](void*) {
        gpio.raise(5);
        wait_us(500);
        EXPECT_EQ(trace.count(Callback::query_active), 0u);
    };
    led.open(GENERIC_READ);
    EXPECT_EQ(trace.compact(), "Connect ; Q M isr X U");
}

TEST_F(Locks, F51_code_of_a_serial_driver_that_holds_the_lock_delays_the_next_callback) {
    gpio.serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    boot();
    in_thread([&] {
        acquire(0);
        gpio.raise(5);
        wait_us(500);
        EXPECT_EQ(trace.compact(), "");
        release(0);
    });
    EXPECT_EQ(trace.compact(), "Q M isr X U");
}

TEST_F(Locks, F53_a_service_routine_that_raises_another_pin_of_its_bank) {
    gpio.information.Flags.FormatIoRequestsAsMasks = 1;
    Peripheral& first = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    peripheral("BTN1", interrupt(6, Latched, InterruptRisingEdge));
    first.isr = [&] {
        gpio.pins.set_level(6, true);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] [X] isr(BTN0) [Q] [X] isr(BTN1)");
}

// A client's own code holds the lock, and pins are read meanwhile.
TEST_F(Locks, F54_independent_io_does_not_wait_for_the_interrupt_lock) {
    gpio.information.Flags.IndependentIoHwSupported = 1;
    Peripheral& sensor = peripheral("SNS0", io({7}));
    boot();
    Handle& handle = sensor.open(GENERIC_READ);
    bool read_meanwhile = false;
    thread("holder", [&] {
        acquire(0);
        KeStallExecutionProcessor(2000);
        read_meanwhile = trace.count(Callback::read_mask) == 1;
        release(0);
    });
    thread("reader", [&] {
        KeStallExecutionProcessor(100);
        EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
    });
    run();
    EXPECT_TRUE(read_meanwhile);
}

TEST_F(Locks, F54_without_the_flag_a_read_waits_for_the_lock) {
    Peripheral& sensor = peripheral("SNS0", io({7}));
    boot();
    Handle& handle = sensor.open(GENERIC_READ);
    thread("holder", [&] {
        acquire(0);
        KeStallExecutionProcessor(2000);
        EXPECT_EQ(trace.count(Callback::read_mask), 0u);
        release(0);
    });
    thread("reader", [&] {
        KeStallExecutionProcessor(100);
        EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
    });
    run();
    EXPECT_EQ(trace.count(Callback::read_mask), 1u);
}

TEST_F(Locks, F55_a_function_of_the_controller_holds_the_wait_locks_of_all_banks) {
    gpio.banks(96, 32);
    Peripheral& user = peripheral("DEV0", io({1}));
    boot();
    gpio.during[Callback::specific] = [&](void*) {
        for (BANK_ID bank : {0, 1, 2}) {
            acquire(bank);
            release(bank);
        }
    };
    Handle& handle = user.open(GENERIC_READ);
    EXPECT_EQ(handle.control(IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION).status, STATUS_SUCCESS);
    EXPECT_TRUE(trace.last(Callback::specific).place.wait_lock);
    EXPECT_EQ(trace.compact(), "Connect Specific");
}

TEST_F(Locks, F55_no_lock_is_left_for_the_function_of_a_serial_controller) {
    gpio.banks(96, 32).serial();
    expect_finding("V4");
    Peripheral& user = peripheral("DEV0", io({1}));
    boot();
    gpio.during[Callback::specific] = [&](void*) {
        for (BANK_ID bank : {0, 1, 2}) {
            acquire(bank);
            release(bank);
        }
    };
    user.open(GENERIC_READ).control(IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION);
    EXPECT_EQ(finding_count("V4"), 3u);
}

TEST_F(Locks, release_in_another_order_keeps_the_IRQL_and_is_warned_of) {
    gpio.banks(64, 32);
    expect_finding("V13");
    boot();
    in_thread([&] {
        acquire(0);
        acquire(1);
        release(0);
        EXPECT_EQ(KeGetCurrentIrql(), dirql(1));
        release(1);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    });
}

}  // namespace
}  // namespace gpioclx::conformance
