// A controller whose every callback is called once at least: for tests that look at all of them.
#pragma once

#include "conformance_test.h"

namespace gpioclx::conformance {

class EveryCallback : public ConformanceTest {
  protected:
    // Before boot(). One pin each: 1 edge, 2 level, 3 both edges (emulated), 4..6 for I/O.
    void describe() {
        gpio.information.Flags.EmulateActiveBoth = 1;
        add_pre_process(client.packet);
        add_query_set(client.packet);
        setting("checked", 1);
        device = &peripheral("DEV0", interrupt(1, Latched, InterruptRisingEdge),
                             interrupt(2, LevelSensitive, InterruptActiveHigh),
                             interrupt(3, Latched, InterruptActiveBoth), io({4, 5, 6}));
        device->passive = true;
        gpio.starts_high(3);
        keep_trace = true;
    }

    // Boots, uses everything, shuts down.
    void exercise() {
        boot();
        gpio.raise(1);
        gpio.raise(2);
        gpio.lower(3);
        Handle& handle = device->open(GENERIC_READ | GENERIC_WRITE);
        EXPECT_EQ(handle.status, STATUS_SUCCESS);
        EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
        EXPECT_EQ(handle.write({7}).status, STATUS_SUCCESS);
        EXPECT_EQ(handle.control(IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION, {1}, 1).status,
                  STATUS_SUCCESS);
        handle.close();
        shut_down();
    }

    Peripheral* device = nullptr;
};

}  // namespace gpioclx::conformance
