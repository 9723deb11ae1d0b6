// What a controller's driver has promised about each pin: what it was asked for, and said yes to.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/controller.h"
#include "verify/ordering.h"

namespace gpioclx::verify {

struct Promise {
    bool enabled = false;  // as interrupt
    bool masked = false;
    bool level = false;
    std::uint8_t polarity = 0;       // as machine::CallbackDetails
    std::uint8_t direction = 0;      // of the connection that is open: 1 input, 2 output
    bool preserve = false;           // what it drives is to stay when nobody uses it
    std::uint8_t changing = 0;       // callbacks about its interrupt that have begun
    bool direction_decided = false;  // its disconnect wrote the register that says so
    bool drove_at_start = false;     // before the driver did anything with it
    bool open_at_start = false;
    bool off = false;                    // without power
    bool was_pending = false;            // and not reported active since; of chips that compare
    std::uint64_t pending_since_ns = 0;  // nobody served it; 0: not pending
};

struct WatchedController {
    machine::NameId device = machine::no_name;
    machine::NameId chip = machine::no_name;  // the model's own name, in accesses over a bus
    const hardware::Controller* hardware = nullptr;
    bool started = false;
    std::vector<Promise> pins;
    std::vector<std::uint16_t> enabled;  // pins with an interrupt
    // Callbacks that run now, the latest last.
    std::vector<Context*> running;
};

// Calls call(pin number of the controller, bit in the bank) for each pin of the mask that the
// hardware has.
template <typename Call>
void for_each_pin(const WatchedController& controller, std::uint32_t first_pin, std::uint64_t pins,
                  Call call) {
    for (; pins != 0; pins &= pins - 1) {
        const auto number = static_cast<unsigned>(__builtin_ctzll(pins));
        if (first_pin + number < controller.pins.size()) call(first_pin + number, number);
    }
}

}  // namespace gpioclx::verify
