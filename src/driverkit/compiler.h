// Compiles a driver's sources to objects, and only those whose text, headers or flags changed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "driverkit/path_map.h"
#include "driverkit/project.h"

namespace gpioclx::driverkit {

// Definitions that every source of the driver sees, before its own: processor, kernel or user
// mode, debug, framework version. "NAME=value".
std::vector<std::string> standard_defines(const Project& project);

struct CompilerSetup {
    const BuildOptions* options = nullptr;
    const Project* project = nullptr;
    const PathMap* paths = nullptr;
    std::filesystem::path build_folder;  // objects, dependency files and logs
    std::filesystem::path generated;     // .tmh files; on the include path
    std::filesystem::path overlay;       // -ivfsoverlay
    unsigned long long overlay_hash = 0;
};

struct CompiledSource {
    std::filesystem::path object;
    bool compiled = false;  // false: the object of an earlier build still fits
    bool failed = false;
    std::string messages;  // the compiler's own text (kept from the earlier build, too)
};

// In the order of Project::sources. Error: the compiler cannot be started; messages of a failed
// source stand in its result.
Result<std::vector<CompiledSource>> compile_sources(const CompilerSetup& setup);

// The first error in the compiler's text, with file and line; what it says about structured
// exception handling and missing headers is put in the words of this kit.
Error first_compiler_error(std::string_view messages, std::string_view source);

}  // namespace gpioclx::driverkit
