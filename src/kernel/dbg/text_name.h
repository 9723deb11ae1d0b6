// Names of texts that come again and again from the same place: literals of drivers, device paths.
#pragma once

#include "machine/name_table.h"

namespace gpioclx::kernel::dbg {

// As Machine::name, but quick for a text that was asked for at this address before. null is
// no_name.
machine::NameId name_of_text(const char* text);

}  // namespace gpioclx::kernel::dbg
