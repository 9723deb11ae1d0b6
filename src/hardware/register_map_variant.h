// Applies one [variant.NAME] of a register-map file to the file's tree, before it is read.
#pragma once

#include <string_view>
#include <vector>

#include "hardware/map_document.h"
#include "hardware/map_table.h"

namespace gpioclx::hardware {

std::vector<std::string> variant_names(const MapValue& document);

// Takes the [variant] tables out of the document and, if `variant` is not empty, changes the rest
// as that variant says.
void apply_variant(MapValue& document, std::string_view variant, MapProblem& problem);

}  // namespace gpioclx::hardware
