// In which order devices can start when some need others.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::firmware {

struct StartNode {
    std::string path;
    std::vector<std::string> needs;  // paths; those of no node are no one's concern
};

// Indices of `nodes`: whoever is needed comes first, otherwise the given order stays. A cycle is
// an error that names its devices.
Result<std::vector<std::size_t>> start_order(const std::vector<StartNode>& nodes);

}  // namespace gpioclx::firmware
