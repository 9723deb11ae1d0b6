// What may fail for want of something: allocations (the framework's objects among them) and
// transfers on serial buses. Usually nothing does; an explorer may ask about each, named by the
// driver's call stack in names of functions, which an edit elsewhere does not change.
#pragma once

#include <cstddef>
#include <string_view>

#include "machine/name_table.h"

namespace gpioclx::kernel::vf {

// Of this machine, from now on.
void ask_about_faults();
bool asks_about_faults();

// Whether it fails, and how: 0 it does not, else below `ways`. Never where no driver is on the
// stack: nobody could handle it.
std::size_t fault(std::string_view operation, machine::NameId object, std::size_t ways = 2);

}  // namespace gpioclx::kernel::vf
