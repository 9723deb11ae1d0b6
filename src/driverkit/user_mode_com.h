// UMDF 1: a driver is a COM class in a module. The kit links the framework's half (src/wudfx) into
// that module, and tells it the class that the .inx names.
#pragma once

#include <filesystem>

#include "driverkit/project.h"
#include "driverkit/umdf_directives.h"

namespace gpioclx::driverkit {

// Where the sources of the framework stand: beside the headers in an installation, else in the
// source tree that the headers belong to.
std::filesystem::path umdf_1_folder(const std::filesystem::path& wdk);

// The framework as one source, written into `generated`. It is our own (SourceFile::own).
Result<SourceFile> umdf_1_source(const UmdfDirectives& directives, const std::filesystem::path& wdk,
                                 const std::filesystem::path& generated);

}  // namespace gpioclx::driverkit
