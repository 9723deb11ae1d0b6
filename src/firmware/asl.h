// ASL source to AML with iasl, the compiler of Debian's package acpica-tools.
#pragma once

#include <filesystem>

#include "diagnostics/result.h"

namespace gpioclx::firmware {

// A file without a DefinitionBlock becomes an SSDT with its contents in \_SB.
// Returns the .aml file in `output_dir` (created if absent). Its name contains a hash of the
// source, of the files it includes and of the compiler, so unchanged input is not compiled again.
// A compile error carries the file and line of the user's source; further errors follow in the
// message, one a line, in the same form.
Result<std::filesystem::path> compile_asl(const std::filesystem::path& path,
                                          const std::filesystem::path& output_dir);

}  // namespace gpioclx::firmware
