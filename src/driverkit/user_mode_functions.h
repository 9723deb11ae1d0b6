// Which functions exist for a driver in user mode: wdk/um/functions.tsv.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

class UserModeFunctions {
  public:
    static Result<UserModeFunctions> read(const std::filesystem::path& wdk);

    // In UMDF 2.`minor`.
    bool has(std::string_view function, int minor) const;
    // Why not: "is not part of UMDF", "came with UMDF 2.23, and the driver asks for 2.15".
    std::string reason(std::string_view function, int minor) const;

  private:
    std::map<std::string, int, std::less<>> since_;  // minor version
};

}  // namespace gpioclx::driverkit
