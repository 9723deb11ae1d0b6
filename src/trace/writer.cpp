#include "trace/writer.h"

namespace gpioclx::trace {

std::string_view irql_name(machine::Level level) {
    constexpr std::string_view names[] = {
        "PASSIVE", "APC",     "DISPATCH", "DIRQL 3",  "DIRQL 4",  "DIRQL 5", "DIRQL 6", "DIRQL 7",
        "DIRQL 8", "DIRQL 9", "DIRQL 10", "DIRQL 11", "DIRQL 12", "CLOCK",   "IPI",     "HIGH"};
    return level < std::size(names) ? names[level] : "?";
}

}  // namespace gpioclx::trace
