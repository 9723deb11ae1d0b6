// Links a driver's objects to an image: a shared object that exports its entry and needs nothing
// but names of the kernel.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/result.h"
#include "driverkit/elf_image.h"
#include "driverkit/path_map.h"
#include "driverkit/project.h"
#include "driverkit/umdf_directives.h"
#include "driverkit/user_mode_functions.h"

namespace gpioclx::driverkit {

struct LinkerSetup {
    const BuildOptions* options = nullptr;
    const Project* project = nullptr;
    const PathMap* paths = nullptr;
    std::vector<std::filesystem::path> objects;
    std::filesystem::path image;  // <image>.link and .map files stand beside it
    // Of a driver in user mode.
    const UserModeFunctions* functions = nullptr;
    const UmdfDirectives* umdf = nullptr;
};

struct LinkedImage {
    ElfImage elf;
    bool linked = false;  // false: the image of an earlier build still fits
};

// Errors: names that the kernel does not provide (each with the place that refers to it), a
// missing DriverEntry, functions that do not exist in user mode, the linker's own errors.
Result<LinkedImage> link_image(const LinkerSetup& setup);

}  // namespace gpioclx::driverkit
