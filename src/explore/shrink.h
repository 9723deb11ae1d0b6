// What of a schedule matters.
#pragma once

#include <functional>

#include "explore/schedule.h"

namespace gpioclx::explore {

// The smallest schedule found for which `still_fails` holds: fewer deviations, then shorter ones.
// Executes at most `budget` times. `schedule` itself fails.
Schedule shrink(Schedule schedule, const std::function<bool(const Schedule&)>& still_fails,
                unsigned budget);

}  // namespace gpioclx::explore
