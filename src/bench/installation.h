// Where the tool's own files are: in the source and build tree, or where they were installed.
#pragma once

#include <filesystem>

#include "diagnostics/result.h"

namespace gpioclx::bench {

struct Installation {
    std::filesystem::path executable;  // gpioclx
    std::filesystem::path wdk;         // headers for drivers
    std::filesystem::path maps;        // register maps
    std::filesystem::path drivers;     // msgpioclx.sys, acpi_bus.sys, resource_hub.sys, serialbus.sys
};

// $GPIOCLX_HOME (an installation prefix), else beside the running program or library, else the
// build tree that this was compiled in. Error: nothing is there.
Result<Installation> find_installation();

}  // namespace gpioclx::bench
