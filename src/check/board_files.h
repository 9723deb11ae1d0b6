// The board that a driver is checked on, as files that a person can read and run: the firmware of
// the controller (ours, unless the user has one), the firmware of the devices that use its pins,
// and the register block that drives the wires of level-triggered interrupts.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/bench_file.h"
#include "check/subject.h"

namespace gpioclx::check {

// How a pin can interrupt. Each has a device of its own, because the firmware says how.
struct Trigger {
    const char* handle;    // in scripts
    const char* device;    // "\\_SB.CKRE"
    const char* name;      // for people
    const char* resource;  // as GpioInt has it
    bool level = false;
    bool high = false;  // active level or edge
    bool both = false;
};
extern const std::array<Trigger, 5> triggers;

// The device with the I/O connections, and those that share interrupts (two for each level).
inline constexpr const char* io_device = "\\_SB.CKIO";
inline constexpr const char* shared_low_devices[] = {"\\_SB.CKS0", "\\_SB.CKS1"};
inline constexpr const char* shared_high_devices[] = {"\\_SB.CKS2", "\\_SB.CKS3"};

struct PinBank {
    unsigned first = 0;
    unsigned count = 0;
};

struct CheckedBoard {
    std::string controller;           // path
    bool serial = false;              // the driver says so
    bool forgets_pulses = false;      // ModelFacts::forgets_pulses
    std::vector<PinBank> banks = {};  // as the driver sees them
    std::vector<unsigned> pins = {};  // that are tried: those that nobody else uses
    bench::BenchFile bench = {};      // firmware, drivers, models; no script

    // Place of a pin in `pins`: the number of its resources in each device.
    std::size_t index_of(unsigned pin) const;
    std::vector<unsigned> pins_of_bank(std::size_t bank) const;
    // Connections of the I/O device behind those of single pins: all tried pins of each bank.
    std::size_t bank_connection(std::size_t bank) const { return pins.size() + bank; }
    // And behind those one of the first tried pin of each bank, which is to stay as it is when it
    // is closed.
    std::size_t preserving_connection(std::size_t bank) const {
        return pins.size() + banks.size() + bank;
    }
    // And one of a pin of each bank with a pull, if the driver takes that.
    std::size_t pulled_connection(std::size_t bank) const {
        return pins.size() + 2 * banks.size() + bank;
    }
    unsigned pulled_pin(std::size_t bank) const;
    // Pin of the source block behind a pin's wire. Two units, so that two can share a wire.
    unsigned source_pin(unsigned pin, unsigned unit) const;
};

// How many interrupts the firmware gives to the controller. The driver has its own idea of it.
struct InterruptLayout {
    unsigned count = 1;
    bool edge = false;
};

// DSDT with the controller \_SB.GPI0 as the model's facts want it.
std::string controller_firmware(const Subject& subject, const InterruptLayout& interrupts);
// SSDT with the devices that use the pins.
std::string pin_firmware(const CheckedBoard& board);
std::string source_map(const CheckedBoard& board);

}  // namespace gpioclx::check
