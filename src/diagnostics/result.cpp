#include "diagnostics/result.h"

#include <fmt/format.h>

namespace gpioclx {

std::string Error::text() const {
    std::string where;
    if (!file.empty()) where = line > 0 ? fmt::format("{}:{}: ", file, line) : file + ": ";
    return hint.empty() ? where + message : fmt::format("{}{} ({})", where, message, hint);
}

}  // namespace gpioclx
