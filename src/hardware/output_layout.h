// The interrupt part of a register layout: formulas, outputs, and which bank feeds which output.
#pragma once

#include "diagnostics/result.h"
#include "hardware/register_layout.h"

namespace gpioclx::hardware {

// `layout` has its banks already.
Result<void> add_output_layout(const RegisterMap& map, RegisterLayout& layout);

}  // namespace gpioclx::hardware
