// The state of up to 32 pins of a controller as bit planes: bit n of a plane is pin n of the bank.
// Planes have one meaning whatever the polarity of the register behind them (`unmask` is 1 where a
// mask register has 0), so that the hot paths are a few operations on words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gpioclx::hardware {

enum class Plane : std::uint8_t {
    // written by registers
    latch,
    direction,
    input_enable,
    hardware,
    open_drain,
    input_invert,
    output_invert,
    pull_enable,
    pull_select,
    pull_strobe,
    type_level,
    polarity_high,
    both,
    detect_rising,
    detect_falling,
    detect_high,
    detect_low,
    detect_rising_async,
    detect_falling_async,
    enable,
    unmask,
    status,
    soft_trigger,
    lock,
    debounce,
    compare_value,
    compare_select,
    // decoded from fields of several bits
    function_output,
    function_gpio,
    function_hardware,
    function_interrupt,
    function_analog,
    config_rising,
    config_falling,
    config_high,
    config_low,
    config_both,
    pull_up,
    pull_down,
    // computed
    filtered,   // what the debounce filter lets through
    pad,        // the level that inputs read
    raw,        // status before the mask
    is_output,  // configured as output by direction or function
    alternate_on,
    alternate_high,  // what another block drives through the pin
    // of chips that compare instead of detecting edges (controller_compare.cpp)
    reference,  // the pads that the comparators remember
    armed,      // pins whose comparator was on
    capture,    // the pads at the first event
    cause,      // the pins of the first event
    count_,
};

constexpr std::size_t plane_count = static_cast<std::size_t>(Plane::count_);
constexpr std::size_t assertions_max = 4;

struct Bank {
    std::array<std::uint32_t, plane_count> planes{};
    std::uint32_t pins = 0;      // those that exist
    std::uint32_t wired = 0;     // connected to a wire
    std::uint32_t floating = 0;  // nothing drives or pulls the pad
    std::uint32_t floating_reported = 0;
    std::uint32_t drive_on = 0, drive_high = 0;    // the pads' own drivers
    std::uint32_t drove_high = 0, drove_low = 0;   // at any time since the power came back
    std::uint32_t pulled_up = 0, pulled_down = 0;  // the pads' own pulls
    // What the detectors look for, from type, polarity, configuration and detect registers.
    std::uint32_t rising = 0, falling = 0, level_high = 0, level_low = 0;
    // Pad changes not yet seen by the detectors.
    std::uint32_t rose = 0, fell = 0;
    std::uint32_t staged = 0;        // wires that have to resolve after a change of driver or pull
    std::uint32_t level_active = 0;  // comparator, level mode
    std::uint32_t seen = 0;          // what detectors behind an input path saw last
    std::uint32_t filtering = 0;     // pins whose debounce filter is on
    std::uint32_t reconfigured = 0;  // pins whose trigger a write has just changed
    // Power (controller_power.cpp).
    std::uint32_t off = 0;           // pins without power
    std::uint32_t switched_off = 0;  // those that were switched off on their own
    // Since the pins got their power back: whose pads moved, and which asserted an interrupt.
    std::uint32_t moved = 0, ever_asserted = 0;
    std::array<std::uint32_t, assertions_max> asserted{};
    std::uint16_t first_pin = 0;
    std::uint16_t first_link = 0, link_count = 0;  // interrupt outputs that look at this bank
    std::uint8_t effects = 0;                      // what a write still has to bring about
    bool touched = false;

    std::uint32_t& operator[](Plane plane) { return planes[static_cast<std::size_t>(plane)]; }
    std::uint32_t operator[](Plane plane) const { return planes[static_cast<std::size_t>(plane)]; }
};

}  // namespace gpioclx::hardware
