// The names that a shared object imports.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::hardware {

Result<std::vector<std::string>> read_elf_imports(const std::string& path);

}  // namespace gpioclx::hardware
