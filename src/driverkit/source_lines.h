// Which function and line of a driver an address belongs to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

struct SourceFrame {
    std::string function;  // "??" where unknown
    std::string file;      // on this machine; empty where unknown
    int line = 0;
};

struct SourcePlace {
    std::uint64_t offset = 0;         // from the start of the image
    std::vector<SourceFrame> frames;  // innermost first: functions that were inlined, then theirs
};

// One call of the symbolizer for all addresses. For a return address pass the address minus 1.
Result<std::vector<SourcePlace>> find_source_lines(const std::filesystem::path& image,
                                                   const std::vector<std::uint64_t>& offsets);

}  // namespace gpioclx::driverkit
