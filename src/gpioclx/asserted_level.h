// Which level of an ActiveBoth pin is the asserted one: low, unless the controller's _DSM lists it
// (10.5).
#pragma once

#include "controller.h"

namespace gpioclx {

// PASSIVE_LEVEL, after the banks exist. Sets Pin::asserted_high. Bug check 0x138, cause 7, for
// malformed data (A33). Does nothing for a controller whose hardware knows both edges.
void read_asserted_levels(Controller& controller);

}  // namespace gpioclx
