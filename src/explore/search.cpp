#include "explore/search.h"

#include <algorithm>

namespace gpioclx::explore {

bool Search::is_avoided(const Deviations& deviations) const {
    return std::find(avoided_.begin(), avoided_.end(), deviations) != avoided_.end();
}

}  // namespace gpioclx::explore
