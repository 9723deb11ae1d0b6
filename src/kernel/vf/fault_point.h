// What may fail: allocations (the framework's objects among them), transfers on serial buses, and
// callbacks of drivers. Usually nothing does; an explorer may ask about each, named by the
// driver's call stack in names of functions, which an edit elsewhere does not change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "machine/name_table.h"

namespace gpioclx::kernel::vf {

// Of this machine, from now on.
void ask_about_faults();
bool asks_about_faults();

// Whether it fails, and how: 0 it does not, else below `ways`. Never where no driver is on the
// stack: nobody could handle it.
std::size_t fault(std::string_view operation, machine::NameId object, std::size_t ways = 2);

// Whether a callback of a user's driver is not made, and counts as failed at once: whoever makes it
// does as if it had returned callback_failure. Asked of callbacks that may fail by contract and
// have nothing to undo then. `driver`: whose it is.
bool callback_fails(std::string_view callback, machine::NameId device, std::string_view driver);
// For callbacks of the extension's clients.
bool callback_fails(std::string_view callback, machine::NameId device);
constexpr std::int32_t callback_failure = static_cast<std::int32_t>(0xC0000001);  // UNSUCCESSFUL

}  // namespace gpioclx::kernel::vf
