// Microsoft's published ASL, where a checkout of Windows-driver-samples is at hand: set
// GPIOCLX_DRIVER_SAMPLES to its folder.
#include <cstdlib>

#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

using Samples = LoadedTest;

TEST_F(Samples, simdevice_describes_four_banks_an_interrupt_and_two_pins) {
    const char* samples = std::getenv("GPIOCLX_DRIVER_SAMPLES");
    if (samples == nullptr) GTEST_SKIP() << "not run here: GPIOCLX_DRIVER_SAMPLES is not set";
    const auto path =
        std::filesystem::path(samples) / "gpio/samples/simdevice/kmdf/GpioSampleKMDF.asl";
    auto tables = load_tables({path}, folder());
    ASSERT_TRUE(tables.ok()) << tables.error().text();
    auto loaded = Firmware::load(std::move(*tables), host());
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();

    std::string listing;
    auto devices = (*loaded)->devices();
    ASSERT_TRUE(devices.ok()) << devices.error().text();
    for (const Device& device : *devices) {
        listing += to_string(device) + '\n';
        auto resources = (*loaded)->resources(device.path);
        ASSERT_TRUE(resources.ok()) << resources.error().text();
        for (const Resource& resource : *resources) listing += "  " + to_string(resource) + '\n';
    }
    EXPECT_EQ(listing, R"(\_SB.GPIO TEST0001 (TEST0001) uid 4
  Interrupt 50, level, active high, shared
  Interrupt 50, level, active high, shared
  Interrupt 51, level, active high, shared
  Interrupt 51, level, active high, shared
  Memory 0x100000, 0x18 bytes, read-write
\_SB.GPIO.TDEV TEST0003 (TEST0003) uid 1
  GpioInt \_SB.GPIO pin 1, edge, active high, shared, pull up, vendor data 01
  GpioIo \_SB.GPIO pin 10, input and output, exclusive, pull up, vendor data 01
  GpioIo \_SB.GPIO pin 11, input and output, exclusive, pull up, vendor data 01
)");
    EXPECT_EQ(host().complaints(), "");
}

}  // namespace
}  // namespace gpioclx::firmware
