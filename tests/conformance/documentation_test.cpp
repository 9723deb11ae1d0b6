// The public documentation's own scenarios: one test for each of its topics about GPIO, in its
// words. docs/documentation.md lists them by title.
#include <gpio.h>

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

class Documentation : public ConformanceTest {
  protected:
    void acquire(ULONG bank) { GPIO_CLX_AcquireInterruptLock(gpio.context, bank); }
    void release(ULONG bank) { GPIO_CLX_ReleaseInterruptLock(gpio.context, bank); }
    const Call& last_isr() const {
        const Call* found = nullptr;
        for (const Call& call : trace.calls) {
            if (call.is_isr) found = &call;
        }
        EXPECT_NE(found, nullptr);
        return *found;
    }
    KIRQL dirql() const { return static_cast<KIRQL>(gpio.translated.at(1).u.Interrupt.Level); }
};

// The controller's interrupt is the primary one. GpioClx's ISR finds the pin, looks up the vector
// that the pin's interrupt was given, and that ISR runs as if a second interrupt had come.
TEST_F(Documentation, primary_and_secondary_interrupts) {
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    boot();
    gpio.raise(5);
    EXPECT_EQ(trace.compact({.who = true}), "[Q] [X] isr(BTN0)");
    const ULONG primary = gpio.translated.at(1).u.Interrupt.Vector;
    const ULONG secondary = button.descriptor(CmResourceTypeInterrupt).u.Interrupt.Vector;
    EXPECT_NE(primary, secondary);
    EXPECT_TRUE(last_isr().place.in_interrupt);
    EXPECT_FALSE(last_isr().place.interrupt_lock);
}

// A KMDF driver gets a GPIO pin as an interrupt resource like any other; the framework connects it
// behind D0Entry, and GpioClx enables the pin with what the firmware says.
TEST_F(Documentation, gpio_based_interrupt_resources) {
    auto resource = interrupt(5, LevelSensitive, InterruptActiveLow);
    resource.pull = GPIO_PIN_PULL_CONFIGURATION_PULLUP;
    gpio.starts_high(5);
    Peripheral& sensor = peripheral("SEN0", resource);
    keep_trace = true;
    boot();
    const CM_PARTIAL_RESOURCE_DESCRIPTOR& descriptor = sensor.descriptor(CmResourceTypeInterrupt);
    EXPECT_EQ(descriptor.Flags & CM_RESOURCE_INTERRUPT_LATCHED, 0);
    EXPECT_EQ(trace.last(Callback::enable).arguments,
              "bank 0 pin 5, level, low, pull 1, debounce 0");
    gpio.lower(5);
    EXPECT_EQ(trace.isr_count(), 1u);
    remove(sensor.path);
    EXPECT_EQ(trace.count(Callback::disable), 1u);
}

// The table of callbacks: at which IRQL each runs and which lock keeps it apart from the ISR.
TEST_F(Documentation, interrupt_synchronization_for_gpio_controller_drivers) {
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    button.make_passive();
    keep_trace = true;
    boot();
    gpio.raise(5);
    // Bare: at PASSIVE_LEVEL under the wait lock. Brackets: at DIRQL under the interrupt lock.
    EXPECT_EQ(trace.compact(), "E ; [Q] [M] ... isr [X] [U]");
    EXPECT_EQ(trace.last(Callback::enable).place.irql, PASSIVE_LEVEL);
    EXPECT_EQ(trace.last(Callback::query_active).place.irql, dirql());
    // A callback at PASSIVE_LEVEL takes the lock itself to be kept apart from the ISR.
    trace.clear();
    in_thread([&] {
        acquire(0);
        gpio.raise(5);
        KeStallExecutionProcessor(50);
        EXPECT_EQ(trace.compact(), "");
        release(0);
        wait_us(50);
    });
    EXPECT_EQ(trace.compact(), "[Q] [M] ... isr [X] [U]");
}

TEST_F(Documentation, interrupt_synchronization_behind_a_serial_bus) {
    gpio.serial();
    peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh)).make_passive();
    keep_trace = true;
    boot();
    gpio.raise(5);
    for (const Call& call : trace.calls) EXPECT_EQ(call.place.irql, PASSIVE_LEVEL);
    EXPECT_TRUE(trace.last(Callback::query_active).place.wait_lock);
}

// Two interfaces to the same pins: IOCTLs on a connection that a driver has opened, and interrupts
// that the kernel connects on behalf of a driver. Registers of one bank serve both.
TEST_F(Documentation, gpioclx_io_and_interrupt_interfaces) {
    Peripheral& user = peripheral("USER", io({4}), interrupt(5, Latched, InterruptRisingEdge));
    boot();
    Handle& pins = user.open(GENERIC_WRITE);
    ASSERT_EQ(pins.status, STATUS_SUCCESS);
    EXPECT_EQ(pins.write({1}).status, STATUS_SUCCESS);
    EXPECT_TRUE(gpio.pins.output(4));
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_EQ(trace.last(Callback::write_mask).place.irql, dirql());
    EXPECT_TRUE(trace.last(Callback::write_mask).place.interrupt_lock);
    pins.close();
    EXPECT_EQ(trace.count(Callback::disconnect), 1u);
}

