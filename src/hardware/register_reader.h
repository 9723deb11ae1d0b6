// Reads one [[register]] of a register map.
#pragma once

#include "hardware/map_table.h"
#include "hardware/register_map.h"

namespace gpioclx::hardware {

// `map` has its controller and bank parts already.
RegisterSpec read_register(const MapValue& value, const RegisterMap& map, MapProblem& problem);

}  // namespace gpioclx::hardware
