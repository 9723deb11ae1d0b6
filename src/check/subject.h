// What is checked: a controller's driver, and the hardware model that stands behind it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "bench/installation.h"
#include "diagnostics/result.h"

namespace gpioclx::check {

// What the firmware of a board must say about the model.
struct ModelFacts {
    enum class Bus : std::uint8_t { memory, i2c, spi };
    struct Output {
        std::string name;
        bool active_low = false;
        bool open_drain = false;
        std::vector<unsigned> pins = {};
    };
    Bus bus = Bus::memory;
    std::uint64_t window = 0;     // bytes of registers
    std::vector<Output> outputs;  // of interrupts; empty: not known
    // The chip has no edge detectors, only comparators with the last read: an edge that is taken
    // back before anybody has read the pin leaves no trace.
    bool forgets_pulses = false;
};

struct Subject {
    std::filesystem::path folder;
    std::string project;                                          // "" = the only one
    std::string name;                                             // of the driver
    std::filesystem::path project_file;                           // the .vcxproj, absolute
    std::vector<std::string> hardware_ids;                        // as _HID has them
    std::string model;                                            // a name, or a file's path
    std::vector<std::pair<std::string, std::string>> properties;  // of the model
    ModelFacts facts;
};

// Reads project, .inx and register map; builds nothing. Errors: no project, a driver without
// hardware id, an unknown model or property.
Result<Subject> read_subject(const std::filesystem::path& folder, const std::string& project,
                             const std::string& model,
                             const std::vector<std::pair<std::string, std::string>>& properties,
                             const bench::Installation& installation);

}  // namespace gpioclx::check
