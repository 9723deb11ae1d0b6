// A push button as a driver for KMDF 1.15 or later has it (W17): its device has no registers, so
// that it may interrupt as soon as the framework connects it.
#include "peripheral_interrupts.h"

namespace gpioclx::conformance {
namespace {

class Button : public PeripheralInterrupts {
  protected:
    bool pressed = false;
    unsigned presses = 0, releases = 0;
    void SetUp() override {
        PeripheralInterrupts::SetUp();
        button.resources = {interrupt(5, Latched, InterruptActiveBoth)};
        button.configuration = [this](WDF_INTERRUPT_CONFIG& config) {
            config.EvtInterruptEnable = [](WDFINTERRUPT, WDFDEVICE) -> NTSTATUS {
                return note("enable"), STATUS_SUCCESS;
            };
            const auto tell = [](WDFINTERRUPT, WDFOBJECT) {
                auto& test = static_cast<Button&>(self());
                note(test.pressed ? "pressed" : "released");
            };
            if (button.passive) {
                config.EvtInterruptWorkItem = tell;
            } else {
                config.EvtInterruptDpc = tell;
            }
        };
        // What drivers do in their routine works, however early it comes.
        button.isr = [this] {
            if (presses + releases == 0) note("first");
            pressed = !pressed;
            ++(pressed ? presses : releases);
            WDFINTERRUPT interrupt = button.interrupts.at(0);
            EXPECT_EQ(WdfInterruptGetDevice(interrupt), button.device);
            EXPECT_NE(WdfInterruptWdmGetInterrupt(interrupt), nullptr);
            WDF_INTERRUPT_INFO info;
            WDF_INTERRUPT_INFO_INIT(&info);
            if (button.passive) {
                WdfInterruptGetInfo(interrupt, &info);
                EXPECT_EQ(info.Vector, line().Vector);
                EXPECT_TRUE(WdfInterruptQueueWorkItemForIsr(interrupt));
            } else {
                EXPECT_TRUE(WdfInterruptQueueDpcForIsr(interrupt));
            }
            return true;
        };
    }
    void press_twice() {
        for (int i = 0; i < 2; ++i) {
            gpio.raise(5);
            gpio.lower(5);
        }
    }
};

TEST_F(Button, F178_counts_presses_and_releases_from_the_first_press) {
    boot();
    press_twice();
    EXPECT_EQ(presses, 2u);
    EXPECT_EQ(releases, 2u);
    EXPECT_EQ(noted(), "enable first pressed released pressed released");
}

TEST_F(Button, F178_passive_counts_them_too) {
    button.make_passive();
    boot();
    press_twice();
    EXPECT_EQ(presses, 2u);
    EXPECT_EQ(releases, 2u);
    EXPECT_EQ(noted(), "enable first pressed released pressed released");
}

// Asserted is low, so that a button which is low at start is held down: its interrupt comes with
// the connection, while the framework is still connecting.
class HeldButton : public Button {
  protected:
    void SetUp() override {
        Button::SetUp();
        gpio.information.Flags.EmulateActiveBoth = 1;
        gpio.after[Callback::enable] = [](void*) { KeStallExecutionProcessor(100); };
    }
};

TEST_F(HeldButton, F178_that_is_down_at_start_is_a_press) {
    boot();
    EXPECT_EQ(presses, 1u);
    EXPECT_EQ(noted(), "first pressed enable");
    gpio.raise(5);
    EXPECT_EQ(releases, 1u);
    gpio.lower(5);
    gpio.raise(5);
    EXPECT_EQ(presses, 2u);
    EXPECT_EQ(releases, 2u);
}

TEST_F(HeldButton, F178_passive_that_is_down_at_start_is_a_press) {
    button.make_passive();
    boot();
    EXPECT_EQ(presses, 1u);
    gpio.raise(5);
    gpio.lower(5);
    EXPECT_EQ(presses, 2u);
    EXPECT_EQ(releases, 1u);
}

TEST_F(HeldButton, F178_that_is_up_at_start_is_none) {
    gpio.starts_high(5);
    boot();
    EXPECT_EQ(presses, 0u);
    gpio.lower(5);
    EXPECT_EQ(presses, 1u);
    gpio.raise(5);
    EXPECT_EQ(releases, 1u);
}

}  // namespace
}  // namespace gpioclx::conformance
