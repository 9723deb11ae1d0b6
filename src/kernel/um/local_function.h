// Functions that the host runs itself: they only look at their arguments. All others are calls to
// the machine.
#pragma once

#include <string_view>

namespace gpioclx::kernel::um {

bool is_local(std::string_view function);

}  // namespace gpioclx::kernel::um
