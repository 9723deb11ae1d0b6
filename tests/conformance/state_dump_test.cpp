// What the extension tells of its state as text (D2): the content of gpiokd's commands.
#include <ext/gx_dump.h>

#include "conformance_test.h"
#include "kernel/dbg/state_dump.h"

namespace gpioclx::conformance {
namespace {

class StateDump : public ConformanceTest {
  protected:
    Controller& expander = add_controller("\\_SB.EXP0", client);
    Peripheral& button = peripheral("BTN0", interrupt(5, LevelSensitive, InterruptActiveHigh),
                                    interrupt(35, Latched, InterruptActiveBoth));
    Peripheral& led = peripheral("LED0", io({34}));
    void SetUp() override {
        gpio.banks(36, 32).information.Flags.EmulateActiveBoth = 1;
        gpio.starts_high(35);
        expander.serial().interrupts = {};
        expander.information.TotalPins = expander.information.NumberOfPinsPerBank = 8;
        ConformanceTest::SetUp();
    }
    static std::string dump(ULONG flags) { return kernel::dbg::state_dump("gpioclx", flags); }
    static bool has(const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

TEST_F(StateDump, F183_lists_the_registered_controllers) {
    boot();
    EXPECT_EQ(dump(0),
              "\\_SB.GPIO: started, memory-mapped, 36 pins in 2 banks, 0 open handles\n"
              "\\_SB.EXP0: started, serial, 8 pins in 1 bank, 0 open handles\n");
    remove(button.path);
    remove(led.path);
    remove(expander.path);
    EXPECT_EQ(dump(0), "\\_SB.GPIO: started, memory-mapped, 36 pins in 2 banks, 0 open handles\n");
}

TEST_F(StateDump, F183_details_are_banks_and_configured_pins_with_their_service_routines) {
    boot();
    Handle& handle = led.open(GENERIC_WRITE);
    gpio.raise(5);
    EXPECT_EQ(
        dump(GX_DUMP_DETAILS | GX_DUMP_REGISTERS),
        "\\_SB.GPIO: started, memory-mapped, 36 pins in 2 banks, 1 open handle\n"
        "  bank 0: 32 pins, interrupt 40 at IRQL 3, level; spurious 0\n"
        "    enabled 0000000000000020, masked 0000000000000000\n"
        "    pin 5: interrupt GSI 1024, high level, unmasked; delivered 1, unclaimed 0, storms 0\n"
        "        \\_SB.BTN0, at IRQL 3\n"
        "  bank 1: 4 pins, interrupt 41 at IRQL 4, level; spurious 0\n"
        "    enabled 0000000000000008, masked 0000000000000000\n"
        "    pin 2: output, pull 0, debounce 0, drive 0, 1 handle\n"
        "    pin 3: interrupt GSI 1025, low level, both edges emulated, unmasked; delivered 0, "
        "unclaimed 0, storms 0\n"
        "        \\_SB.BTN0, at IRQL 4\n"
        "\\_SB.EXP0: started, serial, 8 pins in 1 bank, 0 open handles\n"
        "  bank 0: 8 pins, no interrupt; spurious 0\n"
        "    enabled 0000000000000000, masked 0000000000000000\n");
    handle.close();
    EXPECT_FALSE(has(dump(GX_DUMP_DETAILS), "output"));
}

TEST_F(StateDump, F183_registers_and_unconfigured_pins_are_shown_when_asked_for) {
    boot();
    EXPECT_FALSE(has(dump(GX_DUMP_DETAILS), "enabled 00"));
    EXPECT_FALSE(has(dump(GX_DUMP_DETAILS), "not configured"));
    const std::string all = dump(GX_DUMP_DETAILS | GX_DUMP_UNCONFIGURED_PINS);
    EXPECT_TRUE(has(all, "    pin 4: not configured\n    pin 5: interrupt"));
    EXPECT_TRUE(has(all, "    pin 7: not configured\n"));
    EXPECT_FALSE(has(all, "enabled 00"));
}

TEST_F(StateDump, F183_says_why_a_pin_is_masked_and_what_a_routine_does) {
    button.make_by_hand().make_passive();
    boot();
    ASSERT_EQ(button.connect(), STATUS_SUCCESS);
    std::string during;
    button.isr = [&] {
        const std::string text = dump(GX_DUMP_DETAILS | GX_DUMP_REGISTERS);
        machine::OutsideArenaScope outside;
        during = text;
        gpio.pins.set_level(5, false);
        return false;
    };
    gpio.raise(5);
    EXPECT_TRUE(has(during, "enabled 0000000000000020, masked 0000000000000020"));
    EXPECT_TRUE(has(during, "high level, masked (in service); delivered"));
    EXPECT_TRUE(has(during, "\\_SB.BTN0, passive, at IRQL 0, running\n"));
    button.report_active(false);
    const std::string inactive = dump(GX_DUMP_DETAILS);
    EXPECT_TRUE(has(inactive, "masked (inactive); delivered 1, unclaimed 1"));
    EXPECT_TRUE(has(inactive, "\\_SB.BTN0, passive, at IRQL 0, inactive\n"));
    button.disconnect();
    EXPECT_FALSE(has(dump(GX_DUMP_DETAILS), "pin 5"));
}

TEST_F(StateDump, F183_asking_changes_nothing) {
    boot();
    const std::size_t events = recorder.events.size();
    const std::uint64_t now = machine().now_ns();
    dump(GX_DUMP_DETAILS | GX_DUMP_REGISTERS);
    EXPECT_EQ(recorder.events.size(), events);
    EXPECT_EQ(machine().now_ns(), now);
}

TEST_F(StateDump, F183_goes_with_the_extension) {
    boot();
    shut_down();
    EXPECT_EQ(dump(0), "");
}

}  // namespace
}  // namespace gpioclx::conformance
