// Pins as inputs and outputs of peripherals (rules C, G, H).
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Io = ConformanceTest;

// The specification's worked example (7.8).
TEST_F(Io, F120_a_resource_that_spans_two_banks_is_one_call_for_each) {
    gpio.banks(64, 32);
    Peripheral& leds = peripheral("LED0", io({30, 31, 32, 40}));
    boot();
    Handle& handle = leds.open(GENERIC_WRITE);
    ASSERT_EQ(handle.status, STATUS_SUCCESS);
    const IoResult written = handle.write({0b1010});
    handle.close();
    EXPECT_EQ(written.status, STATUS_SUCCESS);
    EXPECT_EQ(written.information, 1u);
    EXPECT_EQ(trace.full(),
              "GPIO ConnectIoPins(bank 0 pins {30 31}, mode 2, pull 0, debounce 0, drive 0) irql 0, "
              "wait lock -> STATUS_SUCCESS\n"
              "GPIO ConnectIoPins(bank 1 pins {0 8}, mode 2, pull 0, debounce 0, drive 0) irql 0, "
              "wait lock -> STATUS_SUCCESS\n"
              "GPIO WriteGpioPinsUsingMask(bank 0 set 80000000 clear 40000000) irql 3, interrupt "
              "lock, wait lock -> STATUS_SUCCESS\n"
              "GPIO WriteGpioPinsUsingMask(bank 1 set 100 clear 1) irql 4, interrupt lock, wait "
              "lock -> STATUS_SUCCESS\n"
              "GPIO DisconnectIoPins(bank 0 pins {30 31}, mode 2) irql 0, wait lock -> "
              "STATUS_SUCCESS\n"
              "GPIO DisconnectIoPins(bank 1 pins {0 8}, mode 2) irql 0, wait lock -> "
              "STATUS_SUCCESS\n");
}

TEST_F(Io, F124_a_read_through_pin_tables) {
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    Peripheral& sensor = peripheral("SNS0", io({7, 8, 23}));
    boot();
    gpio.raise(7);
    gpio.raise(23);
    const IoResult read = sensor.open(GENERIC_READ).read(1);
    EXPECT_EQ(read.status, STATUS_SUCCESS);
    EXPECT_EQ(read.data, std::vector<UCHAR>{0b101});
    EXPECT_EQ(trace.last(Callback::read).arguments, "bank 0 pins {7 8 23}");
    EXPECT_EQ(trace.compact(), "Connect [Read]");
}

}  // namespace
}  // namespace gpioclx::conformance
