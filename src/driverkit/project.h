// A Windows driver project as the kit builds it: which sources, with which definitions and include
// folders, for which framework. Read from an unmodified .vcxproj.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"

namespace gpioclx::driverkit {

struct BuildOptions {
    // Which of several projects: its name, its folder or its path below the driver's folder.
    std::string project;
    // "Debug|x64" or "Release"; empty = Debug|x64, else Debug|ARM64, else what there is.
    std::string configuration;
    std::vector<std::string> defines;  // "NAME" or "NAME=value", after those of the project

    std::filesystem::path wdk;  // folder that holds km/, wdf/, crt/ and ext/
    // The driver tells of each access to memory (kernel/hal/instrumented_access.cpp).
    bool instrument = false;
    bool extensions = false;  // wdk/ext is visible: only for drivers of this project
    // Whether the kernel provides a name. Not set: every undefined name is let through.
    std::function<bool(std::string_view name)> exports;
    // Names besides DriverEntry that other drivers may import from this one.
    std::vector<std::string> extra_exports;

    // Products; empty = $GPIOCLX_CACHE, else $XDG_CACHE_HOME/gpioclx/drivers, else
    // ~/.cache/gpioclx/drivers. Each project has a folder of its own in there.
    std::filesystem::path cache;
    int jobs = 2;  // compilers at a time
    std::string compiler = "clang-16";
    std::string linker = "ld.lld-16";
    // Called with one line per step ("compile simgpio.c"); from one thread at a time.
    std::function<void(std::string_view step)> progress;
    // Called once with all that compiler and linker said, when a build fails.
    std::function<void(std::string_view text)> tool_output;
};

enum class DriverModel { wdm, kmdf, umdf };
std::string_view name_of(DriverModel model);

// <Optimization> of a source. Most projects leave it to the configuration; what a driver does is
// the same in all of them then, `usual`.
enum class Optimization { usual, disabled, space, speed };

struct SourceFile {
    std::filesystem::path path;  // absolute
    std::string name;            // below Project::root, '/' between names
    bool cplusplus = false;
    bool own = false;  // of this tool, not of the driver: sees all headers of wdk/
    Optimization optimization = Optimization::usual;
    std::vector<std::string> defines;
    std::vector<std::string> undefines;
    std::vector<std::filesystem::path> include_folders;
    std::vector<std::string> forced_includes;
};

// What the project says to the WPP preprocessor, for all of its sources together.
struct WppSettings {
    std::vector<std::string> functions;                // "Trace(LEVEL,FLAGS,MSG,...)"
    std::vector<std::filesystem::path> scanned_files;  // WppScanConfigurationData
    std::vector<std::string> defines;
};

struct Project {
    std::filesystem::path file;    // the .vcxproj, absolute
    std::filesystem::path folder;  // where it stands
    std::filesystem::path root;    // the deepest folder that holds the project and its sources
    std::string name;              // of the project file, without extension
    std::string target;            // TargetName: the name of the .sys
    std::string configuration;     // "Debug|x64"
    DriverModel model = DriverModel::kmdf;
    int framework_major = 1;
    int framework_minor = 0;  // 0 = the project does not say
    std::vector<SourceFile> sources;
    std::vector<std::filesystem::path> infs;
    WppSettings wpp;
    std::vector<std::string> warnings;
};

// `folder` may be the driver's folder or the .vcxproj itself. Errors: no project (says what is
// expected), several (lists them), an unknown name, configuration or optimization, an application,
// no sources, a source that does not exist; each with file and line where there is one.
Result<Project> read_project(const std::filesystem::path& folder, const BuildOptions& options);

}  // namespace gpioclx::driverkit
