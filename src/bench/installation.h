// Where the tool's own files are: in the source and build tree, or where they were installed.
#pragma once

#include <filesystem>

#include "diagnostics/result.h"

namespace gpioclx::bench {

struct Installation {
    std::filesystem::path executable;  // gpioclx
    std::filesystem::path wdk;         // headers for drivers
    std::filesystem::path maps;        // register maps
    std::filesystem::path drivers;  // msgpioclx.sys, acpi_bus.sys, resource_hub.sys, serialbus.sys
};

// $GPIOCLX_HOME (an installation prefix), else `home` if it is not empty, else beside the running
// tool, else the build tree that this was compiled in, else the prefix that it was configured for.
// Error: nothing is there.
Result<Installation> find_installation(const std::filesystem::path& home = {});

// Where what is made from the user's files is kept: $GPIOCLX_CACHE, or ~/.cache/gpioclx.
std::filesystem::path cache_folder();

}  // namespace gpioclx::bench