// A masked interrupt stays enabled: what happens on the pin meanwhile is remembered by the
// hardware, and comes when the pin is unmasked.
TEST_F(Documentation, gpio_interrupt_masks) {
    Peripheral& sensor = peripheral("SEN0", interrupt(5, LevelSensitive, InterruptActiveHigh));
    sensor.make_passive();
    bool masked_meanwhile = false;
    int runs = 0;
    sensor.isr = [&] {
        masked_meanwhile = (gpio.pins.enabled(0) & 1u << 5) == 0;
        if (++runs == 2) gpio.lower(5);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_TRUE(masked_meanwhile);
    EXPECT_EQ(runs, 2) << "the level was there still when the pin was unmasked";
    EXPECT_EQ(trace.count(Callback::mask), 2u);
    EXPECT_EQ(trace.count(Callback::unmask), 2u);
    EXPECT_EQ(trace.count(Callback::enable) + trace.count(Callback::disable), 0u);
}

// Drivers that share a pin connect and disconnect their ISRs one by one; the pin is enabled for the
// first and disabled behind the last.
TEST_F(Documentation, enabling_and_disabling_shared_gpio_interrupts) {
    std::vector<Peripheral*> devices;
    for (const char* name : {"DEV0", "DEV1"}) {
        devices.push_back(
            &peripheral(name, shared(interrupt(5, LevelSensitive, InterruptActiveHigh))));
        devices.back()->make_by_hand();
    }
    devices[0]->isr = [] { return false; };
    boot();
    for (Peripheral* device : devices) ASSERT_EQ(device->connect(), STATUS_SUCCESS);
    EXPECT_EQ(trace.count(Callback::enable), 1u);
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 2u) << "the first does not claim it";
    devices[0]->disconnect();
    EXPECT_EQ(trace.count(Callback::disable), 0u);
    gpio.raise(5);
    EXPECT_EQ(trace.isr_count(), 3u);
    devices[1]->disconnect();
    EXPECT_EQ(trace.count(Callback::disable), 1u);
}

// An ISR that has to wait runs at PASSIVE_LEVEL. Its pin is masked so long; others are served.
TEST_F(Documentation, passive_level_isrs) {
    Peripheral& slow = peripheral("SLOW", interrupt(5, LevelSensitive, InterruptActiveHigh));
    slow.make_passive();
    Peripheral& quick = peripheral("QUIK", interrupt(6, Latched, InterruptRisingEdge));
    int quick_runs = 0, quick_runs_meanwhile = 0;
    quick.isr = [&] { return ++quick_runs > 0; };
    slow.isr = [&] {
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        gpio.raise(6);
        wait_us(100);
        quick_runs_meanwhile = quick_runs;
        gpio.lower(5);
        return true;
    };
    boot();
    gpio.raise(5);
    EXPECT_EQ(quick_runs_meanwhile, 1);
    EXPECT_EQ(trace.count(Callback::unmask), 1u);
}

// Banks have their own registers, locks and, if the hardware is made so, primary interrupts. Pin
// numbers in callbacks count from the beginning of the bank.
TEST_F(Documentation, partitioning_a_gpio_controller_into_banks_of_pins) {
    gpio.banks(64, 32);
    peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge));
    peripheral("BTN1", interrupt(37, Latched, InterruptRisingEdge));
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.last(Callback::enable).bank, 1u);
    EXPECT_EQ(trace.last(Callback::enable).pin, 5u);
    in_thread([&] {
        acquire(0);
        gpio.raise(5);
        gpio.raise(37);
        KeStallExecutionProcessor(50);
        EXPECT_EQ(trace.isr_count(), 1u) << "of bank 1, whose lock is free";
        release(0);
        wait_us(50);
    });
    EXPECT_EQ(trace.isr_count(), 2u);
}

// A driver opens the connection that its resource names, and reads and writes by IOCTLs: bit 0 is
// the first pin of the resource.
TEST_F(Documentation, connecting_a_kmdf_driver_to_gpio_io_pins) {
    Peripheral& user = peripheral("USER", io({7, 4}), io({9}));
    boot();
    Handle& inputs = user.open(GENERIC_READ, 0);
    Handle& output = user.open(GENERIC_WRITE, 1);
    ASSERT_EQ(inputs.status, STATUS_SUCCESS);
    ASSERT_EQ(output.status, STATUS_SUCCESS);
    gpio.raise(4);
    const IoResult read = inputs.read(1);
    EXPECT_EQ(read.status, STATUS_SUCCESS);
    EXPECT_EQ(read.data.at(0), 0x02);
    EXPECT_EQ(output.write({1}).status, STATUS_SUCCESS);
    EXPECT_TRUE(gpio.pins.output(9));
    inputs.close();
    output.close();
}

}  // namespace
}  // namespace gpioclx::conformance
